#include "eval/cache/decision_cache.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace licet::cache {

std::size_t Entry::bytes() const {
  const std::size_t values =
      large.capacity() + messages.capacity() + controls.capacity() + 2 * obligations.capacity();
  return sizeof(Entry) + key.capacity() + rules.capacity() * sizeof(std::uint32_t) +
         values * sizeof(Value) + arena.used_bytes();
}

DecisionCache::DecisionCache(std::size_t bytes, std::uint64_t seed)
    : seed_(seed), bytes_of_shard_(bytes / kShards) {
  const std::size_t sets =
      std::bit_floor(std::max<std::size_t>(bytes_of_shard_ / (kWays * kBytesOfTypicalEntry), 1));
  // The table itself is part of the budget.
  bytes_of_shard_ -= std::min(bytes_of_shard_, sets * kWays * sizeof(Way));
  shards_ = std::make_unique<Shard[]>(kShards);
  for (std::size_t i = 0; i < kShards; ++i) shards_[i].ways.resize(sets * kWays);
}

std::uint64_t DecisionCache::hash_of(std::string_view key) const {
  return XXH3_64bits_withSeed(key.data(), key.size(), seed_);
}

DecisionCache::Way* DecisionCache::set_of(Shard& shard, std::uint64_t hash) {
  const std::size_t sets = shard.ways.size() / kWays;
  return shard.ways.data() + (hash / kShards & (sets - 1)) * kWays;
}

DecisionCache::Lookup DecisionCache::find(std::string_view key) const {
  Lookup lookup;
  lookup.hash = hash_of(key);
  Shard& shard = shard_of(lookup.hash);
  const std::unique_lock lock(shard.mutex, std::try_to_lock);
  if (!lock) return lookup;
  lookup.found = Found::kMiss;
  Way* const set = set_of(shard, lookup.hash);
  for (Way* way = set; way != set + kWays; ++way) {
    if (way->hash != lookup.hash || !way->entry || way->entry->key != key) continue;
    way->was_asked_for = true;
    lookup.found = Found::kHit;
    lookup.entry = way->entry;
    break;
  }
  return lookup;
}

void DecisionCache::empty(Shard& shard, Way& way) {
  const std::size_t bytes = way.entry->bytes();
  shard.bytes -= bytes;
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  entries_.fetch_sub(1, std::memory_order_relaxed);
  way = {};
}

// Second chance: an entry that was asked for since the hand last came by stays once more.
std::size_t DecisionCache::make_room(Shard& shard, std::size_t bytes) {
  std::size_t evicted = 0;
  while (shard.bytes > 0 && shard.bytes + bytes > bytes_of_shard_) {
    Way& way = shard.ways[shard.hand];
    shard.hand = (shard.hand + 1) % shard.ways.size();
    if (!way.entry || std::exchange(way.was_asked_for, false)) continue;
    empty(shard, way);
    ++evicted;
  }
  return evicted;
}

std::size_t DecisionCache::insert(std::uint64_t hash, std::shared_ptr<const Entry> entry) {
  const std::size_t bytes = entry->bytes();
  if (bytes > bytes_of_shard_) return 0;
  Shard& shard = shard_of(hash);
  const std::unique_lock lock(shard.mutex, std::try_to_lock);
  if (!lock) return 0;
  Way* const set = set_of(shard, hash);
  Way* place = nullptr;
  for (Way* way = set; way != set + kWays; ++way) {
    // Another thread was faster.
    if (way->entry && way->hash == hash && way->entry->key == entry->key) return 0;
    if (!way->entry && place == nullptr) place = way;
  }
  std::size_t evicted = 0;
  if (place == nullptr) {
    place = std::find_if(set, set + kWays, [](const Way& way) { return !way.was_asked_for; });
    if (place == set + kWays) {
      for (Way* way = set; way != set + kWays; ++way) way->was_asked_for = false;
      place = set;
    }
    empty(shard, *place);
    ++evicted;
  }
  evicted += make_room(shard, bytes);
  *place = {.hash = hash, .entry = std::move(entry), .was_asked_for = false};
  shard.bytes += bytes;
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  entries_.fetch_add(1, std::memory_order_relaxed);
  return evicted;
}

}  // namespace licet::cache
