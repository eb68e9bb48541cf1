// Changes modules on the level of their syntax, so that most of them still mean something: terms,
// literals and rules are replaced, moved, wrapped and turned into others.
#pragma once

#include <string>

#include "tests/differential/corpus.h"

namespace licet::differential {

// A few changes of a policy, with parts of `donor`, another one.
WrittenPolicy mutated(WrittenPolicy policy, const WrittenPolicy& donor, property::Random& random);

// A policy without some of its rules, literals, elements and members: each is a choice of its own,
// 0 leaves it out. So a case that is made smaller loses them one by one.
WrittenPolicy shortened(WrittenPolicy policy, property::Random& random);

}  // namespace licet::differential
