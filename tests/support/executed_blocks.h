// How much Licet did, as a number that is the same in each run: basic blocks of its own code, those
// of templates of other libraries included. Calls of compiled functions of others count as nothing.
#pragma once

#include <cstdint>

namespace licet::test {

// Whether this is a build with LICET_COUNT_BLOCKS, as asan-ubsan is.
bool are_blocks_counted();
// By this thread so far; else 0.
std::uint64_t executed_blocks();

}  // namespace licet::test
