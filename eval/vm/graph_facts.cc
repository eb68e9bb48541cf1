// What a graph's walk knows at a node from the tests on its way, so that it does not test it again.
#include <algorithm>

#include "eval/vm/graph_builder.h"

namespace licet::vm {

Opcode GraphBuilder::without_negation(Opcode opcode) {
  switch (opcode) {
    case Opcode::kSlotGreater:
      return Opcode::kSlotLessEqual;
    case Opcode::kSlotGreaterEqual:
      return Opcode::kSlotLess;
    case Opcode::kSlotsNotEqual:
      return Opcode::kSlotsEqual;
    case Opcode::kSlotsGreater:
      return Opcode::kSlotsLessEqual;
    case Opcode::kSlotsGreaterEqual:
      return Opcode::kSlotsLess;
    default:
      return opcode;
  }
}

std::optional<GraphBuilder::Question> GraphBuilder::question_of(const Node& node,
                                                                const Instruction& i) const {
  if (facts_ == Facts::kForget) return std::nullopt;
  if (GuardGraph::is_of_short_text(node.test)) {
    return Question{.cell = node.cell, .constant = node.extra};
  }
  // Others are of one constant, and data is not asked twice.
  const bool is_other = i.opcode == Opcode::kSlotEqual || i.opcode == Opcode::kSlotNotEqual ||
                        i.opcode == Opcode::kSlotIn || is_of_data(i.opcode);
  if (facts_ == Facts::kTexts || is_other) return std::nullopt;
  const auto is_there = [&](CellIndex cell) {
    return cell < GuardGraph::kMostCells && (graph_.required_[cell / 64] >> (cell % 64) & 1U) != 0;
  };
  // A walk that has begun never lacks what is required.
  const bool is_all_there =
      is_there(node.cell) && (!GuardGraph::is_of_two(node.test) || is_there(node.extra));
  const auto missing = is_all_there ? GuardGraph::Missing::kLeave : node.missing;
  const auto opcode = static_cast<std::uint16_t>(without_negation(i.opcode));
  return Question{.kind = static_cast<std::uint16_t>(1 + opcode * 4 + static_cast<int>(missing)),
                  .cell = node.cell,
                  .constant = i.extra};
}

// What the facts say.
std::optional<bool> GraphBuilder::known(const State& state, const Node& node,
                                        const Instruction& i) {
  const auto question = question_of(node, i);
  if (!question) return std::nullopt;
  const bool is_of_text = question->kind == Question::kIsText;
  for (const Fact& fact : state.facts) {
    const bool is_same = fact.question == *question;
    // A text that is one constant is no other.
    const bool is_other_text = is_of_text && fact.holds && fact.question.kind == question->kind &&
                               fact.question.cell == question->cell;
    if (!is_same && !is_other_text) continue;
    // A walk without the attribute must not come here: facts of texts say nothing of that.
    if (is_of_text) require(node.cell);
    return is_same && fact.holds;
  }
  return std::nullopt;
}

// Whether the walk comes to the guard's target also if the guard passes, as a later one that has
// the same target is known to fail: `"admin" in user.roles` needs no test if `user.mfa`, which is
// asked next, is known to be false.
bool GraphBuilder::fails_anyway(const State& state, const Instruction& guard) {
  constexpr std::uint32_t kLooksAt = 32;  // instructions, so that long bodies cost no square
  if (state.facts.empty() || is_of_data(guard.opcode)) return false;
  const std::uint32_t begin = state.frames.back().at + 1;
  const std::uint32_t end = std::min(guard.target, begin + kLooksAt);
  std::uint32_t reached = 0;  // what stands before it may be jumped over
  for (std::uint32_t at = begin; at < end; ++at) {
    const Instruction& i = program_.code[at];
    if (i.opcode == Opcode::kClear) continue;
    if (!is_guard(i.opcode) && i.opcode != Opcode::kJump) return false;
    if (i.target != guard.target) {
      if (i.target <= at) return false;
      reached = std::max(reached, i.target);
      continue;
    }
    if (at < reached || !is_guard(i.opcode) || i.opcode == Opcode::kSlotIn) continue;
    const Open open = open_test(state, i);
    if (has_failed_) return false;
    const auto holds = known(state, open.node, i);
    if (holds && *holds != open.passes_if_true) return true;
  }
  return false;
}

void GraphBuilder::learn(State& state, const Node& node, const Instruction& i, bool holds) const {
  const auto question = question_of(node, i);
  if (!question) return;
  const auto is_of_the_text = [&](const Fact& fact) {
    return fact.question.kind == Question::kIsText && fact.question.cell == question->cell;
  };
  if (question->kind == Question::kIsText && holds) std::erase_if(state.facts, is_of_the_text);
  const Fact fact{.question = *question, .holds = holds};
  state.facts.insert(std::upper_bound(state.facts.begin(), state.facts.end(), fact), fact);
}

void GraphBuilder::forget_what_is_not_asked(State& state) const {
  const Asked& asked = asked_from_[static_cast<std::size_t>(state.verdict)][state.unit];
  std::erase_if(state.facts, [&](const Fact& fact) {
    Question question = fact.question;
    if (question.kind == Question::kIsText) return !asked.cells.contains(question.cell);
    question.kind = static_cast<std::uint16_t>((question.kind - 1) / 4);
    return !std::binary_search(asked.others.begin(), asked.others.end(), question);
  });
}

}  // namespace licet::vm
