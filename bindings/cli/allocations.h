// Counts what the program takes from the heap: replaces its operators new.
#pragma once

#include <cstdint>

namespace licet::cli {

// Calls of operator new by this thread so far.
std::uint64_t allocations_of_this_thread();

}  // namespace licet::cli
