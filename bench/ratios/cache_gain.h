// What a cache of decisions brings and costs: the same decisions without it, with it when it pays,
// and with it always, in turns.
#pragma once

#include <string>
#include <vector>

#include "bench/ratios/measure.h"

namespace licet::bench {

struct CacheGainResult {
  std::string name;
  Measured off;
  Measured when_it_pays;
  Measured always;
};

// Ends the program if a policy does not compile or a decision is not as wanted.
CacheGainResult cache_gain_of_workload(const std::string& folder, const std::string& name,
                                       const MeasureSettings& settings);
// A general policy, all of whose answer a permit asks for.
CacheGainResult cache_gain_of_policy(const std::string& folder, const std::string& name,
                                     const MeasureSettings& settings);

std::string cache_table_head();
std::string cache_table_row(const CacheGainResult& result);

}  // namespace licet::bench
