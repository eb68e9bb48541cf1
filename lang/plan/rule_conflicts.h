// Rules that do not go together: of one path, and one below the other.
#pragma once

#include "lang/diagnostic.h"
#include "lang/resolve/core.h"

namespace licet::lang::plan {

// Reports them as OPA does: rules meet at the constant beginning of their paths.
void check_rule_conflicts(const core::Policy& policy, Diagnostics& diagnostics);

}  // namespace licet::lang::plan
