#include "tests/support/growth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "tests/support/allocations.h"
#include "tests/support/cpu_time.h"

namespace licet::test {
namespace {

using std::chrono::nanoseconds;

constexpr double kMaxExponentOfAllocations = 1.15;
constexpr double kMaxExponentOfTime = 1.5;

struct Work {
  std::uint64_t allocations = 0;
  nanoseconds time = nanoseconds::max();
};

Work least_work(const std::function<void()>& run) {
  Work least;
  for (int i = 0; i < 3; ++i) {
    const std::uint64_t before = allocations_of_this_thread();
    const nanoseconds time = cpu_time_of(run);
    least.allocations = allocations_of_this_thread() - before;
    least.time = std::min(least.time, time);
    // Long enough that what disturbs it hardly counts.
    if (time > std::chrono::milliseconds(50)) break;
  }
  return least;
}

double exponent(double small, double large, std::size_t factor) {
  return std::log(large / small) / std::log(static_cast<double>(factor));
}

}  // namespace

void expect_linear(std::size_t size, const Sized& make) {
  const std::size_t factor = build_slack() > 4 ? 8 : 16;
  const auto run_small = make(size);
  const auto run_large = make(factor * size);
  double time_exponent = 0;
  // A measurement that was disturbed is taken again; what is too slow is so each time.
  for (int attempt = 0; attempt < 3; ++attempt) {
    const Work small = least_work(run_small);
    const Work large = least_work(run_large);
    // A fixed part of the work, as the first block of an arena, hides nothing at these sizes.
    EXPECT_LE(exponent(static_cast<double>(small.allocations + 50),
                       static_cast<double>(large.allocations + 50), factor),
              kMaxExponentOfAllocations)
        << small.allocations << " allocations, then " << large.allocations;
    time_exponent = exponent(static_cast<double>(small.time.count()) + 20'000,
                             static_cast<double>(large.time.count()) + 20'000, factor);
    if (time_exponent <= kMaxExponentOfTime) break;
  }
  testing::Test::RecordProperty("exponent_of_time", std::to_string(time_exponent));
  EXPECT_LE(time_exponent, kMaxExponentOfTime);
}

}  // namespace licet::test
