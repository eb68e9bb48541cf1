#include "tests/differential/shrink.h"

#include <algorithm>

namespace licet::differential {
namespace {

class Shrinker {
 public:
  Shrinker(Tape failing, const std::function<bool(const Tape&)>& fails, std::size_t most_tries)
      : best_(std::move(failing)), fails_(fails), tries_left_(most_tries) {}

  Tape run() {
    bool smaller = true;
    while (smaller && tries_left_ > 0) {
      smaller = false;
      for (std::size_t length = std::max<std::size_t>(best_.size() / 2, 1); length > 0;
           length /= 2) {
        smaller |= without_chunks(length);
      }
      for (std::size_t length = 8; length > 0; length /= 2) smaller |= zero_chunks(length);
      smaller |= lower_each();
    }
    while (!best_.empty() && best_.back() == 0) best_.pop_back();
    return best_;
  }

 private:
  bool accept(Tape candidate) {
    if (tries_left_ == 0 || candidate == best_) return false;
    --tries_left_;
    if (!fails_(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }

  bool without_chunks(std::size_t length) {
    bool any = false;
    for (std::size_t end = best_.size(); end >= length && tries_left_ > 0;) {
      Tape candidate = best_;
      const auto at = candidate.begin() + static_cast<std::ptrdiff_t>(end - length);
      candidate.erase(at, at + static_cast<std::ptrdiff_t>(length));
      if (accept(std::move(candidate))) any = true;
      const std::size_t next = end - std::min(end, std::max<std::size_t>(length, 1));
      end = std::min(next, best_.size());
      if (end == 0) break;
    }
    return any;
  }

  bool zero_chunks(std::size_t length) {
    bool any = false;
    for (std::size_t at = 0; at + length <= best_.size() && tries_left_ > 0; at += length) {
      Tape candidate = best_;
      std::fill_n(candidate.begin() + static_cast<std::ptrdiff_t>(at), length, 0U);
      any |= accept(std::move(candidate));
    }
    return any;
  }

  bool lower_each() {
    bool any = false;
    for (std::size_t at = 0; at < best_.size() && tries_left_ > 0; ++at) {
      for (const std::uint32_t divisor : {4U, 2U}) {
        Tape candidate = best_;
        candidate[at] -= candidate[at] / divisor;
        any |= accept(std::move(candidate));
      }
      if (at >= best_.size() || best_[at] == 0) continue;
      Tape candidate = best_;
      --candidate[at];
      any |= accept(std::move(candidate));
    }
    return any;
  }

  Tape best_;
  const std::function<bool(const Tape&)>& fails_;
  std::size_t tries_left_;
};

}  // namespace

Tape shrink(Tape failing, const std::function<bool(const Tape&)>& fails, std::size_t most_tries) {
  return Shrinker(std::move(failing), fails, most_tries).run();
}

}  // namespace licet::differential
