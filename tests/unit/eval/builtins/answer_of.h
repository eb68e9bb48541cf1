// Calls one builtin by its name, as the machine does.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "eval/builtins.h"
#include "eval/builtins/builtin.h"
#include "eval/builtins/regex_cache.h"
#include "eval/options.h"
#include "eval/value_json.h"
#include "tests/support/allocations.h"
#include "tests/support/cpu_time.h"

namespace licet::test {

struct CallSettings {
  std::uint64_t steps = Limits{}.steps;
  std::size_t memory_bytes = Limits{}.memory_bytes;
  std::int64_t now_ns = 0;
  std::uint64_t seed = 1;
};

inline std::string code_of(builtins::Context::Failure failure) {
  switch (failure) {
    case builtins::Context::Failure::kNone:
      return "";
    case builtins::Context::Failure::kError:
      return "eval_builtin_error";
    case builtins::Context::Failure::kType:
      return "eval_type_error";
    case builtins::Context::Failure::kBudget:
      break;
  }
  return "eval_cancel_error";
}

// What a call came to and what it took; writing the answer does not count.
struct CallOutcome {
  std::string answer;  // as Rego text, `undefined`, or the error's code
  std::uint64_t steps = 0;
  std::chrono::nanoseconds time{};  // of this thread's processor
  std::size_t peak_bytes = 0;       // of the heap
};

inline CallOutcome outcome_of(std::string_view name, std::span<const Value> operands,
                              const CallSettings& settings = {}) {
  const BuiltinInfo* const info = find_builtin(name);
  if (info == nullptr) return {"no builtin " + std::string(name)};
  const auto kinds = builtins::accepted_kinds(info->id);
  if (kinds.size() != operands.size()) return {"wrong number of operands"};
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if ((kinds[i] >> static_cast<int>(operands[i].kind()) & 1) == 0) return {"eval_type_error"};
  }
  Arena arena(settings.memory_bytes);
  builtins::RegexCache regexes;
  builtins::Context context(arena, regexes);
  context.given_now_ns = settings.now_ns;
  context.given_seed = settings.seed;
  context.steps_left = settings.steps;
  CallOutcome outcome;
  Value value = Value::undefined();
  const HeapPeak peak;
  outcome.time = cpu_time_of([&] {
    try {
      value = builtins::row_of(info->id).function(context, operands);
      outcome.answer = code_of(context.failure);
    } catch (const MemoryExceeded&) {
      outcome.answer = "eval_cancel_error";
    } catch (const DepthExceeded&) {
      outcome.answer = "eval_cancel_error";
    }
  });
  outcome.peak_bytes = peak.bytes();
  outcome.steps = settings.steps - context.steps_left;
  if (outcome.answer.empty())
    outcome.answer = value.is_undefined() ? "undefined" : rego_text(value);
  return outcome;
}

inline std::string answer_of(std::string_view name, std::span<const Value> operands,
                             const CallSettings& settings = {}) {
  return outcome_of(name, operands, settings).answer;
}

// With the operands as a JSON array.
inline std::string answer_of(std::string_view name, std::string_view operands_as_json,
                             const CallSettings& settings = {}) {
  Arena arena;
  const Result<Value, JsonError> operands = value_from_json(operands_as_json, arena);
  if (!operands) return "bad operands: " + operands.error().message;
  return answer_of(name, operands.value().elements(), settings);
}

inline std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace licet::test
