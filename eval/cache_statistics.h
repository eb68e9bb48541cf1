// What a cache of decisions did.
#pragma once

#include <cstddef>
#include <cstdint>

namespace licet {

// Counts of an engine since it began, exact once no call is under way. Each decision with the cache
// on is one of hits, misses and bypasses.
struct CacheStatistics {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  // Decided without a look: the cache would have cost more than it saves, the request is too large
  // a key, the call asks for an explanation, or another thread was at the same place.
  std::uint64_t bypasses = 0;
  std::uint64_t evictions = 0;
  // Of the program in force.
  std::uint64_t entries = 0;
  std::size_t bytes = 0;
};

}  // namespace licet
