// Constants: few values, so that something matches, and the edges of what builtins take.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/property/random.h"

namespace licet::differential {

using property::Random;

enum class Type { kNumber, kString, kBool, kNumbers, kStrings, kSet, kObject, kRecords, kAny };
inline constexpr int kTypes = 9;

// A number as it is written in Rego and in JSON.
const std::string& number_text(Random& random);
// A string literal.
std::string string_text(Random& random);
// A string literal of the kind that builtins of a family work on: regex, time, net, semver ...
std::string string_for(std::string_view builtin, Random& random);
// JSON with the members that generated policies read: num, str, nums, recs ...; some are missing
// or of another type.
std::string document_text(Random& random, int missing_percent);
// The members of document_text of a type.
const std::vector<std::string>& members(Type type);

}  // namespace licet::differential
