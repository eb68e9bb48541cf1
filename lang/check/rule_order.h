// Which rules read or call which: the rules of a policy, those first that others need, and what
// depends on a part of `data`.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lang/resolve/core.h"

namespace licet::lang::check {

// Points into the policy, which must outlive it.
class RuleOrder {
 public:
  // PRECONDITION: no rule depends on itself. What does, nevertheless, comes at any place.
  explicit RuleOrder(const core::Policy& policy);

  const std::vector<const core::Rule*>& rules() const { return ordered_; }
  // The rules that a path below `data` reaches, and all that depend on one of them.
  std::vector<const core::Rule*> dependents(const std::vector<Value>& path) const;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>> children;
    std::vector<const core::Rule*> rules;
    std::vector<Node*> needs;
    std::vector<Node*> needed_by;
    bool entered = false;
  };

  void enter(Node& start);
  void find_needs(Node& node);
  void called(const core::Callee& callee, std::vector<Node*>& needs);

  Node root_;
  std::vector<Node*> nodes_;  // with rules, in the order of the policy
  std::vector<const core::Rule*> ordered_;
};

}  // namespace licet::lang::check
