#include "eval/cache/decision_cache.h"

#include <gtest/gtest.h>

namespace licet::cache {
namespace {

std::shared_ptr<const Entry> entry_with(const std::string& key, std::uint32_t rule) {
  auto entry = std::make_shared<Entry>();
  entry->key = key;
  entry->rules = {rule};
  return entry;
}

std::size_t put(DecisionCache& cache, const std::string& key, std::uint32_t rule = 0) {
  return cache.insert(cache.find(key).hash, entry_with(key, rule));
}

bool has(const DecisionCache& cache, const std::string& key) {
  return cache.find(key).found == DecisionCache::Found::kHit;
}

TEST(DecisionCache, finds_what_was_put_in_and_nothing_else) {
  DecisionCache cache(1 << 20, 7);
  EXPECT_EQ(cache.find("a").found, DecisionCache::Found::kMiss);
  put(cache, "a", 1);
  put(cache, "b", 2);
  const auto found = cache.find("a");
  ASSERT_EQ(found.found, DecisionCache::Found::kHit);
  EXPECT_EQ(found.entry->rules, std::vector<std::uint32_t>{1});
  EXPECT_EQ(cache.find("b").entry->rules, std::vector<std::uint32_t>{2});
  EXPECT_FALSE(has(cache, "c"));
  EXPECT_FALSE(has(cache, ""));
  EXPECT_EQ(cache.entry_count(), 2);
}

TEST(DecisionCache, equal_hashes_do_not_make_equal_keys) {
  DecisionCache cache(1 << 20, 7);
  // As if "a" had the hash of "b".
  cache.insert(cache.find("b").hash, entry_with("a", 1));
  EXPECT_FALSE(has(cache, "b"));
}

TEST(DecisionCache, keeps_the_first_of_two_entries_with_one_key) {
  DecisionCache cache(1 << 20, 7);
  put(cache, "a", 1);
  put(cache, "a", 2);
  EXPECT_EQ(cache.entry_count(), 1);
  EXPECT_EQ(cache.find("a").entry->rules, std::vector<std::uint32_t>{1});
}

TEST(DecisionCache, stays_within_its_memory_and_counts_what_it_evicts) {
  constexpr std::size_t kBytes = 64 << 10;
  DecisionCache cache(kBytes, 7);
  std::uint64_t evicted = 0;
  constexpr std::uint64_t kKeys = 10'000;
  for (std::uint64_t i = 0; i < kKeys; ++i) {
    evicted += put(cache, std::string(100, 'k') + std::to_string(i));
    ASSERT_LE(cache.byte_count(), kBytes);
  }
  EXPECT_GT(cache.entry_count(), 32);
  EXPECT_EQ(cache.entry_count() + evicted, kKeys);
}

TEST(DecisionCache, does_not_take_an_entry_that_is_larger_than_its_share) {
  DecisionCache cache(16 << 10, 7);
  put(cache, std::string(4000, 'k'));
  EXPECT_EQ(cache.entry_count(), 0);
  EXPECT_EQ(cache.byte_count(), 0);
}

TEST(DecisionCache, what_is_asked_for_again_stays) {
  DecisionCache cache(64 << 10, 7);
  put(cache, "wanted");
  for (int i = 0; i < 10'000; ++i) {
    put(cache, "other" + std::to_string(i));
    has(cache, "wanted");
  }
  EXPECT_TRUE(has(cache, "wanted"));
}

}  // namespace
}  // namespace licet::cache
