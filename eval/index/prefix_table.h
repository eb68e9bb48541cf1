// Texts, to find all of them that a longer text begins with.
//
// The texts are sorted; each knows the longest other one that it begins with. Of the texts that `s`
// begins with, the longest is the last text not above `s`, or one that that one begins with: what
// lies between a prefix of `s` and `s` in the order begins with that prefix, too. So a search is
// one binary search and then a walk along these links.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace licet::index {

// Immutable once built; then any thread may ask.
class PrefixTable {
 public:
  using Row = std::pair<std::string, std::uint32_t>;  // a text and what it stands for
  void build(std::vector<Row> rows);

  // Calls visit(span of numbers) for each text that `text` begins with, the longest first.
  template <class Visit>
  void find(std::string_view text, Visit visit) const {
    std::uint32_t at = last_not_above(text);
    while (at != kNone && !text.starts_with(text_of(at))) at = nodes_[at].shorter;
    for (; at != kNone; at = nodes_[at].shorter) visit(numbers_of(at));
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Node {
    std::uint32_t text_begin = 0;
    std::uint32_t text_size = 0;
    std::uint32_t shorter = kNone;  // the longest other text that it begins with
    std::uint32_t numbers_begin = 0;
  };
  std::uint32_t last_not_above(std::string_view text) const;
  std::string_view text_of(std::uint32_t node) const {
    return std::string_view(texts_).substr(nodes_[node].text_begin, nodes_[node].text_size);
  }
  std::span<const std::uint32_t> numbers_of(std::uint32_t node) const {
    const std::size_t begin = nodes_[node].numbers_begin;
    const std::size_t end =
        node + 1 < nodes_.size() ? nodes_[node + 1].numbers_begin : numbers_.size();
    return std::span(numbers_).subspan(begin, end - begin);
  }

  std::string texts_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace licet::index
