// P11: reading and compiling a policy takes time in proportion to its text, whatever is nested,
// repeated or chained in it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "lang/compile.h"
#include "lang/formatting.h"
#include "tests/integration/hostile.h"
#include "tests/support/growth.h"

namespace licet::test {
namespace {

enum class Wanted { kProgram, kErrors };

struct Shape {
  const char* name;
  std::function<std::string(std::size_t)> policy;
  Wanted wanted = Wanted::kProgram;
};
void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.name; }

// In one rule, so that all of it meets in one scope.
std::string in_body(const std::string& literals) { return "x if {\n" + literals + "}\n"; }

// --- what nests: to half the depth that is allowed, side by side as often as the size says -------

// `depth` times open, what is inside, `depth` times close.
std::string nest(std::size_t depth, std::string_view open, std::string_view inside,
                 std::string_view close) {
  return times(depth, open) + std::string(inside) + times(depth, close);
}

// Sixteen times the size is sixteen times the depth, to the limit of what may nest.
std::function<std::string(std::size_t)> nested(std::string open, std::string inside,
                                               std::string close) {
  return [=](std::size_t n) {
    const std::size_t depth = std::max<std::size_t>(n / 100, 1);
    return "x := [" + times(40, nest(depth, open, inside, close) + ", ") + "0]\n";
  };
}

// Operators that bind alike nest as well.
std::function<std::string(std::size_t)> chained(std::string first, std::string next) {
  return nested("", first, next);
}

const Shape kNested[] = {
    {"nested_arrays", nested("[", "1", "]")},
    {"nested_arrays_of_two", nested("[1, ", "1", "]")},
    {"nested_objects", nested("{\"a\": ", "1", "}")},
    {"nested_objects_in_keys", nested("{", "1", ": 2}")},
    {"nested_sets", nested("{", "1", "}")},
    {"nested_parentheses", nested("(", "input.a", ")")},
    {"nested_sums", nested("(1 + ", "input.a", ")")},
    {"nested_calls", nested("count([", "input.a", "])")},
    {"nested_references", nested("input[", "input.a", "]")},
    {"chained_sums", chained("input.a", " + input.a")},
    {"chained_products_and_sums", chained("input.a", " + 2 * input.a")},
    {"chained_unions", chained("{1}", " | {2}")},
    // Each side of an `and` or an `or` is a body.
    {"chained_ands",
     [](std::size_t n) {
       return "import future.keywords.and\n" +
              times(40, in_body("input.a" + times(n / 100, " and input.b") + "\n"));
     }},
    {"chained_ors",
     [](std::size_t n) {
       return "import future.keywords.or\n" +
              times(40, in_body("input.a" + times(n / 100, " or input.b") + "\n"));
     }},
};

// Bodies in bodies: deeper, and then side by side at half the depth that is allowed.
struct Bodies {
  const char* name;
  std::string open;
  std::string inside;
  std::string close;
};
const Bodies kBodies[] = {
    {"array_comprehensions", "[a | a := ", "input.a", "]"},
    {"set_comprehensions", "{a | a := ", "input.a", "}"},
    {"object_comprehensions", "{1: a | a := ", "input.a", "}"},
    {"templates", "$\"{", "input.a", "}\""},
    {"negations", "{1 | not ", "{1 | input.a}", "}"},
    {"every", "{1 | every a in ", "input.a", " { a }}"},
    {"unions_in_braces", "{1 | ({2} | ", "{3}", ")}"},
    {"memberships", "{x | x := true in ", "input.a", "}"},
};

std::vector<Shape> shapes_of_bodies() {
  static std::vector<std::string> names;  // what shapes refer to
  names.reserve(2 * std::size(kBodies));
  std::vector<Shape> shapes;
  for (const Bodies& bodies : kBodies) {
    const auto& [name, open, inside, close] = bodies;
    names.push_back(std::string("nested_") + name);
    shapes.push_back({names.back().c_str(), nested(open, inside, close)});
    names.push_back(std::string("side_by_side_") + name);
    shapes.push_back({names.back().c_str(), [open, inside, close](std::size_t n) {
                        const std::string one = nest(80, open, inside, close);
                        return numbered(n / 80, "x# := " + one + "\n");
                      }});
  }
  return shapes;
}

// --- what repeats ----------------------------------------------------------------------------

const Shape kRepeated[] = {
    {"elements_of_an_array", [](std::size_t n) { return "x := [" + numbered(n, "#, ") + "0]\n"; }},
    {"elements_of_a_set", [](std::size_t n) { return "x := {" + numbered(n, "#, ") + "\"\"}\n"; }},
    {"elements_that_are_read",
     [](std::size_t n) { return "x := {" + numbered(n, "input.a#, ") + "0}\n"; }},
    {"keys_of_an_object",
     [](std::size_t n) { return "x := {" + numbered(n, "\"#\": #, ") + "\"\": 0}\n"; }},
    {"keys_that_are_read",
     [](std::size_t n) { return "x := {" + numbered(n, "input.a#: #, ") + "\"\": 0}\n"; }},
    {"bytes_of_a_string", [](std::size_t n) { return "x := \"" + times(n, "abcdefgh") + "\"\n"; }},
    {"escapes", [](std::size_t n) { return "x := \"" + times(n, "\\u00e9\\n") + "\"\n"; }},
    {"bytes_of_a_raw_string", [](std::size_t n) { return "x := `" + times(n, "abc\n") + "`\n"; }},
    {"strings", [](std::size_t n) { return "x := [" + numbered(n, "\"a#\", ") + "0]\n"; }},
    {"digits", [](std::size_t n) { return "x := " + times(n, "7") + "\n"; }},
    {"parts_of_a_template",
     [](std::size_t n) { return "x := $\"" + numbered(n, "{input.a#}-") + "\"\n"; }},
    {"comments", [](std::size_t n) { return times(n, "# a comment\n") + "x := 1\n"; }},
    {"comments_in_a_body",
     [](std::size_t n) { return in_body(times(n, "input.a # a comment\n")); }},
    {"blank_lines", [](std::size_t n) { return "x := [" + times(n, "\n \t\n") + "1]\n"; }},
    {"metadata",
     [](std::size_t n) {
       return "# METADATA\n# custom:\n" + times(n, "#  key: value\n") + "x := 1\n";
     }},
    {"rules_with_metadata",
     [](std::size_t n) { return times(n, "# METADATA\n# title: a\nx := 1\n\n"); }},
    {"imports", [](std::size_t n) { return numbered(n, "import data.a#\n") + "x := 1\n"; }},
    {"imports_that_are_used",
     [](std::size_t n) {
       return numbered(n, "import data.a#\n") + in_body(numbered(n, "a# == #\n"));
     }},
    {"rules", [](std::size_t n) { return numbered(n, "x# := #\n"); }},
    {"rules_that_read_each_other",
     [](std::size_t n) {
       return numbered(n, "x# := x^ + 1\n") + "x" + std::to_string(n) + " := 1\n";
     }},
    {"rules_that_read_one",
     [](std::size_t n) { return "x if input.a\n" + numbered(n, "x# if x\n"); }},
    {"a_rule_that_reads_many",
     [](std::size_t n) { return numbered(n, "x# if input.a#\n") + in_body(numbered(n, "x#\n")); }},
    {"bodies_of_a_rule", [](std::size_t n) { return numbered(n, "x if input.a == #\n"); }},
    {"bodies_in_braces",
     [](std::size_t n) { return "x if { input.a }" + numbered(n, " { input.a == # }") + "\n"; }},
    {"else_clauses",
     [](std::size_t n) {
       return "x := 0 if input.a == 0" + numbered(n, "\nelse := # if input.a == #") + "\n";
     }},
    {"else_clauses_of_a_function",
     [](std::size_t n) {
       return "f(a) := 0 if a == 0" + numbered(n, "\nelse := # if a == #") + "\nx := f(1)\n";
     }},
    {"functions_in_a_row",
     [](std::size_t n) {
       return numbered(n, "f#(a) := f^(a)\n") + "f" + std::to_string(n) + "(a) := a\nx := f0(1)\n";
     }},
    {"arguments",
     [](std::size_t n) {
       return "f(" + numbered(n, "a#, ") + "a) := a\nx := f(" + numbered(n, "#, ") + "1)\n";
     }},
    {"defaults", [](std::size_t n) { return numbered(n, "default x# := #\n"); }},
    {"partial_sets", [](std::size_t n) { return numbered(n, "x contains # if input.a == #\n"); }},
    {"partial_objects", [](std::size_t n) { return numbered(n, "x[\"#\"] := # if input.a\n"); }},
    {"rules_with_paths", [](std::size_t n) { return numbered(n, "x.a#.b.c := #\n"); }},
    {"rules_with_paths_below_one", [](std::size_t n) { return numbered(n, "x.a.b.c# := #\n"); }},
    {"literals", [](std::size_t n) { return in_body(numbered(n, "input.a != #\n")); }},
    {"literals_in_one_line",
     [](std::size_t n) { return "x if { " + numbered(n, "input.a# > 1; ") + "true }\n"; }},
    {"locals", [](std::size_t n) { return in_body(numbered(n, "a# := input.a#\n")); }},
    {"locals_in_a_row",
     [](std::size_t n) { return in_body("a0 := 1\n" + numbered(n, "a^ := a# + 1\n")); }},
    {"locals_in_reverse",
     [](std::size_t n) {
       std::string literals;
       for (std::size_t i = n; i-- > 0;) {
         literals += "a" + std::to_string(i + 1) + " = a" + std::to_string(i) + " + 1\n";
       }
       return in_body(literals + "a0 = 1\n");
     }},
    {"locals_that_one_literal_reads",
     [](std::size_t n) {
       return in_body(numbered(n, "a# := input.a#\n") + "[" + numbered(n, "a#, ") +
                      "1] != input.z\n");
     }},
    {"names_of_one_some",
     [](std::size_t n) {
       return in_body("some " + numbered(n, "a#, ") + "b\n" + numbered(n, "a# = #\n") + "b = 1\n");
     }},
    {"somes", [](std::size_t n) { return in_body(numbered(n, "some a# in input.b\n")); }},
    {"comprehensions",
     [](std::size_t n) {
       return in_body(numbered(n / 8, "count([a | some a in input.b#]) > 1\n"));
     }},
    {"comprehensions_that_read_a_local",
     [](std::size_t n) {
       return in_body("b := input.b\n" + numbered(n / 8, "count([a | some a in b; a > #]) > 1\n"));
     }},
    {"everys",
     [](std::size_t n) { return in_body(numbered(n, "every a in input.b# { a > 1 }\n")); }},
    {"nots", [](std::size_t n) { return in_body(numbered(n, "not input.a#\n")); }},
    {"withs",
     [](std::size_t n) { return in_body("input.a" + numbered(n, " with input.a# as #") + "\n"); }},
    {"withs_on_data",
     [](std::size_t n) { return in_body("data.b" + numbered(n, " with data.a# as #") + "\n"); }},
    {"literals_with_a_with",
     [](std::size_t n) {
       return "y if input.a\n" + in_body(numbered(n, "y with input.a as #\n"));
     }},
    {"patterns_of_arrays",
     [](std::size_t n) { return in_body("[" + numbered(n, "a#, ") + "b] = input.a\n"); }},
    {"patterns_of_objects",
     [](std::size_t n) {
       return in_body("{" + numbered(n, "\"k#\": a#, ") + "\"k\": b} = input.a\n");
     }},
    {"patterns_against_each_other",
     [](std::size_t n) {
       return in_body("[" + numbered(n, "a#, ") + "a" + std::to_string(n) + "] = [" +
                      numbered(n, "a^, ") + "1]\n");
     }},
    {"patterns_against_each_other_in_reverse",
     [](std::size_t n) {
       return in_body("[a0, " + numbered(n, "a^, ") + "0] = [1, " + numbered(n, "a#, ") + "0]\n");
     }},
    {"chains_of_names_in_reverse",
     [](std::size_t n) {
       std::string literals;
       for (std::size_t i = n; i-- > 0;) {
         literals += "a" + std::to_string(i + 1) + " = a" + std::to_string(i) + "\n";
       }
       return in_body(literals + "a0 = 1\n");
     }},
    {"chains_of_elements_in_reverse",
     [](std::size_t n) {
       std::string literals;
       for (std::size_t i = n / 8; i-- > 0;) {
         literals += "a" + std::to_string(i + 1) + " = input.b[a" + std::to_string(i) + "]\n";
       }
       return in_body(literals + "a0 = 1\n");
     }},
    {"patterns_of_numbers",
     [](std::size_t n) {
       return in_body("[" + numbered(n, "a#, ") + "b] = [" + numbered(n, "#, ") + "1]\n");
     }},
    {"comparisons", [](std::size_t n) { return "x := [" + numbered(n, "input.a < #, ") + "1]\n"; }},
    {"parts_of_a_reference",
     [](std::size_t n) { return "x := input" + times(n / 40, ".a") + "\n"; }},
    // Forty heads of up to 400 parts.
    {"parts_of_heads",
     [](std::size_t n) {
       return numbered(40, "x#" + times(n / 20, ".a") + " := # if input.a\n");
     }},
    {"keys_of_heads",
     [](std::size_t n) {
       return numbered(40, "x#" + times(n / 20, "[a]") + " := # if some a in input.a\n");
     }},
    {"parts_and_keys_of_heads",
     [](std::size_t n) {
       return numbered(40, "x#" + times(n / 40, ".b[a]") + " contains # if some a in input.a\n");
     }},
    {"calls_in_a_reference",
     [](std::size_t n) { return "x := input" + numbered(n / 20, "[input.a#]") + "\n"; }},
    {"calls", [](std::size_t n) { return "x := [" + numbered(n, "count(input.a#), ") + "1]\n"; }},
    {"permits", [](std::size_t n) { return numbered(n, "permit p# if input.a == #\n"); }},
    {"forbids",
     [](std::size_t n) {
       return numbered(n, "forbid p# if input.a == # because \"no #\" controls {\"C#\"}\n");
     }},
    {"forbids_with_locals",
     [](std::size_t n) {
       return "forbid p if {\n" + numbered(n, "some a# in input.b#\na# > 1\n") + "}\n";
     }},
    {"forbids_that_may_fail",
     [](std::size_t n) {
       return "forbid p if {\nsome a in input.b\n" + numbered(n / 2, "to_number(a.k#) > 1\n") + "}\n";
     }},
    {"forbids_that_may_fail_in_a_row",
     [](std::size_t n) {
       return "forbid p if {\nsome a0 in input.b\n" + numbered(n / 2, "a^ := to_number(a#)\n") + "}\n";
     }},
    {"forbids_of_nested_everys_that_may_fail",
     [](std::size_t n) {
       return "forbid p if {\nsome a in input.b\n" +
              numbered(n / 8, "every c in a.k# { to_number(c) > 1 }\n") + "}\n";
     }},
    {"permits_that_oblige",
     [](std::size_t n) { return numbered(n, "permit p# if input.a obliges {\"k\": #}\n"); }},
    {"attributes_of_a_schema",
     [](std::size_t n) {
       return "schema user {" + numbered(n, "a#: string, ") + "a: int}\nx := user.a\n";
     }},
    {"members_of_a_union",
     [](std::size_t n) {
       return "schema user { a: " + numbered(n, "\"v#\" | ") +
              "\"v\" }\npermit p if user.a == \"v1\"\n";
     }},
    {"records_of_a_union",
     [](std::size_t n) {
       return "schema user { a: " + numbered(n / 8, "{k#: string} | ") +
              "int }\npermit p if user.a == 1\n";
     }},
    {"types",
     [](std::size_t n) {
       return numbered(n, "type T# = {a: int}\n") + "schema user {" + numbered(n, "a#: T#, ") +
              "a: int }\npermit p if user.a == 1\n";
     }},
    {"types_in_a_row",
     [](std::size_t n) {
       return numbered(n / 50, "type T# = {a: T^}\n") + "type T" + std::to_string(n / 50) +
              " = int\nschema user { a?: T0, b: int }\npermit p if user.b == 1\n";
     }},
    {"records_in_records",
     [](std::size_t n) {
       return "schema user { " + numbered(n / 10, "r#: {a: {b: list[{c: int}]}}, ") +
              "a: int}\nx := user.a\n";
     }},
};

// --- what is wrong ----------------------------------------------------------------------------

const Shape kWrong[] = {
    {"open_brackets", [](std::size_t n) { return "x := " + times(n, "[") + "\n"; },
     Wanted::kErrors},
    {"open_braces", [](std::size_t n) { return "x := " + times(n, "{") + "\n"; }, Wanted::kErrors},
    {"errors_on_every_line", [](std::size_t n) { return numbered(n, "x# := [1, }\n"); },
     Wanted::kErrors},
    {"unfinished_rules", [](std::size_t n) { return numbered(n, "x# if {\n"); }, Wanted::kErrors},
    {"unsafe_variables", [](std::size_t n) { return in_body(numbered(n, "a# > 1\n")); },
     Wanted::kErrors},
    {"unknown_functions", [](std::size_t n) { return numbered(n, "x# := f#(1)\n"); },
     Wanted::kErrors},
    {"names_alike",
     [](std::size_t n) {
       return "schema user {" + numbered(n, "attribute#: string, ") +
              "a: int}\nx := user.attribute\n";
     },
     Wanted::kErrors},
    {"a_circle_of_rules",
     [](std::size_t n) { return numbered(n, "x# := x^\n") + "x" + std::to_string(n) + " := x0\n"; },
     Wanted::kErrors},
    {"conflicts", [](std::size_t n) { return numbered(n, "x# := 1\nx#(a) := a\n"); },
     Wanted::kErrors},
    {"imports_twice", [](std::size_t n) { return times(n, "import data.a\n") + "x := 1\n"; },
     Wanted::kErrors},
    {"parentheses_that_do_not_close", [](std::size_t n) { return numbered(n, "x# := (1 + (2\n"); },
     Wanted::kErrors},
    {"quotes", [](std::size_t n) { return "x := " + times(n, "\"`") + "\n"; }, Wanted::kErrors},
};

std::vector<Shape> all_shapes() {
  std::vector<Shape> all(std::begin(kNested), std::end(kNested));
  const std::vector<Shape> bodies = shapes_of_bodies();
  all.insert(all.end(), bodies.begin(), bodies.end());
  all.insert(all.end(), std::begin(kRepeated), std::end(kRepeated));
  all.insert(all.end(), std::begin(kWrong), std::end(kWrong));
  return all;
}

class LinearPolicies : public testing::TestWithParam<Shape> {
 protected:
  static std::string policy(std::size_t size) { return "package t\n" + GetParam().policy(size); }
};

TEST_P(LinearPolicies, compile_in_proportion_to_their_text) {
  expect_linear(500, [](std::size_t size) -> std::function<void()> {
    return [text = policy(size)] {
      Arena arena;
      const auto compiled = lang::compile({{"t.licet", text}}, Value::object({}, arena));
      if (GetParam().wanted == Wanted::kErrors) {
        EXPECT_EQ(compiled.program, nullptr);
      } else {
        EXPECT_NE(compiled.program, nullptr) << compiled.diagnostics.all().front().message;
      }
    };
  });
}

TEST_P(LinearPolicies, are_formatted_in_proportion_to_their_text) {
  expect_linear(500, [](std::size_t size) -> std::function<void()> {
    return [text = policy(size)] { lang::format_text("t.licet", text); };
  });
}

INSTANTIATE_TEST_SUITE_P(All, LinearPolicies, testing::ValuesIn(all_shapes()),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace licet::test
