// How the work of something grows with its size: the exponent k of size^k.
//
// Executed blocks (executed_blocks.h) and allocations are the same in each run, so that their
// exponents tell size^1.2 from size. Builds that do not count blocks look at time instead: that of
// this thread, the least of several runs, as other work on the machine only adds to it; still it is
// good for telling a line from a square, and no more.
#pragma once

#include <cstddef>
#include <functional>

namespace licet::test {

// Makes what is measured for one size, so that only running it counts.
using Sized = std::function<std::function<void()>(std::size_t size)>;

// What is counted may grow by at most this power of the size. Sorting a few thousand stays below.
constexpr double kMostExponent = 1.15;

// Fails the running test if blocks, time or allocations grow faster from `size` to 16 times that;
// from twice the size where blocks are counted, and to 8 times in other slow builds.
void expect_linear(std::size_t size, const Sized& make, double most = kMostExponent);

}  // namespace licet::test
