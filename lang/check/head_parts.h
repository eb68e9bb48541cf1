// Which parts of a head belong to its body.
#pragma once

#include <vector>

#include "lang/resolve/core.h"
#include "lang/resolve/variables.h"

namespace licet::lang::check {

// The variables of a rule's keys and value.
core::VariableSet head_variables(const core::Rule& rule);

// What a head has to look up or to collect is, as in OPA, made at the end of the body, with all
// that stands beside it: `[input.a, x]`. This is such a part, with a variable that no other part
// has; null: there is none.
const core::Term* made_in_body(const core::Rule& rule, core::VariableId id,
                               const std::vector<core::VariableInfo>& variables);

}  // namespace licet::lang::check
