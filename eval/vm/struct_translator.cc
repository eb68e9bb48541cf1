// The order of the nodes. What each of them tests is in struct_translate_tests.cc.
#include "eval/vm/struct_translator.h"

#include <algorithm>
#include <utility>

namespace licet::vm {

void StructTranslator::translate() {
  if (can_begin()) {
    open_.push_back(next(0));
    while (!open_.empty() && !is_full()) {
      const NodeIndex at = open_.back();
      open_.pop_back();
      if (place_[at] == kNowhere) add_from(at);
    }
  }
  if (drafts_.empty() || is_full()) drafts_.assign(1, end(GuardGraph::Test::kLeave));
  to_.nodes_.reserve(drafts_.size());  // not more: there are many of these graphs
  for (std::size_t i = 0; i < drafts_.size(); ++i) to_.nodes_.push_back(finished(i));
}

// A struct that lacks what every walk needs has no walks.
bool StructTranslator::can_begin() const {
  CellSet cells;
  cells.resize(std::max<std::size_t>(shape_.members.size(), 1));
  for (CellIndex cell = 0; cell < shape_.members.size(); ++cell) {
    if (shape_.members[cell]) cells.add(cell);
  }
  return graph_.needs_only(cells);
}

// Adds the node, and what comes after it if it does not hold (or, of a rule, after it), and so on.
void StructTranslator::add_from(NodeIndex at) {
  for (;; at = next(at)) {
    const GuardGraph::Node& node = graph_.nodes()[at];
    const bool is_rule = node.test == GuardGraph::Test::kRule;
    const bool is_end = !GuardGraph::is_test(node.test) && !is_rule;
    if (!is_end && place_[at] != kNowhere) {
      add({.test = Test::kGoTo, .node = {}, .yes = at});
      return;
    }
    place_[at] = static_cast<NodeIndex>(drafts_.size());
    if (is_full()) return;
    Draft draft = translated(node);
    if (is_rule) {
      at = draft.yes;
      add(std::move(draft));
      if (at == kNowhere) return;
      if (place_[at] == kNowhere) continue;
      drafts_.back().test = Test::kRuleThenGoTo;
      return;
    }
    NodeIndex no = node.no;
    if (draft.test != Test::kEnd) join_with_next(draft, no);
    if (draft.yes != kNowhere) open_.push_back(draft.yes);
    open_.insert(open_.end(), draft.yes_of_cases.begin(), draft.yes_of_cases.end());
    add(std::move(draft));
    if (drafts_.back().test == Test::kEnd) return;
    at = no;
  }
}

void StructTranslator::add(Draft draft) {
  if (StructSteps::points_to_text(draft.test)) {
    draft.first = to_.texts_.size();
    to_.texts_.push_back(draft.text);
  }
  drafts_.push_back(std::move(draft));
}

// Where a walk that comes to the node really is: a struct is never without what a member is, and
// has nothing of what none is.
StructTranslator::NodeIndex StructTranslator::next(NodeIndex at) const {
  for (;;) {
    const GuardGraph::Node& node = graph_.nodes()[at];
    if (!GuardGraph::is_test(node.test)) return at;
    if (has_all(node)) {
      const StructMember& member = *shape_.member(node.cell);
      if (node.test != GuardGraph::Test::kTrue || member.kind == StructMember::Kind::kBool) {
        return at;
      }
      at = node.yes;
    } else if (node.missing != GuardGraph::Missing::kLeave) {
      at = node.missing == GuardGraph::Missing::kYes ? node.yes : node.no;
    } else {
      return at;
    }
  }
}

std::vector<CellIndex> StructTranslator::cells_of(const GuardGraph::Node& node) const {
  switch (node.test) {
    case GuardGraph::Test::kJoin:
    case GuardGraph::Test::kRows:
      return graph_.join(node).probes;
    case GuardGraph::Test::kLookup:
      return graph_.lookup(node).keys;
    default:
      if (GuardGraph::is_of_two(node.test)) return {node.cell, node.extra};
      return {node.cell};
  }
}

bool StructTranslator::has_all(const GuardGraph::Node& node) const {
  const std::vector<CellIndex> cells = cells_of(node);
  return std::all_of(cells.begin(), cells.end(),
                     [&](CellIndex cell) { return shape_.member(cell) != nullptr; });
}

std::int32_t StructTranslator::distance(std::size_t from, NodeIndex to) const {
  const auto nodes = static_cast<std::int32_t>(place_[to]) - static_cast<std::int32_t>(from);
  return nodes * static_cast<std::int32_t>(sizeof(Node));
}

// PRECONDITION: all drafts are there, so that nothing moves any more that nodes point to.
StructTranslator::Node StructTranslator::finished(std::size_t at) {
  const Draft& draft = drafts_[at];
  Node node = draft.node;
  node.step =
      StructSteps::step_of(draft.test, at + 1 < drafts_.size() ? drafts_[at + 1].test : Test::kEnd);
  if (draft.yes != kNowhere) node.yes = distance(at, draft.yes);
  for (std::size_t i = 0; i < draft.yes_of_cases.size(); ++i) {
    to_.cases_[draft.first + i].yes = distance(at, draft.yes_of_cases[i]);
  }
  if (StructSteps::points_to_text(draft.test)) node.text = &to_.texts_[draft.first];
  switch (draft.test) {
    case Test::kSwitch:
      node.cases = &to_.cases_[draft.first];
      break;
    case Test::kHasAny:
      node.symbols = &to_.symbols_[draft.first];
      break;
    case Test::kInAnyV4:
    case Test::kTextInAnyV4:
      node.networks = &to_.networks_[draft.first];
      break;
    case Test::kJoin:
    case Test::kJoinOfTexts:
      node.join = &to_.joins_[draft.first];
      break;
    case Test::kOther:
      node.other = &to_.others_[draft.first];
      break;
    default:
      break;
  }
  return node;
}

StructGraph::StructGraph(const GuardGraph& graph, const StructShape& shape)
    : graph_(&graph), numbers_(&graph.tables().numbers()), finds_rules_(graph.finds_rules()) {
  StructTranslator(*this, shape).translate();
}

}  // namespace licet::vm
