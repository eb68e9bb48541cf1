#include "lang/check/type_check.h"

#include <span>

#include "lang/check/body_types.h"
#include "lang/check/rule_order.h"
#include "lang/resolve/variables.h"
#include "lang/resolve/visit.h"

namespace licet::lang::check {
namespace {

class RuleChecker {
 public:
  RuleChecker(const RuleOrder& order, Diagnostics& diagnostics)
      : diagnostics_(diagnostics), replacements_(order) {}

  void branch(const core::Rule& rule, const core::Rule& branch) {
    std::vector<Value> path = constant_path(rule, arena_);
    const std::span keys = std::span(rule.keys).subspan(path.size() - rule.path.size());
    BodyTypes types(rules_, replacements_, rule.variables.size());
    Diagnostics found;
    types.check(branch.body, found);
    if (rule.parameters) {
      for (const core::Term& parameter : *rule.parameters) {
        open_variables(parameter, types.inference());
        types.check(parameter, found);
        forget_beside_names(parameter, types.inference());
      }
    }
    for (const core::Term& key : branch.keys) types.check(key, found);
    types.check(branch.value, found);
    if (found.has_errors()) {
      // As in OPA, of a rule with computed keys nothing is known then, not even that it is there.
      add_keys(keys, path);
      rules_.put(path, anything());
      report(found);
    } else if (const TypePtr type = type_of(rule, branch, keys, types.inference())) {
      rules_.insert(path, type);
    }
  }

  void decision(const core::DecisionBody& decision) {
    BodyTypes types(rules_, replacements_, decision.rule.variables.size());
    Diagnostics found;
    types.check(decision.rule.body, found);
    for (const auto* clause : {&decision.because, &decision.controls, &decision.obliges}) {
      if (!*clause) continue;
      types.check((*clause)->hoisted, found);
      types.check((*clause)->term, found);
    }
    report(found);
  }

  void query(const core::Query& query) {
    BodyTypes types(rules_, replacements_, query.variables.size());
    types.check(query.body, diagnostics_);
  }

 private:
  void report(const Diagnostics& found) {
    for (const Diagnostic& diagnostic : found.all()) diagnostics_.add(diagnostic);
  }

  static void add_keys(std::span<const core::Term> keys, std::vector<Value>& path) {
    for (const core::Term& key : keys) {
      const auto* constant = std::get_if<core::Constant>(&key.node);
      const bool scalar = constant != nullptr && !constant->value.is_composite();
      path.push_back(scalar ? constant->value : Value::undefined());
    }
  }
  static TypePtr type_of(const core::Rule& rule, const core::Rule& branch,
                         std::span<const core::Term> keys, Inference& inference) {
    if (rule.parameters) return function_of(*rule.parameters, branch.value, inference);
    TypePtr type = inference.type_of(branch.value);
    if (type != nullptr && rule.kind == core::HeadKind::kMember) type = set_type(type);
    for (std::size_t i = keys.size(); i-- > 0 && type != nullptr;) {
      TypePtr key = inference.type_of(keys[i]);
      type = key == nullptr ? nullptr : open_object_type({}, std::move(key), std::move(type));
    }
    return type;
  }

  static TypePtr function_of(const std::vector<core::Term>& parameters, const core::Term& value,
                             Inference& inference) {
    std::vector<TypePtr> types;
    for (const core::Term& parameter : parameters) {
      types.push_back(inference.type_of(parameter));
    }
    return function_type(std::move(types), inference.type_of(value));
  }
  // As in OPA what stands beside a name in an array or object can be anything: f([x, [y | ...]]).
  static void forget_beside_names(const core::Term& parameter, Inference& inference) {
    if (core::variables_of(parameter, core::Depth::kLevel).empty()) return;
    core::Visitor visitor;
    visitor.enter_comprehension = [&](const core::Comprehension& c) {
      inference.learn_comprehension(c, anything());
    };
    core::visit(parameter, visitor);
  }
  // What a body does not use of its parameters can be anything.
  static void open_variables(const core::Term& term, Inference& inference) {
    if (const auto* variable = std::get_if<core::Variable>(&term.node)) {
      if (inference.variable(variable->id) == nullptr) {
        inference.set_variable(variable->id, anything());
      }
    } else if (const auto* array = std::get_if<core::Array>(&term.node)) {
      for (const core::Term& element : array->elements) open_variables(element, inference);
    } else if (const auto* set = std::get_if<core::Set>(&term.node)) {
      for (const core::Term& element : set->elements) open_variables(element, inference);
    } else if (const auto* object = std::get_if<core::Object>(&term.node)) {
      for (const auto& [key, value] : object->entries) {
        open_variables(key, inference);
        open_variables(value, inference);
      }
    }
  }

  Diagnostics& diagnostics_;
  Arena arena_;  // of the names in paths
  RuleTypes rules_;
  Replacements replacements_;
};

}  // namespace

void check_types(const core::Policy& policy, const SourceSet& sources, Diagnostics& diagnostics) {
  const RuleOrder order(policy, sources);
  RuleChecker checker(order, diagnostics);
  for (const RuleBranch& b : order.branches()) checker.branch(*b.rule, *b.branch);
  for (const core::DecisionBody& decision : policy.decisions) checker.decision(decision);
  if (policy.query) checker.query(*policy.query);
}

}  // namespace licet::lang::check
