// Modules written in another way that means the same, where their syntax has to be known. A module
// that cannot be parsed stays as it is.
#pragma once

#include <string>
#include <vector>

namespace licet::differential {

using Modules = std::vector<std::string>;

// Each place where a variable stands, in modules of their own: the body around has one more
// literal, `name == name`. Parameters that it stands in are matched in the body.
std::vector<Modules> with_variable_used(const Modules& modules, const std::string& name);

// Each set, key of an object and reference (name[x], name.a) that a variable stands in, in modules
// of their own: it is made in a literal before.
std::vector<Modules> with_part_before(const Modules& modules, const std::string& name);

// Without literals that the same body has before.
Modules without_repeated_literals(const Modules& modules);

// f(x, y) as y = f(x), where a rule f has one parameter.
Modules without_answers_as_arguments(const Modules& modules);

}  // namespace licet::differential
