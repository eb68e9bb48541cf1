// Decisions: what policies decide in all configurations, and what their export to Rego does.
#pragma once

#include "tests/differential/licet_side.h"

namespace licet::differential {

// PRECONDITION: `generated` was exported from policies. Without outcomes if these do not compile.
LicetAnswers ask_about_decision(const Generated& generated);

}  // namespace licet::differential
