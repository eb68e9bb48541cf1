// Checks requests against their schema part by part, as they are read.
#pragma once

#include <cstdint>

#include "eval/schema.h"

namespace licet {

// Unions in unions make many ways to hold a value against a type; a request that takes more
// comparisons than this does not fit.
inline constexpr std::uint64_t kMaxSchemaComparisons = 10'000'000;

// Whether a part of a request fits, `depth` types below its root. Adds to `comparisons` those that
// it makes, and gives up past the limit.
bool fits_value(const Schema& schema, TypeIndex type, const Value& value, std::uint32_t depth,
                std::uint64_t& comparisons);

}  // namespace licet
