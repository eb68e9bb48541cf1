// The tables of indexes against looking at every row.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "eval/index/interval_table.h"
#include "eval/index/network_key.h"
#include "eval/index/prefix_table.h"
#include "eval/index/run_table.h"
#include "tests/property/random.h"

namespace licet::index {
namespace {

using property::Random;
using Numbers = std::multiset<std::uint32_t>;

TEST(RunTable, finds_the_rows_of_a_key_in_order) {
  for (const std::size_t count : {0U, 1U, 2U, 7U, 100U, 5000U}) {
    Random random(count);
    std::vector<std::uint64_t> keys;
    for (std::size_t i = 0; i < count; ++i) keys.push_back(random.below(count / 3 + 1));
    // A poor hash: many keys share one.
    const auto hash = [](std::uint64_t key) { return (key % 37) * 0x9E3779B97F4A7C15ULL; };
    RunTable table;
    table.build(
        static_cast<std::uint32_t>(count), [&](std::uint32_t row) { return hash(keys[row]); },
        [&](std::uint32_t a, std::uint32_t b) { return keys[a] == keys[b]; });
    for (std::uint64_t key = 0; key <= count; ++key) {
      std::vector<std::uint32_t> expected;
      for (std::uint32_t row = 0; row < count; ++row) {
        if (keys[row] == key) expected.push_back(row);
      }
      const auto found = table.find(hash(key), [&](std::uint32_t row) { return keys[row] == key; });
      EXPECT_EQ(std::vector<std::uint32_t>(found.begin(), found.end()), expected);
    }
  }
}

TEST(RunTable, renumbers_rows_and_drops_repetitions) {
  const std::vector<int> keys = {1, 1, 2, 1, 2};
  const std::vector<std::uint32_t> bodies = {4, 4, 4, 9, 9};
  RunTable table;
  table.build(
      5, [&](std::uint32_t row) { return static_cast<std::uint64_t>(keys[row]); },
      [&](std::uint32_t a, std::uint32_t b) { return keys[a] == keys[b]; });
  table.renumber([&](std::uint32_t row) { return bodies[row]; });
  const auto ones = table.find(1, [&](std::uint32_t row) { return keys[row] == 1; });
  EXPECT_EQ(std::vector<std::uint32_t>(ones.begin(), ones.end()),
            (std::vector<std::uint32_t>{4, 9}));
}

TEST(PrefixTable, finds_all_prefixes) {
  Random random(7);
  const auto text = [&](std::size_t most) {
    std::string made;
    for (std::size_t n = random.below(most + 1); n > 0; --n) {
      made += static_cast<char>("ab\xff"[random.below(3)]);
    }
    return made;
  };
  for (const std::size_t count : {0U, 1U, 5U, 200U}) {
    std::vector<PrefixTable::Row> rows;
    for (std::uint32_t i = 0; i < count; ++i) rows.emplace_back(text(6), i);
    PrefixTable table;
    table.build(rows);
    for (int n = 0; n < 300; ++n) {
      const std::string whole = text(9);
      Numbers expected;
      for (const auto& [prefix, number] : rows) {
        if (whole.starts_with(prefix)) expected.insert(number);
      }
      Numbers found;
      table.find(whole, [&](auto numbers) { found.insert(numbers.begin(), numbers.end()); });
      EXPECT_EQ(found, expected) << whole;
    }
  }
}

TEST(IntervalTable, finds_all_intervals_around_a_value) {
  Random random(9);
  Arena arena;
  const auto value = [&]() {
    const std::size_t n = random.below(14);
    if (n == 10) return Value::null();
    if (n == 11) return Value::string("a", arena);
    if (n == 12) return Value::boolean(true);
    if (n == 13) return Value::array({}, arena);
    return Value::integer(static_cast<std::int64_t>(n));
  };
  for (const std::size_t count : {0U, 1U, 3U, 64U, 257U}) {
    std::vector<Interval> intervals;
    for (std::uint32_t i = 0; i < count; ++i) {
      Interval made;
      made.low_open = random.chance(50);
      made.high_open = random.chance(50);
      made.number = i;
      if (random.chance(70)) made.low = value();
      if (random.chance(70)) made.high = value();
      intervals.push_back(made);
    }
    IntervalTable table;
    table.build(intervals);
    for (int n = 0; n < 60; ++n) {
      const Value wanted = value();
      Numbers expected;
      for (const Interval& interval : intervals) {
        if (interval.begins_at_or_below(wanted) && interval.ends_at_or_above(wanted)) {
          expected.insert(interval.number);
        }
      }
      Numbers found;
      table.find(wanted, [&](std::uint32_t number) { found.insert(number); });
      EXPECT_EQ(found, expected);
    }
  }
}

TEST(NetworkKey, of_a_network_begins_that_of_what_lies_inside) {
  struct Row {
    const char* outer;
    const char* inner;
    bool inside;
  };
  for (const Row& row : std::vector<Row>{{"10.0.0.0/8", "10.1.2.3", true},
                                         {"10.0.0.0/8", "11.1.2.3", false},
                                         {"10.0.0.0/8", "10.9.0.0/16", true},
                                         {"10.9.0.0/16", "10.0.0.0/8", false},
                                         {"0.0.0.0/0", "1.2.3.4", true},
                                         {"0.0.0.0/0", "::1", false},
                                         {"::/0", "::1", true},
                                         {"::/0", "1.2.3.4", false},
                                         {"2001:db8::/32", "2001:db8::5", true},
                                         {"10.0.0.0/8", "::ffff:10.0.0.1", true}}) {
    const auto outer = network_key_from_text(row.outer);
    const auto inner = network_key_from_text(row.inner);
    ASSERT_TRUE(outer && inner);
    EXPECT_EQ(inner->view().starts_with(outer->view()), row.inside)
        << row.outer << " " << row.inner;
  }
  EXPECT_FALSE(network_key_from_text("10.0.0"));
  EXPECT_FALSE(network_key_from_text(""));
}

}  // namespace
}  // namespace licet::index
