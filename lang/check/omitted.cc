#include "lang/check/omitted.h"

#include <set>
#include <string>

#include "eval/builtins.h"
#include "lang/resolve/visit.h"

namespace licet::lang::check {
namespace {

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
                     "pass what it would fetch in the request or the data"});
  };
  visit_all(policy, visitor);
}

}  // namespace licet::lang::check
