#include "eval/cache/counters.h"

#include <algorithm>

namespace licet::cache {

void Counters::add_to(CacheStatistics& statistics) const {
  statistics.hits += hits_.load(std::memory_order_relaxed);
  statistics.misses += misses_.load(std::memory_order_relaxed);
  statistics.bypasses += bypasses_.load(std::memory_order_relaxed);
  statistics.evictions += evictions_.load(std::memory_order_relaxed);
}

std::shared_ptr<Counters> CounterBoard::enroll() {
  const std::lock_guard lock(mutex_);
  settle();
  const std::shared_ptr<Counters> kept = counters_.emplace_back(std::make_shared<Counters>());
  return {kept.get(), [kept](Counters* counters) { counters->retire(); }};
}

// Keeps what those counted whom nobody else holds any more.
void CounterBoard::settle() {
  const auto gone = std::partition(counters_.begin(), counters_.end(),
                                   [](const auto& counters) { return !counters->is_retired(); });
  for (auto at = gone; at != counters_.end(); ++at) (*at)->add_to(of_others_);
  counters_.erase(gone, counters_.end());
}

CacheStatistics CounterBoard::sum() {
  const std::lock_guard lock(mutex_);
  settle();
  CacheStatistics statistics = of_others_;
  for (const auto& counters : counters_) counters->add_to(statistics);
  return statistics;
}

}  // namespace licet::cache
