#include "lang/check/omitted.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include "eval/builtins.h"
#include "lang/resolve/visit.h"

namespace licet::lang::check {
namespace {

// Rego v1 has them no more, but `with` may replace a function by one, and OPA does not look for
// them in bodies of `every`, `not`, `and` and `or`.
struct Deprecated {
  std::string_view name;
  std::string_view instead;
};
constexpr Deprecated kDeprecated[] = {
    {"all", "write `every`"},
    {"any", "write `true in`"},
    {"cast_array", "write `[x | some x in ...]`"},
    {"cast_boolean", "test with is_boolean"},
    {"cast_null", "test with is_null"},
    {"cast_object", "test with is_object"},
    {"cast_set", "write `{x | some x in ...}`"},
    {"cast_string", "test with is_string"},
    {"net.cidr_overlap", "call net.cidr_contains"},
    {"re_match", "call regex.match"},
    {"set_diff", "write `-`"},
};

const Deprecated* find_deprecated(const core::Callee& callee) {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&callee);
  if (builtin == nullptr) return nullptr;
  const std::string_view name = all_builtins()[static_cast<std::size_t>(builtin->id)].name;
  const auto* found =
      std::find_if(std::begin(kDeprecated), std::end(kDeprecated),
                   [&](const Deprecated& deprecated) { return deprecated.name == name; });
  return found == std::end(kDeprecated) ? nullptr : found;
}

bool has_bodies(const core::Literal& literal) {
  const auto* negation = std::get_if<core::Not>(&literal.node);
  return std::holds_alternative<core::Every>(literal.node) ||
         std::holds_alternative<core::Logic>(literal.node) ||
         (negation != nullptr && negation->closure);
}

void visit_all(const core::Policy& policy, const core::Visitor& visitor) {
  for (const core::Rule& rule : policy.rules) core::visit(rule, visitor);
  for (const core::DecisionBody& decision : policy.decisions) core::visit(decision, visitor);
  if (policy.query) core::visit(policy.query->body, visitor);
}

std::set<std::string> mocked_names(const core::Policy& policy) {
  std::set<std::string> names;
  core::Visitor visitor;
  visitor.enter = [&](const core::Literal& literal) {
    for (const core::With& with : literal.with) {
      if (!with.function) continue;
      const auto* omitted = std::get_if<core::OmittedCallee>(&*with.function);
      if (omitted != nullptr) names.insert(omitted->name);
    }
  };
  visit_all(policy, visitor);
  return names;
}

}  // namespace

void check_deprecated(const core::Policy& policy, Diagnostics& diagnostics) {
  core::Visitor visitor;
  int inside = 0;
  visitor.enter = [&](const core::Literal& literal) { inside += has_bodies(literal) ? 1 : 0; };
  visitor.leave = [&](const core::Literal& literal) { inside -= has_bodies(literal) ? 1 : 0; };
  visitor.call = [&](const core::Call& call, const core::Literal& literal) {
    const Deprecated* deprecated = inside > 0 ? nullptr : find_deprecated(call.callee);
    if (deprecated == nullptr) return;
    diagnostics.add(
        {Code::kDeprecatedBuiltin,
         literal.span,
         "`" + std::string(deprecated->name) + "` is deprecated: Rego v1 does not have it",
         "",
         {},
         std::string(deprecated->instead),
         literal.told_at()});
  };
  for (const core::Rule& rule : policy.rules) core::visit(rule, visitor);
  for (const core::DecisionBody& decision : policy.decisions) core::visit(decision, visitor);
}

void check_omitted(const core::Policy& policy, Diagnostics& diagnostics) {
  const std::set<std::string> mocked = mocked_names(policy);
  core::Visitor visitor;
  visitor.call = [&](const core::Call& call, const core::Literal& literal) {
    const auto* omitted = std::get_if<core::OmittedCallee>(&call.callee);
    if (omitted == nullptr || mocked.contains(omitted->name)) return;
    diagnostics.add({Code::kOmittedBuiltin,
                     literal.span,
                     "`" + omitted->name + "` is not available in Licet",
                     std::string(find_omitted_builtin(omitted->name)->reason),
                     {},
                     "pass what it would fetch in the request or the data",
                     literal.told_at()});
  };
  visit_all(policy, visitor);
}

}  // namespace licet::lang::check
