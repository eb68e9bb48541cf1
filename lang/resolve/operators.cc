#include "lang/resolve/operators.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace licet::lang::resolve {
namespace {

using enum ast::Operator;

constexpr ast::Operator kOperators[] = {
    kUnify, kAssign,   kEqual,    kNotEqual, kLess,      kLessEqual, kGreater, kGreaterEqual,
    kAdd,   kSubtract, kMultiply, kDivide,   kRemainder, kAnd,       kOr,
};

}  // namespace

std::string_view function_of(ast::Operator op) {
  switch (op) {
    case kUnify:
      return "eq";
    case kAssign:
      return "assign";
    case kEqual:
      return "equal";
    case kNotEqual:
      return "neq";
    case kLess:
      return "lt";
    case kLessEqual:
      return "lte";
    case kGreater:
      return "gt";
    case kGreaterEqual:
      return "gte";
    case kAdd:
      return "plus";
    case kSubtract:
      return "minus";
    case kMultiply:
      return "mul";
    case kDivide:
      return "div";
    case kRemainder:
      return "rem";
    case kAnd:
      return "and";
    case kOr:
      return "or";
  }
  return {};
}

bool renames_operators(const core::Path& package, const Globals& globals, const Imports& imports) {
  const auto means_something = [&](const std::string& name) {
    return imports.find(name) != nullptr || globals.has_rule(package, name);
  };
  // `in` is internal.member_2 and internal.member_3.
  return means_something("internal") ||
         std::any_of(std::begin(kOperators), std::end(kOperators), [&](ast::Operator op) {
           return means_something(std::string(function_of(op)));
         });
}

}  // namespace licet::lang::resolve
