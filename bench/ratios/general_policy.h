// The general policies: bench/policies/NAME.rego with its data, inputs and expected answers.
#pragma once

#include <string>
#include <vector>

#include "eval/arena.h"
#include "eval/value.h"

namespace licet::bench {

struct GeneralPolicy {
  std::string text;  // answers data.general.answer
  Value data;
  std::vector<Value> inputs;
  std::vector<std::string> expected;  // JSON, by input
};

inline constexpr const char* kGeneralPolicies[] = {
    "iteration", "nested", "comprehensions", "partial_rules", "functions",
    "regex",     "walk",   "strings",        "graph",         "objects"};

// The values live in `arena`. Ends the program if a file is not as it should be.
GeneralPolicy read_general_policy(const std::string& folder, const std::string& name, Arena& arena);

}  // namespace licet::bench
