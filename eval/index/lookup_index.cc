#include "eval/index/lookup_index.h"

#include <utility>

namespace licet::index {

LookupIndex::LookupIndex(const Value& from, std::size_t depth, Numbers& numbers,
                         std::size_t& rows_left)
    : from_(from), depth_(depth) {
  add(from, numbers, rows_left);
  if (is_usable_) table_.build(depth, numbers.size(), std::move(rows_));
  rows_ = std::vector<std::uint32_t>();  // which frees, as `{}` would not
  way_ = std::vector<std::uint32_t>();
}

void LookupIndex::add(const Value& at, Numbers& numbers, std::size_t& rows_left) {
  if (way_.size() == depth_) {
    if (at.is_false()) return;
    is_usable_ = is_usable_ && rows_left > 0;
    if (!is_usable_) return;
    --rows_left;
    rows_.insert(rows_.end(), way_.begin(), way_.end());
    return;
  }
  if (!at.is_composite()) return;  // a scalar has nothing below it
  is_usable_ = is_usable_ && at.is_object();
  if (!is_usable_) return;
  for (const Entry& entry : at.entries()) {
    way_.push_back(numbers.find_or_add(entry.key));
    add(entry.value, numbers, rows_left);
    way_.pop_back();
    if (!is_usable_) return;
  }
}

}  // namespace licet::index
