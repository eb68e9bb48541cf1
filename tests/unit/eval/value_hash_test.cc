// P12: hashing is seeded and covers the whole value, so nobody can choose values that collide.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "eval/value_json.h"
#include "tests/support/process.h"

namespace licet {
namespace {

std::uint64_t hash_of(const std::string& json) {
  Arena arena;
  return value_from_json(json, arena).value().hash();
}

// Values that were chosen so that a weak hash puts them together.
struct Chosen {
  const char* name;
  std::function<std::string(std::uint64_t)> json;
};
void PrintTo(const Chosen& chosen, std::ostream* out) { *out << chosen.name; }

class ChosenValues : public testing::TestWithParam<Chosen> {};

// As random values: in a table with a place for each, Poisson's law gives the fullest place about
// nine of them; 20 have a chance of less than one in ten billions.
TEST_P(ChosenValues, spread_over_a_table_like_random_ones) {
  constexpr std::size_t kBits = 14;
  constexpr std::size_t kCount = std::size_t{1} << kBits;
  std::vector<int> low(kCount);
  std::vector<int> high(kCount);
  std::set<std::uint64_t> all;
  for (std::uint64_t i = 0; i < kCount; ++i) {
    const std::uint64_t hash = hash_of(GetParam().json(i));
    all.insert(hash);
    ++low[hash % kCount];
    ++high[hash >> (64 - kBits)];
  }
  EXPECT_EQ(all.size(), kCount);
  EXPECT_LT(*std::max_element(low.begin(), low.end()), 20);
  EXPECT_LT(*std::max_element(high.begin(), high.end()), 20);
}

std::string text(std::uint64_t i) { return std::to_string(i); }
std::string quoted(const std::string& text) { return "\"" + text + "\""; }

const Chosen kChosen[] = {
    {"integers", [](std::uint64_t i) { return text(i); }},
    {"fractions", [](std::uint64_t i) { return "0." + text(100'000'000 + i * 4096); }},
    {"equal_integer_parts", [](std::uint64_t i) { return "7." + text(1'000'000 + i); }},
    {"neighbours_of_2_to_the_53", [](std::uint64_t i) { return text((1ULL << 53) + i); }},
    {"multiples_of_2_to_the_32", [](std::uint64_t i) { return text((i + 1) << 32); }},
    {"powers_of_ten", [](std::uint64_t i) { return "1e" + text(i); }},
    {"small_powers_of_ten", [](std::uint64_t i) { return "1e-" + text(i + 1); }},
    {"beyond_64_bits",
     [](std::uint64_t i) { return text(10'000'000 + i) + std::string(30, '0') + "1"; }},
    {"equal_beginnings", [](std::uint64_t i) { return quoted(std::string(300, 'a') + text(i)); }},
    {"equal_ends",
     [](std::uint64_t i) { return quoted(text(100'000 + i) + std::string(300, 'a')); }},
    {"equal_but_for_the_middle",
     [](std::uint64_t i) {
       return quoted(std::string(300, 'a') + text(100'000 + i) + std::string(300, 'a'));
     }},
    {"lengths", [](std::uint64_t i) { return quoted(std::string(i, 'a')); }},
    {"arrays", [](std::uint64_t i) { return "[[" + text(i % 128) + "],[" + text(i / 128) + "]]"; }},
    {"orders_of_keys",
     [](std::uint64_t i) { return "{\"a\":" + text(i % 128) + ",\"b\":" + text(i / 128) + "}"; }},
    {"long_arrays",
     [](std::uint64_t i) {
       std::string json = "[";
       for (int k = 0; k < 70; ++k) json += "1,";
       return json + text(i) + "]";
     }},
};
INSTANTIATE_TEST_SUITE_P(All, ChosenValues, testing::ValuesIn(kChosen),
                         [](const auto& of) { return std::string(of.param.name); });

TEST(ValueHash, differs_where_values_do) {
  std::set<std::uint64_t> all;
  const std::vector<std::string> values = {"null",
                                           "true",
                                           "false",
                                           "0",
                                           "1",
                                           "-1",
                                           "\"\"",
                                           "\"0\"",
                                           "\"null\"",
                                           "[]",
                                           "{}",
                                           "[[]]",
                                           "[{}]",
                                           "[0]",
                                           "[0,0]",
                                           "[null]",
                                           "{\"a\":null}",
                                           "{\"\":0}",
                                           "[\"a\",1]",
                                           "{\"a\":1}",
                                           "[1,\"a\"]",
                                           "0.1",
                                           "10",
                                           "0.10000000000000001",
                                           "1e400",
                                           "-1e400",
                                           "1e-400"};
  for (const std::string& json : values) all.insert(hash_of(json));
  EXPECT_EQ(all.size(), values.size());
}

TEST(ValueHash, is_equal_where_values_are_written_differently) {
  EXPECT_EQ(hash_of("1"), hash_of("1.0"));
  EXPECT_EQ(hash_of("100"), hash_of("1e2"));
  EXPECT_EQ(hash_of("{\"a\":1,\"b\":2}"), hash_of("{\"b\":2,\"a\":1}"));
  EXPECT_EQ(hash_of("\"\\u0061\""), hash_of("\"a\""));
}

// Shows the hashes of this process to the test below.
TEST(ValueHash, DISABLED_shown) {
  for (const char* const json :
       {"1", "\"a\"", "true", "[1]", "{\"a\":1}", "123456789012345678901"}) {
    std::printf("hash %llu\n", static_cast<unsigned long long>(hash_of(json)));
  }
}

std::vector<std::string> hashes_of_another_process() {
  const auto result = test::run_process(
      std::filesystem::read_symlink("/proc/self/exe"),
      {"--gtest_filter=ValueHash.DISABLED_shown", "--gtest_also_run_disabled_tests"},
      {.text = {},
       .folder = {},
       .environment = {"GTEST_TOTAL_SHARDS=1", "GTEST_SHARD_INDEX=0", "GTEST_OUTPUT="},
       .output_path = {}});
  std::vector<std::string> hashes;
  for (std::size_t at = 0; (at = result.output.find("hash ", at)) != std::string::npos; ++at) {
    hashes.push_back(result.output.substr(at, result.output.find('\n', at) - at));
  }
  return hashes;
}

TEST(ValueHash, is_another_one_in_each_process) {
  const auto first = hashes_of_another_process();
  const auto second = hashes_of_another_process();
  ASSERT_EQ(first.size(), 6U);
  ASSERT_EQ(second.size(), 6U);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_NE(first[i], second[i]) << i;
}

}  // namespace
}  // namespace licet
