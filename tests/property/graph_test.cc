// Walks of graphs of guards (eval/vm/guard_graph.h) say what the machine says, where they say
// anything: for policies of few and of many rules, as decisions and as plain Rego, with data joined
// and looked up, and for requests that lack attributes or have some of another kind.
#include <gtest/gtest.h>

#include <map>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "eval/vm/tables.h"
#include "lang/compile.h"
#include "tests/property/cases.h"
#include "tests/property/guards.h"
#include "tests/property/random.h"
#include "tests/support/typed_request.h"

namespace licet::property {
namespace {

struct Seen {
  std::size_t settled = 0;
  std::size_t by_rows = 0;  // policies of which some permits are rows
  std::size_t decisions = 0;
  std::size_t typed = 0;
  std::map<Cause, std::size_t> causes;
};

Cause cause_of(vm::GuardGraph::Test end) {
  if (end == vm::GuardGraph::Test::kForbidden) return Cause::kForbidden;
  return end == vm::GuardGraph::Test::kPermitted ? Cause::kPermitted : Cause::kNoPermit;
}

std::string names_of(const Decision& decision) {
  std::string names;
  for (const DeterminingRule& rule : decision.rules()) names += " " + std::string(rule.name);
  return names;
}

// With an explanation the machine decides.
const CallOptions kByMachine{.explain = Explain::kYes};

void expect_same(const Decision& got, const Decision& expected, const std::string& text) {
  EXPECT_EQ(got.cause(), expected.cause()) << text;
  EXPECT_EQ(got.messages(), expected.messages()) << text;
  EXPECT_EQ(got.warnings(), expected.warnings()) << text;
  EXPECT_EQ(names_of(got), names_of(expected)) << text;
}

void compare_decisions(const Engine& engine, const vm::Tables& tables, const std::string& text,
                       Seen& seen) {
  Arena arena;
  SlotValues slots;
  slots.begin(engine.layout()->cell_count(), arena);
  fill_slots(*engine.program(), value_from_json(text, arena).value(), slots);
  Request request(engine);
  ASSERT_TRUE(request.parse(text)) << text;
  const Decision expected = engine.decide(request, kByMachine);
  expect_same(engine.decide(request), expected, text);
  using test::TypedRequest;
  if (const TypedRequest typed(engine, text); typed.is_typed()) {
    for (const auto way : TypedRequest::kWays) {
      typed.fill(request, way);
      expect_same(engine.decide(request), expected, text);
      expect_same(engine.decide(request, kByMachine), expected, text);
    }
    ++seen.typed;
  }
  ++seen.decisions;
  ++seen.causes[expected.cause()];
  vm::GuardGraph::RuleRoom room;
  vm::GuardGraph::Walk walk(room);
  tables.walk_decision(slots, walk);
  if (!walk.is_settled()) return;
  ++seen.settled;
  EXPECT_EQ(cause_of(walk.end), expected.cause()) << text;
  EXPECT_TRUE(expected.warnings().empty()) << text;
}

void compare_answers(const Engine& engine, const std::string& text) {
  Request request(engine);
  ASSERT_TRUE(request.parse(text)) << text;
  for (const char* const path :
       {"data.t.allow", "data.t.blocked", "data.t.verdict", "data.t.helper"}) {
    const PreparedQuery query = engine.prepare(path).value();
    const auto expected = engine.query(query, request, kByMachine);
    ASSERT_TRUE(expected) << text;
    const std::string wanted =
        expected.value().is_defined() ? rego_text(expected.value()) : "undefined";
    const auto got = engine.query(query, request);
    ASSERT_TRUE(got) << text;
    EXPECT_EQ(got.value().is_defined() ? rego_text(got.value()) : "undefined", wanted)
        << path << "\n"
        << text;
  }
}

using MakePolicy = std::string(Random& random, std::size_t rules);

void check_policies(MakePolicy make, std::size_t rules, std::uint64_t count, Seen& seen) {
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    Random random(seed * 7919 + rules);
    const std::string text = make(random, rules);
    Arena arena;
    const auto compilation =
        lang::compile({{"t.licet", text}}, value_from_json(guard_data(random), arena).value());
    ASSERT_TRUE(compilation.program) << text;
    const Engine engine(compilation.program);
    const vm::Tables tables(compilation.program);
    if (tables.rows_of(Verdict::kPermit) != nullptr) ++seen.by_rows;
    for (int i = 0; i < 40; ++i) {
      const std::string asked = guard_request(random);
      compare_decisions(engine, tables, asked, seen);
      compare_answers(engine, asked);
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << "\n" << text;
    }
  }
}

TEST(Graphs, say_what_the_machine_says_of_few_rules) {
  Seen seen;
  check_policies(guard_policy, 4, case_count(150), seen);
  EXPECT_GT(seen.settled, seen.decisions / 10);
  EXPECT_GT(seen.typed, seen.decisions / 2);
  for (const Cause cause : {Cause::kPermitted, Cause::kForbidden, Cause::kNoPermit}) {
    EXPECT_GT(seen.causes[cause], 20U);
  }
}

TEST(Graphs, say_what_the_machine_says_of_many_rules) {
  Seen seen;
  check_policies(guard_policy, 60, case_count(30), seen);
  EXPECT_GT(seen.settled, seen.decisions / 20);
}

TEST(Graphs, say_what_the_machine_says_of_rules_that_are_rows) {
  Seen seen;
  check_policies(row_policy, 60, case_count(30), seen);
  EXPECT_GT(seen.by_rows, case_count(30) / 2);
  seen.by_rows = 0;
  check_policies(row_policy, 400, case_count(10), seen);
  EXPECT_GT(seen.by_rows, case_count(10) / 4);
  EXPECT_GT(seen.settled, seen.decisions / 2);
  for (const Cause cause : {Cause::kPermitted, Cause::kForbidden, Cause::kNoPermit}) {
    EXPECT_GT(seen.causes[cause], 5U);
  }
}

}  // namespace
}  // namespace licet::property
