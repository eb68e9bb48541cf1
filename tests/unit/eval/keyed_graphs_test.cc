// Graphs of policies of many rules: made once, by whoever comes first, and only where they fit.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "eval/vm/tables.h"
#include "tests/support/cpu_time.h"
#include "tests/support/program_of.h"
#include "tests/unit/eval/program_builder.h"

namespace licet {
namespace {

using test::program_of;

constexpr int kModels = 50;

std::string permit(const std::string& name, const std::string& model, const std::string& action) {
  return "permit " + name + " if {\n\tmodel.id == \"" + model + "\"\n\trequest.action == \"" +
         action + "\"\n\tuser.level >= 2\n}\n";
}

// Of each model `read` is permitted and, of every second one, forbidden to interns.
std::string policy_of_models() {
  std::string text = "package t\n\n";
  for (int i = 0; i < kModels; ++i) {
    const std::string number = std::to_string(i);
    text += permit("p" + number, "m" + number, "read");
    if (i % 2 == 0) continue;
    text += "forbid f" + number + " if {\n\tmodel.id == \"m" + number +
            "\"\n\t\"intern\" in user.roles\n}\n";
  }
  return text;
}

std::string request_about(const std::string& model, const std::string& role) {
  return R"({"model":{"id":")" + model + R"("},"request":{"action":"read"},"user":{"level":2,)" +
         R"("roles":[")" + role + R"("]}})";
}

Cause wanted(int model, bool is_intern) {
  if (model >= kModels) return Cause::kNoPermit;
  return is_intern && model % 2 == 1 ? Cause::kForbidden : Cause::kPermitted;
}

TEST(KeyedGraphs, are_made_by_many_threads_at_once) {
  const Engine engine(program_of(policy_of_models()));
  std::atomic<int> wrong{0};
  const auto decide_all = [&](int first) {
    Request request(engine);
    for (int i = 0; i < 3 * kModels; ++i) {
      const int model = (first + i) % (kModels + 5);
      const bool is_intern = i % 3 == 0;
      request.parse(request_about("m" + std::to_string(model), is_intern ? "intern" : "auditor"));
      if (engine.decide(request).cause() != wanted(model, is_intern)) ++wrong;
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) threads.emplace_back(decide_all, thread);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

// The graphs of structs, which are made of these.
TEST(KeyedGraphs, are_translated_by_many_threads_at_once) {
  struct Call {
    Symbol model;
    Symbol action;
    SymbolList roles;
    std::int64_t level;
  };
  const Engine engine(program_of(policy_of_models()));
  const auto binding =
      engine
          .bind(Member{"model.id", &Call::model}, Member{"request.action", &Call::action},
                Member{"user.roles", &Call::roles}, Member{"user.level", &Call::level})
          .value();
  std::atomic<int> wrong{0};
  const auto decide_all = [&](int first) {
    Request request(engine);
    const Symbol roles[] = {engine.symbol("intern"), engine.symbol("auditor")};
    for (int i = 0; i < 3 * kModels; ++i) {
      const int model = (first + i) % (kModels + 5);
      const bool is_intern = i % 3 == 0;
      const Call call{engine.symbol("m" + std::to_string(model)), engine.symbol("read"),
                      SymbolList(roles).subspan(is_intern ? 0 : 1, 1), 2};
      const Decision decision = engine.decide(request.reset().lend(binding, call));
      if (decision.cause() != wanted(model, is_intern)) ++wrong;
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) threads.emplace_back(decide_all, thread);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

bool is_settled(const vm::Tables& tables, const std::string& json) {
  Arena arena;
  SlotValues slots;
  slots.begin(tables.program->slots.size(), arena);
  fill_slots(*tables.program, value_from_json(json, arena).value(), slots);
  vm::GuardGraph::RuleRoom room;
  vm::GuardGraph::Walk walk(room);
  tables.walk_decision(slots, walk);
  return walk.is_settled();
}

TEST(KeyedGraphs, are_left_alone_where_one_key_has_too_many_rules) {
  std::string text = policy_of_models();
  for (int i = 0; i < 1200; ++i) {
    const std::string number = std::to_string(i);
    text += permit("q" + number, "crowded", "action" + number);
  }
  const auto program = program_of(text + permit("last", "crowded", "read"));
  const vm::Tables tables(program);
  EXPECT_TRUE(is_settled(tables, request_about("m1", "intern")));
  EXPECT_TRUE(is_settled(tables, request_about("another", "intern")));
  EXPECT_FALSE(is_settled(tables, request_about("crowded", "auditor")));
  const Engine engine(program);
  EXPECT_EQ(engine.decide_json(request_about("crowded", "auditor")).cause(), Cause::kPermitted);
}

TEST(KeyedGraphs, say_nothing_without_the_key) {
  const vm::Tables tables(program_of(policy_of_models()));
  EXPECT_FALSE(is_settled(tables, R"({"user":{"level":2,"roles":["intern"]}})"));
  EXPECT_TRUE(is_settled(tables, R"({"model":{"id":7},"request":{"action":"read"},)"
                                 R"("user":{"level":2,"roles":["intern"]}})"));
}

// A tampered image may go round and round, and be asked for at many paths.
TEST(HostileGraphs, cost_no_more_than_their_budget) {
  test::ProgramBuilder b;
  const DocumentIndex document = b.document("data.p", 1);
  const test::Label again = b.label();
  b.bind(again);
  b.emit(Opcode::kClear, {.a = 0});
  b.emit(Opcode::kJump, {}, again);
  b.emit(Opcode::kReturn, {.a = 0});
  for (int i = 0; i < 20'000; ++i) b.entry("p" + std::to_string(i), document);
  const auto program = b.finish();
  const auto time = test::cpu_time_of([&] { const vm::Tables tables(program); });
  EXPECT_LT(time, std::chrono::seconds(1) * test::build_slack());
}

// Or come back to the same test for ever.
TEST(HostileGraphs, are_none_where_a_walk_would_not_end) {
  test::ProgramBuilder b;
  b.entry("p", b.document("data.p", 1));
  const auto slot = static_cast<std::uint16_t>(b.slot("a"));
  const test::Label again = b.label();
  b.bind(again);
  b.emit(Opcode::kSlotTrue, {.a = slot}, again);
  b.emit(Opcode::kLoadConstant, {.a = 0, .extra = b.constant("true")});
  b.emit(Opcode::kReturn, {.a = 0});
  const Engine engine(b.finish());
  const auto prepared = engine.prepare("data.p");
  ASSERT_TRUE(prepared);
  Request request(engine);
  request.parse(R"({"a": true})");
  EXPECT_EQ(json_from_value(engine.query(prepared.value(), request).value()), "true");
  request.reset();
  request.parse(R"({"a": false})");
  EXPECT_EQ(engine.query(prepared.value(), request).error().code, EvalErrorCode::kCancel);
}

}  // namespace
}  // namespace licet
