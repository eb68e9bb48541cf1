// Counts what the program allocates. A program that links it has its operators new and delete.
#pragma once

#include <cstddef>

namespace licet::bench {

// Of this thread since it began.
std::size_t allocation_count();

}  // namespace licet::bench
