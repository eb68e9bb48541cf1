// What a walk has found out it does not test again; the steps of a decision are its tests.
#include <gtest/gtest.h>

#include <string>

#include "eval/engine.h"
#include "lang/compile.h"

namespace licet {
namespace {

std::uint64_t steps_of(const std::string& rules, const std::string& json, Cause wanted) {
  Arena arena;
  auto compilation =
      lang::compile({{"t.licet", "package t\n\n" + rules}}, Value::object({}, arena));
  EXPECT_NE(compilation.program, nullptr) << rules;
  const Engine engine(compilation.program);
  const Decision decision = engine.decide_json(json);
  EXPECT_EQ(decision.cause(), wanted) << rules << json;
  return decision.steps();
}

constexpr const char* kRequest =
    R"({"user":{"level":3,"roles":["admin"],"mfa":true},"request":{"ip":"10.1.2.3","hour":7}})";

struct Literal {
  const char* text;       // holds for kRequest
  const char* of_forbid;  // does not
};

constexpr Literal kLiterals[] = {
    {"user.mfa", "not user.mfa"},
    {"user.level >= 2", "user.level < 2"},
    {"\"admin\" in user.roles", "not \"admin\" in user.roles"},
    {"net.cidr_contains(\"10.0.0.0/8\", request.ip)",
     "not net.cidr_contains(\"10.0.0.0/8\", request.ip)"},
    {"user.level < request.hour", "not user.level < request.hour"},
};

TEST(GraphFacts, of_a_forbid_are_known_to_all_permits) {
  for (const Literal& literal : kLiterals) {
    const std::string forbid = std::string("forbid f if ") + literal.of_forbid + "\n";
    const std::string once = forbid + "permit p if request.hour == 7\n";
    const std::string again = forbid + "permit p if {\n\t" + literal.text +
                              "\n\trequest.hour == 7\n}\npermit q if {\n\t" + literal.text +
                              "\n\trequest.hour == 8\n}\n";
    const std::uint64_t first = steps_of(once, kRequest, Cause::kPermitted);
    // One more test, of the other hour.
    EXPECT_EQ(steps_of(again, kRequest, Cause::kPermitted), first + 1) << again;
  }
}

// `"admin" in user.roles` is not asked of somebody without `user.mfa`.
TEST(GraphFacts, spare_a_test_that_cannot_change_the_outcome) {
  const std::string forbid = "forbid f if user.mfa\n";
  const std::string request =
      R"({"user":{"level":3,"roles":["admin"],"mfa":false},"request":{"hour":7}})";
  const std::uint64_t alone = steps_of(forbid, request, Cause::kNoPermit);
  const auto steps_more = [&](const std::string& body) {
    return steps_of(forbid + "permit p if {\n" + body + "}\n", request, Cause::kNoPermit) - alone;
  };
  EXPECT_EQ(steps_more("\"admin\" in user.roles\nuser.mfa\n"), 0U);
  EXPECT_EQ(steps_more("\"admin\" in user.roles\nuser.level > 2\nuser.mfa\n"), 0U);
  EXPECT_EQ(steps_more("\"admin\" in user.roles\nnot user.mfa\nuser.level < 2\n"), 2U);
}

TEST(GraphFacts, need_no_list_of_a_forbid_that_a_comparison_rules_out) {
  for (const char* const body : {"\"admin\" in user.roles\n\tuser.level == 1",
                                 "user.level == 1\n\t\"admin\" in user.roles"}) {
    const std::string rule = std::string("forbid f if {\n\t") + body + "\n}\n";
    EXPECT_EQ(steps_of(rule, kRequest, Cause::kNoPermit), 2U) << rule;  // and the end
  }
}

// Of a body with more than one way through it only what stands on each of them counts.
TEST(GraphFacts, do_not_take_one_of_several_ways_for_all) {
  const std::string rules =
      "forbid f if user.mfa\n"
      "permit p if {\n\tuser.level > 2\n\tis_safe\n}\n"
      "is_safe if \"admin\" in user.roles\nis_safe if user.mfa\n";
  const auto request = [](const char* role) {
    return std::string(R"({"user":{"level":3,"roles":[")") + role + R"("],"mfa":false}})";
  };
  steps_of(rules, request("admin"), Cause::kPermitted);
  steps_of(rules, request("guest"), Cause::kNoPermit);
}

// A request that lacks the attribute goes where each test sends it, known or not.
TEST(GraphFacts, say_nothing_of_what_is_missing) {
  const std::string rules =
      "permit p if {\n\tuser.mfa\n\trequest.hour == 7\n}\npermit q if not user.mfa\n"
      "permit r if {\n\tuser.mfa\n\trequest.hour == 8\n}\n";
  steps_of(rules, R"({"user":{"mfa":true},"request":{"hour":7}})", Cause::kPermitted);
  steps_of(rules, R"({"user":{"mfa":false},"request":{"hour":7}})", Cause::kPermitted);
  steps_of(rules, R"({"user":{},"request":{"hour":7}})", Cause::kPermitted);
  steps_of(rules, R"({"user":{"mfa":true},"request":{"hour":9}})", Cause::kNoPermit);
}

}  // namespace
}  // namespace licet
