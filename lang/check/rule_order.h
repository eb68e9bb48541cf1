// Which rules read or call which: the rules of a policy, those first that others need, and what
// depends on a part of `data`.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "eval/arena.h"
#include "lang/resolve/core.h"

namespace licet::lang::check {

// A rule, or one of its else-branches: as in OPA each has its own place in the order.
struct RuleBranch {
  const core::Rule* rule = nullptr;
  const core::Rule* branch = nullptr;
};

// Points into the policy, which must outlive it.
class RuleOrder {
 public:
  // PRECONDITION: no rule depends on itself. What does, nevertheless, comes at any place.
  RuleOrder(const core::Policy& policy, const SourceSet& sources);
  ~RuleOrder();

  const std::vector<RuleBranch>& branches() const { return ordered_; }
  // The rules that a path below `data` reaches, and all that depend on one of them.
  std::vector<const core::Rule*> dependents(const std::vector<Value>& path) const;

 private:
  using UnitIndex = std::uint32_t;
  // Keys below `data`; undefined: any.
  using Keys = std::vector<Value>;
  struct Entry;
  struct Node;
  struct Unit;
  struct Reached;

  void add_all(const core::Policy& policy, const SourceSet& sources);
  void add(const core::Rule& rule);
  void find_needs(UnitIndex unit);
  void enter(UnitIndex start);
  std::vector<UnitIndex> open_needs(UnitIndex unit);

  Arena arena_;  // of the names in paths
  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<Unit> units_;  // by the names of their files and their places there
  std::vector<RuleBranch> ordered_;
};

// The path of a rule below `data`, as far as it is constant.
std::vector<Value> constant_path(const core::Rule& rule, Arena& arena);

}  // namespace licet::lang::check
