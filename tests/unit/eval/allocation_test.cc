// A decision in steady state takes nothing from the heap.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eval/engine.h"
#include "lang/compile.h"
#include "tests/support/allocations.h"

namespace licet {
namespace {

using test::allocations_of_this_thread;

constexpr const char* kPolicy = R"(
package authz

permit reviewed if {
	request.action == "deploy"
	"ml_engineer" in user.roles
	model.stage == "staging"
	user.clearance >= 2
} obliges {"notify": user.id, "tell": request.action}

permit own if {
	some owner in model.owners
	owner == user.id
}

forbid interns if {
	"intern" in user.roles
	not user.mfa
} because $"interns such as {user.id} need a second factor" controls {"ISO-27001:A.5.15"}

forbid elsewhere if not net.cidr_contains("10.0.0.0/8", request.ip)
  because $"{request.ip} is not inside"

default allow := false

allow if {
	reviewed
	not "intern" in input.user.roles
}

reviewed if {
	input.request.action == "deploy"
	input.model.stage == "staging"
}
)";

Engine engine_for(const char* policy) {
  Arena arena;
  const auto compilation = lang::compile({{"authz.licet", policy}}, Value::object({}, arena));
  EXPECT_TRUE(compilation.program != nullptr);
  return Engine(compilation.program);
}

// Sets the attributes of a request, of which there are as many kinds as numbers.
class Filler {
 public:
  explicit Filler(const Engine& engine)
      : id_(engine.slot<std::string_view>("user.id").value()),
        action_(engine.slot<std::string_view>("request.action").value()),
        ip_(engine.slot<std::string_view>("request.ip").value()),
        stage_(engine.slot<std::string_view>("model.stage").value()),
        roles_(engine.slot<StringList>("user.roles").value()),
        owners_(engine.slot<StringList>("model.owners").value()),
        clearance_(engine.slot<std::int64_t>("user.clearance").value()),
        mfa_(engine.slot<bool>("user.mfa").value()) {}

  void fill(Request& request, int number) const {
    static constexpr std::string_view kRoles[] = {"ml_engineer", "intern",
                                                  "a role of many letters"};
    const std::string_view role = kRoles[number % 3];
    const std::string_view owners[] = {"ann", "somebody with a long name"};
    request.reset().set(id_, number % 2 == 0 ? "ann" : "bob");
    request.set(action_, number % 5 == 0 ? "train" : "deploy");
    request.set(ip_, number % 7 == 0 ? "11.0.0.1" : "10.1.2.3");
    request.set(stage_, number % 4 == 0 ? "production" : "staging");
    request.set(roles_, StringList(&role, 1)).set(owners_, owners);
    request.set(clearance_, number % 4);
    if (number % 11 != 0) request.set(mfa_, number % 3 == 0);
  }

 private:
  Slot<std::string_view> id_, action_, ip_, stage_;
  Slot<StringList> roles_, owners_;
  Slot<std::int64_t> clearance_;
  Slot<bool> mfa_;
};

TEST(Allocation, a_decision_in_steady_state_makes_none) {
  const Engine engine = engine_for(kPolicy);
  const Filler filler(engine);
  Request request(engine);
  int permitted = 0;
  const auto decide_all = [&] {
    for (int number = 0; number < 1000; ++number) {
      filler.fill(request, number);
      permitted += engine.decide(request) ? 1 : 0;
    }
  };
  decide_all();
  EXPECT_GT(permitted, 100);
  EXPECT_LT(permitted, 900);
  const std::uint64_t before = allocations_of_this_thread();
  decide_all();
  EXPECT_EQ(allocations_of_this_thread() - before, 0U);
}

// Messages and obligations lie in room that is used again: only once nobody else has it.
TEST(Allocation, decisions_keep_what_they_say) {
  const Engine engine = engine_for(kPolicy);
  const Filler filler(engine);
  Request request(engine);
  std::vector<Decision> decisions;
  std::vector<std::string> messages;
  for (int number = 0; number < 100; ++number) {
    filler.fill(request, number);
    Decision decision = engine.decide(request);
    messages.push_back(decision.message());
    if (number % 2 == 0) decisions.push_back(decision);
    if (number % 2 != 0) decisions.push_back(std::move(decision));
  }
  EXPECT_GT(std::set(messages.begin(), messages.end()).size(), 5U);
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    EXPECT_EQ(decisions[i].message(), messages[i]) << i;
  }
}

TEST(Allocation, a_prepared_query_in_steady_state_makes_none) {
  const Engine engine = engine_for(kPolicy);
  const Filler filler(engine);
  const PreparedQuery allow = engine.prepare("data.authz.allow").value();
  Request request(engine);
  int allowed = 0;
  const auto ask_all = [&] {
    for (int number = 0; number < 1000; ++number) {
      filler.fill(request, number);
      allowed += engine.query(allow, request).value().is_true() ? 1 : 0;
    }
  };
  ask_all();
  EXPECT_GT(allowed, 100);
  EXPECT_LT(allowed, 900);
  const std::uint64_t before = allocations_of_this_thread();
  ask_all();
  EXPECT_EQ(allocations_of_this_thread() - before, 0U);
}

TEST(Allocation, symbols_make_none) {
  const Engine engine = engine_for(kPolicy);
  const auto action = engine.slot<std::string_view>("request.action").value();
  const auto roles = engine.slot<StringList>("user.roles").value();
  const Symbol deploy = engine.symbol("deploy");
  const std::vector<Symbol> list = {engine.symbol("intern"), engine.symbol("no policy knows this")};
  Request request(engine);
  const auto ask = [&] {
    return engine.decide(request.reset().set(action, deploy).set(roles, list)).cause();
  };
  EXPECT_EQ(ask(), Cause::kIndeterminate);
  const std::uint64_t before = allocations_of_this_thread();
  for (int i = 0; i < 100; ++i) ask();
  EXPECT_EQ(allocations_of_this_thread() - before, 0U);
}

TEST(Allocation, structs_make_none) {
  struct Call {
    Symbol action;
    SymbolList roles;
    std::string_view stage;
  };
  const Engine engine = engine_for(kPolicy);
  const auto binding =
      engine
          .bind(Member{"request.action", &Call::action}, Member{"user.roles", &Call::roles},
                Member{"model.stage", &Call::stage})
          .value();
  const std::vector<Symbol> list = {engine.symbol("intern"), engine.symbol("no policy knows this")};
  const Call call{.action = engine.symbol("deploy"), .roles = list, .stage = "staging"};
  Request request(engine);
  const auto ask = [&] { return engine.decide(request.reset().lend(binding, call)).cause(); };
  EXPECT_EQ(ask(), Cause::kIndeterminate);
  const std::uint64_t before = allocations_of_this_thread();
  for (int i = 0; i < 100; ++i) ask();
  EXPECT_EQ(allocations_of_this_thread() - before, 0U);
}

TEST(Allocation, requests_from_json_make_none) {
  const Engine engine = engine_for(kPolicy);
  std::vector<std::string> texts;
  for (int number = 0; number < 100; ++number) {
    const std::string id = number % 2 == 0 ? "ann" : "somebody with a long name";
    const std::string action = number % 5 == 0 ? "train" : "deploy";
    texts.push_back(R"({"user":{"id":")" + id +
                    R"(","roles":["ml_engineer","a role of many letters"],)" + R"("clearance":)" +
                    std::to_string(number % 4) + R"(,"mfa":true,"seen":[1.5,{"a":[]}]},)" +
                    R"("model":{"stage":"staging","owners":["ann","bob"],"note":"\u00e9"},)" +
                    R"("request":{"action":")" + action + R"(","ip":"10.1.2.3"}})");
  }
  Request request(engine);
  int permitted = 0;
  const auto decide_all = [&] {
    for (const std::string& text : texts) {
      EXPECT_TRUE(request.parse(text));
      permitted += engine.decide(request) ? 1 : 0;
      permitted += engine.decide_json(text) ? 1 : 0;
    }
  };
  decide_all();
  EXPECT_GT(permitted, 0);
  const std::uint64_t before = allocations_of_this_thread();
  decide_all();
  EXPECT_EQ(allocations_of_this_thread() - before, 0U);
}

}  // namespace
}  // namespace licet
