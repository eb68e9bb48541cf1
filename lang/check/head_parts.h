// Which parts of a head belong to its body.
#pragma once

#include <vector>

#include "lang/resolve/core.h"

namespace licet::lang::check {

// What a head has to look up or to collect is, as in OPA, made at the end of the body, with all
// that stands beside it: `[input.a, x]`. This is such a part, with a variable that no other part
// has; null: there is none.
const core::Term* made_in_body(const core::Rule& rule, core::VariableId id,
                               const std::vector<core::VariableInfo>& variables);

}  // namespace licet::lang::check
