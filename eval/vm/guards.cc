// Guards and light blocks.
//
// Problem: most literals of most policies compare one attribute with a constant. Through registers
// that is a load, a call of a comparison and, for a document, a frame and an entry in the memo;
// all this costs many times what the comparison costs.
//
// Idea: a guard is one instruction that names its slot, tests the attribute in the form in which
// the request brought it (slot_values.h) and jumps when it does not hold. A block that is made of
// little else is light (tables.h says which are): it runs here, in a loop of its own, without a
// frame and with its few registers on the C++ stack.
//     permit read if { request.action == "read"; "auditor" in user.roles }
// is
//                 kSlotEqual  request.action "read"      else goto no
//                 kSlotHas    user.roles "auditor"       else goto no
//                 kLoadConstant r0 = true
//     no:         kReturn     r0
//
// Three values: a guard is unknown if its attribute is missing though it should be there, or if a
// builtin failed. A forbid's guards note that in a register (GuardFlag::kMarks) and go on.
//
// Limits: light blocks only jump forward and call only light documents, to a fixed depth, so their
// length bounds their work; their steps are counted as everywhere and looked at when they end.
// They run in the root environment only; elsewhere, and in other blocks, the machine (loop.cc) runs
// the same guards on Values.
#include "eval/builtins/ip.h"
#include "eval/vm/run.h"

namespace licet::vm {

using Form = SlotValues::Form;

namespace {

Truth truth_from(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }

// The text of a cell, or of a value that is a string.
std::optional<std::string_view> text_of(const SlotValues::Cell& cell) {
  if (cell.form == Form::kText || cell.form == Form::kTextMade) return cell.text.view();
  if (cell.form == Form::kValue && cell.value.is_string()) return cell.value.as_string();
  return std::nullopt;
}

bool is_text(const SlotValues::Cell& cell) {
  return cell.form == Form::kText || cell.form == Form::kTextMade;
}

bool has_text(std::span<const Text> texts, const Value& constant) {
  for (const Text& text : texts) {
    if (text == constant) return true;
  }
  return false;
}

bool holds_order(Opcode opcode, int order) {
  switch (opcode) {
    case Opcode::kSlotLess:
    case Opcode::kSlotsLess:
      return order < 0;
    case Opcode::kSlotLessEqual:
    case Opcode::kSlotsLessEqual:
      return order <= 0;
    case Opcode::kSlotGreater:
    case Opcode::kSlotsGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

template <class T>
int sign(T a, T b) {
  return a < b ? -1 : static_cast<int>(a > b);
}

}  // namespace

// --- on the attributes of the request ------------------------------------------------------------

Truth Run::missing(const Instruction& i, std::uint16_t expected) {
  if ((i.b & kGuardNeedsAll) != 0) [[unlikely]]
    return truth_from((i.b & kGuardNegated) != 0);
  return (i.b & expected) != 0 ? Truth::kUnknown : Truth::kFalse;
}

bool Run::slot_equals(SlotIndex slot, const Value& constant) {
  const SlotValues::Cell& cell = slots_->cell(slot);
  if (is_text(cell)) return cell.text == constant;
  return equal(cell.form == Form::kValue ? cell.value : slots_->value(slot), constant);
}

bool Run::slot_has(SlotIndex slot, const Value& constant) {
  const SlotValues::Cell& cell = slots_->cell(slot);
  switch (cell.form) {
    case Form::kTexts:
    case Form::kTextsMade:
      charge(cell.texts.size() / kElementsPerStep);
      return has_text(cell.texts, constant);
    case Form::kValues:
    case Form::kValuesMade:
      charge(cell.values.size() / kElementsPerStep);
      for (const Value& value : cell.values) {
        if (value == constant) return true;
      }
      return false;
    case Form::kText:
    case Form::kTextMade:
    case Form::kLent:
    case Form::kSymbol:
      return false;
    case Form::kLentList:
    case Form::kLentSymbols:
      return is_in(constant, slots_->value(slot));
    case Form::kValue:
      break;
  }
  return is_in(constant, cell.value);
}

bool Run::slot_in(SlotIndex slot, const Value& constants) {
  constexpr std::size_t kFewConstants = 16;  // to compare with them costs less than a hash
  const SlotValues::Cell& cell = slots_->cell(slot);
  if (is_text(cell) && !constants.is_object() && constants.size() <= kFewConstants) {
    for (const Value& constant : constants.elements()) {
      if (cell.text == constant) return true;
    }
    return false;
  }
  return is_in(slots_->value(slot), constants);
}

int Run::slot_order(SlotIndex slot, const Value& constant) {
  const SlotValues::Cell& cell = slots_->cell(slot);
  if (cell.form == Form::kValue) {
    if (cell.value.is_int64() && constant.is_int64()) {
      return sign(cell.value.as_int64(), constant.as_int64());
    }
    return order(cell.value, constant);
  }
  return order(slots_->value(slot), constant);
}

bool Run::slots_equal(SlotIndex a, SlotIndex b) {
  const SlotValues::Cell& left = slots_->cell(a);
  const SlotValues::Cell& right = slots_->cell(b);
  if (is_text(left) && is_text(right)) return left.text == right.text;
  return equal(slots_->value(a), slots_->value(b));
}

int Run::slots_order(SlotIndex a, SlotIndex b) {
  const SlotValues::Cell& left = slots_->cell(a);
  const SlotValues::Cell& right = slots_->cell(b);
  if (left.form == Form::kValue && right.form == Form::kValue && left.value.is_int64() &&
      right.value.is_int64()) {
    return sign(left.value.as_int64(), right.value.as_int64());
  }
  return order(slots_->value(a), slots_->value(b));
}

bool Run::slot_in_slot(SlotIndex element, SlotIndex list) {
  const SlotValues::Cell& one = slots_->cell(element);
  const SlotValues::Cell& all = slots_->cell(list);
  if (is_text(one) && (all.form == Form::kTexts || all.form == Form::kTextsMade)) {
    charge(all.texts.size() / kElementsPerStep);
    for (const Text& text : all.texts) {
      if (text == one.text) return true;
    }
    return false;
  }
  return is_in(slots_->value(element), slots_->value(list));
}

Truth Run::slot_in_network(const Instruction& i) {
  const Tables::NetworkTest* const network = tables_->network(i.extra);
  if (network != nullptr) {
    if (address_slot_ != i.a) {
      const auto text = text_of(slots_->cell(i.a));
      address_ = text ? builtins::address_from_text(*text) : std::nullopt;
      address_slot_ = i.a;
    }
    if (address_) return truth_from(network->holds(*address_));
  }
  return builtin_truth(i, slots_->value(i.a));
}

Truth Run::slot_begins_or_ends(const Instruction& i) {
  const Value& part = program_->constants[i.extra];
  const auto text = text_of(slots_->cell(i.a));
  if (!text || !part.is_string()) return builtin_truth(i, slots_->value(i.a));
  charge(part.size() / kBytesPerStep);
  return truth_from(i.opcode == Opcode::kSlotStartsWith ? text->starts_with(part.as_string())
                                                        : text->ends_with(part.as_string()));
}

Truth Run::guard(const Instruction& i) {
  if (!slots_->has(i.a)) return missing_guard(i);
  switch (i.opcode) {
    case Opcode::kSlotEqual:
      return truth_from(slot_equals(i.a, program_->constants[i.extra]));
    case Opcode::kSlotNotEqual:
      return truth_from(!slot_equals(i.a, program_->constants[i.extra]));
    case Opcode::kSlotLess:
    case Opcode::kSlotLessEqual:
    case Opcode::kSlotGreater:
    case Opcode::kSlotGreaterEqual:
      return truth_from(holds_order(i.opcode, slot_order(i.a, program_->constants[i.extra])));
    case Opcode::kSlotIn:
      return truth_from(slot_in(i.a, program_->constants[i.extra]));
    case Opcode::kSlotHas:
      return truth_from(slot_has(i.a, program_->constants[i.extra]));
    case Opcode::kSlotTrue: {
      const SlotValues::Cell& cell = slots_->cell(i.a);
      return truth_from(cell.form != Form::kValue || !cell.value.is_false());
    }
    case Opcode::kSlotStartsWith:
    case Opcode::kSlotEndsWith:
      return slot_begins_or_ends(i);
    case Opcode::kSlotInNetwork:
      return slot_in_network(i);
    case Opcode::kSlotMatches:
      return builtin_truth(i, slots_->value(i.a));
    default:
      return guard_of_two(i);
  }
}

Truth Run::guard_of_two(const Instruction& i) {
  if (!slots_->has(i.extra)) return missing(i, kGuardSecondExpected);
  switch (i.opcode) {
    case Opcode::kSlotsEqual:
      return truth_from(slots_equal(i.a, i.extra));
    case Opcode::kSlotsNotEqual:
      return truth_from(!slots_equal(i.a, i.extra));
    case Opcode::kSlotInSlot:
      return truth_from(slot_in_slot(i.a, i.extra));
    default:
      return truth_from(holds_order(i.opcode, slots_order(i.a, i.extra)));
  }
}

// Its first attribute is missing. Of two, one that should be there makes it unknown.
Truth Run::missing_guard(const Instruction& i) {
  if ((i.b & kGuardNeedsAll) != 0) return missing(i, kGuardFirstExpected);
  if (missing(i, kGuardFirstExpected) == Truth::kUnknown) return Truth::kUnknown;
  if (has_second_slot(i.opcode) && !slots_->has(i.extra)) return missing(i, kGuardSecondExpected);
  return Truth::kFalse;
}

// As a call of the builtin, which also says what is wrong.
Truth Run::builtin_truth(const Instruction& i, const Value& value) {
  const Value& constant = program_->constants[i.extra];
  const BuiltinId id = tables_->builtin_of(i.opcode);
  const bool constant_first =
      i.opcode == Opcode::kSlotInNetwork || i.opcode == Opcode::kSlotMatches;
  const Value arguments[] = {constant_first ? constant : value, constant_first ? value : constant};
  const std::uint64_t errors = error_count_;
  guard_place_ = &i;
  const Value answer = call_builtin(id, arguments);
  guard_place_ = nullptr;
  if (error_count_ != errors) return Truth::kUnknown;
  return truth_from(answer.is_defined() && !answer.is_false());
}

// --- in any environment --------------------------------------------------------------------------

Truth Run::guard_on_values(const Instruction& i) {
  const Value first = input_slot(i.a);
  const bool is_pair = has_second_slot(i.opcode);
  const Value second = is_pair ? input_slot(i.extra) : Value::undefined();
  if (first.is_undefined() && (i.b & (kGuardFirstExpected | kGuardNeedsAll)) != 0)
    return missing(i, kGuardFirstExpected);
  if (is_pair && second.is_undefined()) return missing(i, kGuardSecondExpected);
  if (first.is_undefined()) return Truth::kFalse;
  const Value& other =
      is_pair || i.opcode == Opcode::kSlotTrue ? second : program_->constants[i.extra];
  switch (i.opcode) {
    case Opcode::kSlotEqual:
    case Opcode::kSlotsEqual:
      return truth_from(equal(first, other));
    case Opcode::kSlotNotEqual:
    case Opcode::kSlotsNotEqual:
      return truth_from(!equal(first, other));
    case Opcode::kSlotIn:
    case Opcode::kSlotInSlot:
      return truth_from(is_in(first, other));
    case Opcode::kSlotHas:
      return truth_from(is_in(other, first));
    case Opcode::kSlotTrue:
      return truth_from(!first.is_false());
    case Opcode::kSlotStartsWith:
    case Opcode::kSlotEndsWith:
    case Opcode::kSlotInNetwork:
    case Opcode::kSlotMatches:
      return builtin_truth(i, first);
    default:
      return truth_from(holds_order(i.opcode, order(first, other)));
  }
}

bool Run::passes(const Instruction& i, Value* r) {
  const Truth truth = environment_ == kRootEnvironment ? guard(i) : guard_on_values(i);
  return passes(i, truth, r);
}

// --- light blocks --------------------------------------------------------------------------------

// The common guards, to stand where they are used: most bodies end without a call.
[[gnu::always_inline]] inline Truth Run::quick_guard(const Instruction& i,
                                                     const std::uint64_t* filled,
                                                     const SlotValues::Cell* cells,
                                                     const Value* constants) {
  if ((filled[i.a / 64] >> (i.a % 64) & 1U) == 0) [[unlikely]]
    return missing_guard(i);
  const SlotValues::Cell& cell = cells[i.a];
  switch (i.opcode) {
    case Opcode::kSlotEqual:
      if (is_text(cell)) [[likely]]
        return truth_from(cell.text == constants[i.extra]);
      break;
    case Opcode::kSlotNotEqual:
      if (is_text(cell)) [[likely]]
        return truth_from(!(cell.text == constants[i.extra]));
      break;
    case Opcode::kSlotHas:
      if (cell.form == Form::kTexts && cell.texts.size() < kElementsPerStep) [[likely]]
        return truth_from(has_text(cell.texts, constants[i.extra]));
      break;
    case Opcode::kSlotTrue:
      return truth_from(cell.form != Form::kValue || !cell.value.is_false());
    case Opcode::kSlotLess:
    case Opcode::kSlotLessEqual:
    case Opcode::kSlotGreater:
    case Opcode::kSlotGreaterEqual:
      if (cell.form == Form::kValue && cell.value.is_int64() && constants[i.extra].is_int64())
          [[likely]] {
        return truth_from(
            holds_order(i.opcode, sign(cell.value.as_int64(), constants[i.extra].as_int64())));
      }
      break;
    default:
      break;
  }
  return guard(i);
}

[[gnu::always_inline]] inline Truth Run::conjunction_of(std::uint32_t begin, std::uint32_t count) {
  const std::uint64_t* const filled = slots_->filled().words();
  const SlotValues::Cell* const cells = slots_->cells();
  const Value* const constants = program_->constants.data();
  const Instruction* at = program_->code.data() + begin;
  const Instruction* const end = at + count;
  bool is_unknown = false;
  Truth all = Truth::kTrue;
  for (; at != end; ++at) {
    const Truth truth = quick_guard(*at, filled, cells, constants);
    if (truth == Truth::kUnknown && (at->b & kGuardMarks) != 0) [[unlikely]] {
      is_unknown = true;
      continue;
    }
    const bool fails = truth == Truth::kUnknown
                           ? (at->b & (kGuardUnknownFails | kGuardNegated)) != kGuardNegated
                           : (truth == Truth::kTrue) == ((at->b & kGuardNegated) != 0);
    if (fails) {
      all = Truth::kFalse;
      ++at;
      break;
    }
  }
  charge(count - static_cast<std::uint64_t>(end - at) + 1);
  if (context_.steps_left <= context_.next_look) [[unlikely]]
    look();
  return all == Truth::kTrue && is_unknown ? Truth::kUnknown : all;
}

Truth Run::conjunction(std::uint32_t begin, std::uint32_t count, std::optional<EvalError>& error) {
  try {
    return conjunction_of(begin, count);
  } catch (...) {
    error = caught();
    return Truth::kUnknown;
  }
}

Value Run::run_light(std::uint32_t begin) {
  const Instruction* const code = program_->code.data();
  const Value* const constants = program_->constants.data();
  const std::uint64_t* const filled = slots_->filled().words();
  const SlotValues::Cell* const cells = slots_->cells();
  const Instruction* at = code + begin;
  Value r[Tables::kLightRegisters];
  std::uint64_t steps = 0;
  for (;;) {
    const Instruction& i = *at++;
    ++steps;
    switch (i.opcode) {
      case Opcode::kSlotEqual:
      case Opcode::kSlotNotEqual:
      case Opcode::kSlotHas:
      case Opcode::kSlotTrue:
      case Opcode::kSlotLess:
      case Opcode::kSlotLessEqual:
      case Opcode::kSlotGreater:
      case Opcode::kSlotGreaterEqual:
      case Opcode::kSlotIn:
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
        if (!passes(i, quick_guard(i, filled, cells, constants), r)) at = code + i.target;
        continue;
      case Opcode::kLoadConstant:
        r[i.a] = constants[i.extra];
        continue;
      case Opcode::kClear:
        r[i.a] = Value::undefined();
        continue;
      case Opcode::kJump:
        at = code + i.target;
        continue;
      case Opcode::kJumpUndefined:
        if (r[i.a].is_undefined()) at = code + i.target;
        continue;
      case Opcode::kTestTrue:
        if (r[i.a].is_undefined() || r[i.a].is_false()) at = code + i.target;
        continue;
      case Opcode::kMarkErrors:
        r[i.a] = Value::integer(static_cast<std::int64_t>(error_count_));
        continue;
      case Opcode::kJumpKnown:
        if (known(r[i.a], i.extra)) at = code + i.target;
        continue;
      case Opcode::kCallDocument:
        r[i.a] = light_document(i.extra);
        if (r[i.a].is_undefined()) at = code + i.target;
        continue;
      default:  // kReturn: there is nothing else in light code
        charge(steps);
        if (context_.steps_left <= context_.next_look) [[unlikely]]
          look();
        return r[i.a];
    }
  }
}

Value Run::light_document(DocumentIndex document) {
  const DocumentMemo::Entry& known = documents_.at(kRootEnvironment, document);
  if (known.state == DocumentMemo::State::kDone) {
    error_count_ += known.answer.had_errors ? 1 : 0;
    return known.answer.value;
  }
  const std::uint64_t errors = error_count_;
  const Value value = run_light(program_->blocks[program_->documents[document].block].begin);
  documents_.at(kRootEnvironment, document) = {
      DocumentMemo::State::kDone, {.value = value, .had_errors = error_count_ != errors}};
  return value;
}

}  // namespace licet::vm
