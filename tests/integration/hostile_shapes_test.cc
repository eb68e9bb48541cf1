// Shapes of policies that nobody writes by hand: mocks in circles, patterns and templates by the
// thousand, names by the thousand in one literal, numbers beyond all measure.
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "tests/integration/hostile.h"

namespace licet::test {
namespace {

constexpr std::size_t kMany = 10'000;

std::vector<Hostile> mocks() {
  return {
      {"circle_of_two",
       "f(a) := b if b := g(a) with f as g\ng(a) := b if b := f(a) with g as f\nx := f(1)",
       "compile rego_recursion_error"},
      {"mock_calls_the_builtin", "f(a) := count(a)\nx := y if y := count([1]) with count as f",
       "value 1|eval_"},
      {"chain",
       numbered(1000, "f#(a) := b if b := f^(a) with input.k as #\n") + "f1000(a) := a\nx := f0(1)",
       "value 1|eval_cancel_error", "{}"},
      {"chain_on_data",
       numbered(1000, "f#(a) := b if b := f^(a) with data.k as a\n") +
           "f1000(_) := data.k\nx := f0(1)",
       "value 1|eval_cancel_error"},
      {"each_of_many_inputs",
       "y := count(input.xs)\nx := sum([n | some i in numbers.range(1, 1000); n := y with input.xs "
       "as numbers.range(1, i)])",
       "value 500500|eval_cancel_error", R"({"xs": []})"},
      {"deep_path", "y if input.a\nx if y with input" + times(400, ".a") + " as 1",
       "value true|compile rego_"},
  };
}

std::vector<Hostile> patterns() {
  return {
      {"wide_array", "x := v0 if [" + numbered(kMany, "v#, ") + "v] := numbers.range(0, 10000)",
       "value 0|compile rego_"},
      {"wide_object", "x if {" + numbered(kMany, "\"k#\": v#, ") + "\"a\": v} = input",
       "undefined|compile rego_", "{}"},
      {"against_each_other",
       "x if [" + numbered(2000, "v#, ") + "1] = [" + numbered(2000, "v^, ") + "1]", kAny},
      {"deep",
       "x := v if " + times(90, "[") + "v" + times(90, "]") + " = " + times(90, "[") + "1" +
           times(90, "]"),
       "value 1|compile rego_"},
      {"names_of_one_some", "x if { some " + numbered(kMany, "v#, ") + "v; v = 1 }",
       "value true|compile rego_"},
      {"parameters_of_arrays", "f(" + times(1000, "[_, _], ") + "_) := 1\nx := 1", "value 1"},
  };
}

std::vector<Hostile> texts() {
  return {
      {"parts_of_a_template", "x := count($\"" + times(kMany, "{input.a}-") + "\")",
       "value 20000|compile rego_", R"({"a": 1})"},
      {"undefined_parts_of_a_template", "x := count($\"" + times(kMany, "{input.a}") + "\")",
       "value 110000|compile rego_", "{}"},
      {"open_template", "x := $\"" + times(kMany, "{\"a\" "), kParseError},
      {"open_braces_in_a_template", "x := $\"" + times(kMany, "{"), kParseError},
      {"pairs_of_surrogates", "x := count(\"" + times(kMany, "\\ud83d\\ude00") + "\")",
       "value 10000"},
      {"bad_escapes", "x := \"" + times(kMany, "\\q") + "\"", kParseError},
      {"errors_on_every_line", numbered(kMany, "x# := [1, }\n"), kParseError},
      {"nested_quotes", "x := " + times(kMany, "\"`"), kParseError},
      {"lone_keywords", times(kMany, "else if not some every in with as "), kParseError},
      {"unfinished_declarations", times(kMany, "permit p if {\n"), kParseError},
      {"unfinished_schemas", times(kMany, "schema user { a: "), kParseError},
  };
}

std::vector<Hostile> numbers() {
  return {
      {"power_of_ten", "x := 1e400000000 + 1", kAny},
      {"difference_of_scales", "x := 1e400000000 - 1e-400000000", kAny},
      {"product_of_exponents", "x := 1e900000000 * 1e900000000 > 1", kAny},
      {"remainder_of_a_long_one", "x := 1" + times(100'000, "0") + " % 7", kAny},
      {"many_digits_after_the_point", "x := 0." + times(300'000, "3") + " < 1",
       "value true|compile rego_"},
      {"shift", "x := bits.lsh(1, 100000000000)", "eval_|undefined"},
      {"range", "x := count(numbers.range(0, 1e18))", kError},
      {"index", "x := [1, 2][1e400000000]", "undefined|compile rego_"},
      {"text_of_a_power", "x := count(sprintf(\"%d\", [1e100000000]))", kAny},
      {"padding", "x := count(sprintf(\"%2000000000d\", [1]))", kAny},
      {"precision", "x := count(sprintf(\"%.2000000000f\", [1.5]))", kAny},
  };
}

std::vector<Hostile> sets() {
  const std::string two =
      "a := {i | some i in numbers.range(1, 100000)}\n"
      "b := {i | some i in numbers.range(50000, 150000)}\n";
  return {
      {"union", two + "x := count(a | b)", "value 150000|eval_cancel_error"},
      {"intersection", two + "x := count(a & b)", "value 50001|eval_cancel_error"},
      {"difference", two + "x := count(a - b)", "value 49999|eval_cancel_error"},
      {"many_unions", two + "x := count([1 | some i in numbers.range(1, 10000); count(a | b) > i])",
       kBudget},
      {"of_sets",
       "x := count({s | some i in numbers.range(1, 2000); s := {j | some j in "
       "numbers.range(1, i)}})",
       "value 2000|eval_cancel_error"},
      {"powers",
       "x := count({{a, b, c, d} | some a in numbers.range(1, 100); some b in "
       "numbers.range(1, 100); some c in numbers.range(1, 100); some d in "
       "numbers.range(1, 100)})",
       kBudget},
  };
}

std::vector<Hostile> all_shapes() {
  std::vector<Hostile> all;
  add_group("mock", mocks(), all);
  add_group("pattern", patterns(), all);
  add_group("text", texts(), all);
  add_group("number", numbers(), all);
  add_group("set", sets(), all);
  return all;
}

class HostileShapes : public testing::TestWithParam<Hostile> {};

TEST_P(HostileShapes, end_as_wanted_soon_and_in_bounded_memory) { expect_ending(GetParam()); }

INSTANTIATE_TEST_SUITE_P(All, HostileShapes, testing::ValuesIn(all_shapes()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace licet::test
