// Calls of builtins that ask for much: too much work or memory ends with a typed error.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/integration/hostile.h"

namespace licet::test {
namespace {

// {"s": "<n times text>"}
std::string input_text(std::size_t n, std::string_view text) {
  return R"({"s": ")" + times(n, text) + "\"}";
}

std::vector<Hostile> number_calls() {
  return {
      {"shift", "x := bits.lsh(1, 100000000000)", kError},
      {"shift_by_an_enormous_number", "x := bits.lsh(1, 1e400)", "value 1|eval_"},
      {"repeated_shifts",
       "s0 := 1\n" + numbered(60, "s^ := bits.lsh(s#, 1000000)\n") + "x := s60 > 0",
       "value true|eval_"},
      {"right_shift", "x := bits.rsh(1, 100000000000)", "value 0|eval_"},
      {"range", "x := count(numbers.range(1, 1000000000))", kError},
      {"range_past_64_bits", "x := count(numbers.range(1, 1e30))", kError},
      {"range_step", "x := count(numbers.range_step(0, 1000000000000, 1))", kError},
      {"huge_exponent_to_number", "x := to_number(\"1e1000000000\") > 1", kError},
      {"huge_exponent_plus_one", "x := to_number(input.s) + 1 > 1", kError,
       R"({"s": "1e999999999"})"},
      {"floor_of_a_large_exponent", "x := floor(1e100000) > 1", kAny},
      {"round_of_a_large_exponent", "x := round(1e1000000) > 1", kAny},
      {"format_of_a_large_exponent", "x := count(format_int(1e1000000, 2))", kAny},
      {"sum_of_far_exponents", "x := sum([1e1000000, 1e-1000000]) > 1", kAny},
      {"product_of_many", "x := product(numbers.range(1, 100000)) > 1", kAny},
      {"division", "x := (1 / 3) / 1e100000 >= 0", kAny},
      {"remainder", "x := 1e1000000 % 7", kAny},
      {"long_product",
       "x := ((input.n * input.n) * (input.n * input.n)) * ((input.n * input.n) * (input.n * "
       "input.n)) > 0",
       "value true|eval_", "{\"n\": " + times(300'000, "9") + "}"},
      {"long_division", "x := 1 / input.n >= 0", kAny, "{\"n\": " + times(300'000, "9") + "}"},
      {"text_of_a_long_number", "x := count(sprintf(\"%d\", [input.n]))", "value 300000|eval_",
       "{\"n\": " + times(300'000, "9") + "}"},
      {"text_to_a_long_number", "x := to_number(input.s) > 1", "value true|eval_",
       input_text(300'000, "9")},
      {"units", "x := units.parse(\"1e1000000000Ki\") > 1", kError},
      {"bytes", "x := units.parse_bytes(\"" + times(100'000, "9") + "\") > 1", kAny},
      {"random", "x := rand.intn(\"a\", 100000000000000000000000) >= 0", kAny},
  };
}

std::vector<Hostile> text_calls() {
  return {
      {"sprintf_width", "x := count(sprintf(\"%2000000000d\", [1]))", "value 27|eval_"},
      {"sprintf_precision", "x := count(sprintf(\"%.2000000000f\", [1]))", kAny},
      {"sprintf_star", "x := count(sprintf(\"%*d\", [2000000000, 1]))", kAny},
      {"sprintf_index", "x := count(sprintf(\"%[2000000000]d\", [1]))", kAny},
      {"sprintf_verbs", "x := count(sprintf(input.s, [1]))", kAny, input_text(300'000, "%v")},
      {"sprintf_of_deep_values", "x := count(sprintf(\"%v\", [input.t])) > 0", "value true|eval_",
       "{\"t\": " + times(500, "[") + times(500, "]") + "}"},
      {"replace_grows", "x := count(replace(input.s, \"\", input.s))", kBudget,
       input_text(100'000, "a")},
      {"replace_n_grows", "x := count(strings.replace_n({\"a\": input.s}, input.s))", kBudget,
       input_text(100'000, "a")},
      {"replace_n_of_many",
       "x := count(strings.replace_n({k: \"b\" | some i in numbers.range(1, 2000); k := "
       "sprintf(\"a%d\", [i])}, input.s))",
       kAny, input_text(1'000'000, "a")},
      {"split_into_characters", "x := count(split(input.s, \"\"))",
       "value 1000000|eval_cancel_error", input_text(1'000'000, "a")},
      {"indexes", "x := count(indexof_n(input.s, \"a\"))", "value 1000000|eval_cancel_error",
       input_text(1'000'000, "a")},
      {"search_that_almost_matches", "x := indexof(input.s, concat(\"\", [input.s, \"b\"]))",
       "value -1|eval_cancel_error", input_text(1'000'000, "a")},
      {"search_of_half",
       "x := contains(input.s, concat(\"\", [substring(input.s, 0, 500000), "
       "\"b\"]))",
       "value false|eval_cancel_error", input_text(1'000'000, "a")},
      {"prefixes",
       "n := [s | some i in numbers.range(1, 3000); s := sprintf(\"%d\", [i])]\nx := "
       "strings.any_prefix_match(n, [\"a\", \"b\"])",
       "value false|eval_cancel_error"},
      {"many_prefixes_of_many",
       "n := [sprintf(\"%d\", [i]) | some i in numbers.range(1, 50000)]\nx "
       ":= strings.any_prefix_match(n, [concat(\"\", [\"x\", s]) | some s in n])",
       kAny},
      {"concat_of_many", "x := count(concat(input.s, [\"\" | numbers.range(1, 10000)[_]]))",
       kBudget, input_text(100'000, "a")},
      {"trim", "x := count(trim(input.s, input.s))", "value 0|eval_cancel_error",
       input_text(100'000, "ab")},
      {"upper", "x := count(upper(input.s))", "value 5000000", input_text(5'000'000, "a")},
      {"ten_megabytes", "x := count(input.s)", "value 10000000", input_text(10'000'000, "x")},
      {"reverse_of_combining", "x := count(strings.reverse(input.s))", "value 1000000",
       input_text(1'000'000, "\xcc\x81")},
      {"semver", "x := semver.compare(input.s, \"1.0.0\")", kAny, input_text(300'000, "9")},
      {"semver_parts", "x := semver.is_valid(input.s)", "value false", input_text(300'000, "1.")},
  };
}

std::vector<Hostile> pattern_calls() {
  return {
      {"backtracking", "x := regex.match(`^(a+)+$`, input.s)", "value false",
       input_text(40, "a").insert(8, "!")},
      {"long_subject", "x := regex.match(`(.*)*(.*)*Q$`, input.s)", "value false|eval_cancel_error",
       input_text(1'000'000, "a")},
      {"repetition", "x := regex.match(`((a{1,100}){1,100}){1,100}`, \"a\")", kAny},
      {"repetition_past_the_limit", "x := regex.match(`a{100000}`, \"a\")", kAny},
      {"nested_groups", "x := regex.match(input.s, \"a\")", kAny,
       input_text(1, times(100'000, "(") + "a" + times(100'000, ")"))},
      {"many_alternatives", "x := regex.match(input.s, \"a\")", kAny, input_text(100'000, "ab|")},
      {"unicode_classes", "x := regex.match(input.s, \"a\")", kAny,
       input_text(10'000, "\\\\pL{9}")},
      {"long_pattern", "x := regex.match(input.s, \"a\")", kAny, input_text(1'000'000, "a")},
      {"many_patterns",
       "x := count([1 | some i in numbers.range(1, 100000); regex.match(sprintf(\"a{%d}b\", [i % "
       "1000]), \"a\")])",
       kAny},
      {"find_everything", "x := count(regex.find_n(``, input.s, -1))", kAny,
       input_text(1'000'000, "a")},
      {"submatches", "x := count(regex.find_all_string_submatch_n(`(a)(a)(a)?(b)?`, input.s, -1))",
       kAny, input_text(1'000'000, "a")},
      {"replacement_grows", "x := count(regex.replace(input.s, `a`, input.s))", kBudget,
       input_text(20'000, "a")},
      {"template", "x := regex.template_match(input.s, \"a\", \"{\", \"}\")", kAny,
       input_text(100'000, "{a*}")},
      {"globs", "x := regex.globs_match(\"" + times(25, "a*") + "\", \"" + times(24, "a*") + "b\")",
       "value |eval_cancel_error"},
      {"glob_stars", "x := glob.match(\"" + times(30, "a*") + "b\", [], input.s)",
       "value false|eval_", input_text(100'000, "a")},
      {"glob_alternatives", "x := glob.match(\"" + times(30, "{a,aa}") + "b\", [], input.s)",
       "value false|eval_", input_text(100, "a")},
      {"glob_nesting", "x := glob.match(input.s, [], \"a\")", kAny,
       input_text(1, times(100'000, "{") + "a" + times(100'000, "}"))},
      {"glob_delimiters",
       "x := glob.match(\"**\", [d | some i in numbers.range(1, 10000); d := "
       "sprintf(\"%d\", [i])], \"a\")",
       kAny},
  };
}

std::vector<Hostile> collection_calls() {
  const std::string graph =
      "g := {n: [m | some m in numbers.range(1, 30)] | some n in numbers.range(1, 30)}\n";
  return {
      {"cidr_expand", "x := count(net.cidr_expand(\"10.0.0.0/4\"))", kError},
      {"cidr_expand_of_ipv6", "x := count(net.cidr_expand(\"::/0\"))", kError},
      {"cidr_matches",
       "n := [s | some i in numbers.range(0, 5000); s := sprintf(\"10.0.%d.%d\", [floor(i / 256), "
       "i "
       "% 256])]\nx := count(net.cidr_contains_matches([\"10.0.0.0/8\", \"10.0.0.0/9\"], n))",
       kAny},
      {"cidr_matches_of_all_with_all",
       "n := [s | some i in numbers.range(0, 5000); s := sprintf(\"10.0.%d.%d/8\", [floor(i / "
       "256), "
       "i % 256])]\nx := count(net.cidr_contains_matches(n, n))",
       kBudget},
      {"cidr_merge",
       "x := count(net.cidr_merge([s | some i in numbers.range(0, 60000); s := "
       "sprintf(\"10.%d.%d.0/32\", [floor(i / 256), i % 256])]))",
       kAny},
      {"graph_paths", graph + "x := count(graph.reachable_paths(g, {1}))", kBudget},
      {"graph", graph + "x := count(graph.reachable(g, {1}))", "value 30"},
      {"union_of_objects",
       "x := count(object.union_n([{k: 1} | some i in numbers.range(1, 30000); k := "
       "sprintf(\"%d\", "
       "[i])]))",
       "value 30000|eval_cancel_error"},
      {"union_of_sets", "x := count(union({{i} | some i in numbers.range(1, 30000)}))",
       "value 30000|eval_cancel_error"},
      {"unions_one_by_one", "s0 := {0}\n" + numbered(900, "s^ := s# | {^}\n") + "x := count(s900)",
       "value 901|eval_cancel_error"},
      {"flatten", "x := count(array.flatten([input.v | numbers.range(1, 10000)[_]]))", kBudget,
       "{\"v\": [" + times(9999, "1, ") + "1]}"},
      {"patch_that_doubles",
       "p := [o | some i in numbers.range(1, 60); o := {\"op\": \"copy\", \"from\": \"/a\", "
       "\"path\": sprintf(\"/a/%d\", [0])}]\nx := count(json.marshal(json.patch({\"a\": [1]}, p)))",
       kAny},
      {"patches",
       "x := count(json.patch([], [{\"op\": \"add\", \"path\": \"/0\", \"value\": i} | some "
       "i in numbers.range(1, 30000)]))",
       "value 30000|eval_cancel_error"},
      {"long_pointer", "x := json.patch({}, [{\"op\": \"add\", \"path\": input.s, \"value\": 1}])",
       kError, input_text(100'000, "/a")},
      {"filter", "x := json.filter({\"a\": 1}, [input.s])", "value {\"a\":1}|eval_",
       input_text(100'000, "a/")},
      {"deep_unmarshal", "x := json.unmarshal(input.s)", kError, input_text(100'000, "[")},
      {"deep_unmarshal_that_closes", "x := json.unmarshal(input.s)", kError,
       input_text(1, times(100'000, "[") + times(100'000, "]"))},
      {"deep_yaml", "x := yaml.unmarshal(input.s)", kError, input_text(100'000, "[")},
      {"yaml_lines_that_nest", "x := yaml.unmarshal(input.s)", kAny, input_text(10'000, "- ")},
      {"yaml_aliases",
       "x := count(yaml.unmarshal(`a0: &a0 [x, x]\n" + numbered(40, "a^: &a^ [*a#, *a#]\n") + "`))",
       kError},
      {"is_valid_of_deep_text", "x := json.is_valid(input.s)", "value false|eval_",
       input_text(1, times(100'000, "[") + times(100'000, "]"))},
      {"sort_of_a_million",
       "x := count(sort([j | some i in numbers.range(1, 100000); j := 0 - i]))",
       "value 100000|eval_cancel_error"},
      {"slices",
       "a := numbers.range(1, 100000)\nx := count([1 | some i in a; count(array.slice(a, 0, "
       "i)) > 0])",
       "value 100000|eval_cancel_error"},
      {"set_of_integers", "x := count({v | some v in input.v})", "value 20001",
       "{\"v\": [" + numbered(20'000, "#, ") + "20000]}"},
      {"set_of_close_fractions", "x := count({v | some v in input.v})", "value 10001",
       "{\"v\": [" + numbered(10'000, "1.000000#1, ") + "2]}"},
  };
}

std::vector<Hostile> time_calls() {
  return {
      {"date_past_the_range", "x := time.add_date(0, 1000000000, 0, 0)", kError},
      {"date_past_64_bits", "x := time.add_date(0, 100000000000000000000, 0, 0)", kError},
      {"format_of_a_huge_time", "x := time.format(1e300)", kError},
      {"clock_of_a_huge_time", "x := time.clock(1e300)", kError},
      {"long_layout", "x := count(time.format([0, \"UTC\", input.s]))", kAny,
       input_text(300'000, "January")},
      {"long_zone", "x := time.date([0, input.s])", kError, input_text(300'000, "a")},
      {"zone_that_is_a_path", "x := time.date([0, \"../../../../etc/passwd\"])", kError},
      {"duration", "x := time.parse_duration_ns(input.s)", kError, input_text(300'000, "9h")},
      {"parse", "x := time.parse_ns(input.s, input.s)", kAny, input_text(100'000, "2006")},
  };
}

std::vector<Hostile> encoding_calls() {
  return {
      {"base64", "x := count(base64.decode(input.s))", "value |eval_",
       input_text(1'000'000, "AAAA")},
      {"base64_doubling",
       "s0 := \"aaaa\"\n" + numbered(60, "s^ := base64.encode(s#)\n") + "x := count(s60)", kAny},
      {"url_tripling",
       "s0 := \"%\"\n" + numbered(60, "s^ := urlquery.encode(concat(\"%\", [s#, s#]))\n") +
           "x := count(s60)",
       kBudget},
      {"hex_doubling",
       "s0 := \"aaaa\"\n" + numbered(60, "s^ := hex.encode(s#)\n") + "x := count(s60)", kBudget},
      {"query_object", "x := count(urlquery.decode_object(input.s))", kAny,
       input_text(300'000, "a=b&")},
      {"uri", "x := uri.is_valid(input.s)", "value |eval_", input_text(300'000, "a:/")},
  };
}

// {"definitions": {"n0": {"allOf": [n1, n1]}, ...}}: 2^levels looks at one value.
std::string doubling_schema(int levels) {
  std::string text = R"({"$ref": "#/definitions/n0", "definitions": {)";
  for (int i = 0; i < levels; ++i) {
    const std::string next = R"({"$ref": "#/definitions/n)" + std::to_string(i + 1) + "\"}";
    text += "\"n" + std::to_string(i) + R"(": {"allOf": [)" + next + ", " + next + "]}, ";
  }
  return text + "\"n" + std::to_string(levels) + R"(": {"type": "string"}}})";
}

std::vector<Hostile> schema_calls() {
  return {
      {"schema_of_itself", R"(x := json.match_schema({}, {"$ref": "#"}))", kError},
      {"schemas_in_a_ring",
       R"(x := json.match_schema({}, {"$ref": "#/definitions/a", "definitions": )"
       R"({"a": {"allOf": [{"$ref": "#/definitions/b"}]}, "b": {"not": {"$ref": "#/definitions/a"}}}}))",
       kError},
      {"schema_that_doubles", "x := json.match_schema({}, `" + doubling_schema(60) + "`)", kError},
      {"schema_that_nests", "x := json.verify_schema(input.s)[0]", kAny,
       R"({"s": ")" + times(100'000, R"({\"not\":)") + "{}" + times(100'000, "}") + "\"}"},
      {"schema_with_a_large_pattern",
       R"(x := json.match_schema({"a": "b"}, {"patternProperties": {"((a{100}){100}){100}": {}}}))",
       kAny},
      {"schema_that_nothing_fits",
       R"(x := count(json.match_schema(input.n, {"items": {"type": "string"}})[1]))", kAny,
       "{\"n\": [" + times(300'000, "1,") + "1]}"},
      {"schema_of_unique_items", R"(x := json.match_schema(input.n, {"uniqueItems": true})[0])",
       kAny, "{\"n\": [" + times(300'000, "1,") + "1]}"},
  };
}

std::vector<Hostile> all_calls() {
  std::vector<Hostile> all;
  add_group("number", number_calls(), all);
  add_group("text", text_calls(), all);
  add_group("pattern", pattern_calls(), all);
  add_group("collection", collection_calls(), all);
  add_group("time", time_calls(), all);
  add_group("encoding", encoding_calls(), all);
  add_group("schema", schema_calls(), all);
  return all;
}

class HostileBuiltins : public testing::TestWithParam<Hostile> {};

TEST_P(HostileBuiltins, end_as_wanted_soon_and_in_bounded_memory) { expect_ending(GetParam()); }

INSTANTIATE_TEST_SUITE_P(All, HostileBuiltins, testing::ValuesIn(all_calls()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace licet::test
