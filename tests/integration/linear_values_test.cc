// P11: JSON, YAML, requests and builtins take time in proportion to their input.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "eval/value_yaml.h"
#include "lang/compile.h"
#include "tests/integration/hostile.h"
#include "tests/support/growth.h"

namespace licet::test {
namespace {

// `text` n times, with the numbers 0 ... n-1 for #, and commas between.
std::string list(std::size_t n, const std::string& text) {
  std::string out = numbered(n, text + ",");
  if (n > 0) out.pop_back();
  return out;
}

std::shared_ptr<const Program> compiled(const std::string& rules) {
  Arena arena;
  const auto compilation =
      lang::compile({{"t.licet", "package t\n" + rules + "\n"}}, Value::object({}, arena));
  if (!compilation.program) ADD_FAILURE() << compilation.diagnostics.all().front().message;
  return compilation.program;
}

EngineOptions without_limits() {
  EngineOptions options;
  options.limits.steps = 1'000'000'000;
  options.limits.memory_bytes = std::size_t{1} << 30;
  options.limits.request_bytes = std::size_t{1} << 30;
  options.limits.time = std::chrono::minutes(10);
  return options;
}

// --- JSON ----------------------------------------------------------------------------------

struct Json {
  const char* name;
  std::function<std::string(std::size_t)> text;
};
void PrintTo(const Json& json, std::ostream* out) { *out << json.name; }

class LinearJson : public testing::TestWithParam<Json> {};

TEST_P(LinearJson, reading_and_writing_are_linear) {
  expect_linear(2000, [](std::size_t n) -> std::function<void()> {
    return [text = GetParam().text(n)] {
      Arena arena;
      if (const auto value = value_from_json(text, arena)) json_from_value(value.value());
    };
  });
}

TEST_P(LinearJson, requests_are_read_in_linear_time) {
  const Engine engine(compiled("permit p if { input.v == 1; input.w.x.y == 2; input.z[3] == 4 }\n"
                               "forbid f if count(input.all) > 1"),
                      without_limits());
  for (const char* const where : {"v", "nobody_reads_it", "all"}) {
    SCOPED_TRACE(where);
    expect_linear(2000, [&](std::size_t n) -> std::function<void()> {
      const auto request = std::make_shared<Request>(engine);
      std::string text = std::string("{\"") + where + "\":" + GetParam().text(n) + "}";
      return [request, text, &engine] {
        request->reset();
        request->parse(text);
        engine.decide(*request);
      };
    });
  }
}

TEST_P(LinearJson, yaml_is_read_in_linear_time) {
  expect_linear(500, [](std::size_t n) -> std::function<void()> {
    return [text = GetParam().text(n)] {
      Arena arena;
      if (const auto value = value_from_yaml(text, arena)) json_from_value(value.value());
    };
  });
}

const Json kJson[] = {
    {"numbers", [](std::size_t n) { return "[" + list(n, "#") + "]"; }},
    {"fractions", [](std::size_t n) { return "[" + list(n, "0.#5") + "]"; }},
    {"huge_numbers",
     [](std::size_t n) { return "[" + list(n, "1234567890123456789012345#") + "]"; }},
    {"strings", [](std::size_t n) { return "[" + list(n, "\"abc #\"") + "]"; }},
    {"escapes", [](std::size_t n) { return "\"" + times(n, "\\u00e9\\n\\\"") + "\""; }},
    {"one_string", [](std::size_t n) { return "\"" + times(n, "abcdefgh") + "\""; }},
    {"two_byte_characters", [](std::size_t n) { return "\"" + times(n, "\xc3\xa9") + "\""; }},
    {"keys", [](std::size_t n) { return "{" + list(n, "\"k#\":#") + "}"; }},
    {"keys_in_reverse",
     [](std::size_t n) {
       std::string text = "{";
       for (std::size_t i = n; i > 0; --i) text += "\"k" + std::to_string(i) + "\":1,";
       return text + "\"\":1}";
     }},
    {"keys_that_are_escaped", [](std::size_t n) { return "{" + list(n, "\"\\u006b#\":#") + "}"; }},
    {"a_key_twice", [](std::size_t n) { return "{" + list(n, "\"k#\":#") + ",\"k0\":1}"; }},
    {"long_keys", [](std::size_t n) { return "{\"" + times(n, "k") + "\":1}"; }},
    {"long_keys_that_begin_alike",
     [](std::size_t n) { return "{" + list(n / 10, "\"" + times(200, "k") + "#\":1") + "}"; }},
    {"objects", [](std::size_t n) { return "[" + list(n, "{\"a\":#,\"b\":[#]}") + "]"; }},
    {"arrays", [](std::size_t n) { return "[" + list(n, "[[#],[]]") + "]"; }},
    {"deep_arrays",
     [](std::size_t n) {
       return "[" + list(500, times(n / 100, "[") + "#" + times(n / 100, "]")) + "]";
     }},
    {"deep_objects",
     [](std::size_t n) {
       return "[" + list(500, times(n / 100, "{\"a\":") + "#" + times(n / 100, "}")) + "]";
     }},
    {"too_deep", [](std::size_t n) { return times(n, "["); }},
    {"too_deep_objects", [](std::size_t n) { return times(n, "{\"a\":"); }},
    {"blanks", [](std::size_t n) { return "[" + times(n, " \n\t  ") + "]"; }},
    {"bad_at_the_end", [](std::size_t n) { return "[" + list(n, "#") + ",}"; }},
    {"open_string", [](std::size_t n) { return "\"" + times(n, "a"); }},
    {"digits", [](std::size_t n) { return times(n / 4, "7"); }},
};
INSTANTIATE_TEST_SUITE_P(All, LinearJson, testing::ValuesIn(kJson),
                         [](const auto& of) { return std::string(of.param.name); });

// --- builtins ------------------------------------------------------------------------------

// One call; its input has: s, a string of 8n bytes; words and numbers of n elements; an object with
// n keys; text, JSON text of n numbers; graph, a chain of n nodes.
enum class Charge {
  kLinear,
  kSquare,  // each search may look at all that follows: `a.*z|a` does, and nobody can tell before
};
struct Call {
  const char* name;
  const char* call;
  Charge charge = Charge::kLinear;
};
void PrintTo(const Call& call, std::ostream* out) { *out << call.name; }

std::string call_input(std::size_t n) {
  return "{\"s\":\"" + times(n, "ab cd,e ") + "\",\"words\":[" + list(n, "\"w#\"") +
         "],\"numbers\":[" + list(n, "#") + "],\"object\":{" + list(n, "\"k#\":#") +
         "},\"other\":{" + list(n, "\"o#\":#") + "},\"text\":\"[" + list(n, "#") +
         "]\",\"graph\":{" + list(n, "\"#\":[\"#0\"]") + "},\"hex\":\"" + times(n, "61") + "\"}";
}

class LinearBuiltins : public testing::TestWithParam<Call> {};

TEST_P(LinearBuiltins, steps_and_time_grow_with_the_input) {
  const Engine engine(compiled(std::string("x := y if y := ") + GetParam().call), without_limits());
  std::vector<double> steps;
  expect_linear(500, [&](std::size_t n) -> std::function<void()> {
    const auto arena = std::make_shared<Arena>();
    const Value input = value_from_json(call_input(n), *arena).value();
    const auto answer = engine.query("data.t.x", input);
    steps.push_back(answer ? static_cast<double>(answer.value().steps) / static_cast<double>(n)
                           : 0);
    return [&engine, arena, input] {
      const auto again = engine.query("data.t.x", input);
      ASSERT_TRUE(again) << again.error().message;
      ASSERT_TRUE(again.value().value.is_defined());
    };
  });
  // Each element costs the same, but for what sorting adds.
  if (GetParam().charge == Charge::kLinear) {
    EXPECT_LE(steps.at(1), 1.6 * steps.at(0) + 0.1);
  }
}

const Call kCalls[] = {
    {"upper", "upper(input.s)"},
    {"split", "split(input.s, \",\")"},
    {"concat", "concat(\",\", input.words)"},
    {"replace", "replace(input.s, \"ab\", \"xyz\")"},
    {"replace_n", "strings.replace_n({\"ab\": \"x\", \"cd\": \"yy\"}, input.s)"},
    {"contains", "contains(input.s, \"abab\")"},
    {"indexof_n", "indexof_n(input.s, \"cd\")"},
    {"trim", "trim(input.s, \"abcde ,\")"},
    {"reverse_string", "strings.reverse(input.s)"},
    {"substring", "substring(input.s, 5, -1)"},
    {"sprintf", "sprintf(\"%s %v\", [input.s, input.numbers])"},
    {"any_prefix_match", "[strings.any_prefix_match(input.words, [\"x\", \"y\"])]"},
    {"sort", "sort(input.words)"},
    {"sum", "sum(input.numbers)"},
    {"max", "max(input.numbers)"},
    {"array_concat", "array.concat(input.numbers, input.words)"},
    {"array_reverse", "array.reverse(input.numbers)"},
    {"array_slice", "array.slice(input.numbers, 1, 1000000)"},
    {"to_set", "{w | some w in input.words}"},
    {"union_of_sets", "{w | some w in input.words} | {n | some n in input.numbers}"},
    {"intersection_of_sets", "{w | some w in input.words} & {n | some n in input.numbers}"},
    {"difference_of_sets", "{w | some w in input.words} - {n | some n in input.numbers}"},
    {"object_union", "object.union(input.object, input.other)"},
    {"object_keys", "object.keys(input.object)"},
    {"object_remove", "object.remove(input.object, input.words)"},
    {"object_filter", "object.filter(input.object, input.words)"},
    {"object_subset", "[object.subset(input.object, input.object)]"},
    {"json_marshal", "json.marshal(input.object)"},
    {"json_unmarshal", "json.unmarshal(input.text)"},
    {"json_filter", "json.filter(input.object, [\"k1\", \"k2\"])"},
    {"json_remove", "json.remove(input.object, [\"k1\"])"},
    {"json_patch", "json.patch(input.object, [{\"op\": \"remove\", \"path\": \"k1\"}])"},
    {"yaml_marshal", "yaml.marshal(input.object)"},
    {"yaml_unmarshal", "yaml.unmarshal(input.text)"},
    {"base64_encode", "base64.encode(input.s)"},
    {"base64_decode", "base64.decode(base64.encode(input.s))"},
    {"hex_decode", "hex.decode(input.hex)"},
    {"urlquery_encode", "urlquery.encode(input.s)"},
    {"sha256", "crypto.sha256(input.s)"},
    {"regex_match", "[regex.match(\"(a|b)*x$\", input.s)]"},
    {"regex_replace", "regex.replace(input.s, \"a(b)\", \"$1\")", Charge::kSquare},
    {"regex_find_n", "regex.find_n(\"[a-z]+\", input.s, -1)", Charge::kSquare},
    {"glob_match", "[glob.match(\"*z*\", [], input.s)]"},
    {"numbers_range", "numbers.range(0, count(input.numbers))"},
    {"walk", "[p | walk(input.object, [p, _])]"},
    {"graph_reachable", "graph.reachable(input.graph, [\"1\"])"},
    {"membership", "[\"none\" in input.words]"},
    {"equality", "[input.object == input.other]"},
    {"every", "[1 | every n in input.numbers { n >= 0 }]"},
    {"object_comprehension", "{k: v | some k, v in input.object}"},
};
INSTANTIATE_TEST_SUITE_P(All, LinearBuiltins, testing::ValuesIn(kCalls),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace licet::test
