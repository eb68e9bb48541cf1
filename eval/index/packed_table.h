// Rows found by a key of one word.
//
// The keys stand in the table by themselves, eight in a line of the processor's cache, so that a
// lookup that only wants to know whether there is a row touches one line, and as few bytes as can
// be. Which row there is stands in a table beside it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "eval/index/text_hash.h"

namespace licet::index {

// Immutable once built; then any thread may ask.
class PackedTable {
 public:
  // Of rows 0 .. keys.size()-1. PRECONDITION: no key is UINT64_MAX.
  void build(std::span<const std::uint64_t> keys) {
    slots_.assign(std::bit_ceil(2 * keys.size() + 2), kFree);
    found_.assign(slots_.size(), 0);
    rows_.clear();
    begins_.clear();
    std::uint32_t runs = 0;
    for (std::uint32_t row = 0; row < keys.size(); ++row) {
      const std::size_t at = place_of(keys[row]);
      if (slots_[at] != kFree) continue;
      slots_[at] = keys[row] + 1;
      found_[at] = runs++;
    }
    // Where no key comes twice, run and row are the same.
    if (runs != keys.size()) sort_rows(keys, runs);
  }

  // PRECONDITION of both: it has been built.
  bool contains(std::uint64_t key) const { return slots_[place_of(key)] != kFree; }
  // The rows of a key, ascending.
  std::span<const std::uint32_t> find(std::uint64_t key) const {
    const std::size_t at = place_of(key);
    if (slots_[at] == kFree) return {};
    if (begins_.empty()) return std::span(found_).subspan(at, 1);
    const std::uint32_t run = found_[at];
    return std::span(rows_).subspan(begins_[run], begins_[run + 1] - begins_[run]);
  }

  // Makes each row another number, and drops repetitions of a number in one run.
  template <class Number>
  void renumber(Number number) {
    if (begins_.empty()) {
      for (std::size_t at = 0; at < slots_.size(); ++at) {
        if (slots_[at] != kFree) found_[at] = number(found_[at]);
      }
      return;
    }
    std::uint32_t kept = 0;
    for (std::size_t run = 0; run + 1 < begins_.size(); ++run) {
      const std::uint32_t begin = std::exchange(begins_[run], kept);
      for (std::uint32_t at = begin; at < begins_[run + 1]; ++at) {
        const std::uint32_t next = number(rows_[at]);
        if (kept == begins_[run] || rows_[kept - 1] != next) rows_[kept++] = next;
      }
    }
    begins_.back() = kept;
    rows_.resize(kept);
  }

 private:
  static constexpr std::uint64_t kFree = 0;

  // By runs.
  void sort_rows(std::span<const std::uint64_t> keys, std::uint32_t runs) {
    begins_.resize(runs + std::size_t{1}, 0);
    for (const std::uint64_t key : keys) ++begins_[found_[place_of(key)] + 1];
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    rows_.resize(keys.size());
    std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
    for (std::uint32_t row = 0; row < keys.size(); ++row) {
      rows_[next[found_[place_of(keys[row])]]++] = row;
    }
  }

  // Where the key is, or where it would be.
  std::size_t place_of(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    const std::uint64_t* const slots = slots_.data();
    const std::uint64_t hash =
        text_hash::folded(key ^ text_hash::kSeeds.first, 0x9E3779B97F4A7C15ULL);
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      // That the first place tells can be foreseen, what it tells cannot.
      if ((slots[at] == key + 1) | (slots[at] == kFree)) [[likely]]
        return at;
    }
  }

  std::vector<std::uint64_t> slots_;   // key + 1; a power of two of them, at most half in use
  std::vector<std::uint32_t> found_;   // by slot: the row, or if some key comes twice the run
  std::vector<std::uint32_t> begins_;  // in rows_, of each run, and the end; or none
  std::vector<std::uint32_t> rows_;
};

}  // namespace licet::index
