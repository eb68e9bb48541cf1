// Visits what stands in a piece of the core, at any depth.
#pragma once

#include <functional>

#include "lang/resolve/core.h"

namespace licet::lang::core {

struct Visitor {
  std::function<void(const Variable&)> variable;
  std::function<void(const Reference&, Span)> reference;
  std::function<void(const Call&, const Literal&)> call;
  // Called before and after the parts of every literal and comprehension.
  std::function<void(const Literal&)> enter;
  std::function<void(const Literal&)> leave;
  std::function<void(const Comprehension&)> enter_comprehension;
  std::function<void(const Comprehension&)> leave_comprehension;
  // Whether to look inside of a comprehension; without it inside of all.
  std::function<bool()> opens_comprehensions;
};

void visit(const Term& term, const Visitor& visitor);
void visit(const Literal& literal, const Visitor& visitor);
void visit(const Body& body, const Visitor& visitor);
// Body, head and else-branches.
void visit(const Rule& rule, const Visitor& visitor);
// Body and head of a rule or of one else-branch.
void visit_branch(const Rule& branch, const Visitor& visitor);
void visit(const DecisionBody& decision, const Visitor& visitor);

}  // namespace licet::lang::core
