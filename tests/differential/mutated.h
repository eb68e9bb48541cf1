// Questions about mutated policies.
#pragma once

#include "tests/differential/question.h"
#include "tests/property/random.h"

namespace licet::differential {

Question mutated_question(property::Random& random);

}  // namespace licet::differential
