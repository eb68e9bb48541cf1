#include "tests/support/growth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "tests/support/allocations.h"
#include "tests/support/cpu_time.h"
#include "tests/support/executed_blocks.h"

namespace licet::test {
namespace {

using std::chrono::nanoseconds;

constexpr double kMaxExponentOfTime = 1.5;

struct Work {
  std::uint64_t allocations = 0;
  std::uint64_t blocks = 0;
  nanoseconds time = nanoseconds::max();
};

Work work_of(const std::function<void()>& run) {
  Work work;
  const std::uint64_t allocations = allocations_of_this_thread();
  const std::uint64_t blocks = executed_blocks();
  work.time = cpu_time_of(run);
  work.blocks = executed_blocks() - blocks;
  work.allocations = allocations_of_this_thread() - allocations;
  return work;
}

// What is counted is that of the last run: the first one fills caches.
Work least_work(const std::function<void()>& run) {
  Work least = work_of(run);
  // Long enough that what disturbs it hardly counts.
  for (int i = 1; i < 3 && least.time < std::chrono::milliseconds(50); ++i) {
    const nanoseconds before = least.time;
    least = work_of(run);
    least.time = std::min(least.time, before);
  }
  return least;
}

double exponent(double small, double large, std::size_t factor) {
  return std::log(large / small) / std::log(static_cast<double>(factor));
}

// `fixed`: work of any size, as the first block of an arena; at these sizes it hides nothing.
void expect_linear_count(const char* what, std::uint64_t small, std::uint64_t large,
                         std::uint64_t fixed, std::size_t factor, double most) {
  const double found =
      exponent(static_cast<double>(small + fixed), static_cast<double>(large + fixed), factor);
  testing::Test::RecordProperty(std::string("exponent_of_") + what, std::to_string(found));
  EXPECT_LE(found, most) << small << " " << what << ", then " << large;
}

void expect_linear_time(nanoseconds small, nanoseconds large, std::size_t factor, double most,
                        const std::function<Work()>& run_small,
                        const std::function<Work()>& run_large) {
  constexpr double kFixed = 20'000;
  double found = 0;
  // A measurement that was disturbed is taken again; what is too slow is so each time.
  for (int attempt = 0;; ++attempt) {
    found = exponent(static_cast<double>(small.count()) + kFixed,
                     static_cast<double>(large.count()) + kFixed, factor);
    if (found <= most || attempt == 2) break;
    small = run_small().time;
    large = run_large().time;
  }
  testing::Test::RecordProperty("exponent_of_time", std::to_string(found));
  EXPECT_LE(found, most);
}

}  // namespace

void expect_linear(std::size_t size, const Sized& make, double most) {
  const std::size_t factor = build_slack() > 4 ? 8 : 16;
  const std::size_t first = are_blocks_counted() ? 2 * size : size;
  const auto small = [run = make(first)] { return least_work(run); };
  const auto large = [run = make(factor * first)] { return least_work(run); };
  const Work of_small = small();
  const Work of_large = large();
  expect_linear_count("allocations", of_small.allocations, of_large.allocations, 50, factor, most);
  if (are_blocks_counted()) {
    expect_linear_count("blocks", of_small.blocks, of_large.blocks, 1000, factor, most);
  } else {
    expect_linear_time(of_small.time, of_large.time, factor, std::max(most, kMaxExponentOfTime),
                       small, large);
  }
}

}  // namespace licet::test
