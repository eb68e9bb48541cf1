// Attributes that are lent: what is said of them in eval/request.h.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "tests/support/program_of.h"

namespace licet {
namespace {

using test::program_of;

using Text = std::string_view;

constexpr const char* kPolicy = R"(
package t

permit read if {
	request.action == "read"
	"auditor" in user.roles
	user.level >= 2
}

forbid blocked if user.name == "a name of many letters"
)";

// The same rules, but one of them is more than guards: the machine decides.
constexpr const char* kMore = R"(
forbid long if count(user.name) > 100
)";

SlotGroup<Text, Text, StringList, std::int64_t> group_of(const Engine& engine) {
  return engine
      .slots<Text, Text, StringList, std::int64_t>(
          {"request.action", "user.name", "user.roles", "user.level"})
      .value();
}

class LentRequests : public testing::TestWithParam<std::string> {};

TEST_P(LentRequests, are_decided_as_those_that_are_set) {
  const Engine engine(program_of(GetParam()));
  const auto group = group_of(engine);
  Request request(engine);
  const std::array<Text, 2> roles = {"intern", "auditor"};
  const auto cause = [&](Text action, Text name, std::int64_t level) {
    return engine.decide(request.reset().lend(group, action, name, StringList(roles), level))
        .cause();
  };
  EXPECT_EQ(cause("read", "ann", 2), Cause::kPermitted);
  EXPECT_EQ(cause("read", "ann", 1), Cause::kNoPermit);
  EXPECT_EQ(cause("reap", "ann", 2), Cause::kNoPermit);
  EXPECT_EQ(cause("read", "a name of many letters", 2), Cause::kForbidden);
  EXPECT_EQ(cause("read", "a name of many letterz", 2), Cause::kPermitted);
}

TEST_P(LentRequests, may_be_lent_as_symbols) {
  const Engine engine(program_of(GetParam()));
  const auto group = group_of(engine);
  Request request(engine);
  const std::array<Symbol, 2> roles = {engine.symbol("intern"), engine.symbol("auditor")};
  const Symbol read = engine.symbol("read");
  const Symbol ann = engine.symbol("ann");
  const auto decide = [&] {
    return engine.decide(request.reset().lend(group, read, ann, SymbolList(roles), 2)).cause();
  };
  EXPECT_EQ(decide(), Cause::kPermitted);
}

TEST_P(LentRequests, outlive_a_swap_of_the_program) {
  Engine engine(program_of(GetParam()));
  const auto group = group_of(engine);
  Request request(engine);
  const std::array<Text, 1> roles = {"auditor"};
  const std::array<Symbol, 1> symbols = {engine.symbol("auditor")};
  request.lend(group, "read", "ann", StringList(roles), 2);
  engine.swap(program_of(GetParam() + "\n# another text\n"));
  EXPECT_EQ(engine.decide(request).cause(), Cause::kPermitted);
  request.reset().lend(group, "read", "ann", SymbolList(symbols), 2);
  EXPECT_EQ(engine.decide(request).cause(), Cause::kPermitted);
}

TEST_P(LentRequests, can_be_put_together_and_overwritten) {
  const Engine engine(program_of(GetParam()));
  const auto action = engine.slot<Text>("request.action").value();
  const auto roles = engine.slot<StringList>("user.roles").value();
  Request request(engine);
  const std::array<Text, 1> lent = {"auditor"};
  request.lend(action, "train").lend(roles, StringList(lent)).lend(action, "read");
  Arena arena;
  EXPECT_EQ(json_from_value(request.document(arena)),
            R"({"request":{"action":"read"},"user":{"roles":["auditor"]}})");
  request.set(action, "deploy");
  EXPECT_EQ(json_from_value(request.document(arena)),
            R"({"request":{"action":"deploy"},"user":{"roles":["auditor"]}})");
}

// Each group may be gone before the decision, and may share attributes with another one.
TEST_P(LentRequests, of_several_groups_are_put_together) {
  const Engine engine(program_of(GetParam()));
  Request request(engine);
  const std::array<Text, 1> roles = {"auditor"};
  for (int i = 0; i < 2; ++i) {
    request.reset()
        .lend(group_of(engine), "train", "ann", StringList(roles), 2)
        .lend(engine.slots<Text, std::int64_t>({"request.action", "user.level"}).value(), "read", 3)
        .lend(engine.slots<bool>({"user.mfa"}).value(), true);
    EXPECT_EQ(engine.decide(request).cause(), Cause::kPermitted);
    Arena arena;
    EXPECT_EQ(json_from_value(request.document(arena)),
              R"({"request":{"action":"read"},)"
              R"("user":{"level":3,"mfa":true,"name":"ann","roles":["auditor"]}})");
  }
  // The last one counts.
  const auto group = group_of(engine);
  request.reset().lend(group, "read", "ann", StringList(roles), 2);
  request.lend(group, "read", "ann", StringList(roles), 1);
  EXPECT_EQ(engine.decide(request).cause(), Cause::kNoPermit);
}

// A group may come to lie where a binding was that the request was lent a struct by before.
TEST(LentRequestGroups, are_not_taken_for_bindings_that_are_gone) {
  struct Call {
    Text action;
  };
  const Engine engine(program_of("package t\n\npermit read if request.action == \"read\"\n"));
  const Call call{"read"};
  for (int i = 0; i < 8; ++i) {
    Request request(engine);
    {
      const auto binding = engine.bind(Member{"request.action", &Call::action}).value();
      EXPECT_TRUE(engine.decide(request.lend(binding, call)));
      request.reset();
    }
    const auto group = engine.slots<Text>({"request.action"}).value();
    EXPECT_FALSE(engine.decide(request.lend(group, "drop")));
    EXPECT_TRUE(engine.decide(request.reset().lend(group, "read")));
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, LentRequests,
                         testing::Values(std::string(kPolicy), std::string(kPolicy) + kMore));

// What is more than compared must be UTF-8, as everywhere.
TEST(LentRequestText, that_is_not_utf8_denies_where_it_is_looked_at) {
  const Engine engine(program_of(std::string(kPolicy) + kMore));
  const auto group = group_of(engine);
  Request request(engine);
  const std::array<Text, 1> roles = {"auditor"};
  const Decision decision =
      engine.decide(request.lend(group, "read", "ann\xff", StringList(roles), 2));
  EXPECT_EQ(decision.cause(), Cause::kInvalidRequest);
  EXPECT_EQ(decision.error(), "user.name: expected UTF-8 text");
}

TEST(LentRequestText, of_attributes_that_no_policy_reads_costs_no_document) {
  const Engine engine(program_of(kPolicy));
  const auto group = group_of(engine);
  const auto other = engine.slot<Text>("model.owner").value();
  Request request(engine);
  const std::array<Text, 1> roles = {"auditor"};
  request.lend(other, "bob").lend(group, "read", "ann", StringList(roles), 2);
  EXPECT_EQ(engine.decide(request).cause(), Cause::kPermitted);
  Arena arena;
  EXPECT_EQ(json_from_value(request.document(arena).get("model")), R"({"owner":"bob"})");
}

TEST(LentRequestSlots, that_the_schema_does_not_know_are_an_error) {
  const Engine engine(
      program_of("package t\nschema user { name: string }\n"
                 "permit a if user.name == \"ann\""));
  const auto found = engine.slots<Text, Text>({"user.name", "user.nam"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().path, "user.nam");
}

}  // namespace
}  // namespace licet
