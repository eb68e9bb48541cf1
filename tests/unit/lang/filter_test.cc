// What must hold of an unknown root, and what no filter can say.
#include "lang/filter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eval/value_json.h"

namespace licet::lang {
namespace {

std::string text_of(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : ".") + name;
  return text;
}

std::string text_of(const Filter& filter) {
  const auto parts = [&](const char* word) {
    std::string text;
    for (const Filter& part : filter.parts) text += (text.empty() ? "" : word) + text_of(part);
    return "(" + text + ")";
  };
  const std::string path = text_of(filter.path);
  switch (filter.kind) {
    case Filter::Kind::kTrue:
      return "true";
    case Filter::Kind::kFalse:
      return "false";
    case Filter::Kind::kAnd:
      return parts(" and ");
    case Filter::Kind::kOr:
      return parts(" or ");
    case Filter::Kind::kNot:
      return "not " + text_of(filter.parts[0]);
    case Filter::Kind::kPresent:
      return path + " is there";
    case Filter::Kind::kTruthy:
      return path;
    case Filter::Kind::kCompare:
      return path + " " + filter.comparison + " " +
             (filter.other.empty() ? json_from_value(filter.value) : text_of(filter.other));
    case Filter::Kind::kIn:
      return path + " in " + json_from_value(filter.value);
    case Filter::Kind::kContains:
      return json_from_value(filter.value) + " in " + path;
  }
  return "?";
}

constexpr const char* kKnown =
    R"({"user": {"team": "t", "level": 2, "tags": ["a", "b"], "owner": {"id": 7}, "none": []},
        "request": {"action": "read"}})";
constexpr const char* kData = R"({"teams": ["t", "u"], "limits": {"t": 5}, "grants": {"x": "t"}})";

class FilterOf : public testing::Test {
 protected:
  Result<Filter, FilterRefusal> ask(const std::string& rules, const std::string& package = "") {
    FilterQuestion question;
    question.unknown = "dataset";
    question.known = value_from_json(kKnown, arena_).value();
    question.package = package;
    question.known_data = [&](const std::vector<std::string>& path) {
      Value value = value_from_json(kData, arena_).value();
      for (const std::string& name : path) value = value.get(name);
      return value;
    };
    return filter_of({{"p.licet", "package p\n" + rules}}, question, arena_);
  }
  std::string answer(const std::string& rules) {
    const auto filter = ask(rules);
    return filter ? text_of(filter.value()) : "refused: " + filter.error().message;
  }

  Arena arena_;
};

struct Case {
  const char* rules;
  const char* filter;
};

TEST_F(FilterOf, permits) {
  const Case cases[] = {
      {"", "false"},
      {"permit a if true", "true"},
      {"permit a if user.level > 1", "true"},
      {"permit a if user.level > 2", "false"},
      {"permit a if user.missing == 1", "false"},
      {"permit a if dataset.open", "open"},
      {"permit a if not dataset.open", "not open"},
      {"permit a if dataset.owner == user.team", "owner == \"t\""},
      {"permit a if dataset.owner.id == user.owner.id", "owner.id == 7"},
      {"permit a if dataset.level <= user.level", "level <= 2"},
      {"permit a if user.level < dataset.level", "level > 2"},
      {"permit a if 3 >= dataset.level", "level <= 3"},
      {"permit a if dataset.level > dataset.other", "level > other"},
      {"permit a if dataset.region in user.tags", "region in [\"a\",\"b\"]"},
      {"permit a if dataset.region in user.none", "false"},
      {"permit a if dataset.region in {1, 2}", "region in [1,2]"},
      {"permit a if user.team in dataset.teams", "\"t\" in teams"},
      {"permit a if user.team in data.teams", "true"},
      {"permit a if dataset.level < data.limits[user.team]", "level < 5"},
      {"permit a if { dataset.open; dataset.level == 1 }", "(open and level == 1)"},
      {"permit a if dataset.open\npermit b if dataset.level == 1", "(open or level == 1)"},
      {"permit a if { some t in data.teams; dataset.team == t }",
       "(team == \"t\" or team == \"u\")"},
      {"permit a if { some t in data.grants; dataset.team == t }", "team == \"t\""},
      {"permit a if { some t in user.none; dataset.team == t }", "false"},
      {"permit a if { x := dataset.level; x > 1; x < 4 }", "(level > 1 and level < 4)"},
      {"permit a if { x := dataset.level; user.level > 1 }", "level is there"},
      {"small if dataset.level < 1\nsmall if dataset.tiny\npermit a if small",
       "(level < 1 or tiny)"},
      {"default small := false\nsmall if dataset.level < 1\npermit a if not small",
       "not level < 1"},
      {"known if count(user.tags) > 1\npermit a if { dataset.open; data.p.known }",
       "false"},  // known_data is what knows rules; here it knows of none
  };
  for (const Case& row : cases) EXPECT_EQ(answer(row.rules), row.filter) << row.rules;
}

// A forbid that is not false for certain denies.
TEST_F(FilterOf, forbids_must_be_false_for_certain) {
  const Case cases[] = {
      {"permit a if true\nforbid b if dataset.closed", "(closed is there and not closed)"},
      {"permit a if true\nforbid b if not dataset.open", "open"},
      {"permit a if true\nforbid b if dataset.level > 3", "(level is there and not level > 3)"},
      {"permit a if true\nforbid b if not dataset.region in {1}", "region in [1]"},
      {"permit a if true\nforbid b if { dataset.level > 3; user.level == 9 }", "true"},
      {"permit a if true\nforbid b if { dataset.level > 3; user.level == 2 }",
       "(level is there and not level > 3)"},
      {"permit a if true\nforbid b if user.missing", "false"},
      {"schema dataset { level?: int }\npermit a if true\nforbid b if dataset.level > 3",
       "not level > 3"},
      {"schema user { mfa?: bool }\npermit a if true\nforbid b if user.mfa", "true"},
      {"permit a if dataset.open\nforbid b if dataset.level == dataset.other",
       "(level is there and other is there and not level == other and open)"},
  };
  for (const Case& row : cases) EXPECT_EQ(answer(row.rules), row.filter) << row.rules;
}

TEST_F(FilterOf, what_it_cannot_say_it_refuses_and_names_the_clause) {
  const Case cases[] = {
      {"permit a if count(dataset.tags) > 1", "count(dataset.tags) > 1"},
      {"permit a if { some t in dataset.tags; t == 1 }", "some t in dataset.tags"},
      {"permit a if { some i, t in user.tags; dataset.x == t }", "some i, t in user.tags"},
      {"permit a if dataset.tags[0] == 1", "dataset.tags[0]"},
      {"permit a if user[dataset.key] == 1", "user[dataset.key]"},
      {"permit a if dataset == {}", "dataset"},
      {"permit a if input == {}", "input"},
      {"permit a if dataset.a in dataset.b", "dataset.a in dataset.b"},
      {"permit a if dataset.open with user.x as 1", "dataset.open with user.x as 1"},
      {"n := dataset.level\npermit a if n == 1", "n"},
      {"f(x) if x == dataset.level\npermit a if f(1)", "f(1)"},
      {"permit a if every t in user.tags { t == dataset.tag }",
       "every t in user.tags { t == dataset.tag }"},
      {"permit a if dataset.open because $\"{dataset.name}\"", "$\"{dataset.name}\""},
      {"permit a if dataset.level == {\"n\": dataset.other}", "{\"n\": dataset.other}"},
  };
  for (const Case& row : cases) {
    const auto filter = ask(row.rules);
    ASSERT_FALSE(filter) << row.rules << ": " << text_of(filter.value());
    EXPECT_EQ(filter.error().clause, row.filter) << row.rules << ": " << filter.error().message;
    EXPECT_EQ(filter.error().file, "p.licet");
    EXPECT_GE(filter.error().line, 2U);
    EXPECT_FALSE(filter.error().message.empty());
  }
}

TEST_F(FilterOf, only_rules_of_the_package_take_part) {
  const std::string rules = "permit a if dataset.open";
  EXPECT_EQ(text_of(ask(rules, "p").value()), "open");
  EXPECT_EQ(text_of(ask(rules, "q").value()), "false");
  EXPECT_EQ(text_of(ask(rules, "pp").value()), "false");
}

TEST_F(FilterOf, a_filter_that_would_explode_is_refused) {
  std::string rules = "permit a if {\n";
  for (int i = 0; i < 20; ++i) {
    rules += "some t" + std::to_string(i) + " in data.teams\ndataset.x" + std::to_string(i) +
             " == t" + std::to_string(i) + "\n";
  }
  const auto filter = ask(rules + "}");
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().message, "the filter would be too large");
}

}  // namespace
}  // namespace licet::lang
