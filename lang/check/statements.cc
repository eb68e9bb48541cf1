#include "lang/check/statements.h"

#include <utility>

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

Statements::Statements(const core::Body& body, const std::vector<core::VariableInfo>& variables,
                       const std::vector<const core::Term*>& heads)
    : number_of_(body.size()) {
  // The literals before `end` that give names of `statement` to references.
  const auto add = [&](Statement statement, std::size_t with_count) {
    for (; statement.first > 0; --statement.first) {
      const core::Literal& part = body[statement.first - 1];
      const core::Variable* name = hoisted_name(part, variables);
      // What a `with` takes is made before the literal, without the `with`.
      const bool belongs =
          name != nullptr && statement.named.contains(name->id) && part.with.size() == with_count;
      if (!belongs) break;
      core::add_variables(part, core::Depth::kLevel, statement.named);
    }
    if (statement.first == statement.end) return;
    if (statement.whole) statement.named = {};
    for (std::size_t i = statement.first; i < statement.end; ++i) number_of_[i] = count();
    statements_.push_back(std::move(statement));
  };
  const auto next = [&] { return statements_.empty() ? body.size() : statements_.back().first; };
  for (std::size_t i = heads.size(); i-- > 0;) {
    add({next(), next(), std::nullopt, core::variables_of(*heads[i], core::Depth::kLevel)}, 0);
  }
  while (next() > 0) {
    const std::size_t whole = next() - 1;
    add({whole, whole + 1, whole, core::variables_of(body[whole], core::Depth::kLevel)},
        body[whole].with.size());
  }
}

}  // namespace licet::lang::check
