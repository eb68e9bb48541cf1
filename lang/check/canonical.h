// One order for the literals of a forbid, whatever order they were written in.
//
// A builtin that fails makes a component indeterminate, but only if it is reached; so the order of
// literals would matter if it were the order of the text.
#pragma once

#include "lang/resolve/core.h"
#include "lang/source.h"

namespace licet::lang::check {

// Literals that cannot fail come first, so that a guard guards what stands before it, too; of these
// the ones that search nothing, which cost least; then by their text. Goes into `not`, `every`,
// `and` and `or`, not into comprehensions: their order shows.
void order_canonically(core::Body& body, const SourceSet& sources);

}  // namespace licet::lang::check
