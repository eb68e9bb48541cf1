#include "eval/index/interval_table.h"

#include <algorithm>
#include <bit>

namespace licet::index {
namespace {

bool begins_before(const Interval& a, const Interval& b) {
  if (a.low.is_undefined() || b.low.is_undefined()) {
    return a.low.is_undefined() && b.low.is_defined();
  }
  const int order = compare(a.low, b.low);
  return order != 0 ? order < 0 : a.low_open < b.low_open;
}

}  // namespace

void IntervalTable::build(std::vector<Interval> intervals) {
  intervals_ = std::move(intervals);
  std::stable_sort(intervals_.begin(), intervals_.end(), begins_before);
  leaves_ = std::bit_ceil(std::max<std::size_t>(intervals_.size(), 1));
  highest_.assign(2 * leaves_, kNone);
  for (std::size_t i = 0; i < intervals_.size(); ++i) {
    highest_[leaves_ + i] = static_cast<std::uint32_t>(i);
  }
  for (std::size_t node = leaves_ - 1; node > 0; --node) {
    highest_[node] = higher(highest_[2 * node], highest_[2 * node + 1]);
  }
}

std::uint32_t IntervalTable::higher(std::uint32_t a, std::uint32_t b) const {
  if (a == kNone || b == kNone) return a == kNone ? b : a;
  const Interval& one = intervals_[a];
  const Interval& other = intervals_[b];
  if (one.high.is_undefined()) return a;
  if (other.high.is_undefined()) return b;
  const int order = compare(one.high, other.high);
  if (order != 0) return order > 0 ? a : b;
  return one.high_open ? b : a;
}

std::size_t IntervalTable::begun_at(const Value& value) const {
  return static_cast<std::size_t>(
      std::partition_point(intervals_.begin(), intervals_.end(),
                           [&](const Interval& i) { return i.begins_at_or_below(value); }) -
      intervals_.begin());
}

}  // namespace licet::index
