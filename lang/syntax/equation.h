// `=` and `:=`, however they are written.
#pragma once

#include <optional>

#include "lang/syntax/ast.h"

namespace licet::lang {

// `left = right` or `left := right`, also where it is written as a call of `eq` or `assign`.
struct Equation {
  ast::Operator op;
  const ast::Term* left;
  const ast::Term* right;
};
std::optional<Equation> equation_of(const ast::Term& term);

}  // namespace licet::lang
