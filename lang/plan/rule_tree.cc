#include "lang/plan/rule_tree.h"

#include <algorithm>

namespace licet::lang::plan {
namespace {

void conflict(const Node& node, Code code, const std::string& message, Diagnostics& diagnostics) {
  const core::Rule& first = *node.rules.front();
  Diagnostic diagnostic{code, first.span, message, "defined here", {}, {}};
  for (std::size_t i = 1; i < node.rules.size() && i < 4; ++i) {
    diagnostic.notes.push_back({node.rules[i]->head_span, "and here"});
  }
  diagnostics.add(std::move(diagnostic));
}

std::string text_of_path(const core::Path& path) {
  std::string text = "data";
  for (const std::string& element : path) text += "." + element;
  return text;
}

bool has_keys(const core::Rule& rule) {
  return !rule.keys.empty() || rule.kind == core::HeadKind::kMember;
}

void visit_all(const Node& node, const std::function<void(const Node&)>& visit) {
  if (!node.rules.empty() || node.provided != Provided::kNothing) visit(node);
  for (const auto& [name, child] : node.children) visit_all(*child, visit);
}

void visit_reads(const Node& node, const std::vector<core::Term>& operands, std::size_t next,
                 const std::function<void(const Node&)>& visit) {
  if (next == operands.size()) {
    visit_all(node, visit);
    return;
  }
  if (!node.rules.empty() || node.provided != Provided::kNothing) visit(node);
  const auto* constant = std::get_if<core::Constant>(&operands[next].node);
  if (constant == nullptr) {
    for (const auto& [name, child] : node.children) visit_reads(*child, operands, next + 1, visit);
  } else if (constant->value.is_string()) {
    const Node* child = node.child(std::string(constant->value.as_string()));
    if (child != nullptr) visit_reads(*child, operands, next + 1, visit);
  }
}

// Rules whose keys are the same constants, one of which makes a set and another a value.
bool have_mixed_kinds(const std::vector<const core::Rule*>& rules) {
  std::map<std::vector<Value>, core::HeadKind> kinds;
  for (const core::Rule* rule : rules) {
    std::vector<Value> keys;
    for (const core::Term& key : rule->keys) {
      const auto* constant = std::get_if<core::Constant>(&key.node);
      if (constant == nullptr) break;
      keys.push_back(constant->value);
    }
    if (keys.empty() || keys.size() != rule->keys.size()) continue;
    if (kinds.emplace(std::move(keys), rule->kind).first->second != rule->kind) return true;
  }
  return false;
}

}  // namespace

bool Node::is_complete() const {
  return std::any_of(rules.begin(), rules.end(),
                     [](const core::Rule* rule) { return !rule->parameters && !has_keys(*rule); });
}

bool Node::is_partial() const {
  return std::any_of(rules.begin(), rules.end(),
                     [](const core::Rule* rule) { return !rule->parameters && has_keys(*rule); });
}

const Node* Node::child(const std::string& child_name) const {
  const auto found = children.find(child_name);
  return found == children.end() ? nullptr : found->second.get();
}

core::Path Node::path() const {
  core::Path path;
  for (const Node* node = this; node->parent != nullptr; node = node->parent)
    path.push_back(node->name);
  std::reverse(path.begin(), path.end());
  return path;
}

Node& RuleTree::at(const core::Path& path) {
  Node* node = &root_;
  for (const std::string& element : path) {
    auto& child = node->children[element];
    if (!child) {
      child = std::make_unique<Node>();
      child->name = element;
      child->parent = node;
    }
    node = child.get();
  }
  return *node;
}

RuleTree::RuleTree(const core::Policy& policy, const std::vector<lower::DecisionGroup>& decisions,
                   Diagnostics& diagnostics) {
  for (const core::Path& package : policy.packages) at(package).is_package = true;
  for (const core::Rule& rule : policy.rules) at(rule.path).rules.push_back(&rule);
  add_decisions(decisions);
  check(root_, diagnostics);
}

void RuleTree::add_decisions(const std::vector<lower::DecisionGroup>& decisions) {
  // Only where there are decisions: a plain Rego policy must not find more in `data` than in OPA.
  if (!decisions.empty()) at({"licet", "decision"}).provided = Provided::kDecision;
  for (const lower::DecisionGroup& group : decisions) {
    const std::pair<const char*, Provided> sets[] = {{"permits", Provided::kPermits},
                                                     {"forbids", Provided::kForbids},
                                                     {"indeterminate", Provided::kIndeterminate}};
    for (const auto& [name, provided] : sets) {
      core::Path path = group.package;
      path.emplace_back(name);
      Node& node = at(path);
      node.provided = provided;
      const bool wanted =
          (provided == Provided::kPermits) == (group.verdict == core::Verdict::kPermit);
      if (wanted) node.decisions.push_back(&group);
    }
  }
}

const Node* RuleTree::find(const core::Path& path) const {
  const Node* node = &root_;
  for (const std::string& element : path) {
    node = node->child(element);
    if (node == nullptr) return nullptr;
  }
  return node;
}

void RuleTree::check(const Node& node, Diagnostics& diagnostics) const {
  for (const auto& [name, child] : node.children) check(*child, diagnostics);
  if (node.rules.empty()) return;
  const std::string name = text_of_path(node.path());
  const core::Rule& first = *node.rules.front();
  std::size_t defaults = 0;
  bool mixed = false;
  for (const core::Rule* rule : node.rules) {
    if (rule->is_default) ++defaults;
    mixed = mixed || rule->parameters.has_value() != first.parameters.has_value() ||
            has_keys(*rule) != has_keys(first) ||
            (rule->parameters && rule->parameters->size() != first.parameters->size()) ||
            (rule->keys.empty() && first.keys.empty() && rule->kind != first.kind);
  }
  if (mixed || have_mixed_kinds(node.rules))
    conflict(node, Code::kConflictingRules, "conflicting rules " + name + " found", diagnostics);
  if (defaults > 1)
    conflict(node, Code::kSeveralDefaults, "multiple default rules " + name + " found",
             diagnostics);
  if (node.is_package && !has_keys(first)) {
    conflict(node, Code::kRuleIsPackage,
             "package " + name.substr(5) + " conflicts with rule " + name, diagnostics);
  }
  const bool is_set = std::any_of(node.rules.begin(), node.rules.end(), [](const core::Rule* rule) {
    return rule->kind == core::HeadKind::kMember && rule->keys.empty();
  });
  const bool value_above_rules =
      (node.is_complete() || is_set) &&
      std::any_of(node.children.begin(), node.children.end(), [](const auto& child) {
        return !child.second->rules.empty() && !child.second->is_function();
      });
  if (value_above_rules) {
    conflict(node, Code::kConflictingRules, "rule " + name + " conflicts with the rules below it",
             diagnostics);
  }
}

void for_each_read(const RuleTree& tree, const std::vector<core::Term>& operands,
                   const std::function<void(const Node&)>& visit) {
  visit_reads(tree.root(), operands, 0, visit);
}

}  // namespace licet::lang::plan
