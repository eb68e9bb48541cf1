#include "lang/syntax/equation.h"

namespace licet::lang {
namespace {

std::optional<ast::Operator> operator_named(const ast::Term& function) {
  const auto* variable = std::get_if<ast::Variable>(&function.node);
  if (variable == nullptr) return std::nullopt;
  if (variable->name == "eq") return ast::Operator::kUnify;
  if (variable->name == "assign") return ast::Operator::kAssign;
  return std::nullopt;
}

}  // namespace

std::optional<Equation> equation_of(const ast::Term& term) {
  if (const auto* infix = std::get_if<ast::Infix>(&term.node)) {
    const bool equates = infix->op == ast::Operator::kUnify || infix->op == ast::Operator::kAssign;
    if (!equates) return std::nullopt;
    return Equation{infix->op, infix->left.get(), infix->right.get()};
  }
  const auto* call = std::get_if<ast::Call>(&term.node);
  if (call == nullptr || call->arguments.size() != 2) return std::nullopt;
  const auto op = operator_named(*call->function);
  if (!op) return std::nullopt;
  return Equation{*op, &call->arguments[0], &call->arguments[1]};
}

}  // namespace licet::lang
