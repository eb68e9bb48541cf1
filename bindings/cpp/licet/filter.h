// What must hold of a part of the request that is not known, for a permit: partial evaluation.
#pragma once

#include <string>
#include <vector>

#include "eval/engine.h"
#include "eval/result.h"
#include "lang/filter.h"
#include "licet/data.h"

namespace licet {

// `policies` are the texts of the engine's program; `known` is the request without `unknown`, an
// object. Values of the filter live in `arena`. Cost: the policies are read again.
Result<lang::Filter, lang::FilterRefusal> filter_from_policies(
    const Engine& engine, const std::vector<NamedText>& policies, const std::string& unknown,
    const Value& known, const std::string& package, Arena& arena);

}  // namespace licet
