// Rows grouped by equal keys: a hash table from a key to the run of the rows that have it.
//
// The keys are not held here: whoever builds or asks says how a row's key hashes and compares, so a
// table costs about 20 bytes a row whatever its keys are.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace licet::index {

// Immutable once built; then any thread may ask.
class RunTable {
 public:
  // Of rows 0 .. count-1. hash(row): of its key; equal(row, row): whether two rows have one key.
  template <class Hash, class Equal>
  void build(std::uint32_t count, Hash hash, Equal equal);

  // The rows, ascending, whose key has this hash and for the first of which `matches(row)` holds.
  template <class Matches>
  std::span<const std::uint32_t> find(std::uint64_t hash, Matches matches) const;

  // Makes each row another number, and drops repetitions of a number in one run. Only the first row
  // of a run keeps its own number, for `find`. PRECONDITION: `number` never falls in a run.
  template <class Number>
  void renumber(Number number);

  std::size_t run_count() const { return runs_.size(); }

 private:
  struct Slot {
    std::uint32_t tag = 0;  // upper half of the hash
    std::uint32_t run = 0;  // index into runs_ + 1; 0: free
  };
  struct Run {
    std::uint32_t first_row = 0;
    std::uint32_t begin = 0;  // in rows_
    std::uint32_t end = 0;
  };
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  std::vector<Slot> slots_;  // a power of two of them, at most two thirds in use
  std::vector<Run> runs_;
  std::vector<std::uint32_t> rows_;
};

template <class Hash, class Equal>
void RunTable::build(std::uint32_t count, Hash hash, Equal equal) {
  slots_.assign(std::bit_ceil(std::size_t{count} + count / 2 + 2), {});
  runs_.clear();
  const std::size_t mask = slots_.size() - 1;
  std::vector<std::uint32_t> run_of(count);
  for (std::uint32_t row = 0; row < count; ++row) {
    const std::uint64_t h = hash(row);
    std::size_t at = h & mask;
    while (slots_[at].run != 0 &&
           !(slots_[at].tag == tag_of(h) && equal(runs_[slots_[at].run - 1].first_row, row))) {
      at = (at + 1) & mask;
    }
    if (slots_[at].run == 0) {
      runs_.push_back({.first_row = row});
      slots_[at] = {tag_of(h), static_cast<std::uint32_t>(runs_.size())};
    }
    run_of[row] = slots_[at].run - 1;
    ++runs_[run_of[row]].end;  // a count until the ends are summed up
  }
  std::uint32_t begin = 0;
  for (Run& run : runs_) {
    run.begin = begin;
    begin += run.end;
    run.end = run.begin;
  }
  rows_.resize(count);
  for (std::uint32_t row = 0; row < count; ++row) rows_[runs_[run_of[row]].end++] = row;
  runs_.shrink_to_fit();
}

template <class Matches>
std::span<const std::uint32_t> RunTable::find(std::uint64_t hash, Matches matches) const {
  if (slots_.empty()) return {};
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at].run != 0; at = (at + 1) & mask) {
    if (slots_[at].tag != tag_of(hash)) continue;
    const Run& run = runs_[slots_[at].run - 1];
    if (matches(run.first_row)) return std::span(rows_).subspan(run.begin, run.end - run.begin);
  }
  return {};
}

template <class Number>
void RunTable::renumber(Number number) {
  for (Run& run : runs_) {
    std::uint32_t kept = run.begin;
    for (std::uint32_t at = run.begin; at < run.end; ++at) {
      const std::uint32_t next = number(rows_[at]);
      if (kept == run.begin || rows_[kept - 1] != next) rows_[kept++] = next;
    }
    run.end = kept;
  }
}

}  // namespace licet::index
