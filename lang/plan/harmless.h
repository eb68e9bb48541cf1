// Which pieces of the core cannot end in an error, whatever the request is: no builtin in them
// fails and nothing conflicts. What comes after such a piece may be looked at before it.
#pragma once

#include <functional>
#include <unordered_map>

#include "lang/plan/rule_tree.h"

namespace licet::lang::plan {

// What `with` replaces somewhere in the policies; a replaced thing can do anything.
struct Replaced {
  std::function<bool(const core::Path&)> path;  // below data: at, above or below it
  std::function<bool(const core::Callee&)> callee;
};

class Harmless {
 public:
  Harmless(const RuleTree& tree, Replaced replaced) : tree_(tree), replaced_(std::move(replaced)) {}

  bool operator()(const core::Literal& literal);
  bool operator()(const core::Term& term);
  bool operator()(const core::Body& body);
  // The rules of a node.
  bool operator()(const Node& node);

  const RuleTree& tree() const { return tree_; }
  const Replaced& replaced() const { return replaced_; }

 private:
  struct TermVisitor;
  struct LiteralVisitor;
  bool all(const std::vector<core::Term>& terms);
  bool call(const core::Call& call);
  bool rules(const Node& node);

  const RuleTree& tree_;
  Replaced replaced_;
  std::unordered_map<const Node*, bool> nodes_;
  int depth_ = 0;  // of rules that call rules
};

// Builtins that have an answer for every operand.
bool is_total(BuiltinId id);

// The one constant that every branch of every rule gives, defaults aside; null if they differ.
const Value* common_constant(const std::vector<const core::Rule*>& rules);

}  // namespace licet::lang::plan
