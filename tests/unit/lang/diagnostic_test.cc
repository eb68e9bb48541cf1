#include "lang/diagnostic.h"

#include <gtest/gtest.h>

#include <set>

namespace licet::lang {
namespace {

TEST(Diagnostics, codes_are_unique_and_have_a_summary) {
  std::set<std::string> texts;
  for (const CodeInfo& row : all_codes()) {
    EXPECT_TRUE(texts.insert(text_of(row.code)).second) << row.name;
    EXPECT_FALSE(row.summary.empty()) << row.name;
    EXPECT_EQ(info(row.code).name, row.name);
  }
  EXPECT_EQ(text_of(Code::kUnknownAttribute), "L0203");
}

TEST(Diagnostics, sort_orders_by_place_and_drops_repetitions) {
  Diagnostics diagnostics;
  const auto add = [&](std::uint32_t source, std::uint32_t begin, const char* message) {
    diagnostics.add({Code::kSyntax, {SourceId{source}, begin, begin + 1}, message, "", {}, ""});
  };
  add(1, 0, "d");
  add(0, 5, "c");
  add(0, 1, "b");
  add(0, 1, "a");
  add(0, 5, "c");
  diagnostics.sort();
  std::string order;
  for (const Diagnostic& diagnostic : diagnostics.all()) order += diagnostic.message;
  EXPECT_EQ(order, "abcd");
  EXPECT_EQ(diagnostics.error_count(), 4U);
}

// OPA checks safety before types, and goes on after names.
TEST(Diagnostics, sort_puts_first_what_opa_reports) {
  Diagnostics diagnostics;
  const auto add = [&](Code code, std::uint32_t begin, const char* message) {
    diagnostics.add({code, {SourceId{0}, begin, begin + 1}, message, "", {}, ""});
  };
  add(Code::kNeverEqual, 1, "type");
  add(Code::kUnusedDeclaration, 5, "name");
  add(Code::kUnsafeVariable, 3, "body");
  add(Code::kRecursion, 2, "recursion");
  EXPECT_TRUE(diagnostics.has_stopped());
  diagnostics.sort();
  std::string order;
  for (const Diagnostic& diagnostic : diagnostics.all()) order += " " + diagnostic.message;
  EXPECT_EQ(order, " body name type recursion");
}

// OPA looks at a query only if nothing is wrong with the policies.
TEST(Diagnostics, sort_puts_errors_of_the_query_last) {
  Diagnostics diagnostics;
  constexpr SourceId kPolicy{0};
  constexpr SourceId kQuery{1};
  const auto add = [&](Code code, SourceId source, const char* message) {
    diagnostics.add({code, {source, 1, 2}, message, "", {}, ""});
  };
  add(Code::kUnsafeVariable, kQuery, "body of the query");
  add(Code::kNeverEqual, kQuery, "type of the query");
  add(Code::kNeverEqual, kPolicy, "type");
  diagnostics.sort(kQuery);
  std::string order;
  for (const Diagnostic& diagnostic : diagnostics.all()) order += diagnostic.message + "; ";
  EXPECT_EQ(order, "type; body of the query; type of the query; ");
}

// OPA looks at the statements of a file only if all of it can be read.
TEST(Diagnostics, sort_puts_what_cannot_be_read_before_wrong_statements_of_its_file) {
  Diagnostics diagnostics;
  const auto add = [&](Code code, std::uint32_t source, std::uint32_t begin, const char* message) {
    diagnostics.add({code, {SourceId{source}, begin, begin + 1}, message, "", {}, ""});
  };
  add(Code::kMissingIf, 0, 1, "statement");
  add(Code::kMissingIf, 1, 1, "other");
  add(Code::kSyntax, 0, 5, "syntax");
  diagnostics.sort();
  std::string order;
  for (const Diagnostic& diagnostic : diagnostics.all()) order += " " + diagnostic.message;
  EXPECT_EQ(order, " syntax other statement");
}

TEST(Diagnostics, the_end_of_a_text_counts_to_its_last_character) {
  SourceSet sources;
  const SourceId open = sources.add("open", "p :=");
  const SourceId broken = sources.add("broken", "p :=\n");
  const auto at = [&](SourceId source, std::uint32_t offset, Code code) {
    const Position position =
        position_of({code, {source, offset, offset}, "", "", {}, ""}, sources);
    return std::to_string(position.line) + ":" + std::to_string(position.column);
  };
  EXPECT_EQ(at(open, 4, Code::kSyntax), "1:4");
  EXPECT_EQ(at(broken, 5, Code::kSyntax), "2:0");
  EXPECT_EQ(at(broken, 4, Code::kSyntax), "2:0");
  EXPECT_EQ(at(broken, 2, Code::kSyntax), "1:3");
  EXPECT_EQ(at(broken, 5, Code::kUnsafeVariable), "2:1");
}

TEST(Diagnostics, warnings_are_no_errors) {
  Diagnostics diagnostics;
  diagnostics.add({Code::kUnguardedOptional, {}, "m", "", {}, ""});
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.all().size(), 1U);
}

TEST(Diagnostics, collecting_stops_after_the_limit) {
  Diagnostics diagnostics;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    diagnostics.add({Code::kSyntax, {SourceId{}, i, i + 1}, "m", "", {}, ""});
  }
  EXPECT_EQ(diagnostics.all().size(), Diagnostics::kMaxErrors + 1);
  EXPECT_EQ(diagnostics.all().back().code, Code::kTooManyErrors);
}

TEST(Suggestion, finds_likely_typos_only) {
  const std::vector<std::string> names = {"department", "clearance", "id", "roles", "region"};
  EXPECT_EQ(suggestion("deparment", names), "department");
  EXPECT_EQ(suggestion("claerance", names), "clearance");
  EXPECT_EQ(suggestion("role", names), "roles");
  EXPECT_EQ(suggestion("di", names), "id");
  EXPECT_EQ(suggestion("xyz", names), std::nullopt);
  EXPECT_EQ(suggestion("department", names), std::nullopt);
  EXPECT_EQ(suggestion(std::string(100'000, 'a'), {std::string(100'000, 'b')}), std::nullopt);
}

}  // namespace
}  // namespace licet::lang
