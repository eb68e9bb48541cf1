// Decisions: what policies decide in all configurations, and what their export to Rego does.
#pragma once

#include "tests/differential/licet_side.h"

namespace licet::differential {

// PRECONDITION: `generated` was exported from policies. Without outcomes if these do not compile.
LicetAnswers ask_about_decision(const Generated& generated);

// Whether the policies and their export decide the same of the first, and of the last, element of
// each list of the request, of the data and of the policies.
bool agree_about_single_elements(const Generated& generated);

}  // namespace licet::differential
