// Rows found by a key of one word.
//
// The keys stand in the table by themselves, eight in a line of the processor's cache, so that a
// lookup that only wants to know whether there is a row touches one line, and as few bytes as can
// be. Which rows there are stands elsewhere.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "eval/index/text_hash.h"

namespace licet::index {

// Immutable once built; then any thread may ask.
class PackedTable {
 public:
  // Of rows 0 .. keys.size()-1. PRECONDITION: no key is UINT64_MAX.
  void build(std::span<const std::uint64_t> keys) {
    slots_.assign(std::bit_ceil(2 * keys.size() + 2), kFree);
    run_at_.assign(slots_.size(), 0);
    std::vector<std::uint32_t> run_of(keys.size());
    for (std::size_t row = 0; row < keys.size(); ++row) {
      const std::size_t at = place_of(keys[row]);
      if (slots_[at] == kFree) {
        slots_[at] = keys[row] + 1;
        run_at_[at] = static_cast<std::uint32_t>(runs_.size());
        runs_.emplace_back();
      }
      run_of[row] = run_at_[at];
      ++runs_[run_of[row]].end;  // a count until the ends are summed up
    }
    std::uint32_t begin = 0;
    for (Run& run : runs_) {
      run.begin = begin;
      begin += run.end;
      run.end = run.begin;
    }
    rows_.resize(keys.size());
    for (std::uint32_t row = 0; row < keys.size(); ++row) rows_[runs_[run_of[row]].end++] = row;
    runs_.shrink_to_fit();
  }

  // PRECONDITION of both: it has been built.
  bool contains(std::uint64_t key) const { return slots_[place_of(key)] != kFree; }
  // The rows of a key, ascending.
  std::span<const std::uint32_t> find(std::uint64_t key) const {
    const std::size_t at = place_of(key);
    if (slots_[at] == kFree) return {};
    const Run& run = runs_[run_at_[at]];
    return std::span(rows_).subspan(run.begin, run.end - run.begin);
  }

  // Makes each row another number, and drops repetitions of a number in one run.
  template <class Number>
  void renumber(Number number) {
    for (Run& run : runs_) {
      std::uint32_t kept = run.begin;
      for (std::uint32_t at = run.begin; at < run.end; ++at) {
        const std::uint32_t next = number(rows_[at]);
        if (kept == run.begin || rows_[kept - 1] != next) rows_[kept++] = next;
      }
      run.end = kept;
    }
  }

 private:
  static constexpr std::uint64_t kFree = 0;
  struct Run {
    std::uint32_t begin = 0;  // in rows_
    std::uint32_t end = 0;
  };

  // Where the key is, or where it would be.
  std::size_t place_of(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    const std::uint64_t* const slots = slots_.data();
    for (std::size_t at =
             text_hash::folded(key ^ text_hash::kSeeds.first, 0x9E3779B97F4A7C15) & mask;
         ; at = (at + 1) & mask) {
      // That the first place tells can be foreseen, what it tells cannot.
      if ((slots[at] == key + 1) | (slots[at] == kFree)) [[likely]]
        return at;
    }
  }

  std::vector<std::uint64_t> slots_;   // key + 1; a power of two of them, at most half in use
  std::vector<std::uint32_t> run_at_;  // by slot
  std::vector<Run> runs_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace licet::index
