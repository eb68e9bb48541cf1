// Tables of rows in graphs: one test each, in place of the bodies that are their rows. Those of a
// decision come before the bodies that are code, and name the rules that hold; those of a document
// ask whether there is a row.
#include "eval/vm/graph_builder.h"

namespace licet::vm {

// Whose tables the state goes through: a document's if there is code under way.
const RuleRows* GraphBuilder::rows_next(const State& state) const {
  if (!subject_.by_rows) return nullptr;
  return state.frames.empty() ? tables_.rows_of(state.verdict) : tables_.rows_at(state.find);
}

// The next table of the verdict, if there is one.
bool GraphBuilder::begin_rows(State& state) {
  const RuleRows* const rows = rows_next(state);
  if (rows == nullptr || state.rows_done == rows->tables.size()) return false;
  state.rows = state.rows_done++;
  return true;
}

// False: the bodies are none, and too many to be gone through.
bool GraphBuilder::find_rows(State& state, const Instruction& i) {
  const std::uint32_t at = state.frames.back().at - 1;
  if (tables_.rows_at(at) == nullptr) {
    const bool are_few = program_.body_indexes[i.extra].targets.size() < RuleRows::kFewestBodies;
    return are_few && find_bodies(reg(state, i.a), i.extra);
  }
  state.find = at;
  state.rows = 0;
  return true;
}

void GraphBuilder::connect_rows(Node& node, const State& state) {
  const RuleRows& rows = *rows_next(state);
  const RowTable& table = rows.tables[*state.rows];
  const bool is_of_decision = state.frames.empty();
  node.test = is_of_decision ? Test::kRows : Test::kJoin;
  node.cell = static_cast<std::uint16_t>(table.cells.back());
  node.extra = static_cast<std::uint32_t>(graph_.joins_.size());
  node.missing = GuardGraph::Missing::kNo;
  graph_.joins_.push_back({.table = &table.rows,
                           .probes = table.cells,
                           .list = table.list.value_or(GuardGraph::kNoList)});
  for (const CellIndex cell : table.cells) {
    add(graph_.read_, cell);
    if (rows.may_be_unknown) require(cell);
  }
  has_rows_ = true;
  graph_.finds_rules_ |= is_of_decision;
  for (const bool holds : {true, false}) {
    State next = state;
    next.rows.reset();
    if (is_of_decision) {
      if (holds) (state.verdict == Verdict::kForbid ? next.is_forbidden : next.has_permit) = true;
      begin_unit(next);
    } else if (holds) {
      next.frames.back().at = rows.next;
    } else if (*state.rows + 1 < rows.tables.size()) {
      next.rows = *state.rows + 1;
    } else {
      next.frames.back().at = program_.code[state.find].target;
    }
    (holds ? node.yes : node.no) = static_cast<std::uint16_t>(node_of(std::move(next)));
  }
}

}  // namespace licet::vm
