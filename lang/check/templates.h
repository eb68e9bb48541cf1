// What template strings show, as OPA looks at it: before bodies are ordered. An expression in a
// template has names whose values the body gives in the order of its text.
#pragma once

#include "lang/diagnostic.h"
#include "lang/resolve/core.h"

namespace licet::lang::check {

// PRECONDITION: bodies stand as they are written (safety.h orders them).
void check_templates(const core::Policy& policy, Diagnostics& diagnostics);

}  // namespace licet::lang::check
