#include "eval/decision.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "tests/unit/eval/ask.h"

namespace licet {
namespace {

using test::Label;
using test::ProgramBuilder;

struct RuleSketch {
  Verdict verdict;
  const char* package;
  const char* name;
  // JSON of the document `holds`; empty: undefined; "conflict": an error; "loop": never ends.
  const char* holds;
  const char* messages = "";
  const char* obligations = "";
};

std::optional<DocumentIndex> document_of(ProgramBuilder& b, const std::string& name,
                                         std::string_view json) {
  if (json == "conflict") {
    const DocumentIndex index = b.document(name, 2);
    b.emit(Opcode::kLoadConstant, {.a = 0, .extra = b.constant("1")});
    b.emit(Opcode::kLoadConstant, {.a = 1, .extra = b.constant("2")});
    b.emit(Opcode::kAssign, {.a = 0, .b = 1});
    b.emit(Opcode::kReturn, {.a = 0});
    return index;
  }
  if (json == "loop") {
    const DocumentIndex index = b.document(name, 1);
    const Label loop = b.label();
    b.bind(loop);
    b.emit(Opcode::kJump, {}, loop);
    return index;
  }
  if (json.empty()) {
    const DocumentIndex index = b.document(name, 1);
    b.emit(Opcode::kReturn, {.a = 0});
    return index;
  }
  return b.constant_document(name, json);
}

// A set with the elements of a JSON array.
std::optional<DocumentIndex> set_document(ProgramBuilder& b, const std::string& name,
                                          std::string_view json) {
  if (json.empty()) return std::nullopt;
  if (json == "conflict") return document_of(b, name, json);
  const DocumentIndex index = b.document(name, 1);
  b.program().constants.push_back(Value::set(b.value(json).elements(), b.program().arena));
  b.emit(Opcode::kLoadConstant,
         {.a = 0, .extra = static_cast<std::uint32_t>(b.program().constants.size() - 1)});
  b.emit(Opcode::kReturn, {.a = 0});
  return index;
}

void add_rules(ProgramBuilder& b, const std::vector<RuleSketch>& rules) {
  for (const RuleSketch& rule : rules) {
    const std::string path = "data." + std::string(rule.package) + "." + rule.name;
    const DecisionBody body{.holds = *document_of(b, path, rule.holds),
                            .messages = set_document(b, path, rule.messages),
                            .controls = {},
                            .obligations = set_document(b, path, rule.obligations)};
    b.program().decision_rules.push_back({.verdict = rule.verdict,
                                          .holds = body.holds,
                                          .package = b.name(rule.package),
                                          .name = b.name(rule.name),
                                          .bodies = b.bodies({body})});
  }
}

// So that the number of steps ends what never ends, however slow the machine is.
constexpr std::chrono::hours kLongEnough{1};

Decision decide(const std::vector<RuleSketch>& rules, CallOptions options = {}) {
  ProgramBuilder b;
  add_rules(b, rules);
  const Engine engine(b.finish(), {.limits = {.time = kLongEnough}});
  return engine.decide(Request(engine), options);
}

std::string rules_text(const Decision& decision) {
  std::string text(name_of(decision.effect()));
  text += " " + std::string(name_of(decision.cause()));
  for (const DeterminingRule& rule : decision.rules()) text += " " + rule.package + "." + rule.name;
  return text;
}

constexpr Verdict kPermit = Verdict::kPermit;
constexpr Verdict kForbid = Verdict::kForbid;

TEST(Decision, follows_the_table) {
  const RuleSketch holds{kPermit, "a", "p", "true"};
  const RuleSketch fails{kPermit, "a", "q", ""};
  const RuleSketch forbids{kForbid, "b", "f", "true"};
  const RuleSketch silent{kForbid, "b", "s", ""};
  const RuleSketch unknown{kForbid, "b", "u", "false"};
  EXPECT_EQ(rules_text(decide({})), "deny no_permit");
  EXPECT_EQ(rules_text(decide({silent, fails})), "deny no_permit");
  EXPECT_EQ(rules_text(decide({silent, holds, fails})), "permit permitted a.p");
  EXPECT_EQ(rules_text(decide({unknown, silent, holds})), "deny indeterminate b.u");
  EXPECT_EQ(rules_text(decide({unknown, forbids, holds})), "deny forbidden b.f");
  EXPECT_EQ(rules_text(decide({forbids, forbids, holds})), "deny forbidden b.f b.f");
}

TEST(Decision, an_error_in_a_forbid_makes_it_indeterminate) {
  const Decision decision = decide({{kForbid, "b", "f", "conflict"}, {kPermit, "a", "p", "true"}});
  EXPECT_EQ(rules_text(decision), "deny indeterminate b.f");
  ASSERT_EQ(decision.warnings().size(), 1U);
  EXPECT_EQ(decision.warnings()[0],
            "test.rego:3: eval_conflict_error: rule data.b.f produced conflicting values");
  EXPECT_EQ(decision.message(), "the request lacks what `b.f` must know");
}

TEST(Decision, an_error_in_a_permit_means_that_it_does_not_hold) {
  const Decision decision = decide({{kPermit, "a", "p", "conflict"}, {kPermit, "a", "q", "true"}});
  EXPECT_EQ(rules_text(decision), "permit permitted a.q");
  EXPECT_EQ(decision.warnings().size(), 1U);
  EXPECT_EQ(rules_text(decide({{kPermit, "a", "p", "conflict"}})), "deny no_permit");
}

TEST(Decision, a_permit_whose_obligations_cannot_be_told_does_not_hold) {
  EXPECT_EQ(rules_text(decide({{kPermit, "a", "p", "true", "", "conflict"}})), "deny no_permit");
}

TEST(Decision, a_budget_that_ran_out_denies) {
  for (const Verdict verdict : {kPermit, kForbid}) {
    const Decision decision = decide({{verdict, "a", "p", "loop"}, {kPermit, "a", "q", "true"}});
    EXPECT_EQ(rules_text(decision), "deny error");
    EXPECT_EQ(decision.message(), "test.rego:1: eval_cancel_error: step budget exceeded");
    EXPECT_TRUE(decision.rules().empty());
  }
}

TEST(Decision, can_be_restricted_to_a_package) {
  const std::vector<RuleSketch> rules = {{kForbid, "reg.models", "f", "true"},
                                         {kPermit, "regional", "p", "true"}};
  EXPECT_EQ(rules_text(decide(rules)), "deny forbidden reg.models.f");
  EXPECT_EQ(rules_text(decide(rules, {.package = "reg"})), "deny forbidden reg.models.f");
  EXPECT_EQ(rules_text(decide(rules, {.package = "reg.models"})), "deny forbidden reg.models.f");
  EXPECT_EQ(rules_text(decide(rules, {.package = "regional"})), "permit permitted regional.p");
  EXPECT_EQ(rules_text(decide(rules, {.package = "regi"})), "deny no_permit");
}

TEST(Decision, carries_messages_and_obligations_of_the_determining_rules) {
  const Decision decision = decide(
      {{kForbid, "a", "f", "", R"(["never"])"},
       {kPermit, "a", "p", "true", R"(["m2", {"k": 1}])", R"([{"notify": "x", "log": 1}])"},
       {kPermit, "a", "q", "true", R"(["m1", "m2"])", R"([{"notify": "y"}, {"notify": "x"}])"},
       {kPermit, "a", "r", "", R"(["no"])", R"([{"notify": "no"}])"}});
  EXPECT_EQ(decision.messages(), (std::vector<std::string>{"m1", "m2", R"({"k":1})"}));
  EXPECT_EQ(decision.message(), R"(m1; m2; {"k":1})");
  ASSERT_EQ(decision.obligations().size(), 2U);
  EXPECT_EQ(decision.obligations()[0].key, "log");
  EXPECT_EQ(decision.obligations()[0].values, std::vector<std::string>{"1"});
  EXPECT_EQ(decision.obligations()[1].key, "notify");
  EXPECT_EQ(decision.obligations()[1].values, (std::vector<std::string>{"\"x\"", "\"y\""}));
  EXPECT_EQ(decision.revision(), "sha256:test");
  EXPECT_EQ(decision.rules()[0].file, "test.rego");
  EXPECT_EQ(decision.rules()[0].line, 4U);  // of the first instruction
}

TEST(Decision, messages_say_why_when_no_rule_does) {
  EXPECT_EQ(decide({}).message(), "no permit applies");
  EXPECT_EQ(decide({{kForbid, "b", "f", "true"}, {kForbid, "b", "g", "true"}}).message(),
            "forbidden by `b.f`, `b.g`");
  EXPECT_EQ(decide({{kPermit, "a", "p", "true"}}).message(), "permitted by `a.p`");
}

TEST(Decision, ids_are_unique) {
  ProgramBuilder b;
  add_rules(b, {});
  const Engine engine(b.finish());
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) ids.insert(engine.decide_json("{}").id().text());
  EXPECT_EQ(ids.size(), 100U);
  EXPECT_EQ(ids.begin()->size(), 48U);
}

TEST(Decision, the_document_says_the_same) {
  ProgramBuilder b;
  b.document("data.licet.decision", 1);
  b.emit(Opcode::kDecisionDocument, {.a = 0, .extra = b.constant("\"\"")});
  b.emit(Opcode::kReturn, {.a = 0});
  add_rules(b, {{kForbid, "a", "f", "true", R"(["no"])", R"([{"k": 1}])"}});
  b.entry("licet.decision", 0);
  EXPECT_EQ(
      test::query_text(Engine(b.finish()), "data.licet.decision"),
      R"({"cause": "forbidden", "controls": [], "effect": "deny", "messages": ["no"], )"
      R"("obligations": {"k": [1]}, "revision": "sha256:test", )"
      R"("rules": [{"file": "test.rego", "line": 3, "name": "f", "package": "a"}], "warnings": []})");
}

TEST(Decision, a_rule_that_needs_the_decision_it_makes_is_indeterminate) {
  ProgramBuilder b;
  b.document("data.licet.decision", 1);
  b.emit(Opcode::kDecisionDocument, {.a = 0, .extra = b.constant("\"\"")});
  b.emit(Opcode::kReturn, {.a = 0});
  b.document("data.a.f", 1);
  const Label none = b.label();
  b.emit(Opcode::kCallDocument, {.a = 0, .extra = 0}, none);
  b.bind(none);
  b.emit(Opcode::kReturn, {.a = 0});
  b.program().decision_rules.push_back(
      {.verdict = kForbid,
       .holds = 1,
       .package = b.name("a"),
       .name = b.name("f"),
       .bodies = b.bodies({{.holds = 1, .messages = {}, .controls = {}, .obligations = {}}})});
  const Engine engine(b.finish());
  EXPECT_EQ(rules_text(engine.decide_json("{}")), "deny indeterminate a.f");
}

TEST(Engine, queries_rules_loaded_data_and_both) {
  ProgramBuilder b;
  b.program().data = b.value(R"({"a": {"x": 1, "l": [1]}, "z": {"k": {"m": 2}}})");
  b.entry("a.rules", b.constant_document("data.a.rules", R"({"q": {"r": 3}})"));
  b.entry("a.rules.q", b.constant_document("data.a.rules.q", R"({"r": 3})"));
  b.entry("b[\"c-d\"]", b.constant_document("data.b", "5"));
  const Engine engine(b.finish());
  EXPECT_EQ(test::query_text(engine, "data.a.rules"), R"({"q": {"r": 3}})");
  EXPECT_EQ(test::query_text(engine, "data.a.rules.q.r"), "3");
  EXPECT_EQ(test::query_text(engine, "data.a.rules.q.z"), "undefined");
  EXPECT_EQ(test::query_text(engine, "data.a"), R"({"l": [1], "rules": {"q": {"r": 3}}, "x": 1})");
  EXPECT_EQ(test::query_text(engine, "data.z.k.m"), "2");
  EXPECT_EQ(test::query_text(engine, "data.z.n"), "undefined");
  EXPECT_EQ(test::query_text(engine, "data.b[\"c-d\"]"), "5");
  EXPECT_EQ(test::query_text(engine, "data.b"), R"({"c-d": 5})");
  EXPECT_EQ(test::query_text(engine, "input.x"),
            "eval_internal_error: `input.x` is no path below `data`");
}

TEST(Engine, a_query_gives_rows) {
  ProgramBuilder b;
  b.program().query = b.block(5);
  b.program().query_names = {"k", "v"};
  const Label next = b.label();
  const Label end = b.label();
  b.emit(Opcode::kLoadSlot, {.a = 0, .extra = 0}, end);
  b.emit(Opcode::kScan, {.a = 1, .b = 0}, end);
  b.bind(next);
  b.emit(Opcode::kNext, {.a = 1, .b = 3, .c = 4}, end);
  b.emit(Opcode::kQueryRow, {.a = 3, .b = 2});
  b.emit(Opcode::kJump, {}, next);
  b.bind(end);
  b.emit(Opcode::kReturn, {.a = 0});
  const Engine engine(b.finish());
  Arena arena;
  const auto rows = engine.run_query(value_from_json(R"({"a": 1, "b": [2]})", arena).value());
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows.value().rows.size(), 2U);
  EXPECT_EQ(rego_text(rows.value().rows[1][0]), "\"b\"");
  EXPECT_EQ(rego_text(rows.value().rows[1][1]), "[2]");
  EXPECT_EQ(rows.value().names, (std::vector<std::string>{"k", "v"}));
}

TEST(Engine, explains_what_literals_came_to) {
  ProgramBuilder b;
  b.program().trace_points.push_back({.place = {.file = 0, .line = 3, .column = 2},
                                      .text = "x == 2",
                                      .rule = "data.p",
                                      .body = 1,
                                      .parts = {{"x", 4}}});
  b.document("data.p", 6);
  const Label next = b.label();
  const Label end = b.label();
  const Label fails = b.label();
  b.emit(Opcode::kLoadSlot, {.a = 0, .extra = 0}, end);
  b.emit(Opcode::kScan, {.a = 1, .b = 0}, end);
  b.bind(next);
  b.emit(Opcode::kNext, {.a = 1, .b = 3, .c = 4}, end);
  b.emit(Opcode::kTraceBegin, {.extra = 0});
  b.emit(Opcode::kTestEqualConstant, {.a = 4, .extra = b.constant("2")}, fails);
  b.emit(Opcode::kTraceHold, {.extra = 0});
  b.emit(Opcode::kJump, {}, next);
  b.bind(fails);
  b.emit(Opcode::kTraceFail, {.extra = 0});
  b.emit(Opcode::kJump, {}, next);
  b.bind(end);
  b.emit(Opcode::kReturn, {.a = 5});
  b.entry("p", 0);
  const Engine engine(b.finish());
  Arena arena;
  const auto answer = engine.query("data.p", value_from_json("[1, 2, 3]", arena).value(),
                                   {.explain = Explain::kYes});
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer.value().explanation.size(), 1U);
  const ExplainedLiteral& literal = answer.value().explanation[0];
  EXPECT_EQ(literal.begun, 3U);
  EXPECT_EQ(literal.held, 1U);
  EXPECT_EQ(literal.failed, 2U);
  EXPECT_EQ(literal.when_held[0].value, "2");
  EXPECT_EQ(literal.when_failed[0].value, "3");
  EXPECT_EQ(literal.when_failed[0].text, "x");
  EXPECT_EQ(literal.line, 3U);
}

// Every decision is of the old program or of the new one: revision and rule always match.
TEST(Engine, swaps_programs_under_running_decisions) {
  const auto program = [](const char* name, const char* holds) {
    ProgramBuilder b;
    add_rules(b, {{kPermit, "a", name, holds}});
    b.program().revision = name;
    return b.finish();
  };
  const auto first = program("one", "true");
  const auto second = program("two", "true");
  Engine engine(first);
  std::atomic<bool> stop{false};
  std::atomic<int> mixed{0};
  std::vector<std::thread> deciders;
  for (int t = 0; t < 3; ++t) {
    deciders.emplace_back([&] {
      Request request(engine);
      while (!stop) {
        const Decision decision = engine.decide(request.reset());
        if (decision.rules().size() != 1 || decision.rules()[0].name != decision.revision())
          ++mixed;
      }
    });
  }
  for (int i = 0; i < 300; ++i) {
    engine.swap(i % 2 == 0 ? second : first);
    const std::string expected = i % 2 == 0 ? "two" : "one";
    if (engine.decide_json("{}").revision() != expected) ++mixed;  // never an older one after swap
  }
  stop = true;
  for (std::thread& decider : deciders) decider.join();
  EXPECT_EQ(mixed, 0);
}

// A deciding thread that freed a program waited for the lock of the heap.
TEST(Engine, a_replaced_program_is_freed_by_a_swap_and_never_by_the_request_that_leaves_it) {
  const auto program = [](const char* name) {
    ProgramBuilder b;
    add_rules(b, {{kPermit, "a", name, "true"}});
    return b.finish();
  };
  std::shared_ptr<const Program> first = program("one");
  const std::weak_ptr<const Program> watched = first;
  Engine engine(std::move(first));
  Request request(engine);
  std::optional<Decision> decision = engine.decide(request);
  engine.swap(program("two"));
  EXPECT_FALSE(watched.expired());
  EXPECT_EQ(engine.decide(request.reset()).rules()[0].name, "two");
  decision.reset();  // nothing refers to the first program any more
  EXPECT_FALSE(watched.expired());
  engine.free_retired();
  EXPECT_TRUE(watched.expired());
}

// Whoever looks for the program in force does so without a lock, while others replace and free it.
TEST(Engine, requests_come_and_go_while_programs_are_swapped) {
  const auto program = [](const char* name) {
    ProgramBuilder b;
    add_rules(b, {{kPermit, "a", name, "true"}});
    b.program().revision = name;
    return b.finish();
  };
  Engine engine(program("one"));
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> users;
  for (int t = 0; t < 3; ++t) {
    users.emplace_back([&] {
      while (!stop) {
        Request request(engine);
        const Decision decision = engine.decide(request);
        if (decision.rules()[0].name != decision.revision()) ++wrong;
        const std::shared_ptr<const Program> in_force = engine.program();
        if (in_force->revision != in_force->decision_rules[0].name.view()) ++wrong;
        if (engine.layout()->id() == 0) ++wrong;
      }
    });
  }
  for (int i = 0; i < 200; ++i) engine.swap(program(i % 2 == 0 ? "two" : "one"));
  stop = true;
  for (std::thread& user : users) user.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Engine, what_refers_to_a_replaced_program_keeps_it_alive) {
  const auto program = [](const char* name) {
    ProgramBuilder b;
    add_rules(b, {{kPermit, "a", name, "true"}});
    return b.finish();
  };
  Engine engine(program("one"));
  const Decision decision = engine.decide_json("{}");
  const std::shared_ptr<const Program> old = engine.program();
  std::weak_ptr<const Program> between;
  for (const char* name : {"two", "three", "four"}) {
    engine.swap(program(name));
    if (name == std::string_view("two")) between = engine.program();
  }
  EXPECT_TRUE(between.expired());  // nothing used it
  EXPECT_EQ(decision.rules()[0].name, "one");
  EXPECT_EQ(old->decision_rules[0].name, "one");
}

}  // namespace
}  // namespace licet
