#include "eval/request.h"

#include <gtest/gtest.h>

#include <limits>

#include "eval/value_json.h"
#include "tests/unit/eval/ask.h"

namespace licet {
namespace {

using test::Label;
using test::ProgramBuilder;

// permit `all` if the slots at `paths` make `wanted` (an array, null where missing); so a decision
// tells what the program read.
class Reader {
 public:
  explicit Reader(std::vector<std::string> paths) {
    const auto count = static_cast<std::uint16_t>(paths.size());
    builder_.document("data.p", static_cast<std::uint16_t>(count + 1));
    for (std::uint16_t i = 0; i < count; ++i) {
      const Label missing = builder_.label();
      const Label next = builder_.label();
      const std::uint32_t slot = paths[i].empty() ? 0 : builder_.slot(paths[i]);
      builder_.emit(Opcode::kLoadSlot, {.a = i, .extra = slot}, missing);
      builder_.emit(Opcode::kJump, {}, next);
      builder_.bind(missing);
      builder_.emit(Opcode::kLoadConstant, {.a = i, .extra = builder_.constant("null")});
      builder_.bind(next);
    }
    builder_.emit(Opcode::kMakeArray, {.a = count, .b = 0, .c = count});
    builder_.emit(Opcode::kReturn, {.a = count});
    // The messages of the only permit are what was read.
    builder_.constant_document("data.holds", "true");
    builder_.document("data.messages", 2);
    const Label none = builder_.label();
    builder_.emit(Opcode::kCallDocument, {.a = 0, .extra = 0}, none);
    builder_.emit(Opcode::kMakeSet, {.a = 1, .b = 0, .c = 1});
    builder_.bind(none);
    builder_.emit(Opcode::kReturn, {.a = 1});
    builder_.program().decision_rules.push_back(
        {.verdict = Verdict::kPermit,
         .holds = 1,
         .package = builder_.name("t"),
         .name = builder_.name("all"),
         .bodies =
             builder_.bodies({{.holds = 1, .messages = 2, .controls = {}, .obligations = {}}})});
  }
  Schema& schema() { return builder_.program().schema; }
  ProgramBuilder& builder() { return builder_; }
  Engine engine(EngineOptions options = {}) {
    return Engine(builder_.finish(), std::move(options));
  }

 private:
  ProgramBuilder builder_;
};

std::string seen(const Engine& engine, Request& request) {
  const Decision decision = engine.decide(request);
  return std::string(name_of(decision.cause())) + " " + decision.message();
}

TEST(Request, json_fills_the_slots) {
  const Engine engine = Reader({"user.name", "user.roles", "user", ""}).engine();
  Request request(engine);
  EXPECT_TRUE(request.parse(R"({"user": {"name": "a", "roles": [1]}})"));
  EXPECT_EQ(seen(engine, request),
            R"(permitted ["a",[1],{"name":"a","roles":[1]},{"user":{"name":"a","roles":[1]}}])");
  EXPECT_TRUE(request.parse("{}"));
  EXPECT_EQ(seen(engine, request), "permitted [null,null,null,{}]");
}

TEST(Request, bad_json_is_an_invalid_request_that_says_where) {
  const Engine engine = Reader({"user.name"}).engine();
  Request request(engine);
  EXPECT_FALSE(request.parse(R"({"user": 1, "user": 2})"));
  const std::string text = seen(engine, request);
  EXPECT_TRUE(text.starts_with("invalid_request the request is no strict JSON: ")) << text;
  EXPECT_FALSE(static_cast<bool>(engine.decide_json("{\"a\": NaN}")));
  request.reset();
  EXPECT_FALSE(request.error().has_value());
}

TEST(Request, typed_attributes_go_to_their_slots) {
  const Engine engine =
      Reader({"user.name", "user.age", "user.score", "user.mfa", "user.roles"}).engine();
  const auto name = engine.slot<std::string_view>("user.name").value();
  const auto age = engine.slot<std::int64_t>("user.age").value();
  const auto score = engine.slot<double>("user.score").value();
  const auto mfa = engine.slot<bool>("user.mfa").value();
  const auto roles = engine.slot<StringList>("user.roles").value();
  Request request(engine);
  const std::vector<std::string_view> list = {"x", "y"};
  request.set(name, "é").set(age, 3).set(score, 0.5).set(mfa, true).set(roles, list);
  EXPECT_EQ(seen(engine, request), R"(permitted ["é",3,0.5,true,["x","y"]])");
  request.set(age, 4);
  EXPECT_EQ(seen(engine, request), R"(permitted ["é",4,0.5,true,["x","y"]])");
  request.reset().set(age, 5);
  EXPECT_EQ(seen(engine, request), "permitted [null,5,null,null,null]");
}

TEST(Request, wholes_are_put_together_from_their_attributes) {
  const Engine engine = Reader({"user", "user.name", ""}).engine();
  const auto name = engine.slot<std::string_view>("user.name").value();
  const auto other = engine.slot<std::int64_t>("user.other").value();
  Request request(engine);
  request.set(name, "a").set(other, 1);
  EXPECT_EQ(seen(engine, request),
            R"(permitted [{"name":"a","other":1},"a",{"user":{"name":"a","other":1}}])");
}

TEST(Request, parts_of_an_attribute_are_found_in_it) {
  Reader reader({"user.roles"});
  reader.builder().program().slots[1].elements.push_back(Value::integer(1));  // user.roles[1]
  const Engine engine = reader.engine();
  const auto roles = engine.slot<StringList>("user.roles").value();
  Request request(engine);
  request.set(roles, std::vector<std::string_view>{"x", "y"});
  EXPECT_EQ(seen(engine, request), R"(permitted ["y"])");
}

TEST(Request, bindings_set_values_that_they_made) {
  const Engine engine = Reader({"user.name", "user.roles"}).engine();
  Request request(engine);
  const auto name = request.layout().find("user.name");
  ASSERT_TRUE(name.has_value());
  EXPECT_TRUE(request.layout().attributes()[*name].is_read);
  request.set(*name, Value::string("a", request.arena()));
  EXPECT_EQ(seen(engine, request), R"(permitted ["a",null])");
  request.reset();
  const Value user = value_from_json(R"({"user": {"roles": [1]}})", request.arena()).value();
  EXPECT_TRUE(request.set_document(user));
  EXPECT_EQ(seen(engine, request), "permitted [null,[1]]");
}

TEST(Request, what_a_caller_rejects_is_an_invalid_request) {
  const Engine engine = Reader({"user.name"}).engine();
  Request request(engine);
  request.reject({.path = "user.name", .expected = {}, .found = {}, .message = "user.name: no"});
  request.reject({.path = "user", .expected = {}, .found = {}, .message = "user: later"});
  EXPECT_EQ(seen(engine, request), "invalid_request user.name: no");
  EXPECT_EQ(seen(engine, request.reset()), "permitted [null]");
}

TEST(Request, attributes_that_no_policy_reads_may_be_set) {
  const Engine engine = Reader({"user.name"}).engine();
  const auto other = engine.slot<double>("model.size").value();
  Request request(engine);
  request.set(other, 1.5);
  EXPECT_EQ(seen(engine, request), "permitted [null]");
}

TEST(Request, values_that_are_none_are_errors) {
  const Engine engine = Reader({"user.name", "user.score"}).engine();
  const auto name = engine.slot<std::string_view>("user.name").value();
  const auto score = engine.slot<double>("user.score").value();
  Request request(engine);
  request.set(name, "\xff");
  EXPECT_EQ(seen(engine, request), "invalid_request user.name: expected UTF-8 text");
  request.reset().set(score, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(seen(engine, request), "invalid_request user.score: expected a finite number");
}

TEST(Request, a_request_larger_than_the_limit_is_an_error) {
  const Engine engine = Reader({"user.name"}).engine({.limits = {.request_bytes = 1 << 20}});
  const auto name = engine.slot<std::string_view>("user.name").value();
  Request request(engine);
  request.set(name, std::string(2 << 20, 'x'));
  EXPECT_EQ(seen(engine, request), "invalid_request user.name: the request is too large");
}

// user: {name: string, clearance: int, email?: string @token, encryption?: {kms_key: string,
// region?: string}}
void add_user_schema(Schema& schema) {
  schema.types.push_back({.kind = TypeKind::kString, .literal = {}, .members = {}, .fields = {}});
  schema.types.push_back({.kind = TypeKind::kInt, .literal = {}, .members = {}, .fields = {}});
  schema.types.push_back({.kind = TypeKind::kRecord,
                          .literal = {},
                          .members = {},
                          .fields = {{.name = "kms_key", .type = 0},
                                     {.name = "region", .type = 0, .optional = true}}});
  schema.types.push_back({.kind = TypeKind::kRecord,
                          .literal = {},
                          .members = {},
                          .fields = {{.name = "clearance", .type = 1},
                                     {.name = "email", .type = 0, .optional = true, .token = true},
                                     {.name = "encryption", .type = 2, .optional = true},
                                     {.name = "name", .type = 0}}});
  schema.roots.push_back({"user", 3});
}

TEST(Request, is_checked_against_the_schema_however_it_was_filled) {
  Reader reader({"user.name"});
  add_user_schema(reader.schema());
  const Engine engine = reader.engine();
  const auto name = engine.slot<std::string_view>("user.name").value();
  const auto clearance = engine.slot<std::int64_t>("user.clearance").value();
  const auto region = engine.slot<std::string_view>("user.encryption.region").value();
  const auto kms_key = engine.slot<std::string_view>("user.encryption.kms_key").value();
  Request request(engine);
  EXPECT_EQ(seen(engine, request.set(name, "a").set(clearance, 1)), R"(permitted ["a"])");
  EXPECT_EQ(seen(engine, request.reset().set(name, "a")),
            "invalid_request user.clearance: expected int, found missing");
  EXPECT_EQ(seen(engine, request.reset()),
            "invalid_request user: expected {clearance: int, email?: string, encryption?: "
            "{kms_key: string, region?: string}, name: string}, found missing");
  EXPECT_EQ(seen(engine, request.reset().set(name, "a").set(clearance, 1).set(region, "eu")),
            "invalid_request user.encryption.kms_key: expected string, found missing");
  EXPECT_EQ(
      seen(engine,
           request.reset().set(name, "a").set(clearance, 1).set(region, "eu").set(kms_key, "k")),
      R"(permitted ["a"])");
  request.parse(R"({"user": {"name": 3, "clearance": 1}})");
  EXPECT_EQ(seen(engine, request), "invalid_request user.name: expected string, found number 3");
}

std::string slot_error(const Engine& engine, std::string_view path) {
  const auto slot = engine.slot<std::int64_t>(path);
  return slot ? "fine" : slot.error().message;
}

TEST(Request, slots_are_checked_against_the_schema) {
  Reader reader({"user.name"});
  add_user_schema(reader.schema());
  const Engine engine = reader.engine();
  EXPECT_EQ(slot_error(engine, "user.clearance"), "fine");
  EXPECT_EQ(slot_error(engine, "user.name"), "`user.name` is string, not an integer");
  EXPECT_EQ(slot_error(engine, "user.clearence"),
            "unknown attribute `user.clearence`: did you mean `clearance`?");
  EXPECT_EQ(slot_error(engine, "user.name.first"), "unknown attribute `user.name.first`");
  EXPECT_EQ(slot_error(engine, "model.anything"), "fine");
  EXPECT_EQ(slot_error(engine, "user..x"), "`user..x` is no attribute path");
}

TEST(Request, handles_and_requests_survive_a_swap) {
  const Engine engine = Reader({"user.name", "user.age"}).engine();
  const auto name = engine.slot<std::string_view>("user.name").value();
  const auto age = engine.slot<std::int64_t>("user.age").value();
  Request request(engine);
  request.set(name, "a").set(age, 1);
  Engine handle = engine;
  handle.swap(Reader({"user.age", "user", "user.name"}).builder().finish());
  EXPECT_EQ(seen(engine, request), R"(permitted [1,{"age":1,"name":"a"},"a"])");
  request.reset().set(age, 2);
  EXPECT_EQ(seen(engine, request), R"(permitted [2,{"age":2},null])");
  request.parse(R"({"user": {"age": 3}})");
  EXPECT_EQ(seen(engine, request), R"(permitted [3,{"age":3},null])");
}

}  // namespace
}  // namespace licet
