// Walks. The unfolding is in graph_builder.cc, what tests find in cell_tests.cc.
#include "eval/vm/guard_graph.h"

#include <algorithm>

#include "eval/vm/cell_tests.h"
#include "eval/vm/tables.h"

namespace licet::vm {
namespace {

using cell_tests::Cell;
using cell_tests::Form;
using cell_tests::Found;
using cell_tests::found_from;
using cell_tests::Node;
using cell_tests::ShortText;
using Test = GuardGraph::Test;

// Goes to the one or the other, by a branch that the processor can foresee. A conditional move
// would make every test wait for the one before, and that for the bytes of a text.
//
// Nodes lie so that the one for `no` mostly is the next (GraphBuilder::lay_out). Where it is, it is
// said so by a branch, too, in place of reading its number: then the processor, which foresees
// both, has the address of the next node before it has read this one.
[[gnu::always_inline]] inline const Node* next_of(const Node* nodes, const Node& node, bool holds) {
  if (holds) {
    asm volatile("");
    return nodes + node.yes;
  }
  const Node* next = nodes + node.no;
  const Node* behind = &node + 1;
  if (next == behind) [[likely]] {
    asm volatile("" : "+r"(behind));  // else the compiler sees that both are the same
    return behind;
  }
  return next;
}

bool is_missing(const std::uint64_t* filled, CellIndex cell) {
  return (filled[cell / 64] >> (cell % 64) & 1U) == 0;
}

}  // namespace

void GuardGraph::Walk::sort_rules() {
  const auto past = rules.begin() + rule_count;
  std::sort(rules.begin(), past);
  rule_count = static_cast<std::uint32_t>(std::unique(rules.begin(), past) - rules.begin());
}

bool GuardGraph::misses(const std::uint64_t* filled, const Node& node) const {
  if (node.test == Test::kJoin || node.test == Test::kRows) {
    const std::vector<CellIndex>& cells = joins_[node.extra].probes;
    return std::any_of(cells.begin(), cells.end(),
                       [&](CellIndex cell) { return is_missing(filled, cell); });
  }
  return is_missing(filled, node.cell) || (is_of_two(node.test) && is_missing(filled, node.extra));
}

bool GuardGraph::are_all(const Cells& cells, const CellSet& in) {
  const std::size_t count = std::min(cells.size(), in.word_count());
  for (std::size_t i = 0; i < count; ++i) {
    if ((cells[i] & ~in.words()[i]) != 0) return false;
  }
  return true;
}

void GuardGraph::walk_with_care(const SlotValues& slots, Walk& walk) const {
  if (!are_all(required_, slots.filled())) return;
  if (are_all(read_, slots.filled())) {
    walk_nodes<true>(slots, walk);
  } else {
    walk_nodes<false>(slots, walk);
  }
}

template <bool kAllPresent>
void GuardGraph::walk_nodes(const SlotValues& slots, Walk& walk) const {
  const Node* const nodes = nodes_.data();
  const Cell* const cells = slots.cells();
  const std::uint64_t* const filled = slots.filled().words();
  const Value* const constants = constants_.data();
  cell_tests::LastAddress last;
  const Node* at = nodes;
  std::uint32_t steps = 0;
  std::uint32_t rule_count = 0;
  for (;;) {
    const Node& node = *at;
    ++steps;
    if constexpr (!kAllPresent) {
      if (is_test(node.test) && misses(filled, node)) {
        if (node.missing == Missing::kLeave) return;
        at = nodes + (node.missing == Missing::kYes ? node.yes : node.no);
        continue;
      }
    }
    const Cell& cell = cells[node.cell];
    Found found = Found::kUnclear;
    if (node.test > Test::kLeave) __builtin_unreachable();  // which spares the switch a check
    switch (node.test) {
      case Test::kText1To3:
        if (!cell.is_text()) [[unlikely]] {
          found = cell_tests::is_constant(cell, constants[node.extra]);
          break;
        }
        at = next_of(
            nodes, node,
            cell_tests::is_short_text<text::Width::k1To3>(cell.text_view(), ShortText(node)));
        continue;
      case Test::kText4To7:
        if (!cell.is_text()) [[unlikely]] {
          found = cell_tests::is_constant(cell, constants[node.extra]);
          break;
        }
        at = next_of(
            nodes, node,
            cell_tests::is_short_text<text::Width::k4To7>(cell.text_view(), ShortText(node)));
        continue;
      case Test::kText8To16:
        if (!cell.is_text()) [[unlikely]] {
          found = cell_tests::is_constant(cell, constants[node.extra]);
          break;
        }
        at = next_of(
            nodes, node,
            cell_tests::is_short_text<text::Width::k8To16>(cell.text_view(), ShortText(node)));
        continue;
      case Test::kHasText1To3:
        found = cell_tests::has_text<text::Width::k1To3>(cell, node, constants);
        break;
      case Test::kHasText4To7:
        found = cell_tests::has_text<text::Width::k4To7>(cell, node, constants);
        break;
      case Test::kHasText8To16:
        found = cell_tests::has_text<text::Width::k8To16>(cell, node, constants);
        break;
      case Test::kConstant:
        found = cell_tests::is_constant(cell, constants[node.extra]);
        break;
      case Test::kLess:
        if (!cell_tests::is_integer(cell)) return;
        at = next_of(nodes, node, cell.value.as_int64() < static_cast<std::int64_t>(node.words[0]));
        continue;
      case Test::kLessEqual:
        if (!cell_tests::is_integer(cell)) return;
        at =
            next_of(nodes, node, cell.value.as_int64() <= static_cast<std::int64_t>(node.words[0]));
        continue;
      case Test::kTrue:
        at = next_of(nodes, node, cell.form != Form::kValue || !cell.value.is_false());
        continue;
      case Test::kHasConstant:
        found = cell_tests::has_constant(cell, constants[node.extra]);
        break;
      case Test::kStartsWith:
      case Test::kEndsWith: {
        const auto text = cell_tests::text_of(cell);
        if (!text) return;
        const std::string_view part = constants[node.extra].as_string();
        found = found_from(node.test == Test::kStartsWith ? text->starts_with(part)
                                                          : text->ends_with(part));
        break;
      }
      case Test::kInNetwork:
        if (!cell_tests::look_at_address(cell, node, last)) return;
        found = found_from(cell_tests::is_in(*tables_->network(node.extra), last));
        break;
      case Test::kInV4:
        if (!cell_tests::look_at_address(cell, node, last)) return;
        // An IPv4 address in the form of an IPv6 address is one, too.
        if (!last.is_v4() && last.other->is_v4()) return;
        at = next_of(nodes, node, last.is_v4() && (last.v4 & node.words[1]) == node.words[0]);
        continue;
      case Test::kCellsEqual:
        found = cell_tests::is_cell(cell, cells[node.extra]);
        break;
      case Test::kCellsLess:
        if (!cell_tests::is_integer(cell) || !cell_tests::is_integer(cells[node.extra])) return;
        at = next_of(nodes, node, cell.value.as_int64() < cells[node.extra].value.as_int64());
        continue;
      case Test::kCellsLessEqual:
        if (!cell_tests::is_integer(cell) || !cell_tests::is_integer(cells[node.extra])) return;
        at = next_of(nodes, node, cell.value.as_int64() <= cells[node.extra].value.as_int64());
        continue;
      case Test::kCellInCell:
        found = cell_tests::is_in_cell(cell, cells[node.extra]);
        break;
      case Test::kJoin:
        found = cell_tests::has_match(joins_[node.extra], cells, tables_->numbers());
        break;
      case Test::kLookup:
        found = cell_tests::finds(lookups_[node.extra], cells, tables_->numbers());
        break;
      case Test::kRows:
        found = cell_tests::find_rules(joins_[node.extra], cells, tables_->numbers(), walk.rules,
                                       rule_count);
        break;
      case Test::kRule:
        if (rule_count == kMostRules) return;
        walk.rules[rule_count++] = node.extra;
        at = nodes + node.yes;
        continue;
      case Test::kAnswer:
      case Test::kNoAnswer:
      case Test::kForbidden:
      case Test::kPermitted:
      case Test::kNoPermit:
        walk.end = node.test;
        if (node.test == Test::kAnswer) walk.answer = &constants[node.extra];
        walk.steps = steps;
        walk.rule_count = rule_count;
        if (finds_rules_ && rule_count > 1) walk.sort_rules();
        return;
      case Test::kLeave:
        return;
    }
    if (found == Found::kUnclear) [[unlikely]]
      return;
    at = next_of(nodes, node, found == Found::kYes);
  }
}

std::optional<bool> GuardGraph::outcome(const Node& node, const Cell* cells,
                                        cell_tests::LastAddress& last, Walk& walk) const {
  const Cell& cell = cells[node.cell];
  const auto given = [](Found found) {
    return found == Found::kUnclear ? std::nullopt : std::optional(found == Found::kYes);
  };
  const auto ordered = [&](auto compare) -> std::optional<bool> {
    const Cell& other = is_of_two(node.test) ? cells[node.extra] : cell;
    if (!cell_tests::is_integer(cell) || !cell_tests::is_integer(other)) return std::nullopt;
    return compare(cell.value.as_int64(), is_of_two(node.test)
                                              ? other.value.as_int64()
                                              : static_cast<std::int64_t>(node.words[0]));
  };
  const auto with_text = [&](auto holds) -> std::optional<bool> {
    const auto text = cell_tests::text_of(cell);
    if (!text) return std::nullopt;
    return holds(*text, constants_[node.extra].as_string());
  };
  switch (node.test) {
    case Test::kText1To3:
    case Test::kText4To7:
    case Test::kText8To16:
    case Test::kConstant:
      return given(cell_tests::is_constant(cell, constants_[node.extra]));
    case Test::kHasText1To3:
      return given(cell_tests::has_text<text::Width::k1To3>(cell, node, constants_.data()));
    case Test::kHasText4To7:
      return given(cell_tests::has_text<text::Width::k4To7>(cell, node, constants_.data()));
    case Test::kHasText8To16:
      return given(cell_tests::has_text<text::Width::k8To16>(cell, node, constants_.data()));
    case Test::kHasConstant:
      return given(cell_tests::has_constant(cell, constants_[node.extra]));
    case Test::kLess:
    case Test::kCellsLess:
      return ordered([](std::int64_t a, std::int64_t b) { return a < b; });
    case Test::kLessEqual:
    case Test::kCellsLessEqual:
      return ordered([](std::int64_t a, std::int64_t b) { return a <= b; });
    case Test::kTrue:
      return cell.form != Form::kValue || !cell.value.is_false();
    case Test::kStartsWith:
      return with_text([](std::string_view a, std::string_view b) { return a.starts_with(b); });
    case Test::kEndsWith:
      return with_text([](std::string_view a, std::string_view b) { return a.ends_with(b); });
    case Test::kInNetwork:
      if (!cell_tests::look_at_address(cell, node, last)) return std::nullopt;
      return cell_tests::is_in(*tables_->network(node.extra), last);
    case Test::kInV4:
      if (!cell_tests::look_at_address(cell, node, last)) return std::nullopt;
      if (!last.is_v4() && last.other->is_v4()) return std::nullopt;
      return last.is_v4() && (last.v4 & node.words[1]) == node.words[0];
    case Test::kCellsEqual:
      return given(cell_tests::is_cell(cell, cells[node.extra]));
    case Test::kCellInCell:
      return given(cell_tests::is_in_cell(cell, cells[node.extra]));
    case Test::kJoin:
      return given(cell_tests::has_match(join(node), cells, tables_->numbers()));
    case Test::kLookup:
      return given(cell_tests::finds(lookup(node), cells, tables_->numbers()));
    case Test::kRows:
      return given(cell_tests::find_rules(join(node), cells, tables_->numbers(), walk.rules,
                                          walk.rule_count));
    case Test::kRule:
    case Test::kAnswer:
    case Test::kNoAnswer:
    case Test::kForbidden:
    case Test::kPermitted:
    case Test::kNoPermit:
    case Test::kLeave:
      break;
  }
  return std::nullopt;
}

}  // namespace licet::vm
