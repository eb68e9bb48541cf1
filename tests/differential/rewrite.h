// Modules written in another way that means the same: they tell why OPA answers as it does.
#pragma once

#include <string>
#include <vector>

namespace licet::differential {

// Reads of the input and of `data.d` go through rules of a module of their own, where no index of
// OPA sees them.
std::vector<std::string> without_index(const std::vector<std::string>& modules);

// `not true` as `not 1`, and `true with` as `1 with`.
std::vector<std::string> without_true(std::vector<std::string> modules);

// Numbers as they are worth: 1.0 and 1e3 as 1 and 1000, in strings as well.
std::string with_plain_numbers(const std::string& text);

}  // namespace licet::differential
