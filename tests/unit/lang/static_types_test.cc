// Static types: what OPA refuses with rego_type_error is refused, what it takes is taken.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "lang/check/signature_type.h"
#include "lang/compile.h"

namespace licet::lang {
namespace {

// Empty: it compiles; else OPA's code of the first error.
std::string code_of(std::string_view rules) {
  Arena arena;
  const std::string text = "package t\n" + std::string(rules) + "\n";
  const Compilation compiled = compile({{"t.rego", text}}, Value::object({}, arena));
  for (const Diagnostic& diagnostic : compiled.diagnostics.all()) {
    if (info(diagnostic.code).severity == Severity::kError) {
      return std::string(info(diagnostic.code).rego_code);
    }
  }
  return "";
}

constexpr std::string_view kAccepted[] = {
    R"(f(y) := y - {1} if { some k, v in y }
p if f({"a": 1}))",
    R"(p if { some x in 1 })",
    R"(p if { some x in "a" })",
    R"(p if { some k, x in "a" })",
    R"(p if { some x in [] ; x == 1})",
    R"(p if { some x in {}; x == "a"; x == 1})",
    R"(p if { every x in 1 { x > 0 } })",
    R"(p if { every x in "a" { x > 0 } })",
    R"(p if { every x in q { x > 0 } }
q := 1)",
    R"(p if { y := q; every x in y { x > 0 } }
q := 1)",
    R"(p if { every k, x in [1] { k == "a"; y := x.foo } })",
    R"(import rego.v2
p if { not 1 == "a" })",
    R"(p if { 1 })",
    R"(p := input[1])",
    R"(p := data.foo[1])",
    R"(p := data.test[1])",
    R"(p := q[[1, x]] if {true}
q := {[1,2], [2,3]})",
    R"(p if q[1]
q := {1})",
    R"(p if q["a"]
q := {1, "b"})",
    R"(p if q["1"]
q := {"b"})",
    R"(p if q[{1}]
q := {{1}})",
    R"(p if q[null]
q := {null: 1})",
    R"(p if q[true]
q := {true: 1})",
    R"(p if q[[1]]
q := {[1]: 1})",
    R"(p if q[[2]]
q := {[1]: 1})",
    R"(p if q["x"].y
q := {"x": {"y": 1}} if input.z
q := {"x": {"w": 1}} if input.y)",
    R"(p if q.u
q := {x: 1 | x := "a"})",
    R"(p if {{"a": x} = json.unmarshal("a"); x == 1; x == "b"})",
    R"(p if {x := {1}; {1} = x})",
    R"(f(x) := y if {y := x.foo; x + 1}
p if f(1))",
    R"(f(x) := y if {y := x.foo; x == 1}
p if f("a"))",
    R"(f(x) := y if {y = x; x == 1}
p if f("a"))",
    R"(f("a") := 1
f(1) := 2
p if f("z"))",
    R"(f(x) := 1 if {x > 0} else := "a" if {startswith(x, "z")}
p if f(true))",
    R"(default f(_) := 1
f(x) := 2 if x + 1
p if f("a"))",
    R"(p if g([f(1)])
f(x) := x+1
g(x) := x[0])",
    R"(p if data.other.q.foo)",
    R"(p.q[x].z := 1 if x := "a"
r if p.q.a.y)",
    R"(p[1] := "a"
r if p[2] == 1)",
    R"(p["a"] := "a"
p["b"] := 1
r if p[_] == null)",
    R"(r if data.test.z == 1
z.a := 1)",
    R"(r if data.test.z.q == 1
z.a := 1)",
    R"(r if { x := object.union({"a": 1}, {"b": 1}); x.c })",
    R"(r if { x := object.get({"a": 1}, "b", 1); x.c })",
    R"(r if { x := input.y[z]; z == 1; z == "a"})",
    R"(r if { x := input; x == 1 ; y := x.z})",
    R"(r if { input = x; x == 1 ; y := x.z})",
    R"(r if { x := array.concat([1], [2]); x[0] == "a" })",
    R"(r if { x := sprintf("a", [1]) == 1 })",
    R"(r if { concat(",", [input.x]) })",
    R"(r if { x := [input.y | true]; concat(",", x) })",
    R"(r if { {1} - 1 })",
    R"(r if { upper("a") with upper as q }
q(x) := concat(x, ["a"]))",
    R"(r if { upper("a") with upper as count })",
    R"(p if {x := set(); x = {1}})",
    R"(p if {x := set(); y := [x]; y == [set()]})",
    R"(p if count(set()) == 0)",
    R"(p if set() in [set()])",
    R"(p if {1} & set() == set())",
    R"(p if {{"a":x} = {"a": set()}; count(x)==0})",
    R"(p := x if {x := {y | y := input.z; false}; x == set()})",
    R"(p if q == set()
q contains x if {some x in input.z})",
    R"(p if {x = set(); count(x) == 0})",
    R"(p if object.get({}, "a", set()) == set())",
    R"(f(set()) := 1
p if f(set()))",
    R"(f(x) := 1 if x == set()
p if f(set()))",
    R"(p if union({set(), {1}}) == {1})",
    R"(p if [] == [])",
    R"(p if {} == {})",
    R"(p if {x := {}; x[y]})",
    R"(p if {x := [[]]; count(x[0]) == 0})",
    R"(p if set() == {1})",
    R"(p if {1} == set())",
};

constexpr std::string_view kRefused[] = {
    R"(p if { some x in q }
q := 1)",
    R"(p if { y := 1; some x in y })",
    R"(p if { some x in count([1]) })",
    R"(p if { y := "a"; some k,x in y })",
    R"(p if { some x in [1]; x == "a" })",
    R"(p if { some x in [1 | true]; x == "a" })",
    R"(p if { some k, x in {"a": 1}; k == 1 })",
    R"(p if { some k, x in [1]; k == "a" })",
    R"(p if { some k, x in {1}; k == "a" })",
    R"(p if { some x in q; x == 1 }
q contains "a")",
    R"(p if { some [x, "a"] in [[1,2]] })",
    R"(p if { some {"a": x} in [{"b":2}] })",
    R"(p if { every k, x in [1] { k == "a"; y := q.foo; x == y } }
q := {"a": 1})",
    R"(p if { every x in [1] { z := [y | y := startswith(1, "a")]; z == x } })",
    R"(p if { every x in [1] { z := [y | y := q.foo]; z == x } }
q := {"a": 1})",
    R"(p if { every x in [y | y := startswith(1, "a")] { x } })",
    R"(p if { not q.foo }
q := {"a": 1})",
    R"(p if { not [1][0].x })",
    R"(import rego.v2
p if { not q.foo }
q := {"a": 1})",
    R"(import rego.v2
p if { not {q.foo} }
q := {"a": 1})",
    R"(import rego.v2
p if { q.foo or true }
q := {"a": 1})",
    R"(import rego.v2
p if { [x | x := startswith(1,"a")] or true }
q := {"a": 1})",
    R"(import rego.v2
p if { not { [x | x := startswith(1,"a")] } })",
    R"(import rego.v2
p if { not [x | x := startswith(1,"a")] })",
    R"(p := q[x] if {x := 1}
q := {"a": 2})",
    R"(p := q[x] if {x := ["a"]}
q := {"a": 2})",
    R"(p := q[[1]] if {true}
q := {"a": 2})",
    R"(p := q[[x]] if {true}
q := {"a": 2})",
    R"(p := q[["a", x]] if {true}
q := {[1,2], [2,3]})",
    R"(p := q[{"a": x}] if {true}
q := {{"b": 1}})",
    R"(p if q["a"]
q := {1})",
    R"(p if q[{1}]
q := {{"a"}})",
    R"(p if q[-1]
q := [1])",
    R"(p if q[1.5]
q := [1,2])",
    R"(p if q[null]
q := [1,2])",
    R"(p if q[1]
q := {true: 1})",
    R"(p if q["x"].u
q := {"x": {"y": 1}} if input.z
q := {"x": {"w": 1}} if input.y)",
    R"(p if q["x"].u
q := {"x": {"y": 1}} if input.z
q := 1 if input.y)",
    R"(p if q[1]
q := {x: 1 | x := "a"})",
    R"(p if q[1].z
q := {x: 1 | x := input.y})",
    R"(p if count(q) == "a"
q := {x: 1 | x := input.y})",
    R"(p if {x := count(q); x == "a"}
q := {x: 1 | x := input.y})",
    R"(p if {x = count(q); "a" = x}
q := 1)",
    R"(p if {"a" = count(q)}
q := [1])",
    R"(p if {[x, "a"] = split("a", "b"); x == 1})",
    R"(p if {[x, 1] = split("a", "b")})",
    R"(p if {{1: x} = {1: "a"}; x == 2})",
    R"(p if {x = 1; x = "a"})",
    R"(f([x, y]) := x + y
p if f([1, "a"]))",
    R"(f([x, y]) := x + y
p if f([1]))",
    R"(f({"a": x}) := x + 1
p if f({"a": "b"}))",
    R"(f("a") := 1
f(1) := 2
p if f(null))",
    R"(f("a") := 1
f(1) := "b"
p if f("z") == true)",
    R"(f(x) := 1 if {x + 0} else := "a" if {startswith(x, "z")}
p if f(true))",
    R"(f(x) := 1 if {x + 0} else := "a" if {startswith(x, "z")}
p if f("a") == null)",
    R"(default f(_) := 1
p if f("a") == "b")",
    R"(p.q[x] := 1 if x := "a"
r if p.q[1])",
    R"(p.q[x].z := 1 if x := "a"
r if p.q.a.z == "b")",
    R"(p.q[x] contains 1 if x := "a"
r if p.q.a.y)",
    R"(p contains x if {x := 1}
r if p.foo)",
    R"(p contains x if {x := 1}
r if p[_] == "a")",
    R"(p contains x if {x := 1}
p contains "a"
r if p[_] == null)",
    R"(p[1] := "a"
r if p[1] == 1)",
    R"(p["a"] := "a"
p[x] := 1 if x := "b"
r if p[_] == null)",
    R"(p["a"] := "a"
p[x] := 1 if x := "b"
r if p.z == null)",
    R"(p["a"] := "a"
p[x] := 1 if x := "b"
r if p.a == null)",
    R"(r if z.a.b
z.a := 1)",
    R"(r if count({1,2}) == {3})",
    R"(r if {x := [1, "a"][_]; x == null})",
    R"(r if {x := {"a": 1, "b": "x"}[_]; x == null})",
    R"(r if { x := {"a": 1, "b": "x"}[y]; y == 1})",
    R"(r if { x := array.concat([1], [2]); x.foo == "a" })",
    R"(r if { x := split("a", "b"); x[0] == 1 })",
    R"(r if { x := sprintf("a", 1) })",
    R"(r if { sprintf("a", [1]) == 1 })",
    R"(r if { sprintf(input.a, input.b, 1) })",
    R"(r if { concat(",", [1]) })",
    R"(r if { concat(",", {"a", 1}) })",
    R"(r if { x := 1; concat(",", ["a", x]) })",
    R"(r if { x := [1 | true]; concat(",", x) })",
    R"(r if { to_number([]) })",
    R"(r if { max(1) })",
    R"(r if {numbers.range(1, "a")})",
    R"(r if { 1 + [1] })",
    R"(r if { {1} - [1] })",
    R"(r if { upper(1) == 1 with upper as 1 })",
    R"(r if { upper("1") == 1 with upper as 1 })",
    R"(r if { upper("a") with upper as q }
q(x) := x + 1)",
    R"(r if { upper("a") with upper as concat })",
    R"(p if set() == set())",
    R"(p if [set()] == [set()])",
    R"(p if {x := set(); x == set()})",
    R"(p if {"a": set()} == {"a": set()})",
    R"(p if {x := []; x[0]})",
    R"(p if {x := []; x == [1]})",
    R"(p if {x := {}; x == {"a":1}})",
    R"(p if [[]] == [[1]])",
};

TEST(StaticTypes, what_could_hold_is_accepted) {
  for (const std::string_view rules : kAccepted) EXPECT_EQ(code_of(rules), "") << rules;
}

TEST(StaticTypes, what_can_never_hold_is_a_type_error) {
  for (const std::string_view rules : kRefused) {
    EXPECT_EQ(code_of(rules), "rego_type_error") << rules;
  }
}

TEST(StaticTypes, signatures_are_read_as_written) {
  for (const BuiltinInfo& builtin : all_builtins()) {
    const std::string signature(builtin.signature);
    const bool is_short = signature.size() < 110;            // text_of() cuts long ones
    const bool is_odd = builtin.name == "net.cidr_merge" ||  // any<string> is string
                        signature.find("...") != std::string::npos;
    if (!is_short || is_odd) continue;
    EXPECT_EQ(check::text_of(check::type_of_signature(signature)), signature) << builtin.name;
  }
}

// A union of many shapes, and a reference through it, cost no more than their text.
TEST(StaticTypes, large_constants_are_taken_for_anything) {
  std::string rules = "q := [";
  for (int i = 0; i < 3000; ++i)
    rules += "{\"k" + std::to_string(i) + "\": " + std::to_string(i) + "},";
  rules += "{}]\np if q[_].zzz == \"a\"";
  EXPECT_EQ(code_of(rules), "");
}

TEST(StaticTypes, types_that_double_with_every_rule_stay_small) {
  std::string rules = "r0 := 1\n";
  for (int i = 1; i < 200; ++i) {
    const std::string last = "r" + std::to_string(i - 1);
    rules += "r" + std::to_string(i) + " := [" + last + ", " + last + ", {\"a\": " + last + "}]\n";
  }
  EXPECT_EQ(code_of(rules), "");
}

}  // namespace
}  // namespace licet::lang
