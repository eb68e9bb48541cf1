// How much stack a thread has left. Python's threads may be as small as the user likes, and neither
// reading nested objects nor deciding may run over the end of one.
#pragma once

#include <cstddef>
#include <functional>

namespace licet::python {

// What converting an object must leave: for the error, and for code that it calls.
inline constexpr std::size_t kStackReserveBytes = 48 * 1024;
// What deciding and compiling may take; with less they run on a stack of their own.
inline constexpr std::size_t kDecideStackBytes = 512 * 1024;
inline constexpr std::size_t kCompileStackBytes = std::size_t{64} << 20;

std::size_t remaining_stack_bytes();

// Runs `work` in a thread with a stack of that size, and waits. `work` throws nothing and does not
// touch Python. False: there is no memory for such a thread, and nothing was run.
bool run_with_stack(std::size_t bytes, const std::function<void()>& work);

}  // namespace licet::python
