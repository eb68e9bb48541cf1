// One builtin: a row beside its function. A family file ends with its table of rows; registry.cc
// lists the families. To add one: the function and its row, then a case file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "eval/builder.h"
#include "eval/builtins.h"
#include "eval/number.h"
#include "eval/value.h"

namespace licet::builtins {

class RegexCache;  // regex_cache.h

// Where time and chance come from, for those decisions that look at them.
class ReadingSource {
 public:
  virtual std::int64_t read_now_ns() = 0;  // since the epoch
  virtual std::uint64_t draw_seed() = 0;   // of rand.* and uuid.*

 protected:
  ~ReadingSource() = default;
};

// Who knows when the time of an evaluation is up.
class ClockWatch {
 public:
  // Sets Context::next_look anew; throws what ends the evaluation if the time is up.
  virtual void look() = 0;

 protected:
  ~ClockWatch() = default;
};

// What a call may use beside its arguments. One per running decision; not thread-safe.
class Context {
 public:
  Context(Arena& its_arena, RegexCache& its_regexes) : arena(its_arena), regexes(its_regexes) {}

  Arena& arena;
  RegexCache& regexes;
  // Time and seed: what is given, else what the source says when a call first asks; fixed from then
  // on. PRECONDITION: there is a source, or both are given.
  std::int64_t now_ns() {
    if (!given_now_ns) given_now_ns = readings->read_now_ns();
    return *given_now_ns;
  }
  std::uint64_t seed() {
    if (!given_seed) given_seed = readings->draw_seed();
    return *given_seed;
  }
  std::optional<std::int64_t> given_now_ns;
  std::optional<std::uint64_t> given_seed;
  ReadingSource* readings = nullptr;
  std::uint64_t steps_left = UINT64_MAX;
  // Of steps_left: with this many or fewer it is time to look at the clock. Null: nobody does.
  std::uint64_t next_look = 0;
  ClockWatch* watch = nullptr;
  // Where print() writes; null: nowhere.
  std::string* printed = nullptr;

  // Makes the call fail with eval_builtin_error; returns undefined, so: return context.fail("...").
  Value fail(std::string text) { return fail_with(Failure::kError, std::move(text)); }
  // The same with eval_type_error: an operand has the wrong type deep inside. `operand` from 1.
  Value fail_operand(int operand, std::string_view expected, const Value& got);
  // Ends the whole decision: a budget ran out.
  Value fail_budget(std::string text) { return fail_with(Failure::kBudget, std::move(text)); }

  // Charges work that grows with the input (elements produced, bytes scanned / 64; ten
  // million steps take about a tenth of a second). False: the step budget ran out and the failure
  // is set; return undefined at once.
  bool charge(std::uint64_t steps) {
    if (steps > steps_left) {
      fail_budget("step budget exceeded");
      return false;
    }
    steps_left -= steps;
    if (steps_left <= next_look && steps_left > 0 && watch != nullptr) [[unlikely]]
      watch->look();
    return true;
  }

  enum class Failure : std::uint8_t { kNone, kError, kType, kBudget };
  Failure failure = Failure::kNone;
  std::string message;  // of the failure

  Value string(std::string_view text) { return Value::string(text, arena); }

 private:
  Value fail_with(Failure kind, std::string text) {
    failure = kind;
    message = std::move(text);
    return Value::undefined();
  }
};

// PRECONDITION: `arguments` has the arity of the row and each has one of the types that the
// signature allows at its top level, unless the row says kByFunction (the caller checks both).
// Undefined without a failure means that the call is undefined.
using Function = Value (*)(Context& context, std::span<const Value> arguments);

// A true statement about the builtin, in Rego: `call` evaluates to `result`. A test runs it.
struct Example {
  std::string_view call;    // array.concat([1], [2])
  std::string_view result;  // [1, 2]
};

// Who looks at the types of the operands: the caller, or the function, for whatever comes.
enum class OperandCheck : std::uint8_t { kBySignature, kByFunction };

struct Row {
  std::string_view name;
  std::string_view signature;  // as in OPA: "(array[any], array[any]) => array[any]"
  Function function;
  std::string_view doc;  // one sentence
  Example example;
  BuiltinTrait trait = BuiltinTrait::kPure;
  std::string_view infix = {};
  OperandCheck operand_check = OperandCheck::kBySignature;
};

using Family = std::span<const Row>;

// The row of a builtin.
const Row& row_of(BuiltinId id);
// For each argument, a bit per Kind that the caller lets through (bit 1 << kind): what the
// signature accepts at its top level, or anything if the row says kByFunction.
std::span<const std::uint16_t> accepted_kinds(BuiltinId id);

}  // namespace licet::builtins
