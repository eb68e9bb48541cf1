// One evaluation at a time of one program on one thread. Reusable: a second run allocates next to
// nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/arena.h"
#include "eval/builtins/builtin.h"
#include "eval/builtins/regex_cache.h"
#include "eval/error.h"
#include "eval/options.h"
#include "eval/program.h"
#include "eval/result.h"
#include "eval/slot_values.h"
#include "eval/vm/accumulator.h"
#include "eval/vm/environment.h"
#include "eval/vm/memo.h"
#include "eval/vm/tables.h"
#include "eval/vm/trace.h"

namespace licet::vm {

struct RunSettings {
  Limits limits;
  BuiltinErrors builtin_errors = BuiltinErrors::kUndefined;
  Explain explain = Explain::kNo;
  const Clock* clock = nullptr;
  // Time and seed if the caller gave them, and where they come from if not.
  std::optional<std::int64_t> now_ns;
  std::optional<std::uint64_t> seed;
  builtins::ReadingSource* readings = nullptr;
  std::string* printed = nullptr;
};

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

class Run final : builtins::ClockWatch {
 public:
  // Tables and slots must outlive the run, up to the next begin().
  void begin(const Tables& tables, SlotValues& slots, const RunSettings& settings);
  // Hands the values that this run may make a place to live in; valid until the next begin().
  Arena& arena() { return arena_; }
  const Program& program() const { return *program_; }
  const Tables& tables() const { return *tables_; }
  // Time and seed as far as they were given or looked at.
  std::optional<std::int64_t> now_ns() const { return context_.given_now_ns; }
  std::optional<std::uint64_t> seed() const { return context_.given_seed; }

  // The value of a document in the environment in force; undefined if it has none. May be asked
  // again after an error, unless a budget ran out.
  Result<Value, EvalError> document(DocumentIndex document);
  // What the light code at `begin` says of a rule: undefined is false, false is unknown. With an
  // error, which is unknown, too. PRECONDITION: is_in_root_environment().
  Truth light_truth(std::uint32_t begin, std::optional<EvalError>& error);
  // The same of guards that must all pass.
  Truth conjunction(std::uint32_t begin, std::uint32_t count, std::optional<EvalError>& error);
  bool is_in_root_environment() const { return environment_ == kRootEnvironment; }
  // All rows of the program's query, each of query_names.size() values.
  // PRECONDITION: the program has a query.
  Result<std::vector<std::vector<Value>>, EvalError> query();

  // For decide.cc. Appends the bodies that an index of decisions finds to the candidates, by
  // number, ascending. Whoever did so drops them again.
  void find_decision_bodies(BodyIndexNumber number);
  std::size_t candidate_count() const { return candidates_.size(); }
  std::uint32_t candidate(std::size_t at) const { return candidates_[at]; }
  void drop_candidates(std::size_t count) { candidates_.resize(count); }
  const index::Indexes& indexes() const { return tables_->indexes(); }

  std::uint64_t error_count() const { return error_count_; }
  // Builtin errors that made something undefined; the first kMaxWarnings of them.
  const std::vector<EvalError>& warnings() const { return warnings_; }
  void warn(EvalError error);
  const std::vector<PointTrace>& traces() const { return traces_.points(); }
  // Charges for work that was done before; false: that is more than is left.
  bool spend(std::uint64_t steps) { return context_.charge(steps); }
  std::uint64_t steps_used() const { return settings_.limits.steps - context_.steps_left; }

  static constexpr std::size_t kMaxWarnings = 16;

 private:
  // Ends the run; caught at its boundary. Never leaves this class.
  struct Ended {
    EvalErrorCode code;
    std::string message;
  };

  struct Subject {  // what a frame computes
    enum class Kind : std::uint8_t { kDocument, kFunction, kQuery };
    Kind kind = Kind::kQuery;
    std::uint32_t index = 0;
  };
  struct Frame {
    const Instruction* at = nullptr;  // next instruction
    std::uint32_t registers = 0;      // offset of its first one
    BlockIndex block = 0;
    Subject subject;
    // Where the answer goes: the caller's register, or its target when undefined.
    std::uint16_t answer_register = 0;
    std::uint32_t undefined_target = 0;
    EnvironmentIndex environment = 0;  // its own, at entry
    EnvironmentIndex callers_environment = 0;
    std::uint32_t accumulators = 0;  // that were in use at entry
    std::uint32_t candidates = 0;    // that were found by then
    std::uint64_t errors = 0;        // counted at entry
    FunctionMemo::Call call;         // functions only
  };

  // run.cc
  Result<Value, EvalError> evaluate(BlockIndex block, Subject subject);
  Value execute_components(std::size_t base);
  bool goes_on_as_unknown(const Ended& ended, std::size_t base);
  const Instruction* unknown_target(const Frame& frame) const;
  void unwind(std::size_t frame_count);
  EvalError caught();
  void mark_in_progress(Subject subject);
  EvalError error_here(EvalErrorCode code, std::string message) const;

  // loop.cc
  Value execute(std::size_t base);

  // guards.cc
  static Truth missing(const Instruction& i, std::uint16_t expected);
  bool slot_equals(SlotIndex slot, const Value& constant);
  bool slot_has(SlotIndex slot, const Value& constant);
  bool slot_in(SlotIndex slot, const Value& constants);
  int slot_order(SlotIndex slot, const Value& constant);
  bool slots_equal(SlotIndex a, SlotIndex b);
  int slots_order(SlotIndex a, SlotIndex b);
  bool slot_in_slot(SlotIndex element, SlotIndex list);
  Truth slot_in_network(const Instruction& i);
  Truth slot_begins_or_ends(const Instruction& i);
  Truth guard(const Instruction& i);
  Truth quick_guard(const Instruction& i, const std::uint64_t* filled,
                    const SlotValues::Cell* cells, const Value* constants);
  Truth conjunction_of(std::uint32_t begin, std::uint32_t count);
  Truth guard_of_two(const Instruction& i);
  Truth missing_guard(const Instruction& i);
  Truth builtin_truth(const Instruction& i, const Value& value);
  Truth guard_on_values(const Instruction& i);
  bool passes(const Instruction& i, Value* r);
  static bool passes(const Instruction& i, Truth truth, Value* r) {
    if (truth == Truth::kUnknown) [[unlikely]] {
      if ((i.b & kGuardMarks) != 0) {
        r[i.c] = Value::boolean(true);
        return true;
      }
      if ((i.b & kGuardUnknownFails) != 0) return false;
    }
    return (truth == Truth::kTrue) != ((i.b & kGuardNegated) != 0);
  }
  Value run_light(std::uint32_t begin);
  Value light_document(DocumentIndex document);

  // calls.cc
  Frame& push_frame(BlockIndex block, Subject subject, EnvironmentIndex environment);
  void call(const Instruction& i, BlockIndex block, Subject subject, EnvironmentIndex environment);
  void call_document(const Instruction& i);
  void call_function(const Instruction& i, FunctionIndex function, EnvironmentIndex environment);
  void call_mock(const Instruction& i);
  void call_rule(const Instruction& i, const Value* iterator);
  // Ends the frame on top. True if it was the last one above `base`.
  bool leave(const Value& answer, std::size_t base);
  void pop_frame();
  void drop_accumulators(std::uint32_t count);
  void deliver(const Instruction& i, const Value& answer);

  // builtin_call.cc
  Value call_builtin(BuiltinId id, std::span<const Value> arguments);
  bool accepts(BuiltinId id, std::span<const Value> arguments);
  void builtin_failed(BuiltinId id);

  // operations.cc
  Value input_slot(SlotIndex slot);
  Value loaded_data(PathIndex path);
  bool load_overlay(Value& target, PathIndex path) const;
  void apply_overlay(Value& value, PathIndex path);
  Value merge_charged(const Value& over, const Value& under);
  void set_errors(const Value& mark, std::uint16_t more);
  bool known(const Value& mark, PresenceIndex presence);
  bool is_in(const Value& element, const Value& collection);
  bool next(Value* iterator, Value& key, Value& value);
  // Unequal values with different hashes cost nothing to tell apart.
  bool equal(const Value& a, const Value& b) {
    if (a.kind() >= Kind::kString && a.kind() == b.kind() && a.hash() == b.hash()) charge_weight(a);
    return a == b;
  }
  int order(const Value& a, const Value& b) {
    if (a.kind() >= Kind::kString && a.kind() == b.kind()) charge_weight(a);
    return compare(a, b);
  }
  void assign(Value& target, const Value& value);
  Value make_object(std::span<const Value> pairs);
  void trace(const Instruction& i, const Value* r);
  void decision_document(std::uint16_t target, const Value& package);
  void add_row(std::span<const Value> row);

  // with.cc
  EnvironmentIndex environment_in(const Value& reg) const;
  void make_environment(Value* r, const Instruction& i);
  Environment with_input(Environment environment, PathIndex path, const Value& value);
  Environment with_data(Environment environment, PathIndex path, const Value& value);
  Environment with_mock(Environment environment, const Instruction& i, const Value& value);
  Value put_at(const Value& base, PathIndex path, const Value& value);

  // accumulate.cc
  Accumulator& accumulator_in(const Value& reg);
  void start_accumulator(Value& reg);
  void append(const Value& reg, const Value& element);
  void insert(const Value& reg, std::span<const Value> keys_and_value, Accumulator::Place place);
  Value finish(Opcode opcode, const Value& reg);
  Value finished(Opcode opcode, Accumulator& accumulator);

  // candidates.cc
  bool find_bodies(Value* iterator, BodyIndexNumber number);
  const Instruction* next_body(Value* iterator, const Instruction& i);
  bool find_elements(Value* iterator, std::span<const Value> probes, DataIndexNumber number);
  bool next_element(Value* iterator, Value& key, Value& value, DataIndexNumber number);
  void begin_candidates(Value* iterator, std::size_t begin, std::size_t room);
  bool next_candidate(Value* iterator, std::uint32_t& candidate);

  bool next_rule(Value* iterator, Value& name);

  // Budgets. steps_left lives in the builtins' context, so that both spend from one purse.
  void charge(std::uint64_t steps) {
    if (!context_.charge(steps)) out_of_steps();
  }
  // For looking at all of a value that is not small.
  void charge_weight(const Value& value) {
    constexpr std::uint64_t kFreeWeight = 1024;
    constexpr std::uint64_t kWeightPerStep = 64;
    if (const std::uint64_t weight = value.weight(); weight > kFreeWeight) {
      charge(weight / kWeightPerStep);
    }
  }
  void charge_heap(std::size_t bytes);
  void look() final;  // at the clock, and whether steps are left
  [[noreturn]] void out_of_steps();
  [[noreturn]] static void end(EvalErrorCode code, std::string message) {
    throw Ended{code, std::move(message)};
  }

  Value* registers_of(const Frame& frame) { return registers_.data() + frame.registers; }

  static constexpr std::uint64_t kStepsBetweenLooks = 512;
  static constexpr std::size_t kElementsPerStep = 8;
  static constexpr std::size_t kBytesPerStep = 64;
  static constexpr std::uint32_t kMaxNesting = 8;

  const Tables* tables_ = nullptr;
  const Program* program_ = nullptr;
  SlotValues* slots_ = nullptr;
  RunSettings settings_;
  Arena arena_;
  builtins::RegexCache regexes_;
  builtins::Context context_{arena_, regexes_};
  // Set at the first look: most runs end before it and never ask the clock.
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  std::size_t heap_bytes_ = 0;
  std::uint32_t nesting_ = 0;  // of execute()

  EnvironmentIndex environment_ = kRootEnvironment;
  Environments environments_;
  DocumentMemo documents_;
  FunctionMemo functions_;
  std::vector<Frame> frames_;
  std::vector<Value> registers_;
  std::uint32_t registers_used_ = 0;
  std::vector<Accumulator> accumulators_;
  std::uint32_t accumulators_used_ = 0;
  // What indexes found for the iterators of all frames.
  std::vector<std::uint32_t> candidates_;
  std::vector<std::vector<Value>> rows_;
  std::uint64_t error_count_ = 0;
  std::vector<EvalError> warnings_;
  TraceRecorder traces_;
  const Instruction* guard_place_ = nullptr;  // for messages, while a guard calls a builtin
  // The address that a slot holds, parsed for the last guard that asked; kNoSlot: none yet.
  static constexpr std::uint32_t kNoSlot = UINT32_MAX;
  std::uint32_t address_slot_ = kNoSlot;
  std::optional<builtins::Address> address_;
};

}  // namespace licet::vm
