#include "eval/vm/run.h"

#include <algorithm>
#include <new>

namespace licet::vm {

void Run::begin(const Tables& tables, SlotValues& slots, const RunSettings& settings) {
  tables_ = &tables;
  program_ = tables.program.get();
  slots_ = &slots;
  settings_ = settings;
  arena_.reset();
  arena_.set_limit(settings.limits.memory_bytes);
  context_.given_now_ns = settings.now_ns;
  context_.given_seed = settings.seed;
  context_.readings = settings.readings;
  context_.steps_left = settings.limits.steps;
  context_.printed = settings.printed;
  context_.watch = this;
  context_.next_look =
      settings.limits.steps > kStepsBetweenLooks ? settings.limits.steps - kStepsBetweenLooks : 0;
  deadline_.reset();
  heap_bytes_ = 0;
  environment_ = kRootEnvironment;
  environments_.reset();
  functions_.reset();
  candidates_.clear();
  rows_.clear();
  error_count_ = 0;
  warnings_.clear();
  guard_place_ = nullptr;
  address_slot_ = kNoSlot;
  documents_.reset(program_->documents.size());
  traces_.reset(settings.explain == Explain::kYes ? program_ : nullptr);
}

Result<Value, EvalError> Run::document(DocumentIndex document) {
  const DocumentMemo::Entry known = documents_.at(environment_, document);
  if (known.state == DocumentMemo::State::kDone) {
    error_count_ += known.answer.had_errors ? 1 : 0;
    return known.answer.value;
  }
  if (environment_ == kRootEnvironment && tables_->is_light(document)) {
    try {
      return light_document(document);
    } catch (...) {
      return Failure{caught()};
    }
  }
  if (known.state == DocumentMemo::State::kInProgress) {
    const std::string name = document_name(*program_, document);
    return Failure{error_here(EvalErrorCode::kInternal, "`" + name + "` needs itself")};
  }
  return evaluate(program_->documents[document].block, {Subject::Kind::kDocument, document});
}

Result<std::vector<std::vector<Value>>, EvalError> Run::query() {
  rows_.clear();
  Result<Value, EvalError> end = evaluate(*program_->query, {});
  if (!end) return Failure{std::move(end).error()};
  return std::move(rows_);
}

Result<Value, EvalError> Run::evaluate(BlockIndex block, Subject subject) {
  const std::size_t base = frames_.size();
  EvalError error;
  ++nesting_;
  try {
    if (nesting_ > kMaxNesting) end(EvalErrorCode::kCancel, "call depth budget exceeded");
    push_frame(block, subject, environment_);
    mark_in_progress(subject);
    const Value value = execute_components(base);
    --nesting_;
    return value;
  } catch (...) {
    error = caught();
  }
  --nesting_;
  unwind(base);
  return Failure{std::move(error)};
}

// Two values of one thing end the component of a forbid that comes to them, and not the forbid:
// what else its body has may be false.
Value Run::execute_components(std::size_t base) {
  for (;;) {
    try {
      return execute(base);
    } catch (const Ended& ended) {
      if (!goes_on_as_unknown(ended, base)) throw;
    }
  }
}

bool Run::goes_on_as_unknown(const Ended& ended, std::size_t base) {
  if (ended.code != EvalErrorCode::kConflict) return false;
  std::size_t count = frames_.size();
  const Instruction* target = nullptr;
  while (count > base && (target = unknown_target(frames_[count - 1])) == nullptr) --count;
  if (target == nullptr) return false;
  warn(error_here(ended.code, ended.message));
  constexpr std::uint64_t kStepsOfUnwinding = 512;
  charge(kStepsOfUnwinding);
  unwind(count);
  Frame& frame = frames_.back();
  // A component stands in no comprehension and under no `with`.
  environment_ = frame.environment;
  drop_accumulators(frame.accumulators);
  frame.at = target;
  ++error_count_;
  return true;
}

// Where the component that a frame is in begins, its mark says where it goes on as unknown; null:
// it is in none. Marks of components that have ended, and of those inside of a search, have their
// target before.
const Instruction* Run::unknown_target(const Frame& frame) const {
  const Instruction* const code = program_->code.data();
  const Instruction* const begin = code + program_->blocks[frame.block].begin;
  for (const Instruction* i = frame.at; i-- > begin;) {
    if (i->opcode != Opcode::kMarkErrors) continue;
    if (code + i->target >= frame.at) return code + i->target;
  }
  return nullptr;
}

// The exception that is being handled. PRECONDITION: there is one.
EvalError Run::caught() {
  EvalError error;
  try {
    throw;
  } catch (Ended& ended) {
    error = error_here(ended.code, std::move(ended.message));
  } catch (const MemoryExceeded&) {
    error = error_here(EvalErrorCode::kCancel, "memory budget exceeded");
  } catch (const std::bad_alloc&) {
    error = error_here(EvalErrorCode::kCancel, "memory budget exceeded");
  } catch (const DepthExceeded&) {
    error = error_here(EvalErrorCode::kCancel, "depth budget of values exceeded");
  }
  guard_place_ = nullptr;
  return error;
}

Truth Run::light_truth(std::uint32_t begin, std::optional<EvalError>& error) {
  try {
    const Value value = run_light(begin);
    if (value.is_undefined()) return Truth::kFalse;
    return value.is_true() ? Truth::kTrue : Truth::kUnknown;
  } catch (...) {
    error = caught();
    return Truth::kUnknown;
  }
}

void Run::mark_in_progress(Subject subject) {
  if (subject.kind != Subject::Kind::kDocument) return;
  documents_.at(environment_, subject.index).state = DocumentMemo::State::kInProgress;
}

// Takes back frames that an error left behind; their documents may be asked again.
void Run::unwind(std::size_t frame_count) {
  while (frames_.size() > frame_count) {
    const Frame& frame = frames_.back();
    if (frame.subject.kind == Subject::Kind::kDocument) {
      documents_.at(frame.environment, frame.subject.index).state = DocumentMemo::State::kNew;
    }
    pop_frame();
  }
}

EvalError Run::error_here(EvalErrorCode code, std::string message) const {
  EvalError error{.code = code, .message = std::move(message), .file = {}, .line = 0};
  if (frames_.empty() && guard_place_ == nullptr) return error;
  // The instruction that was being executed is the one before the next.
  const Instruction* const after = guard_place_ != nullptr ? guard_place_ + 1 : frames_.back().at;
  const auto next = static_cast<std::size_t>(after - program_->code.data());
  const std::size_t current = std::max<std::size_t>(next, 1) - 1;
  if (current >= program_->places_of_code.size()) return error;
  const SourcePlace place = program_->places_of_code[current];
  error.file = place.file < program_->files.size() ? program_->files[place.file] : std::string();
  error.line = place.line;
  return error;
}

void Run::charge_heap(std::size_t bytes) {
  heap_bytes_ += bytes;
  const std::size_t limit = settings_.limits.memory_bytes;
  if (heap_bytes_ > limit || arena_.used_bytes() > limit - heap_bytes_) throw MemoryExceeded();
  arena_.set_limit(limit - heap_bytes_);
}

void Run::look() {
  if (context_.steps_left == 0) out_of_steps();
  const auto now = settings_.clock->steady();
  if (!deadline_) deadline_ = now + settings_.limits.time;
  if (now > *deadline_) end(EvalErrorCode::kCancel, "time budget exceeded");
  const std::uint64_t left = context_.steps_left;
  context_.next_look = left > kStepsBetweenLooks ? left - kStepsBetweenLooks : 0;
}

void Run::out_of_steps() {
  context_.failure = builtins::Context::Failure::kNone;
  context_.message.clear();
  context_.steps_left = 0;
  end(EvalErrorCode::kCancel, "step budget exceeded");
}

}  // namespace licet::vm
