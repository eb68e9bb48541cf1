// Counts what the program takes from the heap.
#pragma once

#include <cstdint>

namespace licet::test {

// Calls of operator new by this thread so far.
std::uint64_t allocations_of_this_thread();

}  // namespace licet::test
