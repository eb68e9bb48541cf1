// All rules of a compilation by the path they define below `data`.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/lower/decisions.h"
#include "lang/plan/narrowing.h"
#include "lang/resolve/core.h"

namespace licet::lang::plan {

// What Licet itself defines at a node.
enum class Provided { kNothing, kPermits, kForbids, kIndeterminate, kDecision };

struct Node {
  std::string name;
  Node* parent = nullptr;
  std::map<std::string, std::unique_ptr<Node>> children;
  std::vector<const core::Rule*> rules;  // whose path ends here
  bool is_package = false;
  Provided provided = Provided::kNothing;
  std::vector<const lower::DecisionGroup*> decisions;  // of the package, for provided sets

  // The rules here give one value: no keys, no `contains`.
  bool is_complete() const;
  bool is_function() const { return !rules.empty() && rules.front()->parameters.has_value(); }
  // The rules here give a set or object whose content depends on the request.
  bool is_partial() const;
  bool defines_document() const {
    return provided != Provided::kNothing || is_complete() || is_partial();
  }
  const Node* child(const std::string& child_name) const;
  core::Path path() const;
};

class RuleTree {
 public:
  RuleTree(const core::Policy& policy, const std::vector<lower::DecisionGroup>& decisions);

  const Node& root() const { return root_; }
  const Node* find(const core::Path& path) const;
  const Narrowing& narrowing() const { return narrowing_; }

 private:
  Node& at(const core::Path& path);
  void add_decisions(const std::vector<lower::DecisionGroup>& decisions);

  Node root_;
  Narrowing narrowing_;
};

// Calls `visit` for every node with rules that a reference to `data` can read.
void for_each_read(const RuleTree& tree, const core::Reference& reference,
                   const std::function<void(const Node&)>& visit);
// The same for a path of constants.
void for_each_read(const RuleTree& tree, const std::vector<Value>& path,
                   const std::function<void(const Node&)>& visit);

}  // namespace licet::lang::plan
