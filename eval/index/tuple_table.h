// Rows found by several keys at once, which are numbers (numbers.h).
//
// Problem: to see whether a row is the wanted one costs a miss of the cache for the row, and one
// for each text in it. Idea: numbers of a few dozen bits in all are packed into one word, which is
// mixed in a way that can be undone and stands in the table itself. If the words are equal, so are
// the keys, and a lookup touches one line. Rows whose keys take more than a word are compared.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "eval/index/run_table.h"

namespace licet::index {

// Immutable once it is built; then any thread may ask.
class TupleTable {
 public:
  // `tuples`: row after row, `arity` numbers each; all numbers are below `numbers`.
  void build(std::size_t arity, std::uint32_t numbers, std::vector<std::uint32_t> tuples) {
    arity_ = arity;
    numbers_ = numbers;
    tuples_ = std::move(tuples);
    width_ = static_cast<unsigned>(std::bit_width(numbers));
    is_packed_ = width_ * arity_ <= 64;
    runs_.build(
        static_cast<std::uint32_t>(tuples_.size() / arity_),
        [this](std::uint32_t row) { return hash_of(tuple(row)); },
        [this](std::uint32_t a, std::uint32_t b) {
          return is_packed_ || std::ranges::equal(tuple(a), tuple(b));
        });
    if (is_packed_) tuples_ = {};
  }

  // PRECONDITION of both: as many keys as the arity. One that is not in the table may be anything.
  bool contains(std::span<const std::uint32_t> keys) const {
    if (!is_packed_) return !find(keys).empty();
    const bool are_all = are_numbers(keys);  // if not, what is found means nothing
    return runs_.contains(hash_of(keys)) & are_all;
  }
  std::span<const std::uint32_t> find(std::span<const std::uint32_t> keys) const {
    if (!are_numbers(keys)) return {};
    return runs_.find(hash_of(keys), [&](std::uint32_t row) {
      return is_packed_ || std::ranges::equal(tuple(row), keys);
    });
  }

  // As RunTable::renumber, with rows that are not packed still found.
  template <class Number>
  void renumber(Number number) {
    runs_.renumber(number);
  }

 private:
  std::span<const std::uint32_t> tuple(std::uint32_t row) const {
    return std::span(tuples_).subspan(row * arity_, arity_);
  }
  bool are_numbers(std::span<const std::uint32_t> keys) const {
    bool are_all = true;
    for (const std::uint32_t key : keys) are_all &= key < numbers_;
    return are_all;
  }
  // Of packed keys the finisher of MurmurHash3: no two words have one hash.
  std::uint64_t hash_of(std::span<const std::uint32_t> keys) const {
    std::uint64_t bits = 0;
    for (const std::uint32_t key : keys) {
      bits = is_packed_ ? bits << width_ | key : (std::rotl(bits, 31) ^ key) * 0x9E3779B97F4A7C15;
    }
    bits = (bits ^ bits >> 33) * 0xFF51AFD7ED558CCDULL;
    bits = (bits ^ bits >> 33) * 0xC4CEB9FE1A85EC53ULL;
    return bits ^ bits >> 33;
  }

  std::size_t arity_ = 1;
  std::uint32_t numbers_ = 0;
  unsigned width_ = 0;
  bool is_packed_ = true;
  std::vector<std::uint32_t> tuples_;  // none if they are packed
  BasicRunTable<std::uint64_t> runs_;
};

}  // namespace licet::index
