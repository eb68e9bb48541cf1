// Sets of the variables of one rule.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace licet::lang::core {

// A local variable of one rule (of a whole query).
using VariableId = std::uint32_t;

// Bits, from the word of the least id on: those of one literal lie close together, so that a set of
// them is small also in a body of thousands.
class VariableSet {
 public:
  bool contains(VariableId id) const {
    const std::size_t word = id / 64;
    return word >= begin_ && word < end() && ((words_[word - begin_] >> (id % 64)) & 1) != 0;
  }
  void insert(VariableId id) {
    reach(id / 64, id / 64 + 1);
    words_[id / 64 - begin_] |= std::uint64_t{1} << (id % 64);
  }
  void insert(const VariableSet& other) {
    if (other.words_.empty()) return;
    reach(other.begin_, other.end());
    for_common_words(other, [](std::uint64_t& mine, std::uint64_t its) { mine |= its; });
  }
  void erase(const VariableSet& other) {
    for_common_words(other, [](std::uint64_t& mine, std::uint64_t its) { mine &= ~its; });
  }
  bool contains_all(const VariableSet& other) const { return other.without(*this).empty(); }
  bool intersects(const VariableSet& other) const { return !common(other).empty(); }
  VariableSet without(const VariableSet& other) const {
    VariableSet result = *this;
    result.for_common_words(other, [](std::uint64_t& mine, std::uint64_t its) { mine &= ~its; });
    return result;
  }
  VariableSet common(const VariableSet& other) const {
    VariableSet result;
    const std::size_t begin = std::max(begin_, other.begin_);
    const std::size_t end = std::min(this->end(), other.end());
    if (begin >= end) return result;
    result.begin_ = begin;
    result.words_.assign(words_.begin() + static_cast<std::ptrdiff_t>(begin - begin_),
                         words_.begin() + static_cast<std::ptrdiff_t>(end - begin_));
    result.for_common_words(other, [](std::uint64_t& mine, std::uint64_t its) { mine &= its; });
    return result;
  }
  bool empty() const {
    for (const std::uint64_t word : words_) {
      if (word != 0) return false;
    }
    return true;
  }
  std::vector<VariableId> ids() const {
    std::vector<VariableId> result;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(word));
        result.push_back(static_cast<VariableId>((begin_ + i) * 64 + bit));
      }
    }
    return result;
  }

 private:
  std::size_t end() const { return begin_ + words_.size(); }
  // Makes room for the words from `begin` to `end`.
  void reach(std::size_t begin, std::size_t end) {
    if (words_.empty()) begin_ = begin;
    if (begin < begin_) {
      words_.insert(words_.begin(), begin_ - begin, 0);
      begin_ = begin;
    }
    if (end > this->end()) words_.resize(end - begin_);
  }
  template <class Change>
  void for_common_words(const VariableSet& other, Change change) {
    const std::size_t end = std::min(this->end(), other.end());
    for (std::size_t i = std::max(begin_, other.begin_); i < end; ++i) {
      change(words_[i - begin_], other.words_[i - other.begin_]);
    }
  }

  std::size_t begin_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace licet::lang::core
