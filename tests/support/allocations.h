// Counts what the program takes from the heap, and lets it run out.
#pragma once

#include <cstddef>
#include <cstdint>

namespace licet::test {

// Calls of operator new by this thread so far.
std::uint64_t allocations_of_this_thread();

// Memory from operator new that this thread holds at most while it lives, beyond what it held at
// first. What one thread takes and another gives back is not told apart; C libraries do not count.
class HeapPeak {
 public:
  HeapPeak();
  std::size_t bytes() const;

 private:
  std::int64_t at_first_;
};

// While it lives the n-th call of operator new or of OpenSSL's allocator, from 1 and of all
// threads, finds no memory; and all later ones, if `stays`.
class AllocationFailure {
 public:
  AllocationFailure(std::uint64_t n, bool stays);
  ~AllocationFailure();
  AllocationFailure(const AllocationFailure&) = delete;
  AllocationFailure& operator=(const AllocationFailure&) = delete;

  bool has_happened() const;
};

}  // namespace licet::test
