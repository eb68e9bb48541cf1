// Calls of builtins that Licet leaves out, or that Rego v1 does.
#pragma once

#include "lang/diagnostic.h"
#include "lang/resolve/core.h"

namespace licet::lang::check {

// Reports them, but for those that some `with` of the policies replaces: tests of policies that are
// written for OPA too. Without a mock in force such a call is an error when it is evaluated.
void check_omitted(const core::Policy& policy, Diagnostics& diagnostics);

// Reports calls of what only older versions of Rego have. Queries may call it.
void check_deprecated(const core::Policy& policy, Diagnostics& diagnostics);

}  // namespace licet::lang::check
