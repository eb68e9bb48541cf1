// Intervals of values, to find all that contain one.
//
// The intervals are sorted by their lower ends, so that those which begin at or below a value are
// the first ones; over them lies a tree that knows the highest upper end of each half, so that
// halves which end below the value are never entered. k answers of n cost about k log n.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "eval/value.h"

namespace licet::index {

// In Rego's order of all values. An undefined end is none: the interval is open to that side.
struct Interval {
  Value low;
  Value high;
  bool low_open = false;  // the end itself is outside
  bool high_open = false;
  std::uint32_t number = 0;  // what it stands for

  bool begins_at_or_below(const Value& value) const {
    if (low.is_undefined()) return true;
    const int order = compare(low, value);
    return order < 0 || (order == 0 && !low_open);
  }
  bool ends_at_or_above(const Value& value) const {
    if (high.is_undefined()) return true;
    const int order = compare(high, value);
    return order > 0 || (order == 0 && !high_open);
  }
};

// Immutable once built; then any thread may ask. The values must live as long.
class IntervalTable {
 public:
  void build(std::vector<Interval> intervals);

  // Calls visit(number) for each interval that contains the value.
  template <class Visit>
  void find(const Value& value, Visit visit) const {
    if (!intervals_.empty()) find_below(1, 0, leaves_, begun_at(value), value, visit);
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // How many intervals begin at or below the value: they are the first ones.
  std::size_t begun_at(const Value& value) const;
  std::uint32_t higher(std::uint32_t a, std::uint32_t b) const;
  template <class Visit>
  void find_below(std::size_t node, std::size_t begin, std::size_t end, std::size_t begun,
                  const Value& value, Visit& visit) const {
    if (begin >= begun) return;
    const std::uint32_t highest = highest_[node];
    if (highest == kNone || !intervals_[highest].ends_at_or_above(value)) return;
    if (end - begin == 1) {
      visit(intervals_[begin].number);
      return;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    find_below(2 * node, begin, middle, begun, value, visit);
    find_below(2 * node + 1, middle, end, begun, value, visit);
  }

  std::vector<Interval> intervals_;
  std::size_t leaves_ = 0;              // a power of two
  std::vector<std::uint32_t> highest_;  // by node of the tree: the interval that ends last
};

}  // namespace licet::index
