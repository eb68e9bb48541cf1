// Random choices that are the same on every machine: the distributions of <random> are not. What
// was chosen can be looked at, changed and played again: so whatever a generator makes of it can be
// made smaller without knowing it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace licet::property {

class Random {
 public:
  explicit Random(std::uint64_t seed) : bits_(seed) {}
  // Plays choices again; 0 for all after the last, so a generator's choice 0 has to be one that
  // comes to an end.
  explicit Random(std::vector<std::uint32_t> tape) : tape_(std::move(tape)), replays_(true) {}

  std::size_t below(std::size_t bound) {
    if (!replays_) {
      tape_.push_back(static_cast<std::uint32_t>(bits_() % bound));
      return tape_.back();
    }
    const std::size_t at = next_++;
    return at < tape_.size() ? tape_[at] % bound : 0;
  }
  // Choice 0 is no, so that `while (chance(...))` ends.
  bool chance(std::size_t percent) {
    if (!replays_) tape_.push_back(99 - static_cast<std::uint32_t>(bits_() % 100));
    const std::size_t choice = replays_ ? below(100) : tape_.back();
    return choice >= 100 - percent;
  }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  template <class T>
  void shuffle(std::vector<T>& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }

  // What was chosen so far; of a replay, all it could choose.
  const std::vector<std::uint32_t>& tape() const { return tape_; }

 private:
  std::mt19937_64 bits_{};
  std::vector<std::uint32_t> tape_;
  std::size_t next_ = 0;
  bool replays_ = false;
};

}  // namespace licet::property
