// Which variables a literal gives values to, when those in `safe` have values already. One
// definition for the safety check and for the code that is emitted.
#pragma once

#include "lang/resolve/core.h"
#include "lang/resolve/variables.h"

namespace licet::lang::check {

// The variables that `literal` binds beyond `safe`, as OPA counts them: operands of references
// whose base is known, the sides of a unification, answers of calls whose arguments are known,
// the patterns of `some ... in`.
core::VariableSet outputs(const core::Literal& literal, const core::VariableSet& safe);
// The same where those in `bound` have values, too; adds them to it, and may add safe ones. To
// `matched` it adds those that stand in an array or object that is matched as a whole.
void add_outputs(const core::Literal& literal, const core::VariableSet& safe,
                 core::VariableSet& bound, core::VariableSet* matched = nullptr);

}  // namespace licet::lang::check
