// Requests and data that no honest caller sends. What is not strict JSON is refused with a typed
// error that says where; what is odd but legal means what it says.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/compile.h"
#include "licet/data.h"
#include "tests/integration/hostile.h"
#include "tests/support/cpu_time.h"

namespace licet::test {
namespace {

using std::chrono::milliseconds;

Engine engine_for(const std::string& policy) {
  Arena arena;
  const auto compilation =
      lang::compile({{"t.licet", "package t\n" + policy}}, Value::object({}, arena));
  EXPECT_TRUE(compilation.diagnostics.all().empty());
  return Engine(compilation.program);
}

constexpr const char* kSchema = "schema user { id: string, clearance: int, mfa?: bool }\n";
constexpr const char* kPermitAll = "permit everybody if true\n";

// --- JSON that is not strict

struct BadJson {
  const char* name;
  std::string text;
  const char* message;  // a part of it
};

void PrintTo(const BadJson& bad, std::ostream* out) { *out << bad.name; }

// In an object, as requests and data are.
std::string object_of(const std::string& value) { return R"({"role": )" + value + "}"; }

const std::vector<BadJson> kBadJson = {
    {"nothing", "", "empty text"},
    {"spaces", " \n", "empty text"},
    {"nan", object_of("NaN"), "found `NaN`"},
    {"infinity", object_of("Infinity"), "found `Infinity`"},
    {"minus_infinity", object_of("-Infinity"), "found `-Infinity`"},
    {"exponent_without_end", object_of("1e1000000000"), "too large or too long"},
    {"negative_exponent_without_end", object_of("1e-1000000000"), "too large or too long"},
    {"leading_zero", object_of("01"), "found `01`"},
    {"leading_plus", object_of("+1"), "found `+1`"},
    {"bare_point", object_of("1."), "found `1.`"},
    {"bare_fraction", object_of(".5"), "found `.5`"},
    {"bare_minus", object_of("-"), "found `-`"},
    {"bare_exponent", object_of("1e"), "found `1e`"},
    {"hexadecimal", object_of("0x10"), "found `0x10`"},
    {"two_values", R"({"a": 1} {"a": 2})", "after the value"},
    {"trailing_bracket", R"({"a": 1}])", "after the value"},
    {"trailing_comma", R"({"a": 1,})", "found `}`"},
    {"trailing_comma_in_an_array", object_of("[1,]"), "found `]`"},
    {"two_commas", object_of("[1,,2]"), "found `,`"},
    {"no_comma", object_of("[1 2]"), "found `2`"},
    {"no_colon", R"({"a" 1})", "expected `:`"},
    {"unquoted_key", R"({a: 1})", "expected a key"},
    {"single_quotes", R"({'a': 1})", "expected a key"},
    {"comment", "{\"a\": 1} // no", "after the value"},
    {"capital_true", object_of("True"), "found `True`"},
    {"unclosed_object", R"({"a": 1)", "ends within"},
    {"unclosed_string", R"({"a": "b)", "string without an end"},
    {"line_feed_in_a_string", "{\"a\": \"b\nc\"}", "control character"},
    {"nul_in_a_string", std::string("{\"a\": \"b\0c\"}", 12), "control character"},
    {"nul_after_the_value", std::string("{\"a\": 1}\0", 9), ""},
    {"bad_escape", R"({"a": "\x41"})", "escape"},
    {"short_escape", R"({"a": "\u00"})", "hexadecimal"},
    {"lone_surrogate", R"({"a": "\ud800"})", "surrogate"},
    {"surrogates_in_reverse", R"({"a": "\udc00\ud800"})", "surrogate"},
    {"lone_surrogate_in_a_key", R"({"\udfff": 1})", "surrogate"},
    {"invalid_utf8", "{\"a\": \"\xff\"}", "invalid UTF-8"},
    {"overlong_utf8", "{\"a\": \"\xc0\xaf\"}", "invalid UTF-8"},
    {"utf8_surrogate", "{\"a\": \"\xed\xa0\x80\"}", "invalid UTF-8"},
    {"truncated_utf8", "{\"a\": \"\xe2\x82", "without an end"},
    {"byte_order_mark", "\xef\xbb\xbf{\"a\": 1}", "byte order mark"},
    {"utf16", std::string("\xff\xfe{\0}\0", 6), "invalid UTF-8"},
    {"duplicate_key", R"({"role": "guest", "role": "admin"})", "duplicate key `role`"},
    {"duplicate_key_below", object_of(R"({"b": 1, "b": 1})"), "duplicate key `b`"},
    {"duplicate_key_in_escapes", R"({"role": 1, "r\u006fle": 2})", "duplicate key `role`"},
    {"deep_arrays", object_of(times(100'000, "[") + times(100'000, "]")), "nests deeper"},
    {"deep_objects", times(100'000, "{\"a\":") + "1" + times(100'000, "}"), "nests deeper"},
    {"deep_without_end", object_of(times(1'000'000, "[")), ""},
    {"closing_brackets", times(1'000'000, "]"), ""},
    {"commas", object_of("[" + times(1'000'000, ",") + "]"), "found `,`"},
    {"quotes", object_of(times(1'000'001, "\"")), ""},
};

class BadJsonTexts : public testing::TestWithParam<BadJson> {};

TEST_P(BadJsonTexts, as_a_request_are_a_deny_that_says_why) {
  const Engine engine = engine_for(kPermitAll);
  Decision decision;
  const auto time = cpu_time_of([&] { decision = engine.decide_json(GetParam().text); });
  EXPECT_FALSE(decision);
  EXPECT_EQ(decision.cause(), Cause::kInvalidRequest);
  EXPECT_NE(decision.error().find(GetParam().message), std::string::npos) << decision.error();
  EXPECT_LT(decision.error().size(), 1000U);
  EXPECT_LT(time, milliseconds(500) * build_slack());
}

TEST_P(BadJsonTexts, as_data_are_an_error_with_its_place) {
  Arena arena;
  const auto value = value_from_text("data.json", GetParam().text, arena);
  ASSERT_FALSE(value);
  EXPECT_NE(value.error().message.find(GetParam().message), std::string::npos)
      << value.error().message;
  EXPECT_GT(value.error().line, 0U);
}

INSTANTIATE_TEST_SUITE_P(All, BadJsonTexts, testing::ValuesIn(kBadJson),
                         [](const auto& of) { return std::string(of.param.name); });

// --- JSON that is odd

struct OddJson {
  const char* name;
  std::string text;  // of input.v
  const char* is;    // Rego
};

void PrintTo(const OddJson& odd, std::ostream* out) { *out << odd.name; }

const std::vector<OddJson> kOddJson = {
    {"two_to_the_53_and_one", "9007199254740993", "input.v == 9007199254740992 + 1"},
    {"two_to_the_64", "18446744073709551616", "input.v - 18446744073709551615 == 1"},
    {"minus_zero", "-0", "input.v == 0"},
    {"long_fraction", "0.1000000000000000000000000000000000001", "input.v != 0.1"},
    {"same_number_written_longer", "1.0e0", "input.v == 1"},
    {"large_exponent", "1e999", "input.v > 10"},
    {"surrogate_pair", R"("\ud83d\ude00")", R"(count(input.v) == 1)"},
    {"escaped_nul", R"("a\u0000b")", "count(input.v) == 3"},
    {"line_separators", "\"\xe2\x80\xa8\xe2\x80\xa9\"", "count(input.v) == 2"},
    {"noncharacter", "\"\xef\xbf\xbf\"", "count(input.v) == 1"},
    {"empty_key", R"({"": 1})", R"(input.v[""] == 1)"},
    {"deep", times(100, "[") + times(100, "]"), "count(input.v) == 1"},
    {"nothing_in_it", "{}", "count(input.v) == 0"},
    {"null", "null", "input.v == null"},
    {"many_keys", "{" + numbered(100'000, "\"k#\": #, ") + "\"k\": 1}", "input.v.k99999 == 99999"},
    {"long_string", "\"" + times(10'000'000, "x") + "\"", "count(input.v) == 10000000"},
    {"long_number", times(100'000, "9"), "input.v > 1"},
};

class OddJsonTexts : public testing::TestWithParam<OddJson> {};

TEST_P(OddJsonTexts, mean_what_they_say) {
  const Engine engine = engine_for("permit p if " + std::string(GetParam().is) + "\n");
  Decision decision;
  const auto time =
      cpu_time_of([&] { decision = engine.decide_json(R"({"v": )" + GetParam().text + "}"); });
  EXPECT_TRUE(decision) << decision.message() << " " << decision.error();
  EXPECT_LT(time, milliseconds(500) * build_slack());
}

INSTANTIATE_TEST_SUITE_P(All, OddJsonTexts, testing::ValuesIn(kOddJson),
                         [](const auto& of) { return std::string(of.param.name); });

// --- requests

TEST(HostileRequests, what_is_no_object_is_a_request_without_attributes) {
  const Engine engine = engine_for("permit p if input.user.id == \"a\"\n");
  for (const char* const text : {"1", "null", "[]", "\"a\"", "true", "{}"}) {
    EXPECT_FALSE(engine.decide_json(text)) << text;
  }
}

TEST(HostileRequests, what_does_not_fit_the_schema_names_the_path_and_what_was_found) {
  const Engine engine = engine_for(std::string(kSchema) + kPermitAll);
  const std::pair<const char*, const char*> cases[] = {
      {R"({})", "user"},
      {R"({"user": 1})", "user"},
      {R"({"user": {"id": "a"}})", "user.clearance"},
      {R"({"user": {"id": 1, "clearance": 1}})", "user.id"},
      {R"({"user": {"id": "a", "clearance": 1.5}})", "user.clearance"},
      {R"({"user": {"id": "a", "clearance": "1"}})", "user.clearance"},
      {R"({"user": {"id": "a", "clearance": 1, "mfa": null}})", "user.mfa"},
      {R"({"user": {"id": "a", "clearance": 1, "admin": true}})", "user.admin"},
  };
  for (const auto& [text, path] : cases) {
    const Decision decision = engine.decide_json(text);
    EXPECT_EQ(decision.cause(), Cause::kInvalidRequest) << text;
    EXPECT_NE(decision.error().find(path), std::string::npos) << text << ": " << decision.error();
  }
  EXPECT_TRUE(engine.decide_json(R"({"user": {"id": "a", "clearance": 1}})"));
}

TEST(HostileRequests, a_bad_attribute_is_an_error_until_the_reset) {
  const Engine engine = engine_for(std::string(kSchema) + kPermitAll);
  const auto id = engine.slot<std::string_view>("user.id");
  const auto clearance = engine.slot<std::int64_t>("user.clearance");
  ASSERT_TRUE(id);
  ASSERT_TRUE(clearance);
  Request request(engine);
  request.set(id.value(), "a\xff").set(clearance.value(), 1);
  EXPECT_EQ(engine.decide(request).cause(), Cause::kInvalidRequest);
  request.reset().set(id.value(), "a").set(clearance.value(), 1);
  EXPECT_EQ(engine.decide(request).cause(), Cause::kPermitted);
}

TEST(HostileRequests, a_number_that_is_none_is_an_error) {
  const Engine engine = engine_for("permit p if not input.request.rate > 10\n");
  const auto rate = engine.slot<double>("request.rate");
  ASSERT_TRUE(rate);
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double value : {std::nan(""), infinity, -infinity}) {
    Request request(engine);
    EXPECT_EQ(engine.decide(request.set(rate.value(), value)).cause(), Cause::kInvalidRequest);
  }
}

TEST(HostileRequests, a_budget_that_runs_out_is_a_deny_that_says_so) {
  const Engine engine = engine_for(
      "permit everybody if true\n"
      "forbid f if { some i in numbers.range(1, 9000); some j in numbers.range(1, 9000); i * j < "
      "0 }\n");
  const Decision decision = engine.decide_json("{}");
  EXPECT_FALSE(decision);
  EXPECT_EQ(decision.cause(), Cause::kError);
  EXPECT_FALSE(decision.error().empty());
}

// --- YAML

TEST(HostileYaml, is_refused_with_a_message) {
  const std::pair<const char*, std::string> cases[] = {
      {"aliases", "a0: &a0 [x, x]\n" + numbered(40, "a^: &a^ [*a#, *a#]\n")},
      {"duplicate key", "role: guest\nrole: admin\n"},
      {"deep", times(100'000, "[")},
      {"deep that closes", times(100'000, "[") + times(100'000, "]")},
      {"deep objects", times(100'000, "{a: ") + times(100'000, "}")},
      {"deep lines", times(10'000, "- ") + "1"},
      {"invalid UTF-8", "a: \xff\n"},
      {"byte order mark",
       "\xef\xbb\xbf"
       "a: 1\n"},
      {"alias of itself", "a: &a [*a]\n"},
      {"alias of nothing", "a: *b\n"},
      {"two documents", "a: 1\n---\na: 2\n"},
      {"unclosed", "a: [1, 2\n"},
  };
  for (const auto& [name, text] : cases) {
    Arena arena;
    const auto time = cpu_time_of([&] {
      const auto value = value_from_text("data.yaml", text, arena);
      EXPECT_FALSE(value) << name;
      if (!value) {
        EXPECT_FALSE(value.error().message.empty()) << name;
      }
    });
    EXPECT_LT(time, milliseconds(1000) * build_slack()) << name;
  }
}

}  // namespace
}  // namespace licet::test
