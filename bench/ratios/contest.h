// Who decides one workload: the code written by hand, and Licet in every way in which it can be
// asked.
#pragma once

#include <cstddef>
#include <memory>
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

// What it takes to have the policy.
struct ProgramCost {
  std::string form;
  double compile_ms = 0;
  double load_ms = 0;  // from its image
  std::size_t image_bytes = 0;
  std::size_t text_bytes = 0;      // of the policy
  std::size_t resident_bytes = 0;  // what an engine and its program loaded from the image take
};

struct Contest {
  std::string name;
  std::size_t rule_count = 0;
  std::vector<Contender> contenders;
  struct Pair {  // indexes of contenders
    std::size_t licet;
    std::size_t baseline;
    Bar bar;
  };
  std::vector<Pair> pairs;
  std::vector<bool> wanted;  // by request
  std::vector<ProgramCost> programs;
  std::shared_ptr<void> keeps;  // what the contenders look at
};

// Ends the program if a policy does not compile.
Contest contest_of_workload(const std::string& folder, const std::string& name);

// One of the general policies, whose answers have been compared with the expected ones: the only
// contender is `query`, and it always is wanted to have an answer.
Contest contest_of_policy(const std::string& folder, const std::string& name);

}  // namespace licet::bench
