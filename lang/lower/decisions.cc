#include "lang/lower/decisions.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace licet::lang::lower {
namespace {

const Value* constant_of(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr ? nullptr : &constant->value;
}

void wrong_type(const core::Term& term, const char* clause, const char* wanted,
                Diagnostics& diagnostics) {
  diagnostics.add({Code::kClauseType,
                   term.span,
                   std::string("`") + clause + "` needs " + wanted,
                   "of another type",
                   {},
                   {}});
}

bool all_strings(const Value& value) {
  const auto elements = value.elements();
  return std::all_of(elements.begin(), elements.end(),
                     [](const Value& v) { return v.is_string(); });
}

// What is wrong at the first glance; the rest shows in decisions as a warning.
void check_clauses(const core::DecisionBody& body, Diagnostics& diagnostics) {
  if (body.because) {
    const Value* value = constant_of(body.because->term);
    if (value != nullptr && !value->is_string()) {
      wrong_type(body.because->term, "because", "a string", diagnostics);
    }
  }
  if (body.controls) {
    const core::Term& term = body.controls->term;
    const Value* value = constant_of(term);
    const bool wrong_constant =
        value != nullptr && !((value->is_set() || value->is_array()) && all_strings(*value));
    if (wrong_constant || std::holds_alternative<core::Object>(term.node)) {
      wrong_type(term, "controls", "a set of strings", diagnostics);
    }
  }
  if (body.obliges) {
    const core::Term& term = body.obliges->term;
    const Value* value = constant_of(term);
    if ((value != nullptr && !value->is_object()) ||
        std::holds_alternative<core::Array>(term.node) ||
        std::holds_alternative<core::Set>(term.node)) {
      wrong_type(term, "obliges", "an object", diagnostics);
    }
  }
}

// A package with decisions has the sets permits, forbids and indeterminate.
void check_names(const core::Policy& policy, Diagnostics& diagnostics) {
  std::set<core::Path> taken;
  for (const core::DecisionBody& body : policy.decisions) {
    for (const char* name : {"permits", "forbids", "indeterminate"}) {
      core::Path path = body.package;
      path.emplace_back(name);
      taken.insert(std::move(path));
    }
  }
  for (const core::Rule& rule : policy.rules) {
    const auto own = static_cast<std::ptrdiff_t>(std::min(rule.path.size(), rule.package_size + 1));
    const core::Path first(rule.path.begin(), rule.path.begin() + own);
    // A policy without decisions may be the Rego that one with decisions was exported to.
    const bool decision = !policy.decisions.empty() && first == core::Path{"licet", "decision"};
    if (!decision && !taken.contains(first)) continue;
    diagnostics.add({Code::kDecisionName,
                     rule.head_span,
                     "`" + rule.shown_name + "` is what Licet calls the decisions of this package",
                     "a name that is taken",
                     {},
                     "give the rule another name"});
  }
}

}  // namespace

std::vector<DecisionGroup> group_decisions(const core::Policy& policy, Diagnostics& diagnostics) {
  check_names(policy, diagnostics);
  std::vector<DecisionGroup> groups;
  std::map<std::tuple<int, core::Path, std::string>, std::size_t> index;
  for (const core::DecisionBody& body : policy.decisions) {
    check_clauses(body, diagnostics);
    const int order = body.verdict == core::Verdict::kForbid ? 0 : 1;
    const auto [at, added] = index.try_emplace({order, body.package, body.name}, groups.size());
    if (added) groups.push_back({body.verdict, body.package, body.name, {}});
    groups[at->second].bodies.push_back(&body);
  }
  std::vector<DecisionGroup> sorted;
  for (const auto& [key, at] : index) sorted.push_back(std::move(groups[at]));
  return sorted;
}

}  // namespace licet::lang::lower
