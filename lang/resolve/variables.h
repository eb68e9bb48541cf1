// Which variables stand in a piece of the core.
#pragma once

#include "lang/resolve/core.h"
#include "lang/resolve/variable_set.h"

namespace licet::lang::core {

// kLevel: what stands in the body itself, and under a `not` that is no closure. kAll: also what
// stands in comprehensions, `every`, closures. kAllButKeys: not what stands in comprehensions that
// are, or are part of, keys of references.
enum class Depth { kLevel, kAll, kAllButKeys };

void add_variables(const Term& term, Depth depth, VariableSet& set);
void add_variables(const Literal& literal, Depth depth, VariableSet& set);
void add_variables(const Body& body, Depth depth, VariableSet& set);
// Of the bodies inside of a literal: comprehensions, `every`, closures.
void add_inner_variables(const Literal& literal, VariableSet& set);
// Gives a piece with bodies the set of what stands inside of them; those inside of it have theirs.
void note_inside(Comprehension& comprehension);
void note_inside(Every& every);
void note_inside(Not& negation);
void note_inside(Logic& logic);
// Two keys of objects that are equal whatever the request is: one constant, or one variable.
bool same_key(const Term& a, const Term& b);

// Whether `set` has all variables of the term itself (Depth::kLevel).
bool has_variables_of(const VariableSet& set, const Term& term);
// Whether one of two sets has it, for each.
bool has_variables_of(const VariableSet& set, const VariableSet& other, const Term& term);

VariableSet variables_of(const Term& term, Depth depth);
VariableSet variables_of(const Literal& literal, Depth depth);
VariableSet variables_of(const Body& body, Depth depth);

}  // namespace licet::lang::core
