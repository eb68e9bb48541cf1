// One workload measured: Licet's contenders, each by the baseline that it is compared with.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/ratios/contest.h"
#include "bench/ratios/measure.h"

namespace licet::bench {

struct Comparison {
  Measured licet;
  Measured baseline;
  Bar bar;

  double ratio() const { return median_ratio(licet, baseline); }
  bool is_within_bar() const {
    return ratio() <= bar.limit || median(licet.nanoseconds) <= bar.enough_nanoseconds;
  }
};

struct WorkloadResult {
  std::string name;
  std::size_t rule_count = 0;
  std::size_t request_count = 0;
  std::vector<Comparison> comparisons;
  std::vector<ProgramCost> programs;
};

// Ends the program if a policy does not compile or a decision is not as wanted.
WorkloadResult compare_workload(const std::string& folder, const std::string& name,
                                const MeasureSettings& settings);

}  // namespace licet::bench
