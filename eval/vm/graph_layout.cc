// What is done with a graph once all its nodes are there.
#include <utility>

#include "eval/vm/graph_builder.h"

namespace licet::vm {

template <class NodeOrConst, class Visit>
void GraphBuilder::for_each_next(NodeOrConst& node, Visit visit) {
  if (GuardGraph::is_test(node.test) || node.test == Test::kRule) visit(node.yes);
  if (GuardGraph::is_test(node.test)) visit(node.no);
}

// Code of a tampered image may come back to a test, and walks have no budget. Takes away node after
// node that nothing left leads to: all that is on no circle, nor behind one.
bool GraphBuilder::every_walk_ends() const {
  const std::vector<Node>& nodes = graph_.nodes_;
  std::vector<std::uint32_t> arrivals(nodes.size());
  for (const Node& node : nodes) for_each_next(node, [&](NodeIndex next) { ++arrivals[next]; });
  if (arrivals.front() > 0) return false;
  std::vector<NodeIndex> free = {0};
  std::size_t taken = 0;
  for (; !free.empty(); ++taken) {
    const Node& node = nodes[free.back()];
    free.pop_back();
    for_each_next(node, [&](NodeIndex next) {
      if (--arrivals[next] == 0) free.push_back(next);
    });
  }
  return taken == nodes.size();
}

// Puts behind each node the one that comes after it if it does not hold, unless that has its place
// already: walks expect it there (next_of in guard_graph.cc).
void GraphBuilder::lay_out() {
  constexpr NodeIndex kNowhere = UINT32_MAX;
  std::vector<NodeIndex> place(graph_.nodes_.size(), kNowhere);
  std::vector<Node> laid;
  laid.reserve(place.size());
  std::vector<NodeIndex> open = {0};
  while (!open.empty()) {
    const NodeIndex at = open.back();
    open.pop_back();
    if (place[at] != kNowhere) continue;
    place[at] = static_cast<NodeIndex>(laid.size());
    for_each_next(laid.emplace_back(graph_.nodes_[at]),
                  [&](NodeIndex next) { open.push_back(next); });
  }
  for (Node& node : laid) {
    for_each_next(node,
                  [&](std::uint16_t& next) { next = static_cast<std::uint16_t>(place[next]); });
  }
  graph_.nodes_ = std::move(laid);
}

}  // namespace licet::vm
