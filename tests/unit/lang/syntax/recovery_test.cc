#include <gtest/gtest.h>

#include "tests/unit/lang/syntax/parsed.h"

namespace licet::lang {
namespace {

using test::Parsed;

TEST(Recovery, every_declaration_reports_its_own_error) {
  const Parsed parsed(
      "package a\n\np if {\n\tx == 1 y == 2\n}\n\nq { true }\n\ngood := 1\n\nevery := 1\n\n"
      "s := \"a\\q\"\nimport foo.bar\nu := 01\nalso_good if true\nfoo\n");
  EXPECT_EQ(parsed.errors(),
            "4:9 L0101 expected a line break, `;`, `,` or `}`\n"
            "7:1 L0109 a rule with a body needs `if`\n"
            "11:1 L0110 `every` cannot be the name of a rule\n"
            "13:6 L0102 unknown escape in a string\n"
            "14:8 L0108 an import begins with `data`, `input`, `rego` or `future`\n"
            "15:6 L0103 a number cannot begin with 0\n"
            "17:1 L0111 rule `foo` needs a value or a body\n");
  ASSERT_TRUE(parsed.module);
  EXPECT_EQ(parsed.module->declarations.size(), 2U);
}

TEST(Recovery, a_missing_brace_does_not_hide_the_next_rule) {
  const Parsed parsed("package a\n\np if {\n\tx == 1\n\nq if {\n\ty == 1\n}\n");
  EXPECT_EQ(parsed.diagnostics.error_count(), 1U) << parsed.errors();
  ASSERT_TRUE(parsed.module);
  EXPECT_EQ(parsed.module->declarations.size(), 1U);
}

TEST(Recovery, without_a_package_there_is_no_module) {
  const Parsed parsed("p := 1\n");
  EXPECT_FALSE(parsed.module);
  EXPECT_EQ(parsed.errors(), "1:1 L0106 a file begins with its package\n");
}

TEST(Recovery, stops_after_the_limit_of_errors) {
  std::string text = "package a\n";
  for (int i = 0; i < 5000; ++i) text += "p := )\n";
  const Parsed parsed(text);
  EXPECT_EQ(parsed.diagnostics.all().size(), Diagnostics::kMaxErrors + 1);
  EXPECT_EQ(parsed.diagnostics.all().back().code, Code::kTooManyErrors);
}

TEST(Recovery, any_cut_of_a_module_ends) {
  const std::string text =
      "package a\nimport rego.v2\np contains x if { some x in [1, {2: `a`}]; not {x} and (y or z) "
      "}\n"
      "f(a) := $\"{a}\" if every k, v in {1 | 2} { k } else := {k: v | k} with input as -1\n"
      "schema u { a?: list[int] @x }\nforbid z if { a } because \"b\" controls {\"c\"}\n"
      "meter m per u over 1m\n";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    Parsed(text.substr(0, length));
    Parsed("package a\n" + text.substr(length));
  }
}

TEST(Encoding, text_that_is_not_utf8_is_an_error_with_its_place) {
  const struct {
    const char* name;
    std::string text;
    const char* error;
  } cases[] = {
      {"bare continuation", "package a\np := \"\x80\"", "2:7 L0104 the text is not valid UTF-8\n"},
      {"cut sequence", "package a # \xE2\x82", "1:13 L0104 the text is not valid UTF-8\n"},
      {"overlong", "package a # \xC0\xAF", "1:13 L0104 the text is not valid UTF-8\n"},
      {"surrogate", "package a # \xED\xA0\x80", "1:13 L0104 the text is not valid UTF-8\n"},
      {"too large", "package a # \xF4\x90\x80\x80", "1:13 L0104 the text is not valid UTF-8\n"},
      {"NUL", std::string("package a\n\0", 11), "2:1 L0104 a NUL character in the text\n"},
      {"byte order mark", "\xEF\xBB\xBFpackage a", "1:1 L0104 a byte order mark in the text\n"},
  };
  for (const auto& c : cases) {
    const Parsed parsed(c.text);
    EXPECT_FALSE(parsed.module) << c.name;
    EXPECT_EQ(parsed.errors(), c.error) << c.name;
  }
  EXPECT_TRUE(Parsed("package a\np := \"\xC3\xA9\xF0\x9F\x98\x80\" # \xE2\x82\xAC").ok());
}

}  // namespace
}  // namespace licet::lang
