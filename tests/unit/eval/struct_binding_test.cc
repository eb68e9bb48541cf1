// Structs that are lent as they are: what eval/struct_binding.h says of them.
#include "eval/struct_binding.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "tests/support/program_of.h"

namespace licet {
namespace {

using test::program_of;

constexpr const char* kPolicy = R"(
package t

permit read if {
	request.action in ["read", "list"]
	"auditor" in user.roles
	user.level >= 2
	user.level < 5
	not user.suspended
	net.cidr_contains("10.0.0.0/8", request.ip)
}

permit write if {
	request.action == "write"
	"writer" in user.groups
	startswith(user.name, "a")
}

forbid blocked if user.name == "a name of many letters"

allow if request.action == "read"
)";

// The same rules, but one of them is more than guards: the machine decides.
constexpr const char* kMore = R"(
forbid long if count(user.name) > 100
)";

struct Call {
  Symbol action;
  Symbol ip;
  SymbolList roles;
  std::string_view name = "ann";
  StringList groups = {};
  std::int64_t level = 2;
  bool suspended = false;
};

StructBinding<Call> binding_of(const Engine& engine) {
  auto binding =
      engine.bind(Member{"request.action", &Call::action}, Member{"request.ip", &Call::ip},
                  Member{"user.roles", &Call::roles}, Member{"user.name", &Call::name},
                  Member{"user.groups", &Call::groups}, Member{"user.level", &Call::level},
                  Member{"user.suspended", &Call::suspended});
  EXPECT_TRUE(binding);
  return std::move(binding).value();
}

// A call, and where its lists are.
class Calls {
 public:
  explicit Calls(const Engine& engine)
      : roles_{engine.symbol("intern"), engine.symbol("auditor")},
        call{.action = engine.symbol("read"), .ip = engine.symbol("10.1.2.3"), .roles = roles_} {}

 private:
  std::array<Symbol, 2> roles_;

 public:
  Call call;
};

class StructBindings : public testing::TestWithParam<std::string> {};

TEST_P(StructBindings, are_decided_as_what_is_set) {
  const Engine engine(program_of(GetParam()));
  const auto binding = binding_of(engine);
  Request request(engine);
  Calls calls(engine);
  Call& call = calls.call;
  const auto cause = [&] { return engine.decide(request.reset().lend(binding, call)).cause(); };
  EXPECT_EQ(cause(), Cause::kPermitted);
  call.action = engine.symbol("list");
  EXPECT_EQ(cause(), Cause::kPermitted);
  call.action = engine.symbol("drop");
  EXPECT_EQ(cause(), Cause::kNoPermit);
  call.action = engine.symbol("read");
  for (const std::int64_t level : {1, 5}) {
    call.level = level;
    EXPECT_EQ(cause(), Cause::kNoPermit) << level;
  }
  call.level = 4;
  EXPECT_EQ(cause(), Cause::kPermitted);
  call.suspended = true;
  EXPECT_EQ(cause(), Cause::kNoPermit);
  call.suspended = false;
  for (const char* const ip : {"11.1.2.3", "2001:db8::1", "nowhere", "0.0.0.0"}) {
    call.ip = engine.symbol(ip);
    EXPECT_EQ(cause(), Cause::kNoPermit) << ip;
  }
  call.ip = engine.symbol("::ffff:10.1.2.3");
  EXPECT_EQ(cause(), Cause::kPermitted);
  call.name = "a name of many letters";
  EXPECT_EQ(cause(), Cause::kForbidden);
}

TEST_P(StructBindings, may_have_texts_that_were_not_looked_up) {
  const Engine engine(program_of(GetParam()));
  const auto binding = binding_of(engine);
  Request request(engine);
  Calls calls(engine);
  calls.call.action = engine.symbol("write");
  const std::array<std::string_view, 2> groups = {"reader", "writer"};
  const auto cause = [&] {
    return engine.decide(request.reset().lend(binding, calls.call)).cause();
  };
  EXPECT_EQ(cause(), Cause::kNoPermit);
  calls.call.groups = groups;
  EXPECT_EQ(cause(), Cause::kPermitted);
  calls.call.name = "bob";
  EXPECT_EQ(cause(), Cause::kNoPermit);
}

// A text is the same symbol in all engines.
TEST_P(StructBindings, may_have_symbols_of_another_engine) {
  const Engine engine(program_of(GetParam()));
  const Engine other(program_of(GetParam()));
  const auto binding = binding_of(engine);
  Request request(engine);
  Calls calls(other);
  EXPECT_EQ(engine.decide(request.lend(binding, calls.call)).cause(), Cause::kPermitted);
  calls.call.action = engine.symbol("read");
  EXPECT_EQ(engine.decide(request.reset().lend(binding, calls.call)).cause(), Cause::kPermitted);
  calls.call.action = other.symbol("drop");
  EXPECT_EQ(engine.decide(request.reset().lend(binding, calls.call)).cause(), Cause::kNoPermit);
  // A request of another engine brings its attributes.
  Request foreign(other);
  const auto foreign_binding = binding_of(other);
  calls.call.action = other.symbol("read");
  EXPECT_EQ(engine.decide(foreign.lend(foreign_binding, calls.call)).cause(), Cause::kPermitted);
  // And a binding of another engine lends to this one.
  EXPECT_EQ(engine.decide(request.reset().lend(foreign_binding, calls.call)).cause(),
            Cause::kPermitted);
}

TEST(Symbols, are_the_same_in_all_engines_and_live_as_long_as_the_last_one) {
  const Engine engine(program_of("package t\n"));
  auto other = std::make_unique<Engine>(program_of("package t\n"));
  const std::string text = "read only by these two engines";
  const Symbol of_other = other->symbol(text);
  const Symbol symbol = engine.symbol(text);
  EXPECT_EQ(&symbol.data(), &of_other.data());
  EXPECT_NE(&symbol.data(), &engine.symbol("read").data());
  other.reset();
  EXPECT_EQ(symbol.text(), text);
  EXPECT_EQ(&engine.symbol(text).data(), &symbol.data());
  EXPECT_EQ(Engine(program_of("package t\n")).symbol(text).text(), text);
}

TEST(Symbols, are_looked_up_by_threads_while_engines_come_and_go) {
  const Engine engine(program_of("package t\n"));
  const Symbol lasting = engine.symbol("lasting");
  const auto look_up = [&](int thread) {
    for (int i = 0; i < 50; ++i) {
      const Engine own(program_of("package t\n"));
      EXPECT_EQ(&own.symbol("lasting").data(), &lasting.data());
      for (int text = 0; text < 20; ++text) {
        const std::string some = std::to_string((thread + i + text) % 30);
        EXPECT_EQ(own.symbol(some).text(), some);
        if (text % 2 != 0) continue;
        EXPECT_EQ(&engine.symbol(some).data(), &own.symbol(some).data());
      }
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) threads.emplace_back(look_up, thread);
  for (std::thread& thread : threads) thread.join();
}

TEST_P(StructBindings, outlive_a_swap_of_the_program) {
  Engine engine(program_of(GetParam()));
  const auto binding = binding_of(engine);
  Request request(engine);
  const Calls calls(engine);
  request.lend(binding, calls.call);
  engine.swap(program_of(GetParam() + "\nforbid all if request.action == \"read\"\n"));
  EXPECT_EQ(engine.decide(request).cause(), Cause::kForbidden);
  request.reset().lend(binding, calls.call);
  EXPECT_EQ(engine.decide(request).cause(), Cause::kForbidden);
  const auto again = binding_of(engine);
  EXPECT_EQ(engine.decide(request.reset().lend(again, calls.call)).cause(), Cause::kForbidden);
}

TEST_P(StructBindings, can_be_put_together_with_slots_and_overwritten) {
  const Engine engine(program_of(GetParam()));
  const auto binding = binding_of(engine);
  const auto action = engine.slot<std::string_view>("request.action").value();
  const auto level = engine.slot<std::int64_t>("user.level").value();
  const auto roles = engine.slot<StringList>("user.roles").value();
  const auto other = engine.slot<std::string_view>("model.owner").value();
  const auto rate = engine.slot<double>("request.rate").value();
  Request request(engine);
  const Calls calls(engine);
  const std::array<std::string_view, 1> nobody = {"nobody"};
  const auto cause = [&] { return engine.decide(request).cause(); };
  EXPECT_EQ((request.reset().lend(binding, calls.call).set(action, "drop"), cause()),
            Cause::kNoPermit);
  EXPECT_EQ((request.reset().lend(binding, calls.call).set(level, 9), cause()), Cause::kNoPermit);
  EXPECT_EQ((request.reset().lend(binding, calls.call).set(roles, StringList(nobody)), cause()),
            Cause::kNoPermit);
  EXPECT_EQ((request.reset().lend(binding, calls.call).lend(action, "drop"), cause()),
            Cause::kNoPermit);
  EXPECT_EQ((request.reset().set(action, "drop").lend(binding, calls.call), cause()),
            Cause::kPermitted);
  request.reset().lend(binding, calls.call).set(other, "bob").set(rate, 0.5);
  EXPECT_EQ(cause(), Cause::kPermitted);
  Arena arena;
  EXPECT_EQ(json_from_value(request.document(arena)),
            R"({"model":{"owner":"bob"},"request":{"action":"read","ip":"10.1.2.3","rate":0.5},)"
            R"("user":{"groups":[],"level":2,"name":"ann","roles":["intern","auditor"],)"
            R"("suspended":false}})");
  EXPECT_TRUE(request.parse(R"({"request": {"action": "drop"}})"));
  EXPECT_EQ(cause(), Cause::kIndeterminate);
}

// A request remembers how the last struct was bound.
TEST_P(StructBindings, leave_nothing_to_the_next_request) {
  const Engine engine(program_of(GetParam()));
  const auto action = engine.slot<std::string_view>("request.action").value();
  Request request(engine);
  const Calls calls(engine);
  Calls others(engine);
  others.call.action = engine.symbol("drop");
  const auto cause = [&] { return engine.decide(request).cause(); };
  for (int i = 0; i < 3; ++i) {
    const auto binding = binding_of(engine);  // the one before has gone
    EXPECT_EQ((request.lend(binding, calls.call), cause()), Cause::kPermitted);
    EXPECT_EQ((request.lend(binding, others.call), cause()), Cause::kNoPermit);  // in its place
    EXPECT_EQ((request.reset(), cause()), Cause::kIndeterminate);
    EXPECT_EQ((request.reset().lend(binding, calls.call), cause()), Cause::kPermitted);
    Arena arena;
    EXPECT_EQ(json_from_value(request.reset().document(arena)), "{}");
    EXPECT_EQ((request.reset().set(action, "read"), cause()), Cause::kIndeterminate);
    EXPECT_EQ(json_from_value(request.document(arena)), R"({"request":{"action":"read"}})");
    EXPECT_EQ((request.reset().lend(binding, calls.call), cause()), Cause::kPermitted);
    const auto another = engine.bind(Member{"request.action", &Call::action}).value();
    EXPECT_EQ((request.reset().lend(another, calls.call), cause()), Cause::kIndeterminate);
    EXPECT_EQ((request.lend(binding, calls.call), cause()), Cause::kPermitted);
    request.reset();
  }
}

// What is read from JSON, or given as a whole, must not look as if it were lent.
TEST_P(StructBindings, make_way_for_json_and_documents) {
  const Engine engine(program_of(GetParam()));
  const auto binding = binding_of(engine);
  const auto action = engine.slot<std::string_view>("request.action").value();
  Request request(engine);
  const Calls calls(engine);
  const auto cause = [&] { return engine.decide(request).cause(); };
  Arena arena;
  EXPECT_EQ((request.lend(binding, calls.call), cause()), Cause::kPermitted);
  const std::string whole = json_from_value(request.document(arena));
  for (int i = 0; i < 2; ++i) {
    request.reset().lend(binding, calls.call);
    EXPECT_TRUE(request.parse(R"({"request": {"action": "drop"}})"));
    EXPECT_EQ(json_from_value(request.document(arena)), R"({"request":{"action":"drop"}})");
    EXPECT_EQ(cause(), Cause::kIndeterminate);
    EXPECT_EQ((request.lend(binding, calls.call), cause()), Cause::kInvalidRequest);
    EXPECT_EQ((request.reset().lend(binding, calls.call), cause()), Cause::kPermitted);
    EXPECT_TRUE(request.reset().parse(whole));
    EXPECT_EQ(cause(), Cause::kPermitted);
    EXPECT_EQ((request.reset(), cause()), Cause::kIndeterminate);
    EXPECT_EQ((request.reset().set(action, "read"), cause()), Cause::kIndeterminate);
    request.reset().lend(binding, calls.call);
    request.reset().set_document(value_from_json(whole, arena).value());
    EXPECT_EQ(cause(), Cause::kPermitted);
    EXPECT_EQ((request.reset(), cause()), Cause::kIndeterminate);
    request.reset().lend(binding, calls.call);
    EXPECT_FALSE(request.reset().parse("{"));
    EXPECT_EQ(cause(), Cause::kInvalidRequest);
    EXPECT_EQ((request.reset().lend(binding, calls.call), cause()), Cause::kPermitted);
    EXPECT_FALSE(request.problem().has_value());
    EXPECT_EQ(cause(), Cause::kPermitted);
  }
}

TEST_P(StructBindings, of_an_old_program_are_lent_by_slots_after_a_reset) {
  Engine engine(program_of(GetParam()));
  const auto binding = binding_of(engine);
  const auto action = engine.slot<std::string_view>("request.action").value();
  Request request(engine);
  const Calls calls(engine);
  const auto cause = [&] { return engine.decide(request).cause(); };
  EXPECT_EQ((request.lend(binding, calls.call), cause()), Cause::kPermitted);
  engine.swap(program_of(GetParam() + "\nforbid all if request.action == \"read\"\n"));
  request.reset();
  EXPECT_EQ((request.lend(binding, calls.call), cause()), Cause::kForbidden);
  EXPECT_EQ((request.reset(), cause()), Cause::kIndeterminate);
  engine.swap(program_of(GetParam()));
  const auto again = binding_of(engine);
  EXPECT_EQ((request.reset().lend(again, calls.call), cause()), Cause::kPermitted);
  engine.swap(program_of(GetParam() + "\nforbid all if request.action == \"read\"\n"));
  request.reset().set(action, "read");
  Arena arena;
  EXPECT_EQ(json_from_value(request.document(arena)), R"({"request":{"action":"read"}})");
  EXPECT_EQ(cause(), Cause::kForbidden);
}

TEST_P(StructBindings, are_asked_anew_in_each_decision) {
  const Engine engine(program_of(GetParam()));
  const auto binding = binding_of(engine);
  Request request(engine);
  const Calls calls(engine);
  request.lend(binding, calls.call);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(engine.decide(request).cause(), Cause::kPermitted);
    EXPECT_TRUE(engine.query(engine.prepare("data.t.allow").value(), request).value().is_true());
    EXPECT_FALSE(engine.decide(request, {.explain = Explain::kYes}).explanation().empty() &&
                 engine.program()->trace_points.size() > 0);
  }
  request.reset();
  EXPECT_NE(engine.decide(request).cause(), Cause::kPermitted);
}

TEST_P(StructBindings, of_long_lists_are_the_machines) {
  const Engine engine(program_of(GetParam()));
  const auto binding = binding_of(engine);
  Request request(engine);
  Calls calls(engine);
  std::vector<Symbol> many(1000, engine.symbol("intern"));
  calls.call.roles = many;
  EXPECT_EQ(engine.decide(request.lend(binding, calls.call)).cause(), Cause::kNoPermit);
  many.back() = engine.symbol("auditor");
  EXPECT_EQ(engine.decide(request.reset().lend(binding, calls.call)).cause(), Cause::kPermitted);
}

INSTANTIATE_TEST_SUITE_P(Ways, StructBindings,
                         testing::Values(std::string(kPolicy), std::string(kPolicy) + kMore));

// Texts and lists of them are compared in a way of their own for each size.
TEST(StructBinding, of_texts_of_all_sizes_is_decided_as_by_the_machine) {
  const std::string letters = "abcdefghijklmnopqrstuvwxyz";
  std::vector<std::string> texts;
  for (std::size_t size = 0; size <= 20; ++size) {
    texts.push_back(letters.substr(0, size));
    if (size == 0) continue;
    texts.push_back("-" + letters.substr(1, size - 1));
    texts.push_back(letters.substr(0, size - 1) + "-");
  }
  const CallOptions by_machine{.explain = Explain::kYes};
  for (std::size_t size = 0; size <= 20; ++size) {
    const std::string wanted = "\"" + letters.substr(0, size) + "\"";
    const Engine engine(program_of("package t\npermit one if user.name == " + wanted +
                                   "\npermit many if " + wanted + " in user.groups\n" +
                                   "forbid two if user.name in user.groups\n"));
    const auto binding =
        engine.bind(Member{"user.name", &Call::name}, Member{"user.groups", &Call::groups}).value();
    Request request(engine);
    Calls calls(engine);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::array<std::string_view, 2> groups = {texts[(i + 7) % texts.size()],
                                                      texts[i * 5 % texts.size()]};
      calls.call.name = texts[i];
      calls.call.groups = groups;
      const Decision found = engine.decide(request.reset().lend(binding, calls.call));
      const Decision expected = engine.decide(request, by_machine);
      EXPECT_EQ(found.cause(), expected.cause()) << wanted << " " << texts[i];
      EXPECT_EQ(found.rules().size(), expected.rules().size()) << wanted << " " << texts[i];
    }
  }
}

TEST(StructBinding, of_texts_may_have_any_address) {
  const Engine engine(
      program_of("package t\npermit a if net.cidr_contains(\"10.0.0.0/8\", request.ip)\n"
                 "permit b if { some n in [\"10.9.0.0/16\", \"::/0\"]; net.cidr_contains(n, "
                 "request.ip) }\nforbid c if net.cidr_contains(\"10.1.0.0/16\", request.ip)\n"
                 "forbid d if net.cidr_contains(\"10.2.0.0/16\", request.ip)"));
  struct Place {
    std::string_view ip;
  };
  const auto binding = engine.bind(Member{"request.ip", &Place::ip}).value();
  Request request(engine);
  const CallOptions by_machine{.explain = Explain::kYes};
  for (const char* const ip :
       {"10.0.0.1", "10.9.1.2", "10.1.2.3", "10.2.2.3", "11.1.1.1", "::1", "::ffff:10.0.0.1",
        "0.0.0.0", "", "nowhere", "10.0.0.256", "10.0.0"}) {
    const Place place{ip};
    const Decision found = engine.decide(request.reset().lend(binding, place));
    EXPECT_EQ(found.cause(), engine.decide(request, by_machine).cause()) << ip;
  }
}

TEST(StructBinding, that_is_not_utf8_denies_where_it_is_looked_at) {
  const Engine engine(program_of(std::string(kPolicy) + kMore));
  const auto binding = binding_of(engine);
  Request request(engine);
  Calls calls(engine);
  calls.call.action = engine.symbol("rea\xff");
  const Decision decision = engine.decide(request.lend(binding, calls.call));
  EXPECT_EQ(decision.cause(), Cause::kInvalidRequest);
  EXPECT_EQ(decision.error(), "request.action: expected UTF-8 text");
}

TEST(StructBinding, of_what_the_schema_does_not_know_is_an_error) {
  const Engine engine(
      program_of("package t\nschema user { name: string, level: int }\n"
                 "schema request { action: string }\n"
                 "permit a if user.name == \"ann\""));
  const auto unknown = engine.bind(Member{"user.nam", &Call::name});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().path, "user.nam");
  const auto of_another_type =
      engine.bind(Member{"user.name", &Call::name}, Member{"user.level", &Call::action});
  ASSERT_FALSE(of_another_type);
  EXPECT_EQ(of_another_type.error().message, "`user.level` is int, not a string");
}

TEST(StructBinding, without_what_the_schema_requires_is_an_invalid_request) {
  const Engine engine(
      program_of("package t\nschema user { name: string, level: int }\n"
                 "permit a if user.name == \"ann\""));
  Request request(engine);
  const Calls calls(engine);
  const auto part = engine.bind(Member{"user.name", &Call::name}).value();
  EXPECT_EQ(engine.decide(request.lend(part, calls.call)).cause(), Cause::kInvalidRequest);
  const auto whole =
      engine.bind(Member{"user.name", &Call::name}, Member{"user.level", &Call::level}).value();
  EXPECT_EQ(engine.decide(request.reset().lend(whole, calls.call)).cause(), Cause::kPermitted);
}

// Rejected by the caller after it was lent.
TEST(StructBinding, that_was_rejected_denies) {
  const Engine engine(program_of(kPolicy));
  const auto binding = binding_of(engine);
  Request request(engine);
  const Calls calls(engine);
  request.lend(binding, calls.call)
      .reject({.path = "user", .expected = {}, .found = {}, .message = "user: is not wanted"});
  EXPECT_EQ(engine.decide(request).cause(), Cause::kInvalidRequest);
  EXPECT_EQ(engine.decide(request.reset().lend(binding, calls.call)).cause(), Cause::kPermitted);
}

TEST(StructBinding, is_not_looked_into_where_only_some_packages_decide) {
  const Engine engine(program_of(kPolicy));
  const auto binding = binding_of(engine);
  Request request(engine);
  const Calls calls(engine);
  request.lend(binding, calls.call);
  EXPECT_EQ(engine.decide(request, {.package = "other"}).cause(), Cause::kNoPermit);
  EXPECT_EQ(engine.decide(request, {.package = "t"}).cause(), Cause::kPermitted);
}

}  // namespace
}  // namespace licet
