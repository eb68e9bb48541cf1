// Runs a hand-made program whose document 0 is data.p.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "eval/engine.h"
#include "tests/unit/eval/program_builder.h"

namespace licet::test {

inline std::string answer_text(const Result<Answer, EvalError>& answer) {
  if (!answer) return text_of(answer.error());
  return answer.value().value.is_undefined() ? "undefined" : rego_text(answer.value().value);
}

inline std::string query_text(const Engine& engine, std::string_view path,
                              std::string_view input = "") {
  Arena arena;
  const Value value = input.empty() ? Value::undefined() : value_from_json(input, arena).value();
  return answer_text(engine.query(path, value));
}

// The value of data.p for an input as JSON; empty: no input. What never ends is ended by the number
// of its steps, however slow the machine is.
inline std::string ask(ProgramBuilder& builder, std::string_view input = "",
                       EngineOptions options = {.limits = {.time = std::chrono::hours(1)}}) {
  if (builder.program().entry_points.empty()) builder.entry("p", 0);
  return query_text(Engine(builder.finish(), std::move(options)), "data.p", input);
}

}  // namespace licet::test
