// Operands made to hang or to exhaust a naive implementation: each call ends in time, within the
// default limits, with an answer or an error.
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "tests/unit/eval/builtins/answer_of.h"

namespace licet::test {
namespace {

using nlohmann::json;

struct HostileCall {
  std::string name;
  json operands;
};

// As delimiters: each ? of a glob repeats them all.
json many_characters() {
  json characters = json::array();
  for (int i = 0; i < 20'000; ++i) characters.push_back("a");
  return characters;
}

std::vector<HostileCall> hostile_calls() {
  const std::string deep_list = repeated("[", 100'000);
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'i'; ++c) {
    bomb += std::string(1, c) + ": &" + c + " [" +
            repeated(std::string("*") + char(c - 1) + ",", 9) + "*" + char(c - 1) + "]\n";
  }
  json dense = json::object();
  json chain = json::object();
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 20; ++j) dense[std::to_string(i)].push_back(std::to_string(j));
  }
  for (int i = 0; i < 20'000; ++i) chain[std::to_string(i)] = {std::to_string(i + 1)};
  return {
      {"regex.match", {"(a+)+$", repeated("a", 100'000) + "b"}},
      {"regex.match", {"(a|b)*a(a|b){400}", repeated("ab", 20'000)}},
      {"regex.match", {repeated("(", 5000) + repeated(")", 5000), "a"}},
      {"regex.match", {"((a{100}){100}){100}", "a"}},
      {"regex.match", {repeated("x{1,9}", 16'000), "a"}},
      {"regex.is_valid", {repeated("\\pL", 100'000)}},
      {"regex.find_n", {"a.*z|a", repeated("a", 100'000), -1}},
      {"regex.replace", {repeated("a", 100'000), "a", repeated("b", 10'000)}},
      {"regex.find_all_string_submatch_n", {repeated("()", 500), repeated("a", 20'000), -1}},
      {"regex.globs_match", {repeated("[a-z]+x*", 300), repeated("[a-z]+y*", 300) + "9"}},
      {"glob.match", {repeated("*a", 1000), json::array(), repeated("a", 5000) + "b"}},
      {"glob.match", {repeated("?", 20'000), many_characters(), "a"}},
      {"glob.match", {repeated("{", 1000) + repeated("}", 1000), json::array(), "a"}},
      {"net.cidr_expand", {"10.0.0.0/4"}},
      {"net.cidr_expand", {"::/0"}},
      {"json.unmarshal", {deep_list}},
      {"json.is_valid", {deep_list}},
      {"json.unmarshal", {"1e999999999"}},
      {"yaml.unmarshal", {bomb}},
      {"yaml.unmarshal", {deep_list}},
      {"json.filter", {{{"a", 1}}, {repeated("a/", 200'000)}}},
      {"json.patch", {{{"a", 1}}, json(1000, {{"op", "copy"}, {"from", ""}, {"path", "/b"}})}},
      {"units.parse", {"1e999999"}},
      {"units.parse_bytes", {"1e999999"}},
      {"semver.compare", {"1.0.0-99999999999999999999", "1.0.0-99999999999999999998"}},
      {"graph.reachable_paths", {dense, {"0"}}},
      {"graph.reachable_paths", {chain, {"0"}}},
      {"strings.render_template", {"{{range 1000000000}}x{{end}}", json::object()}},
      {"strings.render_template",
       {repeated("{{if .a}}", 5000) + repeated("{{end}}", 5000), {{"a", 1}}}},
      {"strings.render_template",
       {"{{$x := \"aaaaaaaaaa\"}}" + repeated("{{$x = print $x $x $x $x}}", 20), json::object()}},
      {"time.format", {{0, repeated("x", 100'000)}}},
      {"base64.decode", {repeated("QUJD", 1'000'000)}},
  };
}

TEST(HostileCalls, end_in_time) {
  for (const HostileCall& call : hostile_calls()) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string answer = answer_of(call.name, json(call.operands).dump());
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_FALSE(answer.starts_with("bad operands")) << call.name;
    EXPECT_LT(took, std::chrono::seconds(10)) << call.name << " " << answer.substr(0, 100);
  }
}

TEST(HostileCalls, large_results_are_refused_before_they_are_made) {
  EXPECT_EQ(answer_of("net.cidr_expand", R"(["10.0.0.0/4"])"), "eval_cancel_error");
  EXPECT_EQ(answer_of("net.cidr_expand", R"(["10.0.0.0/12"])"), "eval_cancel_error");
  EXPECT_EQ(answer_of("strings.render_template", R"(["{{range 1000000000}}x{{end}}", {}])"),
            "eval_cancel_error");
}

TEST(HostileCalls, work_is_charged) {
  EXPECT_EQ(answer_of("regex.match", R"(["a+", "aaaaaaaaaaaaaaaaaaaaaa"])", {.steps = 1}),
            "eval_cancel_error");
  EXPECT_EQ(answer_of("net.cidr_expand", R"(["10.0.0.0/24"])", {.steps = 100}),
            "eval_cancel_error");
  EXPECT_EQ(answer_of("json.unmarshal", R"(["[1, 2, 3, 4, 5, 6]"])", {.steps = 3}),
            "eval_cancel_error");
}

}  // namespace
}  // namespace licet::test
