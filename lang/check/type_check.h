// Static types, as OPA checks them: calls whose arguments no value could be, comparisons that can
// never hold, references to what no rule makes.
#pragma once

#include "lang/diagnostic.h"
#include "lang/resolve/core.h"

namespace licet::lang::check {

// PRECONDITION: bodies are ordered (safety.h), and no rule depends on itself.
void check_types(const core::Policy& policy, const SourceSet& sources, Diagnostics& diagnostics);

}  // namespace licet::lang::check
