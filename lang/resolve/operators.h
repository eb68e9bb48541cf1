// Operators are short for calls of functions: `a + b` for plus(a, b), `a = b` for eq(a, b). As in
// OPA, a rule or import with that name is what is called.
#pragma once

#include <string_view>

#include "lang/resolve/globals.h"
#include "lang/syntax/ast.h"

namespace licet::lang::resolve {

// The function behind an operator: `plus` for +.
std::string_view function_of(ast::Operator op);

// Whether a rule or an import of the module may take the place of an operator's function.
bool renames_operators(const core::Path& package, const Globals& globals, const Imports& imports);

}  // namespace licet::lang::resolve
