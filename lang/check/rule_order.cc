#include "lang/check/rule_order.h"

#include <map>
#include <memory>

#include "lang/resolve/visit.h"

namespace licet::lang::check {
namespace {

struct Node {
  std::map<std::string, std::unique_ptr<Node>> children;
  std::vector<const core::Rule*> rules;
  bool entered = false;
};

class Order {
 public:
  explicit Order(const core::Policy& policy) {
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
    for (Node* node : nodes_) enter(*node);
  }

  std::vector<const core::Rule*> take() { return std::move(ordered_); }

 private:
  struct Visit {
    Node* node;
    std::vector<Node*> needs;
    std::size_t next = 0;
  };

  // Depth first with a stack of its own: chains of rules may be long.
  void enter(Node& start) {
    if (start.entered) return;
    std::vector<Visit> stack;
    push(start, stack);
    while (!stack.empty()) {
      Visit& top = stack.back();
      if (top.next < top.needs.size()) {
        Node& need = *top.needs[top.next++];
        if (!need.entered) push(need, stack);
        continue;
      }
      ordered_.insert(ordered_.end(), top.node->rules.begin(), top.node->rules.end());
      stack.pop_back();
    }
  }

  void push(Node& node, std::vector<Visit>& stack) {
    node.entered = true;
    stack.push_back({&node, {}, 0});
    std::vector<Node*>& needs = stack.back().needs;
    core::Visitor visitor;
    visitor.reference = [&](const core::Reference& reference, Span) {
      if (reference.root == core::Root::kData) read(root_, reference.operands, 0, needs);
    };
    visitor.call = [&](const core::Call& call, const core::Literal&) {
      called(call.callee, needs);
    };
    visitor.enter = [&](const core::Literal& literal) {
      for (const core::With& with : literal.with) {
        if (with.function) called(*with.function, needs);
        if (with.replacement) called(*with.replacement, needs);
      }
    };
    for (const core::Rule* rule : node.rules) core::visit(*rule, visitor);
  }

  void called(const core::Callee& callee, std::vector<Node*>& needs) {
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

  static void read(Node& node, const std::vector<core::Term>& operands, std::size_t next,
                   std::vector<Node*>& needs) {
    if (!node.rules.empty()) needs.push_back(&node);
    const auto* constant =
        next == operands.size() ? nullptr : std::get_if<core::Constant>(&operands[next].node);
    if (constant == nullptr) {
      const std::size_t rest = next == operands.size() ? next : next + 1;
      for (const auto& [name, child] : node.children) read(*child, operands, rest, needs);
    } else if (constant->value.is_string()) {
      const auto found = node.children.find(std::string(constant->value.as_string()));
      if (found != node.children.end()) read(*found->second, operands, next + 1, needs);
    }
  }

  Node root_;
  std::vector<Node*> nodes_;  // with rules, in the order of the policy
  std::vector<const core::Rule*> ordered_;
};

}  // namespace

std::vector<const core::Rule*> rules_in_order(const core::Policy& policy) {
  return Order(policy).take();
}

}  // namespace licet::lang::check
