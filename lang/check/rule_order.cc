#include "lang/check/rule_order.h"

#include <algorithm>
#include <set>

#include "lang/resolve/visit.h"

namespace licet::lang::check {
namespace {

// The nodes with rules that a reference reaches: on its way, and below its end. `key_at` gives the
// constant at a position, or null where it is none.
template <class Node, class KeyAt>
void read(Node& node, std::size_t size, const KeyAt& key_at, std::size_t next,
          std::vector<Node*>& found) {
  if (!node.rules.empty()) found.push_back(&node);
  const Value* key = next == size ? nullptr : key_at(next);
  if (key == nullptr) {
    const std::size_t rest = next == size ? next : next + 1;
    for (const auto& [name, child] : node.children) read<Node>(*child, size, key_at, rest, found);
  } else if (key->is_string()) {
    const auto child = node.children.find(std::string(key->as_string()));
    if (child != node.children.end()) read<Node>(*child->second, size, key_at, next + 1, found);
  }
}

bool has_computed_keys(const std::vector<const core::Rule*>& rules) {
  return std::any_of(rules.begin(), rules.end(), [](const core::Rule* rule) {
    return std::any_of(rule->keys.begin(), rule->keys.end(), [](const core::Term& key) {
      const auto* constant = std::get_if<core::Constant>(&key.node);
      return constant == nullptr || constant->value.is_composite();
    });
  });
}

// The nodes with rules at and below a node.
template <class Node>
void add_all(Node& node, std::vector<Node*>& nodes) {
  if (!node.rules.empty()) nodes.push_back(&node);
  for (const auto& [name, child] : node.children) add_all(*child, nodes);
}

}  // namespace

RuleOrder::RuleOrder(const core::Policy& policy) {
  for (const core::Rule& rule : policy.rules) {
    Node* node = &root_;
    for (const std::string& name : rule.path) {
      auto& child = node->children[name];
      if (!child) child = std::make_unique<Node>();
      node = child.get();
    }
    node->rules.push_back(&rule);
    if (node->rules.size() == 1) nodes_.push_back(node);
  }
  for (Node* node : nodes_) find_needs(*node);
  for (Node* node : nodes_) enter(*node);
}

// Depth first with a stack of its own: chains of rules may be long.
void RuleOrder::enter(Node& start) {
  struct Visit {
    Node* node;
    std::size_t next = 0;
  };
  if (start.entered) return;
  start.entered = true;
  std::vector<Visit> stack{{&start}};
  while (!stack.empty()) {
    Visit& top = stack.back();
    if (top.next < top.node->needs.size()) {
      Node& need = *top.node->needs[top.next++];
      if (need.entered) continue;
      need.entered = true;
      stack.push_back({&need});
      continue;
    }
    ordered_.insert(ordered_.end(), top.node->rules.begin(), top.node->rules.end());
    stack.pop_back();
  }
}

void RuleOrder::find_needs(Node& node) {
  std::vector<Node*>& needs = node.needs;
  core::Visitor visitor;
  visitor.reference = [&](const core::Reference& reference, Span) {
    if (reference.root != core::Root::kData) return;
    const auto key_at = [&](std::size_t i) -> const Value* {
      const auto* constant = std::get_if<core::Constant>(&reference.operands[i].node);
      return constant == nullptr ? nullptr : &constant->value;
    };
    read(root_, reference.operands.size(), key_at, 0, needs);
  };
  visitor.call = [&](const core::Call& call, const core::Literal&) { called(call.callee, needs); };
  visitor.enter = [&](const core::Literal& literal) {
    for (const core::With& with : literal.with) {
      if (with.target == core::WithTarget::kData) {
        const auto path_at = [&](std::size_t i) { return &with.path[i]; };
        read(root_, with.path.size(), path_at, 0, needs);
      }
      if (with.function) called(*with.function, needs);
      if (with.replacement) called(*with.replacement, needs);
    }
  };
  for (const core::Rule* rule : node.rules) core::visit(*rule, visitor);
  // The type of an object with computed keys is joined with those of the rules below it.
  if (has_computed_keys(node.rules)) {
    for (const auto& [name, child] : node.children) add_all(*child, needs);
  }
  for (Node* need : needs) need->needed_by.push_back(&node);
}

void RuleOrder::called(const core::Callee& callee, std::vector<Node*>& needs) {
  const auto* rule = std::get_if<core::RuleCallee>(&callee);
  if (rule == nullptr) return;
  Node* node = &root_;
  for (const std::string& name : rule->path) {
    const auto found = node->children.find(name);
    if (found == node->children.end()) return;
    node = found->second.get();
  }
  needs.push_back(node);
}

std::vector<const core::Rule*> RuleOrder::dependents(const std::vector<Value>& path) const {
  std::vector<const Node*> found;
  read(
      root_, path.size(), [&](std::size_t i) { return &path[i]; }, 0, found);
  std::set<const Node*> seen(found.begin(), found.end());
  std::vector<const core::Rule*> rules;
  for (std::size_t i = 0; i < found.size(); ++i) {
    rules.insert(rules.end(), found[i]->rules.begin(), found[i]->rules.end());
    for (const Node* next : found[i]->needed_by) {
      if (seen.insert(next).second) found.push_back(next);
    }
  }
  return rules;
}

}  // namespace licet::lang::check
