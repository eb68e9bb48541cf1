// Frames: calls of documents, functions and mocks.
#include <algorithm>

#include "eval/vm/run.h"

namespace licet::vm {

Run::Frame& Run::push_frame(BlockIndex block, Subject subject, EnvironmentIndex environment) {
  const std::uint32_t count = program_->blocks[block].registers;
  if (frames_.size() >= settings_.limits.call_depth) {
    end(EvalErrorCode::kCancel, "call depth budget exceeded");
  }
  charge(1 + count / 16);
  const std::size_t needed = std::size_t{registers_used_} + count;
  if (needed > registers_.size()) {
    const std::size_t grown = std::max(needed, registers_.size() * 2);
    charge_heap((grown - registers_.size()) * sizeof(Value));
    registers_.resize(grown);
  }
  std::fill_n(registers_.begin() + registers_used_, count, Value::undefined());
  frames_.push_back({.at = program_->code.data() + program_->blocks[block].begin,
                     .registers = registers_used_,
                     .block = block,
                     .subject = subject,
                     .environment = environment,
                     .callers_environment = environment_,
                     .accumulators = accumulators_used_,
                     .candidates = static_cast<std::uint32_t>(candidates_.size()),
                     .errors = error_count_});
  registers_used_ += count;
  environment_ = environment;
  return frames_.back();
}

// PRECONDITION: the caller's frame is on top.
void Run::call(const Instruction& i, BlockIndex block, Subject subject,
               EnvironmentIndex environment) {
  Frame& frame = push_frame(block, subject, environment);
  frame.answer_register = i.a;
  frame.undefined_target = i.target;
}

// Answers a call of the frame on top at once.
void Run::deliver(const Instruction& i, const Value& answer) {
  Frame& frame = frames_.back();
  registers_of(frame)[i.a] = answer;
  if (answer.is_undefined()) frame.at = program_->code.data() + i.target;
}

void Run::call_document(const Instruction& i) {
  if (environment_ == kRootEnvironment && tables_->is_light(i.extra)) {
    deliver(i, light_document(i.extra));
    return;
  }
  DocumentMemo::Entry& entry = documents_.at(environment_, i.extra);
  if (entry.state == DocumentMemo::State::kDone) {
    error_count_ += entry.answer.had_errors ? 1 : 0;
    deliver(i, entry.answer.value);
    return;
  }
  if (entry.state == DocumentMemo::State::kInProgress) {
    end(EvalErrorCode::kInternal, "`" + document_name(*program_, i.extra) + "` needs itself");
  }
  if (environment_ != kRootEnvironment) charge_heap(sizeof(DocumentMemo::Entry) * 3);
  const BlockIndex block = program_->documents[i.extra].block;
  call(i, block, {Subject::Kind::kDocument, i.extra}, environment_);
  // Only now: a frame that was never pushed is never taken back.
  documents_.at(environment_, i.extra).state = DocumentMemo::State::kInProgress;
}

void Run::call_function(const Instruction& i, FunctionIndex function,
                        EnvironmentIndex environment) {
  const BlockIndex block = program_->functions[function].block;
  if (program_->blocks[block].parameters != i.c) {
    end(EvalErrorCode::kInternal,
        "`" + program_->functions[function].name + "` got the wrong number of arguments");
  }
  const std::span<const Value> arguments(registers_of(frames_.back()) + i.b, i.c);
  FunctionMemo::Call key{.environment = environment, .function = function, .arguments = arguments};
  key.hash = FunctionMemo::hash_of(key);
  if (const Answer* answer = functions_.find(key)) {
    error_count_ += answer->had_errors ? 1 : 0;
    deliver(i, answer->value);
    return;
  }
  Value* const kept = arena_.allocate_array<Value>(arguments.size());
  std::copy(arguments.begin(), arguments.end(), kept);
  key.arguments = {kept, arguments.size()};
  call(i, block, {Subject::Kind::kFunction, function}, environment);
  frames_.back().call = key;
  std::copy(key.arguments.begin(), key.arguments.end(), registers_of(frames_.back()));
}

// Without a mock in force the next instruction makes the real call; else it is skipped.
void Run::call_mock(const Instruction& i) {
  const MockAnswer mock = environments_.mock(environment_, i.extra);
  if (mock.kind == MockAnswer::Kind::kNone) return;
  ++frames_.back().at;
  switch (mock.kind) {
    case MockAnswer::Kind::kNone:
    case MockAnswer::Kind::kValue:
      deliver(i, mock.value);
      return;
    case MockAnswer::Kind::kBuiltin:
      deliver(i, call_builtin(BuiltinId{mock.callee}, {registers_of(frames_.back()) + i.b, i.c}));
      return;
    case MockAnswer::Kind::kFunction:
      call_function(i, mock.callee, environments_.without_mocks(environment_));
      return;
    case MockAnswer::Kind::kDocument:
      call_function(i, mock.callee, environment_);
      return;
  }
}

void Run::call_rule(const Instruction& i, const Value* iterator) {
  const std::vector<DecisionRule>& rules = program_->decision_rules;
  const std::int64_t after = iterator->is_int64() ? iterator->as_int64() : 0;
  if (after < 1 || static_cast<std::uint64_t>(after) > rules.size()) {
    end(EvalErrorCode::kInternal, "there is no such rule");  // of a tampered program
  }
  Instruction call = i;
  call.extra = rules[static_cast<std::size_t>(after) - 1].holds;
  call_document(call);
}

bool Run::leave(const Value& answer, std::size_t base) {
  const Frame frame = frames_.back();
  const Answer remembered{.value = answer, .had_errors = error_count_ != frame.errors};
  switch (frame.subject.kind) {
    case Subject::Kind::kDocument:
      documents_.at(frame.environment, frame.subject.index) = {DocumentMemo::State::kDone,
                                                               remembered};
      break;
    case Subject::Kind::kFunction:
      functions_.add(frame.call, remembered);
      break;
    case Subject::Kind::kQuery:
      break;
  }
  pop_frame();
  if (frames_.size() == base) return true;
  Frame& caller = frames_.back();
  registers_of(caller)[frame.answer_register] = answer;
  if (answer.is_undefined()) caller.at = program_->code.data() + frame.undefined_target;
  return false;
}

void Run::pop_frame() {
  const Frame& frame = frames_.back();
  environment_ = frame.callers_environment;
  registers_used_ = frame.registers;
  candidates_.resize(frame.candidates);
  drop_accumulators(frame.accumulators);
  frames_.pop_back();
}

void Run::drop_accumulators(std::uint32_t count) {
  while (accumulators_used_ > count) accumulators_[--accumulators_used_].reset();
}

}  // namespace licet::vm
