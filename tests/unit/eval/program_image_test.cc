#include <gtest/gtest.h>
#include <xxhash.h>

#include <bit>

#include "eval/program/disassemble.h"
#include "eval/program/image.h"
#include "eval/program/verify.h"
#include "tests/unit/eval/ask.h"

namespace licet {
namespace {

using program::image_from_program;
using program::program_from_image;
using test::Label;
using test::ProgramBuilder;

// Uses every table of a program.
void build_everything(ProgramBuilder& b) {
  Program& p = b.program();
  p.data = b.value(
      R"({"a": [1, 2.5, 123456789012345678901234567890, "é", null, true, {"k": [1, 2.5]}]})");
  p.schema.types.push_back(
      {.kind = TypeKind::kLiteral, .literal = b.value("\"risk\""), .members = {}, .fields = {}});
  p.schema.types.push_back(
      {.kind = TypeKind::kUnion, .literal = {}, .members = {0, 0}, .fields = {}});
  p.schema.types.push_back({.kind = TypeKind::kRecord,
                            .literal = {},
                            .members = {},
                            .fields = {{.name = "department", .type = 1, .token = true}}});
  p.schema.roots.push_back({"user", 2});
  b.document("data.p", 8);
  const Label none = b.label();
  b.emit(Opcode::kLoadConstant, {.a = 0, .extra = b.constant("[3, 1]")});
  b.emit(Opcode::kCallBuiltin, {.a = 1, .b = 0, .c = 1, .extra = ProgramBuilder::builtin("sort")},
         none);
  b.emit(Opcode::kCallFunction, {.a = 2, .b = 1, .c = 1, .extra = 0}, none);
  b.emit(Opcode::kLoadData, {.a = 3, .extra = b.path("a")}, none);
  b.emit(Opcode::kGetEnvironment, {.a = 4});
  b.emit(Opcode::kWithBuiltin, {.a = 4,
                                .b = 4,
                                .c = static_cast<std::uint16_t>(ProgramBuilder::builtin("sum")),
                                .extra = b.mock("count")});
  b.emit(Opcode::kMakeArray, {.a = 5, .b = 2, .c = 2});
  b.emit(Opcode::kReturn, {.a = 5});
  b.bind(none);
  b.emit(Opcode::kReturn, {.a = 7});
  b.function("data.f", 2, 1);
  const Label fails = b.label();
  p.trace_points.push_back(
      {.place = {}, .text = "input.user", .rule = "data.f", .body = 0, .parts = {{"x", 0}}});
  p.presence_sets.push_back({{b.slot("user.department")}});
  b.emit(Opcode::kTraceBegin, {.extra = 0});
  b.emit(Opcode::kLoadSlot, {.a = 1, .extra = 1}, fails);
  b.emit(Opcode::kTraceHold, {.extra = 0});
  b.emit(Opcode::kReturn, {.a = 0});
  b.bind(fails);
  b.emit(Opcode::kReturn, {.a = 1});
  p.decision_rules.push_back(
      {.verdict = Verdict::kForbid,
       .holds = 0,
       .package = b.name("t"),
       .name = b.name("n"),
       .bodies = b.bodies({{.holds = 0, .messages = 0, .controls = {}, .obligations = 0}})});
  p.tests.push_back({.package = "t", .name = "test_p", .place = {}, .document = 0});
  p.query = b.block(1);
  p.query_names = {"x"};
  b.emit(Opcode::kLoadConstant, {.a = 0, .extra = b.constant("\"row\"")});
  b.emit(Opcode::kQueryRow, {.a = 0, .b = 1});
  b.emit(Opcode::kReturn, {.a = 0});
  b.entry("p", 0);
}

std::string reseal(std::string image) {
  const std::size_t header = 8 + 4 + 8 + 8;
  const std::uint64_t checksum = XXH3_64bits(image.data() + header, image.size() - header);
  std::memcpy(image.data() + header - 8, &checksum, 8);
  return image;
}

constexpr const char* kInput = R"({"user": {"department": "risk"}})";

TEST(ProgramImage, a_program_comes_back_as_it_was) {
  ProgramBuilder b;
  build_everything(b);
  const auto original = b.finish();
  ASSERT_EQ(program::verify(*original), std::nullopt);
  const std::string image = image_from_program(*original);
  const auto loaded = program_from_image(image);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  const Engine before(original);
  const Engine after(loaded.value());
  const std::string answer = test::query_text(before, "data.p", kInput);
  EXPECT_EQ(
      answer,
      R"([[1, 3], [1, 2.5, 123456789012345678901234567890, "é", null, true, {"k": [1, 2.5]}]])");
  EXPECT_EQ(test::query_text(after, "data.p", kInput), answer);
  EXPECT_EQ(image_from_program(*loaded.value()), image);
  EXPECT_EQ(program::disassemble(*loaded.value()), program::disassemble(*original));
}

TEST(ProgramImage, every_flipped_bit_is_noticed) {
  ProgramBuilder b;
  build_everything(b);
  const std::string image = image_from_program(*b.finish());
  for (std::size_t at = 0; at < image.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = image;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      EXPECT_FALSE(program_from_image(damaged).has_value()) << at;
    }
  }
}

TEST(ProgramImage, every_cut_is_noticed) {
  ProgramBuilder b;
  build_everything(b);
  const std::string image = image_from_program(*b.finish());
  for (std::size_t size = 0; size < image.size(); ++size) {
    EXPECT_FALSE(program_from_image(image.substr(0, size)).has_value()) << size;
    if (size <= 28) continue;
    EXPECT_FALSE(program_from_image(reseal(image.substr(0, size))).has_value()) << size;
  }
  EXPECT_FALSE(program_from_image(image + "x").has_value());
  EXPECT_FALSE(program_from_image(reseal(image + "x")).has_value());
}

void run_all(const std::shared_ptr<const Program>& program) {
  const Engine engine(program, {.limits = {.steps = 10'000, .memory_bytes = 1 << 20}});
  Arena arena;
  const Value input = value_from_json(kInput, arena).value();
  Request request(engine);
  request.parse(kInput);
  (void)engine.decide(request);
  for (const EntryPoint& entry : program->entry_points) {
    (void)engine.query("data." + entry.path, input, {.explain = Explain::kYes});
  }
  for (const TestCase& test : program->tests) (void)engine.run_test(test);
  if (program->query) (void)engine.run_query(input);
  (void)program::disassemble(*program);
}

// With a fitting checksum, an attacker's image is only stopped by the checks behind it.
TEST(ProgramImage, a_hostile_image_is_refused_or_runs_without_harm) {
  ProgramBuilder b;
  build_everything(b);
  const std::string image = image_from_program(*b.finish());
  int loaded = 0;
  for (std::size_t at = 28; at < image.size(); ++at) {
    for (const int change : {0x01, 0x02, 0x04, 0x10, 0x80, 0xFF}) {
      std::string hostile = image;
      hostile[at] = static_cast<char>(hostile[at] ^ change);
      const auto program = program_from_image(reseal(hostile));
      if (!program) continue;
      ++loaded;
      run_all(program.value());
    }
  }
  EXPECT_GT(loaded, 0);
}

std::string first_problem(void (*break_it)(Program&)) {
  ProgramBuilder b;
  build_everything(b);
  auto program = b.finish();
  break_it(const_cast<Program&>(*program));
  return program::verify(*program).value_or("sound");
}

TEST(ProgramVerify, names_what_is_wrong) {
  EXPECT_EQ(first_problem([](Program&) {}), "sound");
  EXPECT_EQ(first_problem([](Program& p) { p.code[0].extra = 99; }),
            "instruction 0 (LoadConstant) names what is not there");
  EXPECT_EQ(first_problem([](Program& p) { p.code[0].a = 8; }),
            "block 0: instruction 0 (LoadConstant) goes outside of its block");
  EXPECT_EQ(first_problem([](Program& p) { p.code[1].target = 9; }),
            "block 0: instruction 1 (CallBuiltin) goes outside of its block");
  EXPECT_EQ(first_problem([](Program& p) { p.code[1].c = 2; }),
            "block 0: instruction 1 (CallBuiltin) goes outside of its block");
  EXPECT_EQ(first_problem([](Program& p) { p.code[6].c = 7; }),
            "block 0: instruction 6 (MakeArray) goes outside of its block");
  EXPECT_EQ(first_problem([](Program& p) { p.blocks[1].begin = 7; }), "two blocks share code");
  EXPECT_EQ(first_problem([](Program& p) { p.blocks[0].end = 6; }),
            "block 0: the code runs over its end");
  EXPECT_EQ(first_problem([](Program& p) { p.schema.types[1].members = {1}; }),
            "a type is a union without end");
  EXPECT_EQ(first_problem([](Program& p) { p.query_names.clear(); }),
            "a row of the query does not fit its names");
}

// A bug took the number of a constant for that of a register.
TEST(ProgramVerify, a_small_block_may_name_many_constants) {
  ProgramBuilder b;
  for (int i = 0; i < 10; ++i) b.constant(std::to_string(i));
  b.constant_document("data.p", "true");
  EXPECT_EQ(program::verify(*b.finish()), std::nullopt);
}

TEST(ProgramVerify, a_register_that_only_one_way_writes_may_not_be_read) {
  const auto problem = [](bool write_on_both_ways) {
    ProgramBuilder b;
    b.document("data.p", 3);
    const Label other = b.label();
    const Label join = b.label();
    b.emit(Opcode::kLoadSlot, {.a = 0, .extra = 0}, other);
    b.emit(Opcode::kMove, {.a = 1, .b = 0});
    b.emit(Opcode::kJump, {}, join);
    b.bind(other);
    if (write_on_both_ways) b.emit(Opcode::kLoadConstant, {.a = 1, .extra = b.constant("1")});
    b.emit(Opcode::kJump, {}, join);
    b.bind(join);
    b.emit(Opcode::kMove, {.a = 2, .b = 1});
    b.emit(Opcode::kReturn, {.a = 2});
    return program::verify(*b.finish()).value_or("sound");
  };
  EXPECT_EQ(problem(true), "sound");
  EXPECT_EQ(problem(false), "block 0: instruction 4 reads register 1, which may be undefined");
}

TEST(ProgramVerify, a_loop_may_read_what_was_written_before_it_and_not_what_it_clears) {
  const auto problem = [](bool clears) {
    ProgramBuilder b;
    b.document("data.p", 6);
    const Label next = b.label();
    const Label end = b.label();
    b.emit(Opcode::kLoadConstant, {.a = 0, .extra = b.constant("[1, 2]")});
    b.emit(Opcode::kScan, {.a = 1, .b = 0}, end);
    b.bind(next);
    b.emit(Opcode::kNext, {.a = 1, .b = 3, .c = 4}, end);
    b.emit(Opcode::kTestNotEqual, {.a = 0, .b = 3}, next);
    if (clears) b.emit(Opcode::kClear, {.a = 0});
    b.emit(Opcode::kJump, {}, next);
    b.bind(end);
    b.emit(Opcode::kReturn, {.a = 5});
    return program::verify(*b.finish()).value_or("sound");
  };
  EXPECT_EQ(problem(false), "sound");
  EXPECT_EQ(problem(true), "block 0: instruction 3 reads register 0, which may be undefined");
}

TEST(ProgramDisassemble, shows_operands_by_what_they_are) {
  ProgramBuilder b;
  build_everything(b);
  const std::string text = program::disassemble(*b.finish());
  EXPECT_NE(text.find("document data.p  (8 registers)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("     1  CallBuiltin       r1, (r0), sort else 8"), std::string::npos)
      << text;
  EXPECT_NE(text.find("     3  LoadData          r3, data.a else 8"), std::string::npos) << text;
  EXPECT_NE(text.find("LoadSlot          r1, input.user.department else"), std::string::npos)
      << text;
  EXPECT_NE(text.find("function data.f  (2 registers, 1 parameters)\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace licet
