// Licet's declarations: schema, type, permit, forbid, meter.
#include <gtest/gtest.h>

#include "lang/syntax/dump.h"
#include "tests/unit/lang/syntax/parsed.h"

namespace licet::lang {
namespace {

using test::Parsed;

std::string tree_of(const std::string& text) {
  const Parsed parsed("package a\n" + text);
  return parsed.ok() ? dump(*parsed.module).substr(12) : parsed.errors();
}

TEST(Declarations, schema_lists_attributes) {
  EXPECT_EQ(
      tree_of("schema user {\n\tid: string @token # id\n\tage?: int | null, tags: list[map[\"a\" "
              "| 1]]\n}"),
      "schema user\n  record\n    field id @token\n      type string\n    field age?\n"
      "      union\n        type int\n        literal: null\n    field tags\n      list\n"
      "        map\n          union\n            literal: \"a\"\n            literal: 1\n");
}

TEST(Declarations, type_names_a_type) {
  EXPECT_EQ(tree_of("type Bounds = {min: number, max?: number}"),
            "type Bounds\n  record\n    field min\n      type number\n    field max?\n"
            "      type number\n");
}

TEST(Declarations, decisions_take_clauses_in_any_order_on_any_line) {
  EXPECT_EQ(tree_of("forbid x if { a }\n\tcontrols {\"c\"} because \"b\"\nobliges {}\n"
                    "uses protected because \"u\""),
            "forbid x\n  body\n    var a\n  because: \"b\"\n  controls: set\n    \"c\"\n"
            "  obliges: object\n  uses protected because: \"u\"\n");
  EXPECT_EQ(tree_of("permit always"), "permit always\n");
  EXPECT_EQ(tree_of("permit p if a == b\nbecause \"x\""),
            "permit p\n  body\n    ==\n      var a\n      var b\n  because: \"x\"\n");
}

TEST(Declarations, meter_counts_per_key_over_a_window) {
  EXPECT_EQ(tree_of("meter m per user.id over 1m30s if request.action == \"predict\""),
            "meter m over 1m30s\n  per: ref\n    var user\n    \"id\"\n  body\n    ==\n      ref\n"
            "        var request\n        \"action\"\n      \"predict\"\n");
}

TEST(Declarations, words_of_licet_remain_names_in_rego) {
  for (const char* rego :
       {"permit := 1", "permit if { true }", "permit contains 1", "permit(x) := x", "permit.x := 1",
        "forbid[\"a\"] := 1", "schema := {}", "schema contains x if x := 1", "type if { true }",
        "type(x) := 1", "meter = 3", "default permit := false", "because := 1", "controls if true",
        "obliges(x) := x", "uses contains 1", "list := [1]", "map[\"x\"] := 1",
        "p if { permit := 1; type := schema; meter == because }"}) {
    const Parsed parsed("package a\n" + std::string(rego));
    ASSERT_TRUE(parsed.ok()) << rego << "\n" << parsed.errors();
    EXPECT_TRUE(std::holds_alternative<ast::Rule>(parsed.module->declarations[0])) << rego;
  }
}

TEST(Declarations, a_rule_named_like_a_clause_may_follow_a_decision) {
  const Parsed parsed(
      "package a\nforbid x if { a }\nbecause := 1\ncontrols if { b }\nobliges(x) := x");
  ASSERT_TRUE(parsed.ok()) << parsed.errors();
  EXPECT_EQ(parsed.module->declarations.size(), 4U);
}

TEST(Declarations, mistakes_are_named) {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"permit x { a }", "2:10 L0109 a rule with a body needs `if`\n"},
      {"permit x because \"a\" because \"b\"",
       "2:22 L0101 a second `because` clause in one rule\n"},
      {"forbid x uses protected \"a\"", "2:25 L0101 expected `because` after `uses protected`\n"},
      {"schema user", "2:11 L0101 expected `{` with the attributes\n"},
      {"schema user { id string }", "2:18 L0101 expected `:` and the type of the attribute\n"},
      {"schema user { id: }", "2:19 L0101 expected a type\n"},
      {"schema user { id: int age: int }", "2:23 L0101 expected a line break, `,` or `}`\n"},
      {"type X { }", "2:8 L0101 expected `=` and the type\n"},
      {"meter m over 1m", "2:9 L0101 expected `per` and what is counted\n"},
      {"meter m per user.id 1m", "2:21 L0101 expected `over` and the length of the window\n"},
      {"meter m per user.id over minute", "2:26 L0101 expected the length of the window\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(tree_of(c.text), c.error) << c.text;
}

}  // namespace
}  // namespace licet::lang
