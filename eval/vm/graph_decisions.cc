// Graphs of decisions: the bodies of all forbids one after the other, then, if none holds, those of
// all permits. A body that holds makes a node that says so.
#include <algorithm>
#include <utility>

#include "eval/vm/graph_builder.h"

namespace licet::vm {

void GraphBuilder::find_units() {
  for (const Verdict verdict : {Verdict::kPermit, Verdict::kForbid}) {
    const bool is_forbid = verdict == Verdict::kForbid;
    const std::vector<BodyUnit>& all = is_forbid ? tables_.forbids : tables_.permits;
    std::vector<BodyUnit>& units = units_[static_cast<std::size_t>(verdict)];
    if (const RuleRows* const rows = subject_.by_rows ? tables_.rows_of(verdict) : nullptr) {
      for (const std::uint32_t unit : rows->others) units.push_back(all[unit]);
      continue;
    }
    if (subject_.by_rows && all.size() > RuleRows::kMostOthers) return fail();
    const auto& index = is_forbid ? program_.forbid_index : program_.permit_index;
    if (!index || !is_keyed(*index)) {
      if (all.size() > kMostUnits) return fail();
      units = all;
      continue;
    }
    graph_.depends_on_key_ = true;
    const std::vector<std::uint32_t> bodies = subject_.plan->bodies(*index, subject_.key);
    if (bodies.size() > kMostUnits) return fail();
    for (const std::uint32_t body : bodies) units.push_back(all[body]);
  }
  find_what_units_ask();
}

void GraphBuilder::find_what_units_ask() {
  Asked rest;
  rest.cells.resize(program_.slots.size());
  for (const Verdict verdict : {Verdict::kPermit, Verdict::kForbid}) {
    std::vector<Asked>& asked = asked_from_[static_cast<std::size_t>(verdict)];
    asked.resize(units(verdict).size());
    for (std::size_t unit = asked.size(); unit-- > 0;) {
      const BodyUnit& one = units(verdict)[unit];
      const DocumentIndex holds = program_.decision_rules[one.rule].bodies[one.body].holds;
      add_asked_in(program_.blocks[program_.documents[holds].block], rest, 0);
      std::sort(rest.others.begin(), rest.others.end());
      rest.others.erase(std::unique(rest.others.begin(), rest.others.end()), rest.others.end());
      asked[unit] = rest;
    }
  }
}

void GraphBuilder::add_asked_in(const Block& block, Asked& asked, std::size_t depth) const {
  for (std::uint32_t at = block.begin; at < block.end; ++at) {
    const Instruction& i = program_.code[at];
    if (i.opcode == Opcode::kSlotEqual || i.opcode == Opcode::kSlotNotEqual ||
        i.opcode == Opcode::kSlotIn) {
      asked.cells.add(i.a);
    } else if (is_guard(i.opcode) && facts_ == Facts::kAll) {
      asked.others.push_back({.kind = static_cast<std::uint16_t>(without_negation(i.opcode)),
                              .cell = i.a,
                              .constant = i.extra});
    } else if (i.opcode == Opcode::kCallDocument && depth < kMostFrames) {
      add_asked_in(program_.blocks[program_.documents[i.extra].block], asked, depth + 1);
    }
  }
}

void GraphBuilder::begin_unit(State& state) {
  if (begin_rows(state)) return;
  if (state.unit == units(state.verdict).size()) {
    if (state.verdict == Verdict::kForbid && !state.is_forbidden) {
      state.verdict = Verdict::kPermit;
      state.unit = 0;
      state.rows_done = 0;
      return begin_unit(state);
    }
    state.end = state.is_forbidden ? Test::kForbidden
                : state.has_permit ? Test::kPermitted
                                   : Test::kNoPermit;
    state.facts.clear();
    return;
  }
  const BodyUnit& unit = units(state.verdict)[state.unit];
  const DocumentIndex holds = program_.decision_rules[unit.rule].bodies[unit.body].holds;
  begin_frame(state, program_.blocks[program_.documents[holds].block]);
  forget_what_is_not_asked(state);
}

void GraphBuilder::end_unit(State& state, const Register& answer) {
  if (state.list || state.lookup) return fail();
  const std::vector<BodyUnit>& all = units(state.verdict);
  const std::uint32_t rule = all[state.unit].rule;
  ++state.unit;
  if (answer.kind == Register::Kind::kUndefined) return begin_unit(state);
  if (answer.kind != Register::Kind::kConstant) return fail();
  // False is indeterminate. What a rule has to say the machine has to collect.
  if (!program_.constants[answer.number].is_true() || tables_.has_clauses(rule)) {
    state.end = Test::kLeave;
    state.facts.clear();
    return;
  }
  while (state.unit < all.size() && all[state.unit].rule == rule) ++state.unit;
  (state.verdict == Verdict::kForbid ? state.is_forbidden : state.has_permit) = true;
  begin_unit(state);
  state.rule = rule;
}

}  // namespace licet::vm
