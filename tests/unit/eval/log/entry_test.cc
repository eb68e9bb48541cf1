#include "eval/log/entry.h"

#include <gtest/gtest.h>

#include "eval/log/canonical.h"
#include "eval/value_json.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

std::string canonical_of(std::string_view json) {
  Arena arena;
  return canonical_json(value_from_json(json, arena).value());
}

struct NumberCase {
  double number;
  const char* text;
};

// RFC 8785, appendix B.
TEST(CanonicalJson, writes_binary64_as_ecmascript_does) {
  const NumberCase cases[] = {{0.0, "0"},
                              {5e-324, "5e-324"},
                              {-5e-324, "-5e-324"},
                              {1.7976931348623157e308, "1.7976931348623157e+308"},
                              {9007199254740992, "9007199254740992"},
                              {295147905179352830000.0, "295147905179352830000"},
                              {9.999999999999997e22, "9.999999999999997e+22"},
                              {1e23, "1e+23"},
                              {999999999999999900000.0, "999999999999999900000"},
                              {1e21, "1e+21"},
                              {9.999999999999997e-7, "9.999999999999997e-7"},
                              {0.000001, "0.000001"},
                              {333333333.3333332, "333333333.3333332"},
                              {-0.0000033333333333333333, "-0.0000033333333333333333"}};
  for (const NumberCase& c : cases) EXPECT_EQ(ecmascript_text(c.number), c.text);
}

TEST(CanonicalJson, orders_keys_by_utf16_and_escapes_as_little_as_it_may) {
  // RFC 8785, section 3.2.3.
  EXPECT_EQ(canonical_of(
                R"({"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7})"),
            "{\"\\r\":2,\"1\":4,\"\xC2\x80\":6,\"\xC3\xB6\":7,\"\xE2\x82\xAC\":1,"
            "\"\xF0\x9F\x98\x80\":5,\"\xEF\xAC\xB3\":3}");
  EXPECT_EQ(canonical_of(R"("\u0001\b\t\n\f\r\"\\\/\u001f")"), R"("\u0001\b\t\n\f\r\"\\/\u001f")");
}

TEST(CanonicalJson, keeps_numbers_exactly_and_user_keys_apart) {
  const char* const texts[] = {"18446744073709551617",
                               "0.1",
                               "1e400",
                               "[1,2.5,-3]",
                               R"({"$number":"3","$$a":{"$token":"x"}})",
                               "123456789012345678901234567890.5",
                               "9007199254740993"};
  for (const char* const text : texts) {
    Arena arena;
    const Value value = value_from_json(text, arena).value();
    const std::string canonical = canonical_json(value);
    const Value read = value_from_json(canonical, arena).value();
    EXPECT_EQ(value_from_canonical(read, arena), value) << canonical;
  }
  EXPECT_EQ(canonical_of("1.0"), "1");
  EXPECT_EQ(canonical_of("9007199254740993"), R"({"$number":"9007199254740993"})");
}

TEST(Entry, time_is_text_and_back) {
  EXPECT_EQ(time_text(1'700'000'000'123'456'789), "2023-11-14T22:13:20.123456789Z");
  for (const std::int64_t ns : {std::int64_t{0}, std::int64_t{951'782'399'999'999'999},
                                std::int64_t{-1}, std::int64_t{4'102'444'800'000'000'000}}) {
    EXPECT_EQ(time_from_text(time_text(ns)), ns);
  }
  // A year that 64 bits of nanoseconds do not reach overflowed.
  for (const char* const text :
       {"2023-11-14 22:13:20.123456789Z", "2336-11-25T20:39:33.123456789Z",
        "0000-01-01T00:00:00.000000000Z", "2023-02-30T00:00:00.000000000Z",
        "2023-11-14T24:00:00.000000000Z", "2023-11-14T22-13-20.123456789Z"}) {
    EXPECT_EQ(time_from_text(text), std::nullopt) << text;
  }
}

class EntryOfDecision : public testing::Test {
 protected:
  std::string entry() {
    auto vault = Vault::open(std::make_shared<MemoryFiles>(), "log", test_keys(), "example.org/t",
                             Vault::IfMissing::kMake);
    EXPECT_TRUE(vault);
    vault_ = std::move(vault).value();
    RecordBuffer text;
    append_decision_entry(*test_plan(), packed_decision("d1"), *vault_, text);
    return std::string(text.bytes());
  }
  std::unique_ptr<Vault> vault_;
};

TEST_F(EntryOfDecision, is_canonical_and_has_the_documented_fields) {
  const std::string text = entry();
  EXPECT_EQ(canonical_of(text).size(), text.size() + 3);  // $token, $redacted, $encrypted
  Arena arena;
  const Value value = value_from_json(text, arena).value();
  for (const char* const key :
       {"cached", "cause", "controls", "effect", "id", "kind", "messages", "obligations", "read",
        "revision", "rules", "salt", "seed", "subject", "time", "trace", "v"}) {
    EXPECT_TRUE(value.get(key).is_defined()) << key;
  }
  EXPECT_EQ(value.size(), 17U) << text;
}

TEST_F(EntryOfDecision, shows_personal_values_nowhere_not_even_in_messages) {
  const std::string text = entry();
  EXPECT_EQ(text.find("ann"), std::string::npos) << text;
  EXPECT_NE(text.find("interns such as [token "), std::string::npos) << text;
  EXPECT_NE(text.find("([redacted])"), std::string::npos) << text;
  EXPECT_NE(text.find("\"user.email\":{\"$redacted\":true}"), std::string::npos) << text;
  EXPECT_NE(text.find("\"user.sex\":{\"$encrypted\":"), std::string::npos) << text;
  EXPECT_NE(text.find("\"model.id\":\"m1\""), std::string::npos) << text;
}

TEST_F(EntryOfDecision, hides_parts_of_values_in_maps_and_lists) {
  entry();
  ReadPlan plan;
  ReadPath& path = plan.paths.emplace_back();
  path.text = "user";
  path.mask.fields["email"].mask = Mask::kRedact;
  path.mask.fields["keys"].elements = std::make_unique<MaskTree>();
  path.mask.fields["keys"].elements->fields["secret"].mask = Mask::kToken;
  Arena arena;
  const Value user =
      value_from_json(R"({"email":"E@x","keys":[{"secret":4711,"name":"k"}],"$odd":1})", arena)
          .value();
  RecordBuffer packed;
  DecisionPacker packer(packed);
  packer.head({.id_text = "d", .error = "key 4711 of e@X; not 47110"});
  packer.add_read(0, user);
  RecordBuffer entry_bytes;
  append_decision_entry(plan, packed.bytes(), *vault_, entry_bytes);
  const std::string text(entry_bytes.bytes());
  const std::string token = vault_->token("4711");
  EXPECT_NE(
      text.find(R"("user":{"$$odd":1,"email":{"$redacted":true},"keys":[{"name":"k","secret":)"
                R"({"$token":")" +
                token + "\"}}]}"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("key [token " + token + "] of [redacted]; not 47110"), std::string::npos)
      << text;
}

// A letter that was replaced inside of a word of the policy told what the hidden value is.
TEST_F(EntryOfDecision, short_values_are_replaced_as_words_only) {
  entry();
  ReadPlan plan;
  ReadPath& path = plan.paths.emplace_back();
  path.text = "user";
  path.mask.mask = Mask::kRedact;
  Arena arena;
  const Value user =
      value_from_json(R"({"sex":"f","name":"J\u00f6","team":"risk"})", arena).value();
  RecordBuffer packed;
  DecisionPacker packer(packed);
  packer.head({.id_text = "d"});
  packer.add_message("forbidden for F-type (f) of J\u00f6, J\u00f6rg; risky 'f'");
  packer.add_obligation("notify", R"("half of f")");
  packer.add_read(0, user);
  RecordBuffer text;
  append_decision_entry(plan, packed.bytes(), *vault_, text);
  const std::string_view shown = text.bytes();
  EXPECT_NE(shown.find("forbidden for [redacted]-type ([redacted]) of [redacted], J\u00f6rg; "
                       "[redacted]y '[redacted]'"),
            std::string_view::npos)
      << shown;
  EXPECT_NE(shown.find(R"({"notify":["half of [redacted]"]})"), std::string_view::npos) << shown;
}

}  // namespace
}  // namespace licet::log
