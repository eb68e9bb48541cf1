// How the work of something grows with its size: the exponent k of size^k.
//
// Allocations are the same in each run, and time is what matters: both are looked at. Time is that
// of this thread, the least of several runs, as other work on the machine only adds to it; still it
// is good for telling a line from a square, and no more.
#pragma once

#include <cstddef>
#include <functional>

namespace licet::test {

// Makes what is measured for one size, so that only running it counts.
using Sized = std::function<std::function<void()>(std::size_t size)>;

// Fails the running test if time or allocations grow faster than about linearly between `size` and
// 16 times that; of builds that take much longer, 8 times.
void expect_linear(std::size_t size, const Sized& make);

}  // namespace licet::test
