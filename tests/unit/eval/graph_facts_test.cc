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
