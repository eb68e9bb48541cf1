// Strict mode: what OPA's `--strict` finds besides.
#include <gtest/gtest.h>

#include <string>

#include "eval/arena.h"
#include "lang/compile.h"

namespace licet::lang {
namespace {

std::string errors_of(const std::string& rules, Lint lint) {
  Arena arena;
  CompileOptions options;
  options.lint = lint;
  const Compilation compiled =
      compile({{"p.rego", "package t\n" + rules + "\n"}}, Value::object({}, arena), options);
  std::string text;
  for (const Diagnostic& diagnostic : compiled.diagnostics.all()) {
    const Position at = position_of(diagnostic, compiled.sources);
    text +=
        std::to_string(at.line) + ":" + std::to_string(at.column) + " " + diagnostic.message + "\n";
  }
  return text;
}

struct Strict {
  const char* name;
  const char* rules;
  const char* errors;
};

class StrictMode : public testing::TestWithParam<Strict> {};

TEST_P(StrictMode, tells_what_nothing_uses) {
  EXPECT_EQ(errors_of(GetParam().rules, Lint::kStrict), GetParam().errors);
  EXPECT_EQ(errors_of(GetParam().rules, Lint::kNo), "");
}

INSTANTIATE_TEST_SUITE_P(
    Rows, StrictMode,
    testing::Values(
        Strict{"an_assignment", "p if {\n\tx := input.a\n\ty := 1\n\tx\n}",
               "4:2 assigned var y unused\n"},
        Strict{"a_pattern", "p := x if [x, y] := input.a", "2:11 assigned var y unused\n"},
        Strict{"in_an_else", "p := 1 if input.a else := 2 if { x := 1 }",
               "2:34 assigned var x unused\n"},
        Strict{"in_a_comprehension", "p := [1 | x := 1]", "2:11 assigned var x unused\n"},
        Strict{"a_parameter", "p(x, y) := x", "2:1 unused argument y\n"},
        Strict{"a_parameter_of_an_else", "p(x, y, z) := x if x else := y",
               "2:1 unused argument z\n"},
        Strict{"an_import", "import data.a\n\np := 1", "2:1 import data.a unused\n"}),
    [](const auto& row) { return row.param.name; });

TEST(StrictMode, what_is_used_is_no_error) {
  const char* const rules =
      "import data.a\n\np(x, _) := y if {\n\t[y, _] := [a.b, x]\n}\n\n"
      "q contains z if z := [v | some v in input]\n\nr(x) if input.a else := x";
  EXPECT_EQ(errors_of(rules, Lint::kStrict), "");
}

}  // namespace
}  // namespace licet::lang
