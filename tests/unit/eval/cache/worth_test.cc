#include "eval/cache/worth.h"

#include <gtest/gtest.h>

namespace licet::cache {
namespace {

using std::chrono::nanoseconds;

// What decisions, looks and entries cost, and how many of a hundred decisions hit.
struct World {
  nanoseconds decision;
  nanoseconds find;
  nanoseconds insert;
  int hits_of_100;
};

struct Sum {
  double with_cache = 0;
  double without_cache = 0;
  std::uint64_t used = 0;
};

Sum decide(Worth& worth, const World& world, std::uint64_t count) {
  Sum sum;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double decision = static_cast<double>(world.decision.count());
    sum.without_cache += decision;
    if (!worth.wants_cache()) {
      if (worth.wants_times()) worth.add_decision_time(world.decision);
      sum.with_cache += decision;
      continue;
    }
    ++sum.used;
    if (worth.wants_times()) worth.add_find_time(world.find);
    sum.with_cache += static_cast<double>(world.find.count());
    if (static_cast<int>(i * 37 % 100) < world.hits_of_100) {
      worth.add_hit();
      continue;
    }
    worth.add_miss();
    if (worth.wants_times()) {
      worth.add_decision_time(world.decision);
      worth.add_insert_time(world.insert);
    }
    sum.with_cache += decision + static_cast<double>(world.insert.count());
  }
  return sum;
}

constexpr std::uint64_t kMany = 10'000'000;

TEST(Worth, cheap_decisions_never_use_the_cache) {
  Worth worth;
  const World cheap{nanoseconds(100), nanoseconds(200), nanoseconds(300), 99};
  EXPECT_EQ(decide(worth, cheap, kMany).used, 0);
}

TEST(Worth, a_cache_that_never_hits_costs_less_than_a_tenth) {
  for (const int decision : {600, 1000, 10'000}) {
    Worth worth;
    const World useless{nanoseconds(decision), nanoseconds(400), nanoseconds(800), 0};
    const Sum sum = decide(worth, useless, kMany);
    EXPECT_GT(sum.used, 0);
    EXPECT_LT(sum.with_cache, 1.03 * sum.without_cache) << decision;
  }
}

TEST(Worth, a_cache_that_hits_stays_in_use) {
  Worth worth;
  const World useful{nanoseconds(20'000), nanoseconds(400), nanoseconds(800), 95};
  const Sum sum = decide(worth, useful, kMany);
  EXPECT_GT(sum.used, kMany - 2 * Worth::kWatchLength);
  EXPECT_LT(5 * sum.with_cache, sum.without_cache);
}

TEST(Worth, a_cache_that_stops_hitting_is_left_and_taken_up_again) {
  Worth worth;
  const World useful{nanoseconds(20'000), nanoseconds(400), nanoseconds(800), 95};
  const World useless{nanoseconds(20'000), nanoseconds(400), nanoseconds(800), 0};
  decide(worth, useful, 100'000);
  EXPECT_LT(decide(worth, useless, 1'000'000).used, 100'000);
  EXPECT_GT(decide(worth, useful, 20'000'000).used, 10'000'000);
}

TEST(Worth, decisions_that_had_to_be_made_again_count_against_it) {
  Worth worth;
  std::uint64_t used = 0;
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    if (!worth.wants_cache()) {
      if (worth.wants_times()) worth.add_decision_time(nanoseconds(5000));
      continue;
    }
    ++used;
    if (worth.wants_times()) worth.add_find_time(nanoseconds(100));
    if (i % 2 == 0) {
      worth.add_hit();
    } else {
      worth.add_miss();
      worth.add_wasted_decision();
    }
  }
  EXPECT_LT(used, 50'000);
}

}  // namespace
}  // namespace licet::cache
