// Graphs for policies of many rules: one for each value of the attribute that nearly all of them
// pin (key_plan.h).
//
// Problem: ten thousand rules make no graph. An index finds the ten bodies that a request is about,
// but these ten lie scattered: places, instructions, constants, each a miss of the cache.
//
// Idea: a request for `model.id == "m7"` walks a graph of the rules that are about m7 and of the
// few that do not depend on the model. It is unfolded when the first such request comes, so that a
// program is in force as soon as before, and stays for all later ones: what belongs together lies
// together, and what is settled by the key is not tested again.
//
// Why it is exact: a pin is a necessary condition, so the bodies that the graph lacks have no
// solution, and they would have failed without a trace (eval/index/rule_index.h). No walk begins
// if the attribute is missing.
//
// Limits: at most kMostOfProgram documents have such graphs, and all graphs together take about
// kBytesPerBody for each body of the program; then, and where the rules of one key make no graph,
// the machine decides with the index.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "eval/vm/graph_builder.h"
#include "eval/vm/guard_graph.h"
#include "eval/vm/key_plan.h"

namespace licet::vm {

class Tables;

// Any thread may walk: a graph is published with one exchange, and nobody waits for another.
class KeyedGraphs {
 public:
  // Null if even requests without a key have no graph, or all keys have the same.
  // What graphs take is taken off `bytes_left`, which must live as long; what it costs to find out
  // off `nodes_left`.
  static std::unique_ptr<KeyedGraphs> of(const Tables& tables, const KeyPlan& plan,
                                         std::optional<DocumentIndex> document,
                                         std::atomic<std::int64_t>& bytes_left,
                                         std::size_t& nodes_left);
  ~KeyedGraphs();
  KeyedGraphs(const KeyedGraphs&) = delete;
  KeyedGraphs& operator=(const KeyedGraphs&) = delete;

  void walk(const SlotValues& slots, GuardGraph::Walk& walk) const {
    if (!slots.has(plan_.cell())) return;
    graph_of(plan_.find(slots.cell(plan_.cell()))).walk(slots, walk);
  }

  const KeyPlan& plan() const { return plan_; }
  // Lives as long as this. `key`: one of the plan's, or kNoKey.
  const GuardGraph& graph_of(std::uint32_t key) const {
    if (key == KeyPlan::kNoKey) return without_key_;
    const GuardGraph* const graph = graphs_[key].load(std::memory_order_acquire);
    return graph != nullptr ? *graph : add(key);
  }

  static constexpr std::int64_t kBytesPerBody = 256;
  static constexpr std::size_t kMostOfProgram = 16;

 private:
  KeyedGraphs(const Tables& tables, const KeyPlan& plan, std::optional<DocumentIndex> document,
              GuardGraph without_key, std::atomic<std::int64_t>& bytes_left);
  const GuardGraph& add(std::uint32_t key) const;

  const Tables& tables_;
  const KeyPlan& plan_;
  std::optional<DocumentIndex> document_;
  GuardGraph without_key_;
  GuardGraph leaves_;                                         // for keys that have no graph
  std::unique_ptr<std::atomic<const GuardGraph*>[]> graphs_;  // by key; null: not known yet
  std::atomic<std::int64_t>& bytes_left_;
};

}  // namespace licet::vm
