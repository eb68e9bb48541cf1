#include "lang/plan/rule_conflicts.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "eval/value_json.h"
#include "lang/resolve/globals.h"
#include "lang/resolve/visit.h"

namespace licet::lang::plan {
namespace {

struct Place {
  std::map<Value, std::unique_ptr<Place>> children;
  std::vector<const core::Rule*> rules;
};

// Composite keys are computed, as in OPA.
bool is_constant(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant != nullptr && !constant->value.is_composite();
}
bool is_function(const core::Rule& rule) { return rule.parameters.has_value(); }
bool is_set(const core::Rule& rule) { return rule.kind == core::HeadKind::kMember; }
// All of its path is constant: r.a, r["a"], r.a contains x.
bool has_one_place(const core::Rule& rule) {
  return std::all_of(rule.keys.begin(), rule.keys.end(), is_constant);
}

bool has_below(const Place& place, bool (*wanted)(const core::Rule&)) {
  return std::any_of(place.children.begin(), place.children.end(), [&](const auto& child) {
    const std::vector<const core::Rule*>& rules = child.second->rules;
    return std::any_of(rules.begin(), rules.end(),
                       [&](const core::Rule* rule) { return wanted(*rule); }) ||
           has_below(*child.second, wanted);
  });
}
bool is_any(const core::Rule&) { return true; }

class Checker {
 public:
  Checker(const core::Policy& policy, Diagnostics& diagnostics)
      : policy_(policy), diagnostics_(diagnostics) {
    for (const core::Rule& rule : policy.rules) place_of(rule).rules.push_back(&rule);
  }

  void run() {
    check(root_);
    const std::set<core::Path> packages(policy_.packages.begin(), policy_.packages.end());
    for (const core::Rule& rule : policy_.rules) {
      if (rule.keys.empty() && packages.contains(rule.path)) check_package(rule);
    }
    core::Visitor visitor;
    visitor.enter = [this](const core::Literal& literal) {
      for (const core::With& with : literal.with) check_replacement(with);
    };
    for (const core::Rule& rule : policy_.rules) core::visit(rule, visitor);
    for (const core::DecisionBody& decision : policy_.decisions) core::visit(decision, visitor);
    if (policy_.query) core::visit(policy_.query->body, visitor);
  }

 private:
  Place& place_of(const core::Rule& rule) {
    Place* place = &root_;
    const auto enter = [&](const Value& key) {
      auto& child = place->children[key];
      if (!child) child = std::make_unique<Place>();
      place = child.get();
    };
    for (const std::string& name : rule.path) enter(Value::string(name, arena_));
    for (const core::Term& key : rule.keys) {
      if (!is_constant(key)) break;
      enter(std::get<core::Constant>(key.node).value);
    }
    return *place;
  }

  void check(const Place& place) {
    if (!place.rules.empty()) check_rules(place);
    for (const auto& [key, child] : place.children) check(*child);
  }

  void check_rules(const Place& place) {
    const core::Rule& first = *place.rules.front();
    const std::string name = text_of(first);
    const bool alone = std::any_of(place.rules.begin(), place.rules.end(),
                                   [](const core::Rule* rule) { return has_one_place(*rule); });
    const bool many = std::any_of(place.rules.begin(), place.rules.end(),
                                  [](const core::Rule* rule) { return !has_one_place(*rule); });
    if ((alone && has_below(place, is_any)) || (many && has_below(place, is_function))) {
      return report(place, Code::kConflictingRules,
                    "rule " + name + " conflicts with the rules below it");
    }
    const bool alike =
        std::all_of(place.rules.begin(), place.rules.end(), [&](const core::Rule* rule) {
          return is_set(*rule) == is_set(first) && arity_of(*rule) == arity_of(first) &&
                 has_one_place(*rule) == has_one_place(first);
        });
    if (!alike)
      return report(place, Code::kConflictingRules, "conflicting rules " + name + " found");
    const auto defaults = std::count_if(place.rules.begin(), place.rules.end(),
                                        [](const core::Rule* rule) { return rule->is_default; });
    if (defaults > 1) {
      report(place, Code::kSeveralDefaults, "multiple default rules " + name + " found");
    }
  }

  void check_package(const core::Rule& rule) {
    const std::string name = resolve::path_text(rule.path);
    diagnostics_.add({Code::kRuleIsPackage,
                      rule.span,
                      "package " + name.substr(5) + " conflicts with rule " + name,
                      "defined here",
                      {},
                      {},
                      rule.package_span.begin});
  }

  // What a rule gives is replaced as a whole.
  void check_replacement(const core::With& with) {
    if (with.target != core::WithTarget::kData) return;
    const Place* place = &root_;
    for (std::size_t i = 0; i + 1 < with.path.size(); ++i) {
      const auto child = place->children.find(with.path[i]);
      if (child == place->children.end()) return;
      place = child->second.get();
      if (place->rules.empty()) continue;
      diagnostics_.add({Code::kPartlyReplaced,
                        with.span,
                        "with keyword cannot partially replace virtual document(s)",
                        "a part of " + text_of(*place->rules.front()),
                        {},
                        "replace all of it",
                        with.target_span.begin});
      return;
    }
  }

  static std::size_t arity_of(const core::Rule& rule) {
    return rule.parameters ? rule.parameters->size() : 0;
  }
  static std::string text_of(const core::Rule& rule) {
    std::string text = resolve::path_text(rule.path);
    for (const core::Term& key : rule.keys) {
      if (!is_constant(key)) break;
      text += "[" + rego_text(std::get<core::Constant>(key.node).value) + "]";
    }
    return text;
  }

  void report(const Place& place, Code code, const std::string& message) {
    constexpr std::size_t kMostNotes = 3;
    Diagnostic diagnostic{code, place.rules.front()->span, message, "defined here", {}, {}};
    // As in OPA at the package: the mistake is not in one of the rules.
    if (code == Code::kSeveralDefaults) {
      diagnostic.place = place.rules.front()->package_span.begin;
    }
    for (std::size_t i = 1; i < place.rules.size() && i <= kMostNotes; ++i) {
      diagnostic.notes.push_back({place.rules[i]->head_span, "and here"});
    }
    diagnostics_.add(std::move(diagnostic));
  }

  const core::Policy& policy_;
  Diagnostics& diagnostics_;
  Arena arena_;  // of the names in paths
  Place root_;
};

}  // namespace

void check_rule_conflicts(const core::Policy& policy, Diagnostics& diagnostics) {
  Checker(policy, diagnostics).run();
}

}  // namespace licet::lang::plan
