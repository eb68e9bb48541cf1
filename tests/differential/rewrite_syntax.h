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

// Of entries of an object with the same constant key only the last one.
Modules without_replaced_entries(const Modules& modules);

// Conditions f(x) with a `with` that replaces functions as [1 | f(x) != false] != [].
Modules with_conditions_compared(const Modules& modules);

// Sets {x, y} as ({x, y} | set()).
Modules with_sets_made_anew(const Modules& modules);

// A template that is a key, xs[$"..."], made in a literal before; one in a literal.
Modules with_template_keys_before(const Modules& modules);

// default p[input.x] := 1 as p := 1 if { x79 = input.x }, and without it.
Modules with_default_keys_before(const Modules& modules);
Modules without_defaults_of_keys(const Modules& modules);

}  // namespace licet::differential
