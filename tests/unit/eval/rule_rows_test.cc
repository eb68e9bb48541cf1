// Rules that are rows of a table: looked up, and named as the machine names them.
#include "eval/vm/rule_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "eval/vm/tables.h"
#include "lang/compile.h"

namespace licet {
namespace {

std::string grant(const std::string& verdict, const std::string& name, const std::string& action,
                  const std::string& role) {
  return verdict + " " + name + " if {\n\trequest.action == \"" + action + "\"\n\t\"" + role +
         "\" in user.roles\n}\n";
}

std::string grants(const std::string& verdict, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    text += grant(verdict, verdict.substr(0, 1) + number, "a" + number, "r" + number);
  }
  return text;
}

std::shared_ptr<const Program> program_of(const std::string& rules) {
  Arena arena;
  auto compilation =
      lang::compile({{"t.licet", "package t\n\n" + rules}}, Value::object({}, arena));
  EXPECT_NE(compilation.program, nullptr);
  return compilation.program;
}

class RuleRows : public testing::Test {
 protected:
  void use(const std::string& rules) {
    program_ = program_of(rules);
    tables_.emplace(program_);
  }
  const vm::RuleRows* rows(Verdict verdict) const { return tables_->rows_of(verdict); }
  vm::GuardGraph::Walk walk(const std::string& json) {
    SlotValues slots;
    slots.begin(program_->slots.size(), arena_);
    fill_slots(*program_, value_from_json(json, arena_).value(), slots);
    vm::GuardGraph::Walk walk(room_);
    tables_->walk_decision(slots, walk);
    return walk;
  }
  std::vector<std::string> names(const std::string& json) {
    std::vector<std::string> names;
    for (const DeterminingRule& rule : Engine(program_).decide_json(json).rules()) {
      names.push_back(rule.name);
    }
    return names;
  }

  Arena arena_;
  vm::GuardGraph::RuleRoom room_{};
  std::shared_ptr<const Program> program_;
  std::optional<vm::Tables> tables_;
};

TEST_F(RuleRows, are_found_in_a_step_or_two_and_named_once_in_their_order) {
  // p5 holds by two of its bodies.
  use(grants("permit", 150) + grant("permit", "p29", "a1", "r2") +
      grant("permit", "p5", "a1", "r3") + grant("permit", "p5", "a1", "r1"));
  ASSERT_NE(rows(Verdict::kPermit), nullptr);
  EXPECT_TRUE(rows(Verdict::kPermit)->others.empty());
  const std::string asked = R"({"request":{"action":"a1"},"user":{"roles":["r3","r2","r1","x"]}})";
  const auto found = walk(asked);
  EXPECT_EQ(found.end, vm::GuardGraph::Test::kPermitted);
  EXPECT_LE(found.steps, 3U);
  EXPECT_EQ(names(asked), (std::vector<std::string>{"p1", "p29", "p5"}));
  const auto none = walk(R"({"request":{"action":"a1"},"user":{"roles":["r4"]}})");
  EXPECT_EQ(none.end, vm::GuardGraph::Test::kNoPermit);
}

TEST_F(RuleRows, leave_what_says_something_to_the_machine) {
  std::string said = grant("permit", "said", "a1", "r1");
  said.pop_back();
  use(grants("permit", 150) + said + " because \"so it is\"\n");
  ASSERT_NE(rows(Verdict::kPermit), nullptr);
  EXPECT_EQ(rows(Verdict::kPermit)->others.size(), 1U);
  const std::string asked = R"({"request":{"action":"a1"},"user":{"roles":["r1"]}})";
  EXPECT_FALSE(walk(asked).is_settled());
  EXPECT_EQ(names(asked), (std::vector<std::string>{"p1", "said"}));
  EXPECT_TRUE(walk(R"({"request":{"action":"a2"},"user":{"roles":["r2"]}})").is_settled());
}

TEST_F(RuleRows, know_of_a_missing_attribute_what_a_permit_and_a_forbid_make_of_it) {
  use(grants("permit", 150) + grants("forbid", 150));
  ASSERT_NE(rows(Verdict::kForbid), nullptr);
  const std::string without_roles = R"({"request":{"action":"a1"},"user":{}})";
  EXPECT_FALSE(walk(without_roles).is_settled());
  EXPECT_EQ(Engine(program_).decide_json(without_roles).cause(), Cause::kIndeterminate);
  use(grants("permit", 150));
  EXPECT_EQ(walk(without_roles).end, vm::GuardGraph::Test::kNoPermit);
  EXPECT_EQ(Engine(program_).decide_json(without_roles).cause(), Cause::kNoPermit);
}

TEST_F(RuleRows, are_code_where_they_are_few_or_among_many_that_are_none) {
  use(grants("permit", 15));
  EXPECT_EQ(rows(Verdict::kPermit), nullptr);
  std::string others = grants("permit", 150);
  for (int i = 0; i < 40; ++i) {
    others += "permit q" + std::to_string(i) + " if user.level > " + std::to_string(i) + "\n";
  }
  use(others);
  EXPECT_EQ(rows(Verdict::kPermit), nullptr);
}

TEST_F(RuleRows, take_more_rules_than_a_walk_can_name_to_the_machine) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += grant("permit", "p" + std::to_string(i), "a", "r");
  use(text);
  ASSERT_NE(rows(Verdict::kPermit), nullptr);
  const std::string asked = R"({"request":{"action":"a"},"user":{"roles":["r"]}})";
  EXPECT_FALSE(walk(asked).is_settled());
  EXPECT_EQ(names(asked).size(), 20U);
}

}  // namespace
}  // namespace licet
