// Defaults that never count. As in OPA, where a rule makes keys of a document (limits[name] :=
// ...), all of that document comes from rules with bodies: a default of one key in it is not looked
// at.
#pragma once

#include <set>

#include "lang/diagnostic.h"
#include "lang/resolve/core.h"

namespace licet::lang::plan {

std::set<const core::Rule*> unused_defaults(const core::Policy& policy);
// Warns of them.
void check_defaults(const core::Policy& policy, Diagnostics& diagnostics);

}  // namespace licet::lang::plan
