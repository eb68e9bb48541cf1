// Counts that many threads add to and none waits for.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "eval/cache_statistics.h"

namespace licet::cache {

// INVARIANT: one thread at a time adds, so that adding is a load and a store; any may read.
class Counters {
 public:
  void add_hit() { add(hits_, 1); }
  void add_miss() { add(misses_, 1); }
  void add_bypass() { add(bypasses_, 1); }
  void add_evictions(std::uint64_t count) { add(evictions_, count); }

  void add_to(CacheStatistics& statistics) const;

  // Nobody adds any more; who sees that it is so sees all that was added.
  void retire() { retired_.store(true, std::memory_order_release); }
  bool is_retired() const { return retired_.load(std::memory_order_acquire); }

 private:
  static void add(std::atomic<std::uint64_t>& counter, std::uint64_t count) {
    counter.store(counter.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }

  std::atomic<std::uint64_t> hits_{0};
  std::atomic<std::uint64_t> misses_{0};
  std::atomic<std::uint64_t> bypasses_{0};
  std::atomic<std::uint64_t> evictions_{0};
  std::atomic<bool> retired_{false};
};

// The counters of all who add. Any thread may call it.
class CounterBoard {
 public:
  std::shared_ptr<Counters> enroll();
  CacheStatistics sum();

 private:
  void settle();

  std::mutex mutex_;
  std::vector<std::shared_ptr<Counters>> counters_;
  CacheStatistics of_others_;  // who are gone
};

}  // namespace licet::cache
