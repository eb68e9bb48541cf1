#include "eval/index/prefix_table.h"

#include <algorithm>

namespace licet::index {

void PrefixTable::build(std::vector<Row> rows) {
  std::sort(rows.begin(), rows.end());
  std::vector<std::uint32_t> open;  // texts that the current one begins with
  for (const auto& [text, number] : rows) {
    if (nodes_.empty() || text_of(static_cast<std::uint32_t>(nodes_.size() - 1)) != text) {
      while (!open.empty() && !text.starts_with(text_of(open.back()))) open.pop_back();
      nodes_.push_back({.text_begin = static_cast<std::uint32_t>(texts_.size()),
                        .text_size = static_cast<std::uint32_t>(text.size()),
                        .shorter = open.empty() ? kNone : open.back(),
                        .numbers_begin = static_cast<std::uint32_t>(numbers_.size())});
      texts_ += text;
      open.push_back(static_cast<std::uint32_t>(nodes_.size() - 1));
    }
    numbers_.push_back(number);
  }
}

std::uint32_t PrefixTable::last_not_above(std::string_view text) const {
  std::uint32_t low = 0;
  auto high = static_cast<std::uint32_t>(nodes_.size());
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (text_of(middle) <= text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? kNone : low - 1;
}

}  // namespace licet::index
