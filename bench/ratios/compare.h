// One workload: the hand-written decisions and Licet's, in every way in which both can be asked.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/ratios/measure.h"

namespace licet::bench {

// How often the time of the baseline Licet may take.
struct Bar {
  double limit = 0;
  double aim = 0;
  double enough_nanoseconds = 0;  // what takes no longer is fast enough whatever the ratio
};

struct Comparison {
  std::string form;  // slots
  Measured licet;
  Measured baseline;
  Bar bar;

  double ratio() const { return median_ratio(licet, baseline); }
  bool is_within_bar() const {
    return ratio() <= bar.limit || median(licet.nanoseconds) <= bar.enough_nanoseconds;
  }
};

// What it takes to have the policy.
struct ProgramCost {
  std::string form;
  double compile_ms = 0;
  double load_ms = 0;  // from its image
  std::size_t image_bytes = 0;
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
