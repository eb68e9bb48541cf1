// What is there of a document of keys even if no rule gives anything: empty sets and objects at
// the places that constant keys name.
#pragma once

#include "eval/arena.h"
#include "eval/value.h"
#include "lang/plan/rule_tree.h"

namespace licet::lang::plan {

// As in OPA, `r[1] contains x if ...` makes {1: set()} where no x is found, if no rule for `r` has
// a key that is computed. With `first_key` only what is there. Undefined: nothing.
Value skeleton_of(const Node& node, const Value* first_key, Arena& arena);

}  // namespace licet::lang::plan
