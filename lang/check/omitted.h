// Calls of builtins that Licet leaves out.
#pragma once

#include "lang/diagnostic.h"
#include "lang/resolve/core.h"

namespace licet::lang::check {

// Reports them, but for those that some `with` of the policies replaces: tests of policies that are
// written for OPA too. Without a mock in force such a call is an error when it is evaluated.
void check_omitted(const core::Policy& policy, Diagnostics& diagnostics);

}  // namespace licet::lang::check
