// Modules that people wrote, with the data and input that they are asked with: what mutations start
// from. Those of the project, and the visible conformance cases where LICET_SHARED names them.
#pragma once

#include <string>
#include <vector>

#include "tests/property/random.h"

namespace licet::differential {

struct WrittenPolicy {
  std::vector<std::string> modules;  // of Rego alone: rules, no declarations of decisions
  std::string data = "{}";
  std::string input;  // empty: there is none
  bool strict_errors = false;
};

// Chosen by a hash of its text, so that one more policy changes few choices.
const WrittenPolicy& written_policy(property::Random& random);

}  // namespace licet::differential
