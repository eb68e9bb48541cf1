// Rows found by several keys at once, which are numbers (numbers.h).
//
// Problem: to see whether a row is the wanted one costs a miss of the cache for the row, and one
// for each text in it. Idea: numbers of a few dozen bits in all are packed into one word, which
// stands in the table itself (packed_table.h). If the words are equal, so are the keys, and a
// lookup touches one line. Rows whose keys take more than a word are compared.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "eval/index/packed_table.h"
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
    is_packed_ = width_ * arity_ < 64;
    if (is_packed_) {
      std::vector<std::uint64_t> words(tuples_.size() / arity_);
      for (std::uint32_t row = 0; row < words.size(); ++row) words[row] = packed(tuple(row));
      packed_.build(words);
      tuples_ = std::vector<std::uint32_t>();  // which frees, as `{}` would not
      return;
    }
    compared_.build(
        static_cast<std::uint32_t>(tuples_.size() / arity_),
        [this](std::uint32_t row) { return hash_of(tuple(row)); },
        [this](std::uint32_t a, std::uint32_t b) {
          return std::ranges::equal(tuple(a), tuple(b));
        });
  }

  // PRECONDITION of both: as many keys as the arity. One that is not in the table may be anything.
  bool contains(std::span<const std::uint32_t> keys) const {
    if (!is_packed_) return !find(keys).empty();
    return packed_.contains(packed(keys)) & are_numbers(keys);
  }
  std::span<const std::uint32_t> find(std::span<const std::uint32_t> keys) const {
    if (!are_numbers(keys)) return {};
    if (is_packed_) return packed_.find(packed(keys));
    return compared_.find(hash_of(keys),
                          [&](std::uint32_t row) { return std::ranges::equal(tuple(row), keys); });
  }

  // For lookups that differ in one key only: all others, packed.
  struct Others {
    std::uint64_t word = 0;
    unsigned shift = 0;  // of the one
  };
  bool is_packed() const { return is_packed_; }
  // Of all keys but the one at `open`, which are in the table. PRECONDITION: is_packed().
  Others others_of(std::span<const std::uint32_t> keys, std::size_t open) const {
    Others others{.word = 0, .shift = width_ * static_cast<unsigned>(arity_ - 1 - open)};
    for (std::size_t i = 0; i < keys.size(); ++i) {
      others.word = others.word << width_ | (i == open ? 0 : keys[i]);
    }
    return others;
  }
  bool has_number(std::uint32_t key) const { return key < numbers_; }
  bool contains(const Others& others, std::uint32_t key) const {
    // If the key is no number, what is found means nothing.
    return packed_.contains(others.word | std::uint64_t{key} << others.shift) & has_number(key);
  }

  std::span<const std::uint32_t> find(const Others& others, std::uint32_t key) const {
    if (!has_number(key)) return {};
    return packed_.find(others.word | std::uint64_t{key} << others.shift);
  }

  // Makes each row another number, ascending as the rows are, and drops repetitions of a number in
  // what is found by one tuple.
  template <class Number>
  void renumber(Number number) {
    is_packed_ ? packed_.renumber(number) : compared_.renumber(number);
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
  std::uint64_t packed(std::span<const std::uint32_t> keys) const {
    std::uint64_t word = 0;
    for (const std::uint32_t key : keys) word = word << width_ | key;
    return word;
  }
  static std::uint64_t hash_of(std::span<const std::uint32_t> keys) {
    std::uint64_t hash = text_hash::kSeeds.first;
    for (const std::uint32_t key : keys) {
      hash = text_hash::folded(hash ^ key, 0x9E3779B97F4A7C15);
    }
    return hash;
  }

  std::size_t arity_ = 1;
  std::uint32_t numbers_ = 0;
  unsigned width_ = 0;
  bool is_packed_ = true;
  PackedTable packed_;
  std::vector<std::uint32_t> tuples_;  // none if they are packed
  RunTable compared_;
};

}  // namespace licet::index
