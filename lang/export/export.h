// A resolved policy -> plain Rego v1 that reaches the same decisions.
#pragma once

#include <string>
#include <vector>

#include "lang/export/kleene.h"

namespace licet::lang::exporting {

struct Module {
  std::string name;  // registry.rego
  std::string text;
};

// One module per package, and `licet.rego` with the decision if there are decision rules. What
// cannot be exported is an error of the context's diagnostics.
std::vector<Module> export_policy(const Context& context);

}  // namespace licet::lang::exporting
