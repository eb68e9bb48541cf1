// Policies that are little else than guards: comparisons of attributes, memberships, joins and
// lookups; with the requests and the data for them.
#pragma once

#include <cstddef>
#include <string>

#include "tests/property/random.h"

namespace licet::property {

// As decisions and, with the same bodies, as plain Rego: data.t.allow, blocked, verdict, helper.
std::string guard_policy(Random& random, std::size_t rules);
// Many rules most of which are rows: attributes tied to constants.
std::string row_policy(Random& random, std::size_t rules);
// Of JSON. Some lack attributes or have some of another kind.
std::string guard_request(Random& random);
std::string guard_data(Random& random);

}  // namespace licet::property
