#include "lang/plan/rule_tree.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include "lang/plan/unused_defaults.h"

namespace licet::lang::plan {
namespace {

bool has_keys(const core::Rule& rule) {
  return !rule.keys.empty() || rule.kind == core::HeadKind::kMember;
}

void visit_all(const Node& node, const std::function<void(const Node&)>& visit) {
  if (!node.rules.empty() || node.provided != Provided::kNothing) visit(node);
  for (const auto& [name, child] : node.children) visit_all(*child, visit);
}

// The values that the key at a position can have; nullopt: any.
using KeysAt = std::function<std::optional<std::span<const Value>>(std::size_t)>;

void visit_reads(const Node& node, std::size_t size, const KeysAt& keys_at, std::size_t next,
                 const std::function<void(const Node&)>& visit) {
  if (next == size) {
    visit_all(node, visit);
    return;
  }
  if (!node.rules.empty() || node.provided != Provided::kNothing) visit(node);
  const auto keys = keys_at(next);
  if (!keys) {
    for (const auto& [name, child] : node.children) {
      visit_reads(*child, size, keys_at, next + 1, visit);
    }
    return;
  }
  for (const Value& key : *keys) {
    if (!key.is_string()) continue;
    const Node* child = node.child(std::string(key.as_string()));
    if (child != nullptr) visit_reads(*child, size, keys_at, next + 1, visit);
  }
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

RuleTree::RuleTree(const core::Policy& policy, const std::vector<lower::DecisionGroup>& decisions)
    : narrowing_(policy) {
  for (const core::Path& package : policy.packages) at(package).is_package = true;
  const std::set<const core::Rule*> unused = unused_defaults(policy);
  for (const core::Rule& rule : policy.rules) {
    if (!unused.contains(&rule)) at(rule.path).rules.push_back(&rule);
  }
  add_decisions(decisions);
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

void for_each_read(const RuleTree& tree, const core::Reference& reference,
                   const std::function<void(const Node&)>& visit) {
  const KeysAt keys_at = [&](std::size_t i) -> std::optional<std::span<const Value>> {
    const auto* constant = std::get_if<core::Constant>(&reference.operands[i].node);
    if (constant != nullptr) return std::span(&constant->value, 1);
    const std::vector<Value>* known = tree.narrowing().values(reference, i);
    return known == nullptr ? std::nullopt : std::optional(std::span<const Value>(*known));
  };
  visit_reads(tree.root(), reference.operands.size(), keys_at, 0, visit);
}

void for_each_read(const RuleTree& tree, const std::vector<Value>& path,
                   const std::function<void(const Node&)>& visit) {
  const KeysAt keys_at = [&](std::size_t i) { return std::optional(std::span(&path[i], 1)); };
  visit_reads(tree.root(), path.size(), keys_at, 0, visit);
}

}  // namespace licet::lang::plan
