// Where OPA tells that a variable of a literal has no value.
#pragma once

#include "lang/resolve/core.h"

namespace licet::lang::check {

bool is_print(const core::Call& call);

// What `every` goes over is made before it with its `with`, as a part of its own; so is a call
// before its answer is compared.
Span place_in(const core::Literal& literal, core::VariableId id);

}  // namespace licet::lang::check
