// Known differences about variables that OPA's compiler does not see; see known.h.
#pragma once

#include "tests/differential/known.h"

namespace licet::differential {

// OPA does not look into sets, keys of objects and heads of references for variables without a
// value: it compiles `f({x}, x)`, and fails or is undefined when it comes there. Licet refuses.
bool unseen_variable(const Comparison& comparison);

}  // namespace licet::differential
