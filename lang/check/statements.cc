#include "lang/check/statements.h"

namespace licet::lang::check {
namespace {

// The variable that a hoisted reference is given; null: the literal is none.
const core::Variable* hoisted_name(const core::Literal& literal,
                                   const std::vector<core::VariableInfo>& variables) {
  const auto* part = std::get_if<core::Unify>(&literal.node);
  const auto* name = part == nullptr ? nullptr : std::get_if<core::Variable>(&part->left.node);
  return name != nullptr && variables[name->id].of_reference ? name : nullptr;
}

}  // namespace

Statements::Statements(const core::Body& body, const std::vector<core::VariableInfo>& variables)
    : whole_(body.size()), first_(body.size()) {
  for (std::size_t next = body.size(); next > 0;) {
    const std::size_t whole = next - 1;
    core::VariableSet named = core::variables_of(body[whole], core::Depth::kLevel);
    std::size_t first = whole;
    for (; first > 0; --first) {
      const core::Literal& part = body[first - 1];
      const core::Variable* name = hoisted_name(part, variables);
      // What a `with` takes is made before the literal, without the `with`.
      const bool belongs = name != nullptr && named.contains(name->id) &&
                           part.with.size() == body[whole].with.size();
      if (!belongs) break;
      core::add_variables(part, core::Depth::kLevel, named);
    }
    for (std::size_t i = first; i <= whole; ++i) whole_[i] = whole;
    first_[whole] = first;
    next = first;
  }
}

}  // namespace licet::lang::check
