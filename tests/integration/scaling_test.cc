// No path is worse than linear: a policy of four times the size takes about four times as long to
// compile and to decide, in whatever direction it grows.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/compile.h"
#include "tests/support/growth.h"

namespace licet {
namespace {

// `text` n times, with the numbers 0 ... n-1 for #, 1 ... n for ^, and n-1 ... 0 for @.
std::string repeat(std::size_t n, const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) {
    for (const char c : text) {
      if (c == '#') {
        out += std::to_string(i);
      } else if (c == '^') {
        out += std::to_string(i + 1);
      } else if (c == '@') {
        out += std::to_string(n - 1 - i);
      } else {
        out += c;
      }
    }
  }
  return out;
}

enum class Grows { kLinearly, kNotAtAll };

struct Shape {
  const char* name;
  std::function<std::string(std::size_t)> policy;
  const char* query = "";  // empty: a decision is asked for
  Grows decisions = Grows::kLinearly;
  double most_exponent = test::kMostExponent;  // of compiling
};

void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.name; }

std::string with_package(const std::string& rest) { return "package t\n" + rest; }

const Shape kShapes[] = {
    {"permits",
     [](std::size_t n) {
       return repeat(n, "permit p# if { input.model.id == \"m#\"; input.user.clearance >= 1 }\n");
     }},
    {"forbids",
     [](std::size_t n) {
       return repeat(n, "forbid f# if { input.model.id == \"m#\"; input.user.clearance >= 9 }\n");
     }},
    {"bodies_of_one_permit",
     [](std::size_t n) { return repeat(n, "permit p if { input.model.id == \"m#\" }\n"); }},
    {"messages_and_controls",
     [](std::size_t n) {
       return repeat(
           n, "forbid f# if input.user.clearance == 3 because \"no #\" controls {\"C-#\"}\n");
     }},
    {"bodies_of_one_rule",
     [](std::size_t n) { return repeat(n, "x if input.model.id == \"m#\"\n"); }, "data.t.x"},
    {"rules_that_one_rule_reads",
     [](std::size_t n) {
       return repeat(n, "r# if input.user.clearance == #\n") + "x if {\n" + repeat(n, "not r#\n") +
              "}\n";
     },
     "data.t.x"},
    {"rules_that_nobody_reads",
     [](std::size_t n) { return repeat(n, "r# := input.a\n") + "x := 1\n"; }, "data.t.x",
     Grows::kNotAtAll},
    {"functions", [](std::size_t n) { return repeat(n, "f#(a) := a + #\n") + "x := f0(1)\n"; },
     "data.t.x", Grows::kNotAtAll},
    {"bodies_of_one_function",
     [](std::size_t n) { return repeat(n, "f(a) := # if a == #\n") + "x := f(7)\n"; }, "data.t.x"},
    {"else_branches",
     [](std::size_t n) {
       return "x := 0 if input.a == 0\n" + repeat(n, "else := # if input.a == \"a#\"\n");
     },
     "data.t.x"},
    {"partial_set",
     [](std::size_t n) { return repeat(n, "x contains # if input.user.clearance == 3\n"); },
     "data.t.x"},
    {"partial_object",
     [](std::size_t n) { return repeat(n, "x[\"k#\"] := # if input.user.clearance == 3\n"); },
     "data.t.x"},
    {"heads_with_references", [](std::size_t n) { return repeat(n, "x.a#.b := #\n"); }, "data.t.x"},
    {"elements_of_an_array", [](std::size_t n) { return "x := [" + repeat(n, "#, ") + "0]\n"; },
     "data.t.x"},
    {"elements_that_are_not_constant",
     [](std::size_t n) { return "x := [" + repeat(n, "input.user.clearance, ") + "0]\n"; },
     "data.t.x"},
    {"elements_of_a_set", [](std::size_t n) { return "x := {" + repeat(n, "\"@\", ") + "0}\n"; },
     "data.t.x"},
    {"keys_of_an_object",
     [](std::size_t n) { return "x := {" + repeat(n, "\"@\": #, ") + "\"a\": 0}\n"; }, "data.t.x"},
    {"literals_of_a_body",
     [](std::size_t n) {
       return "x if {\n" + repeat(n, "input.user.clearance != @ + 4\n") + "}\n";
     },
     "data.t.x"},
    {"literals_of_a_forbid",
     [](std::size_t n) {
       return "forbid f if {\n" + repeat(n, "input.user.clearance != @ + 4\n") + "}\n";
     }},
    {"locals_in_order",
     [](std::size_t n) {
       return "x := v0 if {\n" + repeat(n, "v# := input.user.clearance + #\n") + "}\n";
     },
     "data.t.x"},
    {"locals_in_reverse",
     [](std::size_t n) {
       return "x := v0 if {\n" + repeat(n, "v# = v^\n") + "v" + std::to_string(n) +
              " = input.user.clearance\n}\n";
     },
     "data.t.x"},
    {"rules_in_a_chain",
     [](std::size_t n) {
       return repeat(n, "r# := r^\n") + "r" + std::to_string(n) + " := 1\nx := 1\n";
     },
     "data.t.x", Grows::kNotAtAll},
    {"long_reference", [](std::size_t n) { return "x := input" + repeat(n / 20, ".a") + "\n"; },
     "data.t.x", Grows::kNotAtAll},
    // Each part of the head is a document with the name of all before it; at most 500 parts.
    {"long_head", [](std::size_t n) { return "x" + repeat(n / 20, ".a") + " := 1\n"; }, "data.t.x",
     Grows::kLinearly, 1.9},
    {"comprehensions",
     [](std::size_t n) {
       return "x if {\n" +
              repeat(n / 2, "count([r | some r in input.user.roles; r != \"r#\"]) > 0\n") + "}\n";
     },
     "data.t.x"},
    {"text_of_a_message", [](std::size_t n) { return "x := \"" + repeat(n, "abc # ") + "\"\n"; },
     "data.t.x", Grows::kNotAtAll},
    {"comments", [](std::size_t n) { return std::string(n * 100, '#') + "\nx := 1\n"; }, "data.t.x",
     Grows::kNotAtAll},
    {"empty_lines", [](std::size_t n) { return std::string(n * 100, '\n') + "\nx := 1\n"; },
     "data.t.x", Grows::kNotAtAll},
    {"attributes_of_a_schema",
     [](std::size_t n) {
       return "schema user { clearance: int, roles: list[string],\n" +
              repeat(n, "a#?: \"x#\" | int,\n") + "z?: int }\npermit p if user.clearance > 2\n";
     },
     "", Grows::kNotAtAll},
    {"tests", [](std::size_t n) { return repeat(n, "test_# if 1 + # > 0\n") + "x := 1\n"; },
     "data.t.x", Grows::kNotAtAll},
};

constexpr const char* kRequest =
    R"({"user": {"clearance": 3, "roles": ["admin", "owner"]}, "model": {"id": "none"}})";

std::shared_ptr<const Program> compiled(const std::string& text) {
  Arena arena;
  const auto compilation = lang::compile({{"t.licet", text}}, Value::object({}, arena));
  if (!compilation.diagnostics.all().empty()) {
    ADD_FAILURE() << compilation.diagnostics.all().front().message;
  }
  return compilation.program;
}

EngineOptions with_steps(std::uint64_t steps) {
  EngineOptions options;
  options.limits.steps = steps;
  options.limits.time = std::chrono::minutes(10);
  return options;
}

bool is_within(const std::shared_ptr<const Program>& program, std::uint64_t steps) {
  return Engine(program, with_steps(steps)).decide_json(kRequest).cause() != Cause::kError;
}

// A decision does not tell its steps: the least budget that is enough for it.
std::uint64_t steps_of_decision(const std::shared_ptr<const Program>& program) {
  std::uint64_t too_few = 0;
  std::uint64_t enough = Limits{}.steps;
  EXPECT_TRUE(is_within(program, enough));
  while (enough - too_few > 1) {
    const std::uint64_t middle = too_few + (enough - too_few) / 2;
    (is_within(program, middle) ? enough : too_few) = middle;
  }
  return enough;
}

std::uint64_t steps_of_query(const std::shared_ptr<const Program>& program, const char* query) {
  Arena arena;
  const Value input = value_from_json(kRequest, arena).value();
  const auto answer = Engine(program).query(query, input);
  if (answer) return answer.value().steps;
  ADD_FAILURE() << answer.error().message;
  return 0;
}

class Scaling : public testing::TestWithParam<Shape> {
 protected:
  static constexpr std::size_t kSize = 1000;
  static std::string policy(std::size_t size) { return with_package(GetParam().policy(size)); }
  static std::uint64_t steps(std::size_t size) {
    const auto program = compiled(policy(size));
    if (!program) return 0;
    const std::string query = GetParam().query;
    return query.empty() ? steps_of_decision(program) : steps_of_query(program, query.c_str());
  }
};

TEST_P(Scaling, steps_grow_at_most_with_the_size) {
  const std::uint64_t once = steps(kSize);
  const std::uint64_t twice = steps(2 * kSize);
  const std::uint64_t four_times = steps(4 * kSize);
  constexpr std::uint64_t kFixedPart = 50;
  const bool grows = GetParam().decisions == Grows::kLinearly;
  EXPECT_LE(twice, (grows ? 2 : 1) * once + kFixedPart);
  EXPECT_LE(four_times, (grows ? 4 : 1) * once + kFixedPart);
}

TEST_P(Scaling, compiling_grows_at_most_with_the_size) {
  test::expect_linear(
      kSize / 2,
      [](std::size_t size) -> std::function<void()> {
        return [text = policy(size)] { compiled(text); };
      },
      GetParam().most_exponent);
}

INSTANTIATE_TEST_SUITE_P(All, Scaling, testing::ValuesIn(kShapes),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace licet
