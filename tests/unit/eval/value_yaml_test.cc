#include "eval/value_yaml.h"

#include <gtest/gtest.h>

#include <string>

namespace licet {
namespace {

std::string rego_of(std::string_view text, YamlMode mode = YamlMode::kStrict) {
  Arena arena;
  const auto value = value_from_yaml(text, arena, mode);
  return value ? rego_text(value.value()) : "error: " + value.error().message;
}

struct Case {
  const char* text;
  const char* rego;
};

// Checked against OPA's yaml.unmarshal.
constexpr Case kScalars[] = {
    {"yes", "\"yes\""},
    {"on", "\"on\""},
    {"True", "true"},
    {"FALSE", "false"},
    {"tRue", "\"tRue\""},
    {"~", "null"},
    {"", "null"},
    {"# a comment", "null"},
    {"0o17", "15"},
    {"017", "15"},
    {"0x1F", "31"},
    {"-0x1f", "-31"},
    {"0b11", "3"},
    {"08", "8"},
    {"0b2", "\"0b2\""},
    {"0x", "\"0x\""},
    {"1_000", "1000"},
    {"_1", "\"_1\""},
    {"1e3", "1000"},
    {"1e", "\"1e\""},
    {"-.5", "-0.5"},
    {"5.", "5"},
    {"1.e5", "100000"},
    {"+5", "5"},
    {"1.10", "1.1"},
    {"-0", "0"},
    {"2001-01-01", "\"2001-01-01\""},
    {"12:30:45", "\"12:30:45\""},
    {"!!str 5", "\"5\""},
    {"!!int '5'", "5"},
    {"!foo 5", "\"5\""},
    {"!!null ''", "null"},
    {"'yes'", "\"yes\""},
    {"'5'", "\"5\""},
    {"\"a\\u00e9\"", "\"aé\""},
    {"|\n  a\n  b\n", "\"a\\nb\\n\""},
    {">\n  a\n  b\n", "\"a b\\n\""},
};

TEST(ValueYaml, scalars_have_the_types_that_opa_gives_them) {
  for (const Case& c : kScalars) {
    EXPECT_EQ(rego_of(c.text), c.rego) << c.text;
    EXPECT_EQ(rego_of(c.text, YamlMode::kLikeOpa), c.rego) << c.text;
  }
}

TEST(ValueYaml, numbers_are_exact_in_strict_mode_and_binary_floats_as_in_opa) {
  EXPECT_EQ(rego_of("123456789012345678901234567890"), "123456789012345678901234567890");
  EXPECT_EQ(rego_of("123456789012345678901234567890", YamlMode::kLikeOpa),
            "123456789012345680000000000000");
  EXPECT_EQ(rego_of("0.1000000000000000055511151231257827", YamlMode::kLikeOpa), "0.1");
  EXPECT_EQ(rego_of("1e400", YamlMode::kLikeOpa), "\"1e400\"");
}

TEST(ValueYaml, collections_anchors_and_merges) {
  EXPECT_EQ(rego_of("- a\n- - b\n"), "[\"a\", [\"b\"]]");
  EXPECT_EQ(rego_of("{a: [1,], b: }"), "{\"a\": [1], \"b\": null}");
  EXPECT_EQ(rego_of("a: &x {b: 1, d: 5}\nc:\n  <<: *x\n  d: 2"),
            "{\"a\": {\"b\": 1, \"d\": 5}, \"c\": {\"b\": 1, \"d\": 2}}");
  EXPECT_EQ(rego_of("<<: [{a: 1}, {a: 2}]\nb: 1"), "{\"a\": 1, \"b\": 1}");
  EXPECT_EQ(rego_of("!!set {a, b}"), "{\"a\": null, \"b\": null}");
}

TEST(ValueYaml, keys_become_text) {
  EXPECT_EQ(rego_of("1: a\ntrue: b\n1.50: c\n"), "{\"1\": \"a\", \"1.5\": \"c\", \"true\": \"b\"}");
  EXPECT_EQ(rego_of("null: 1"), "error: a key must not be null");
  EXPECT_EQ(rego_of("? [a]\n: 1"), "error: a key must be a string, a number or a boolean");
}

TEST(ValueYaml, strict_mode_refuses_what_opa_lets_pass) {
  EXPECT_EQ(rego_of("a: 1\na: 2"), "error: duplicate key `a`");
  EXPECT_EQ(rego_of("{1: a, '1': b}"), "error: duplicate key `1`");
  EXPECT_EQ(rego_of("a: 1\na: 2", YamlMode::kLikeOpa), "{\"a\": 2}");
  EXPECT_EQ(rego_of("--- 1\n--- 2"), "error: more than one document");
  EXPECT_EQ(rego_of("--- 1\n--- 2", YamlMode::kLikeOpa), "1");
  EXPECT_EQ(rego_of("\xEF\xBB\xBF"
                    "a: 1"),
            "error: a byte order mark");
}

TEST(ValueYaml, bad_text_is_a_typed_error) {
  for (const char* text : {"{", "a: b: c", ".inf", "-.Inf", ".nan", "\t- a", "a: @b",
                           "!!bool 'yes'", "!!int 5.5", "a: &x [*x]", "*y", "\xff\xfe"}) {
    EXPECT_TRUE(rego_of(text).starts_with("error: ")) << text << " " << rego_of(text);
  }
  EXPECT_EQ(rego_of(std::string("a\0b", 3)), "error: a zero byte in the text");
}

// The parser took tabs for spaces, so that a text of nothing but a tab was null.
TEST(ValueYaml, tabs_do_not_indent_what_begins_a_line) {
  for (const char* text :
       {"\t", "\t\n1", "\n\t", "# c\n\t", "---\n\t", "%YAML 1.1\n---\n\t", "\ta: 1", "\t[1]",
        "- \t1", "-\t1", "?\ta", "a:\n \tb", "a:\n  - 1\n \t- 2"}) {
    EXPECT_TRUE(rego_of(text).starts_with("error: ")) << text << " " << rego_of(text);
  }
  constexpr Case kGood[] = {{"a:\tb", "{\"a\": \"b\"}"},
                            {"[1,\n\t2]", "[1, 2]"},
                            {"{a:\n\t1}", "{\"a\": 1}"},
                            {"---\t1", "1"},
                            {"# c\n\t# d", "null"},
                            {"a: 1\t# c", "{\"a\": 1}"},
                            {"a: b\n \tc", "{\"a\": \"b c\"}"},
                            {"|\n a\n \tb\n", "\"a\\n\\tb\\n\""},
                            {"- &x\t1", "[1]"},
                            {"k-:\tv", "{\"k-\": \"v\"}"}};
  for (const Case& c : kGood) EXPECT_EQ(rego_of(c.text, YamlMode::kLikeOpa), c.rego) << c.text;
}

TEST(ValueYaml, an_error_names_its_place) {
  Arena arena;
  const auto value = value_from_yaml("user:\n  roles:\n    - a\n    - .nan\n", arena);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().line, 4U);
  EXPECT_EQ(value.error().column, 7U);
  EXPECT_EQ(value.error().path, "user.roles[1]");
}

// Nine levels of nine aliases: 3 GB if it were expanded.
TEST(ValueYaml, aliases_cannot_make_a_small_text_large) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level <= 9; ++level) {
    const std::string alias = "*a" + std::to_string(level - 1);
    text += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + alias;
    for (int i = 0; i < 8; ++i) text.append(", ").append(alias);
    text += "]\n";
  }
  EXPECT_EQ(rego_of(text), "error: aliases make the document too large");
}

TEST(ValueYaml, deep_nesting_is_an_error) {
  EXPECT_TRUE(rego_of(std::string(100'000, '[')).starts_with("error: "));
  std::string blocks;
  for (int i = 0; i < 3000; ++i) blocks += "- ";
  EXPECT_TRUE(rego_of(blocks).starts_with("error: "));
}

}  // namespace
}  // namespace licet
