#include "eval/cache/worth.h"

#include <algorithm>

namespace licet::cache {

Worth::Nanoseconds Worth::Samples::median() const {
  const std::size_t size = std::min(count_, times_.size());
  if (size == 0) return Nanoseconds{0};
  std::array<Nanoseconds, 15> sorted = times_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(size / 2);
  std::nth_element(sorted.begin(), middle, sorted.begin() + static_cast<std::ptrdiff_t>(size));
  return *middle;
}

void Worth::begin(Phase phase, std::uint64_t decisions) {
  phase_ = phase;
  left_ = decisions;
  hits_ = 0;
  misses_ = 0;
  wasted_ = 0;
  find_.clear();
  insert_.clear();
}

// Whether what the hits saved is more than what looking and keeping cost.
bool Worth::has_paid() const {
  const auto times = [](std::uint64_t count, Nanoseconds time) {
    return static_cast<double>(count) * static_cast<double>(time.count());
  };
  const double saved = times(hits_, decision_.median());
  const double spent = times(hits_ + misses_, find_.median()) + times(misses_, insert_.median()) +
                       times(wasted_, decision_.median());
  return saved > spent;
}

void Worth::next_phase() {
  switch (phase_) {
    case Phase::kSleep:
      decision_.clear();
      return begin(Phase::kWatch, kWatchLength);
    case Phase::kWatch:
      if (decision_.median() > kCheap) return begin(Phase::kUse, kUseLength);
      return begin(Phase::kSleep, sleep_ = std::min(2 * sleep_, kLongestSleep));
    case Phase::kUse:
      if (!has_paid()) {
        return begin(Phase::kSleep, sleep_ = std::min(2 * sleep_, kLongestSleep));
      }
      sleep_ = kFirstSleep;
      return begin(Phase::kUse, kUseLength);
  }
}

}  // namespace licet::cache
