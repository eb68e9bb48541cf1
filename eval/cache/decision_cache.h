// Decisions that were made before, by the values that they depend on.
//
// Problem: a decision that matches patterns or walks a document costs a hundred times what it takes
// to recognise a request that came before. Idea: the compiler's read set says which values of the
// request a rule can see, so the bytes of these values are a key (request_key.h). It is hashed
// with a seed of this cache, so that nobody can choose requests that collide, and then compared in
// full, so that a collision can never give a wrong answer.
//
// What is remembered is what the *stable* rules come to (stability.h). If all rules are stable
// that is the decision. Otherwise the rest, which may look at clock or chance, runs again and the
// two are joined: see eval/engine/remembered.h.
//
// A cache belongs to one program and goes with it, so a reload forgets all of it at once: no entry
// can be of an older revision. Nothing that ended in an error or a warning is remembered.
//
// Memory is bounded: shards, each a table of sets of kWays places with a budget of bytes; what does
// not fit evicts what was not asked for since the hand of the clock last came by. No thread waits
// for another: who finds a shard taken goes without it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "eval/arena.h"
#include "eval/decision.h"
#include "eval/value.h"

namespace licet::cache {

// What some decision rules came to: immutable once it is in the cache.
struct Entry {
  static constexpr std::size_t kFirstArenaBytes = 256;

  std::string key;
  std::vector<Value> large;  // values of the key
  Cause cause = Cause::kNoPermit;
  std::uint64_t steps = 0;  // that it took to find out
  std::vector<std::uint32_t> rules;
  Arena arena{Arena::kNoLimit, kFirstArenaBytes};  // of the values
  std::vector<Value> messages;
  std::vector<Value> controls;
  std::vector<AskedObligation> obligations;

  std::size_t bytes() const;
};

// Any thread may call it.
class DecisionCache {
 public:
  // PRECONDITION: bytes > 0.
  DecisionCache(std::size_t bytes, std::uint64_t seed);

  enum class Found : std::uint8_t { kHit, kMiss, kBusy };
  struct Lookup {
    Found found = Found::kBusy;
    std::shared_ptr<const Entry> entry;  // of a hit
    std::uint64_t hash = 0;
  };
  Lookup find(std::string_view key) const;
  // How many entries had to go. The hash is that of find().
  std::size_t insert(std::uint64_t hash, std::shared_ptr<const Entry> entry);

  std::uint64_t entry_count() const { return entries_.load(std::memory_order_relaxed); }
  std::size_t byte_count() const { return bytes_.load(std::memory_order_relaxed); }

  static constexpr std::size_t kMaxKeyBytes = std::size_t{16} << 10;

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kWays = 8;
  static constexpr std::size_t kBytesOfTypicalEntry = 512;

  struct Way {
    std::uint64_t hash = 0;
    std::shared_ptr<const Entry> entry;
    bool was_asked_for = false;
  };
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    std::vector<Way> ways;  // guarded by mutex, as all below
    std::size_t bytes = 0;
    std::size_t hand = 0;
  };

  std::uint64_t hash_of(std::string_view key) const;
  Shard& shard_of(std::uint64_t hash) const { return shards_[hash % kShards]; }
  // The first way of the set that a hash belongs to.
  static Way* set_of(Shard& shard, std::uint64_t hash);
  void empty(Shard& shard, Way& way);
  std::size_t make_room(Shard& shard, std::size_t bytes);

  std::uint64_t seed_;
  std::size_t bytes_of_shard_;
  std::unique_ptr<Shard[]> shards_;
  std::atomic<std::uint64_t> entries_{0};
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace licet::cache
