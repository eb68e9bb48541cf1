// Conditions of filters: making them so that they say what they must with as little as possible.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/filter.h"

namespace licet::lang::filter {

Filter constant(bool holds);
bool is(const Filter& condition, Filter::Kind kind);
// kPresent, kTruthy, or the beginning of another one.
Filter attribute(Filter::Kind kind, std::vector<std::string> path);
// `kind`: kAnd or kOr. What decides nothing is left out, what decides all stands alone.
Filter joined(Filter::Kind kind, std::vector<Filter> parts);
Filter both(Filter a, Filter b);
Filter negated(Filter condition);

// `order` as of compare(): whether `== != < <= > >=` holds of it.
bool holds_of(std::string_view comparison, int order);
// a OP b is b MIRRORED(OP) a.
std::string mirrored(std::string_view comparison);

}  // namespace licet::lang::filter
