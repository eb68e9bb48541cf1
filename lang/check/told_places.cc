#include "lang/check/told_places.h"

#include <algorithm>

#include "lang/check/needs.h"
#include "lang/resolve/variables.h"

namespace licet::lang::check {

using core::Depth;

bool is_print(const core::Call& call) {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee);
  return builtin != nullptr && builtin->id == find_builtin("internal.print")->id;
}

Span place_in(const core::Literal& literal, core::VariableId id) {
  if (const auto* call = std::get_if<core::Call>(&literal.node); call != nullptr) {
    const auto& arguments = call->arguments;
    const bool is_inside =
        !call->result || std::any_of(arguments.begin(), arguments.end(), [&](const auto& term) {
          return core::variables_of(term, Depth::kAll).contains(id);
        });
    return is_inside ? literal.place : literal.span;
  }
  const auto* every = std::get_if<core::Every>(&literal.node);
  if (every == nullptr) return literal.place;
  const bool in_domain = core::variables_of(every->domain, Depth::kLevel).contains(id) ||
                         with_variables(literal).contains(id);
  return in_domain ? every->domain.span : literal.place;
}

}  // namespace licet::lang::check
