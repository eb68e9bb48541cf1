// The machine.
//
// Problem: rules are small, are evaluated millions of times a second, and come from people who may
// be hostile. So a step must cost a few nanoseconds and allocate nothing, and whatever a program
// does must end in a value or a typed error.
//
// Idea: a register machine over the 16-byte Values. A block (a rule's document, a function, a
// query) is straight code: each literal falls through when it holds and jumps to its fail target
// when it does not. A literal with several solutions moves that target to the head of its loop
// (kNext), so backtracking is a jump, and nothing is undone: what a literal binds is simply written
// again. For
//     allow if { some r in input.roles; r == "admin" }
// the code is
//                 kLoadSlot  r0 = input.roles          else goto none
//                 kScan      r1,r2 over r0             else goto none
//     next:       kNext      r3,r4 = next of r1        else goto none
//                 kTestEqualConstant r4 == "admin"     else goto next
//                 kLoadConstant r5 = true; kReturn r5
//     none:       kReturn r6                           (never written, so undefined)
//
// Calls push a frame on a stack of our own: depth is a number that is checked, never the C++ stack.
// The registers of all frames lie in one array; a frame's are cleared on entry. A register that
// was never written is undefined, and no instruction does harm with it: what an operand must be is
// checked where it is used, so a tampered image ends in an error, too.
//
// Limits: every instruction is a step; the clock is looked at every kStepsBetweenLooks steps;
// values come from an arena with a limit. `r` points into the register array, which grows: it is
// fetched again (resume) after everything that may push a frame.
//
// Only kDecisionDocument enters this function again; kMaxNesting bounds that.
#include <algorithm>

#include "eval/vm/run.h"

namespace licet::vm {

Value Run::execute(std::size_t base) {
  const Instruction* at = nullptr;
  Value* r = nullptr;
  const Instruction* const code = program_->code.data();
  const Value* const constants = program_->constants.data();
  const auto save = [&] { frames_.back().at = at; };
  const auto resume = [&] {
    at = frames_.back().at;
    r = registers_of(frames_.back());
  };
  const auto must = [&](bool holds, const Instruction& i) {
    if (!holds) at = code + i.target;
  };
  resume();
  try {
    for (;;) {
      if (context_.steps_left <= context_.next_look) [[unlikely]]
        look();
      --context_.steps_left;
      const Instruction& i = *at++;
      switch (i.opcode) {
        case Opcode::kLoadConstant:
          r[i.a] = constants[i.extra];
          break;
        case Opcode::kMove:
          r[i.a] = r[i.b];
          break;
        case Opcode::kClear:
          r[i.a] = Value::undefined();
          break;
        case Opcode::kJump:
          at = code + i.target;
          break;
        case Opcode::kJumpUndefined:
          must(r[i.a].is_defined(), i);
          break;
        case Opcode::kReturn:
          if (const Value answer = r[i.a]; leave(answer, base)) return answer;
          resume();
          break;

        case Opcode::kLoadSlot:
          r[i.a] = input_slot(i.extra);
          must(r[i.a].is_defined(), i);
          break;
        case Opcode::kLoadData:
          r[i.a] = loaded_data(i.extra);
          must(r[i.a].is_defined(), i);
          break;
        case Opcode::kLoadOverlay:
          must(load_overlay(r[i.a], i.extra), i);
          break;
        case Opcode::kApplyOverlay:
          apply_overlay(r[i.a], i.extra);
          break;
        case Opcode::kGet:
          r[i.a] = r[i.b].get(r[i.c]);
          must(r[i.a].is_defined(), i);
          break;
        case Opcode::kGetConstant:
          r[i.a] = r[i.b].get(constants[i.extra]);
          must(r[i.a].is_defined(), i);
          break;
        case Opcode::kCallDocument:
          save();
          call_document(i);
          resume();
          break;
        case Opcode::kCallFunction:
          save();
          call_function(i, i.extra, environment_);
          resume();
          break;
        case Opcode::kCallBuiltin:
          save();
          r[i.a] = call_builtin(static_cast<BuiltinId>(i.extra), {r + i.b, i.c});
          must(r[i.a].is_defined(), i);
          break;
        case Opcode::kCallMock:
          save();
          call_mock(i);
          resume();
          break;

        case Opcode::kTestTrue:
          must(r[i.a].is_defined() && !r[i.a].is_false(), i);
          break;
        case Opcode::kTestEqual:
          must(equal(r[i.a], r[i.b]), i);
          break;
        case Opcode::kTestNotEqual:
          must(!equal(r[i.a], r[i.b]), i);
          break;
        case Opcode::kTestLess:
          must(order(r[i.a], r[i.b]) < 0, i);
          break;
        case Opcode::kTestLessEqual:
          must(order(r[i.a], r[i.b]) <= 0, i);
          break;
        case Opcode::kTestGreater:
          must(order(r[i.a], r[i.b]) > 0, i);
          break;
        case Opcode::kTestGreaterEqual:
          must(order(r[i.a], r[i.b]) >= 0, i);
          break;
        case Opcode::kTestEqualConstant:
          must(equal(r[i.a], constants[i.extra]), i);
          break;
        case Opcode::kTestIn:
          must(is_in(r[i.a], r[i.b]), i);
          break;
        case Opcode::kTestArray:
          must(r[i.a].is_array() && r[i.a].size() == i.b, i);
          break;
        case Opcode::kTestObject:
          must(r[i.a].is_object() && r[i.a].size() == i.b, i);
          break;

        case Opcode::kSlotEqual:
        case Opcode::kSlotNotEqual:
        case Opcode::kSlotLess:
        case Opcode::kSlotLessEqual:
        case Opcode::kSlotGreater:
        case Opcode::kSlotGreaterEqual:
        case Opcode::kSlotIn:
        case Opcode::kSlotHas:
        case Opcode::kSlotTrue:
        case Opcode::kSlotStartsWith:
        case Opcode::kSlotEndsWith:
        case Opcode::kSlotInNetwork:
        case Opcode::kSlotMatches:
        case Opcode::kSlotsEqual:
        case Opcode::kSlotsNotEqual:
        case Opcode::kSlotsLess:
        case Opcode::kSlotsLessEqual:
        case Opcode::kSlotsGreater:
        case Opcode::kSlotsGreaterEqual:
        case Opcode::kSlotInSlot:
          save();
          must(passes(i, r), i);
          break;

        case Opcode::kScan:
          r[i.a] = r[i.b];
          r[i.a + 1] = Value::integer(0);
          must(r[i.a].is_composite(), i);
          break;
        case Opcode::kNext:
          must(next(r + i.a, r[i.b], r[i.c]), i);
          break;

        case Opcode::kFindBodies:
          must(find_bodies(r + i.a, i.extra), i);
          break;
        case Opcode::kNextBody:
          at = next_body(r + i.a, i);
          break;

        case Opcode::kFindElements:
          must(find_elements(r + i.a, {r + i.b, i.c}, i.extra), i);
          break;
        case Opcode::kNextElement:
          must(next_element(r + i.a, r[i.b], r[i.c], i.extra), i);
          break;

        case Opcode::kScanRules:
          r[i.a] = r[i.a + 1] = Value::integer(i.extra);
          break;
        case Opcode::kNextRule:
          must(next_rule(r + i.a, r[i.b]), i);
          break;
        case Opcode::kCallRule:
          save();
          call_rule(i, r + i.b);
          resume();
          break;

        case Opcode::kMakeArray:
          charge(i.c);
          r[i.a] = Value::array({r + i.b, i.c}, arena_);
          break;
        case Opcode::kMakeSet:
          charge(i.c);
          r[i.a] = Value::set({r + i.b, i.c}, arena_);
          break;
        case Opcode::kMakeObject:
          r[i.a] = make_object({r + i.b, i.c});
          break;
        case Opcode::kStart:
          start_accumulator(r[i.a]);
          break;
        case Opcode::kAppend:
          append(r[i.a], r[i.b]);
          break;
        case Opcode::kInsert:
          insert(r[i.a], {r + i.b, i.c}, Accumulator::Place::kValue);
          break;
        case Opcode::kInsertMember:
          insert(r[i.a], {r + i.b, i.c}, Accumulator::Place::kMember);
          break;
        case Opcode::kFinishArray:
        case Opcode::kFinishSet:
        case Opcode::kFinishObject:
          r[i.a] = finish(i.opcode, r[i.b]);
          break;
        case Opcode::kMerge:
          r[i.a] = merge_charged(r[i.b], r[i.c]);
          break;
        case Opcode::kAssign:
          assign(r[i.a], r[i.b]);
          break;

        case Opcode::kGetEnvironment:
          r[i.a] = Value::integer(environment_);
          break;
        case Opcode::kSetEnvironment:
          environment_ = environment_in(r[i.a]);
          break;
        case Opcode::kWithInput:
        case Opcode::kWithData:
        case Opcode::kWithValue:
        case Opcode::kWithFunction:
        case Opcode::kWithDocument:
        case Opcode::kWithBuiltin:
          make_environment(r, i);
          break;

        case Opcode::kMarkErrors:
          r[i.a] = Value::integer(static_cast<std::int64_t>(error_count_));
          break;
        case Opcode::kSetErrors:
          set_errors(r[i.a], i.b);
          break;
        case Opcode::kJumpKnown:
          must(!known(r[i.a], i.extra), i);
          break;

        case Opcode::kTraceBegin:
        case Opcode::kTraceHold:
        case Opcode::kTraceFail:
        case Opcode::kTraceUnknown:
          trace(i, r);
          break;

        case Opcode::kDecisionDocument:
          save();
          decision_document(i.a, constants[i.extra]);
          resume();
          break;
        case Opcode::kQueryRow:
          add_row({r + i.a, i.b});
          break;
      }
    }
  } catch (...) {
    frames_.back().at = at;  // for the place in the message
    throw;
  }
}

}  // namespace licet::vm
