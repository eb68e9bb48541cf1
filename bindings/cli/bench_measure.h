// What deciding somebody's requests by somebody's policies costs.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "eval/engine.h"

namespace licet::cli {

// Nanoseconds of wall time.
struct Times {
  double decisions_per_second = 0;  // of CPU time
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double p999 = 0;
  double max = 0;
  std::optional<double> allocations;  // of one decision
};

// What a cache brings; CPU time of one decision, the mean.
struct CacheGain {
  CacheStatistics statistics;  // of one pass
  double hit_rate = 0;
  double without_ns = 0;
  double with_ns = 0;
};

// How far an index narrows down what has to be tried.
struct IndexUse {
  std::string name;          // permit, data.registry.allow
  std::uint64_t bodies = 0;  // that it holds
  double tried = 0;          // of these, for one request; the mean
};

struct Measurement {
  std::size_t request_count = 0;
  std::map<std::string, std::uint64_t> causes;  // how many requests ended so
  double mean_steps = 0;
  std::uint64_t max_steps = 0;
  double clock_ns = 0;  // that a look at the clock takes; it is taken off the times
  Times ready;          // attributes set one by one, or as one value where that is not possible
  Times json;
  // Of going through the requests in their order with nothing remembered at first. Of a few
  // requests that says nothing: the first decisions of an engine cost more than all others.
  std::optional<CacheGain> cache_in_order;
  CacheGain cache_again;           // of deciding them when they were decided before
  std::vector<IndexUse> indexes;   // of bodies; of those that requests are looked up in
  std::size_t index_requests = 0;  // that this is the mean of: the first ones
};

struct MeasureOptions {
  std::string package;
  std::chrono::milliseconds time{1000};  // of each of the four parts
  std::size_t cache_bytes = std::size_t{64} << 20;
};

// Calls of operator new by this thread so far; null where nobody counts them. The program itself
// sets it: only there the operators are its own.
inline std::uint64_t (*count_allocations)() = nullptr;

// Requests that it takes for Measurement::cache_in_order.
inline constexpr std::size_t kFewestInOrder = 100;

// PRECONDITION: there is at least one request.
Measurement measure_decisions(const std::shared_ptr<const Program>& program,
                              const EngineOptions& engine_options,
                              const std::vector<std::string>& requests,
                              const MeasureOptions& options);

}  // namespace licet::cli
