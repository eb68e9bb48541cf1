// Which rules need which, and which attribute paths they read. Rules that need themselves are an
// error: no value would make them true.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/plan/rule_tree.h"

namespace licet::lang::plan {

// A constant path below `input`: the longest constant part of a reference.
using InputPath = std::vector<Value>;
struct InputPathLess {
  bool operator()(const InputPath& a, const InputPath& b) const;
};
using ReadSet = std::set<InputPath, InputPathLess>;

class Dependencies {
 public:
  // Reports recursion.
  Dependencies(const RuleTree& tree, const std::vector<lower::DecisionGroup>& decisions,
               Diagnostics& diagnostics);

  // The paths that a piece of a body reads, in itself and in all rules and functions it calls.
  ReadSet reads(const core::Literal& literal) const;
  ReadSet reads(const core::Term& term) const;
  // The paths among them whose absence can make something hold: read in a comprehension, under a
  // plain `not` or `every`, or by a rule with a default, an else or collected elements. nullopt:
  // the piece has no such construct, so what holds without an attribute holds with it.
  std::optional<ReadSet> doubtful_reads(const core::Literal& literal) const;
  std::optional<ReadSet> doubtful_reads(const core::Term& term) const;
  // Whether a forbid reads or calls the node, itself or through other rules.
  bool serves_forbids(const Node& node) const { return of_forbids_.contains(&node); }

 private:
  // A node that is read or called, where `with` gives the paths in `replaced`.
  struct Use {
    const Node* node = nullptr;
    ReadSet replaced;
    bool doubtful = false;  // where absence can make something hold

    auto operator<=>(const Use& other) const = default;
  };
  struct Needs {
    ReadSet paths;
    std::vector<const Node*> nodes;  // of all uses, once each
    std::set<Use> uses;
    ReadSet doubtful_paths;  // the part of `paths` that is read where absence can ...
    bool doubtful = false;
  };
  class Collector;

  Needs needs_of(const Node& node) const;
  const Needs& add(const Node& node);
  void search(const Node& start, Diagnostics& diagnostics);
  void find_nodes_of_forbids();
  Span place_of(const Node& node, const std::vector<const Node*>& cycle) const;
  void report(const std::vector<const Node*>& cycle, Diagnostics& diagnostics) const;
  // Calls `visit` with each use that is met on the way, and with what that node needs.
  void for_each_use(const Needs& needs,
                    const std::function<void(const Use&, const Needs&)>& visit) const;
  ReadSet closure(const Needs& needs) const;
  std::optional<ReadSet> doubtful_closure(const Needs& needs) const;

  const RuleTree& tree_;
  const std::vector<lower::DecisionGroup>& decisions_;
  std::unordered_map<const Node*, Needs> needs_;
  std::unordered_map<const Node*, int> state_;
  std::unordered_set<const Node*> of_forbids_;
};

}  // namespace licet::lang::plan
