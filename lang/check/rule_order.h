// The rules of a policy, those first that others read or call.
#pragma once

#include <vector>

#include "lang/resolve/core.h"

namespace licet::lang::check {

// PRECONDITION: no rule depends on itself. What does, nevertheless, comes at any place.
std::vector<const core::Rule*> rules_in_order(const core::Policy& policy);

}  // namespace licet::lang::check
