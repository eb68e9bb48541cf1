// The components of a body: literals that share a variable, directly or in a chain.
#pragma once

#include <vector>

#include "lang/resolve/core.h"
#include "lang/resolve/variables.h"

namespace licet::lang::plan {

using Literals = std::vector<const core::Literal*>;

// In the order of their first literals. What has a value from outside (`bound`) connects nothing.
std::vector<Literals> components_of(const Literals& literals, const core::VariableSet& bound);
std::vector<Literals> components_of(const core::Body& body, const core::VariableSet& bound);

// Whether a literal gives a variable of the compiler's own the value of an attribute: that is a
// part of the literal that needs it, as it was written.
bool is_part_of_another(const core::Literal& literal,
                        const std::vector<core::VariableInfo>& variables);

}  // namespace licet::lang::plan
