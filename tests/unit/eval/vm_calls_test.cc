#include <gtest/gtest.h>

#include "tests/unit/eval/ask.h"

namespace licet {
namespace {

using test::ask;
using test::Label;
using test::Operands;
using test::ProgramBuilder;

// a = document, or return undefined.
void call_document(ProgramBuilder& b, std::uint16_t a, DocumentIndex document) {
  const Label undefined = b.label();
  const Label over = b.label();
  b.emit(Opcode::kCallDocument, {.a = a, .extra = document}, undefined);
  b.emit(Opcode::kJump, {}, over);
  b.bind(undefined);
  b.emit(Opcode::kReturn, {.a = a});
  b.bind(over);
}

TEST(VmCalls, a_document_answers_or_the_call_fails) {
  ProgramBuilder b;
  b.document("data.p", 2);
  const Label none = b.label();
  b.emit(Opcode::kCallDocument, {.a = 0, .extra = 1}, none);
  b.emit(Opcode::kReturn, {.a = 0});
  b.bind(none);
  b.emit(Opcode::kLoadConstant, {.a = 1, .extra = b.constant("\"none\"")});
  b.emit(Opcode::kReturn, {.a = 1});
  b.document("data.q", 1);
  const Label missing = b.label();
  b.emit(Opcode::kLoadSlot, {.a = 0, .extra = b.slot("q")}, missing);
  b.bind(missing);
  b.emit(Opcode::kReturn, {.a = 0});
  EXPECT_EQ(ask(b, R"({"q": 3})"), "3");
  EXPECT_EQ(ask(b, "{}"), "\"none\"");
}

// A bug would take 2^60 steps: each rule uses the next one twice.
TEST(VmCalls, chains_of_documents_are_not_exponential) {
  ProgramBuilder b;
  for (DocumentIndex i = 0; i < 60; ++i) {
    b.document("data.p" + std::to_string(i), 2);
    call_document(b, 0, i + 1);
    call_document(b, 1, i + 1);
    b.emit(Opcode::kReturn, {.a = 1});
  }
  b.constant_document("data.last", "7");
  EXPECT_EQ(ask(b), "7");
}

TEST(VmCalls, chains_of_functions_are_not_exponential) {
  ProgramBuilder b;
  b.document("data.p", 3);
  const Label none = b.label();
  b.emit(Opcode::kLoadConstant, {.a = 0, .extra = b.constant("[1]")});
  b.emit(Opcode::kCallFunction, {.a = 1, .b = 0, .c = 1, .extra = 0}, none);
  b.bind(none);
  b.emit(Opcode::kReturn, {.a = 1});
  for (FunctionIndex i = 0; i < 60; ++i) {
    b.function("data.f" + std::to_string(i), 3, 1);
    const Label end = b.label();
    if (i + 1 < 60) b.emit(Opcode::kCallFunction, {.a = 1, .b = 0, .c = 1, .extra = i + 1}, end);
    if (i + 1 < 60) b.emit(Opcode::kCallFunction, {.a = 2, .b = 0, .c = 1, .extra = i + 1}, end);
    if (i + 1 == 60) b.emit(Opcode::kMove, {.a = 2, .b = 0});
    b.bind(end);
    b.emit(Opcode::kReturn, {.a = 2});
  }
  EXPECT_EQ(ask(b), "[1]");
}

// Calls f(1), f(2), ... f(n): more than the memo of functions holds.
TEST(VmCalls, a_full_memo_of_functions_still_answers) {
  ProgramBuilder b;
  b.document("data.p", 8);
  const Label next = b.label();
  const Label end = b.label();
  b.emit(Opcode::kLoadSlot, {.a = 0, .extra = b.slot("v")}, end);
  b.emit(Opcode::kScan, {.a = 1, .b = 0}, end);
  b.bind(next);
  b.emit(Opcode::kNext, {.a = 1, .b = 3, .c = 4}, end);
  b.emit(Opcode::kCallFunction, {.a = 5, .b = 3, .c = 1, .extra = 0}, next);
  b.emit(Opcode::kTestEqual, {.a = 5, .b = 3}, end);
  b.emit(Opcode::kMove, {.a = 6, .b = 5});
  b.emit(Opcode::kJump, {}, next);
  b.bind(end);
  b.emit(Opcode::kReturn, {.a = 6});
  b.function("data.f", 1, 1);
  b.emit(Opcode::kReturn, {.a = 0});
  std::string zeros = "0";
  for (int i = 1; i < 100'000; ++i) zeros += ",0";
  EXPECT_EQ(ask(b, "{\"v\": [" + zeros + "]}"), "99999");
}

TEST(VmCalls, a_document_that_needs_itself_is_an_error_and_no_hang) {
  ProgramBuilder b;
  b.document("data.p", 1);
  call_document(b, 0, 1);
  b.emit(Opcode::kReturn, {.a = 0});
  b.document("data.q", 1);
  call_document(b, 0, 0);
  b.emit(Opcode::kReturn, {.a = 0});
  EXPECT_EQ(ask(b), "test.rego:5: eval_internal_error: `data.p` needs itself");
}

TEST(VmCalls, after_an_error_documents_can_be_asked_again) {
  ProgramBuilder b;
  b.document("data.p", 1);
  call_document(b, 0, 0);
  b.emit(Opcode::kReturn, {.a = 0});
  b.entry("p", 0);
  const Engine engine(b.finish());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(test::query_text(engine, "data.p"),
              "test.rego:1: eval_internal_error: `data.p` needs itself");
  }
}

// data.p calls f(n), which calls f(n + 1) for ever and keeps an array of what it got.
ProgramBuilder endless() {
  ProgramBuilder b;
  b.document("data.p", 2);
  const Label none = b.label();
  b.emit(Opcode::kLoadConstant, {.a = 0, .extra = b.constant("1")});
  b.emit(Opcode::kCallFunction, {.a = 1, .b = 0, .c = 1, .extra = 0}, none);
  b.bind(none);
  b.emit(Opcode::kReturn, {.a = 1});
  b.function("data.f", 4, 1);
  const Label end = b.label();
  b.emit(Opcode::kLoadConstant, {.a = 1, .extra = b.constant("1")});
  b.emit(Opcode::kCallBuiltin, {.a = 2, .b = 0, .c = 2, .extra = ProgramBuilder::builtin("plus")},
         end);
  b.emit(Opcode::kCallFunction, {.a = 3, .b = 2, .c = 1, .extra = 0}, end);
  b.bind(end);
  b.emit(Opcode::kReturn, {.a = 3});
  return b;
}

TEST(VmCalls, depth_and_steps_and_memory_of_calls_end_in_typed_errors) {
  ProgramBuilder depth = endless();
  EXPECT_EQ(ask(depth), "test.rego:6: eval_cancel_error: call depth budget exceeded");
  ProgramBuilder steps = endless();
  EXPECT_EQ(ask(steps, "", {.limits = {.steps = 100}}),
            "test.rego:3: eval_cancel_error: step budget exceeded");
  ProgramBuilder memory = endless();
  EXPECT_EQ(ask(memory, "", {.limits = {.memory_bytes = 1 << 20, .call_depth = 1U << 30}}),
            "test.rego:6: eval_cancel_error: memory budget exceeded");
}

TEST(VmCalls, a_loop_that_never_ends_runs_out_of_steps) {
  ProgramBuilder b;
  b.document("data.p", 1);
  const Label loop = b.label();
  b.bind(loop);
  b.emit(Opcode::kJump, {}, loop);
  EXPECT_EQ(ask(b), "test.rego:1: eval_cancel_error: step budget exceeded");
}

TEST(VmCalls, a_loop_that_collects_runs_out_of_memory) {
  ProgramBuilder b;
  b.document("data.p", 2);
  const Label loop = b.label();
  b.emit(Opcode::kStart, {.a = 0});
  b.bind(loop);
  b.emit(Opcode::kAppend, {.a = 0, .b = 0});
  b.emit(Opcode::kJump, {}, loop);
  EXPECT_EQ(ask(b, "", {.limits = {.memory_bytes = 1 << 20}}),
            "test.rego:2: eval_cancel_error: memory budget exceeded");
}

TEST(VmCalls, arrays_that_nest_without_end_pass_the_depth_of_values) {
  ProgramBuilder b;
  b.document("data.p", 1);
  const Label loop = b.label();
  b.emit(Opcode::kLoadConstant, {.a = 0, .extra = b.constant("1")});
  b.bind(loop);
  b.emit(Opcode::kMakeArray, {.a = 0, .b = 0, .c = 1});
  b.emit(Opcode::kJump, {}, loop);
  EXPECT_EQ(ask(b), "test.rego:2: eval_cancel_error: depth budget of values exceeded");
}

// Time goes by a second with each look.
class FastClock final : public Clock {
 public:
  std::chrono::system_clock::time_point now() const override { return {}; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(++looks_));
  }

 private:
  mutable int looks_ = 0;
};

TEST(VmCalls, time_is_looked_at_now_and_then) {
  ProgramBuilder b;
  b.document("data.p", 1);
  const Label loop = b.label();
  b.bind(loop);
  b.emit(Opcode::kJump, {}, loop);
  EXPECT_EQ(ask(b, "",
                {.limits = {.time = std::chrono::milliseconds(5000)},
                 .clock = std::make_shared<FastClock>()}),
            "test.rego:1: eval_cancel_error: time budget exceeded");
}

// One call that would work for hours.
TEST(VmCalls, builtins_look_at_the_time_as_well) {
  std::string schema = R"({"$ref": "#/definitions/n0", "definitions": {)";
  for (int i = 0; i < 60; ++i) {
    const std::string next = R"({"$ref": "#/definitions/n)" + std::to_string(i + 1) + "\"}";
    schema += "\"n" + std::to_string(i) + R"(": {"allOf": [)" + next + ", " + next + "]}, ";
  }
  schema += R"("n60": {}}})";
  ProgramBuilder b;
  b.document("data.p", 3);
  const Label end = b.label();
  b.emit(Opcode::kClear, {.a = 2});
  b.emit(Opcode::kLoadConstant, {.a = 0, .extra = b.constant("{}")});
  b.emit(Opcode::kLoadConstant, {.a = 1, .extra = b.constant(schema)});
  b.emit(Opcode::kCallBuiltin,
         {.a = 2, .b = 0, .c = 2, .extra = ProgramBuilder::builtin("json.match_schema")}, end);
  b.bind(end);
  b.emit(Opcode::kReturn, {.a = 2});
  EXPECT_EQ(ask(b, "",
                {.limits = {.steps = 1ULL << 50, .time = std::chrono::milliseconds(5000)},
                 .clock = std::make_shared<FastClock>()}),
            "test.rego:4: eval_cancel_error: time budget exceeded");
}

}  // namespace
}  // namespace licet
