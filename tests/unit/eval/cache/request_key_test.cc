#include "eval/cache/request_key.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

#include "eval/value_json.h"

namespace licet::cache {
namespace {

constexpr std::size_t kRoom = 1000;

// The key of values in slots 0, 1, ...; an empty text leaves its slot empty.
std::string key_of(const std::vector<std::string>& values, std::size_t max_bytes = kRoom) {
  Arena arena;
  SlotValues slots;
  slots.begin(values.size(), arena);
  std::vector<SlotIndex> all;
  for (SlotIndex slot = 0; slot < values.size(); ++slot) {
    all.push_back(slot);
    if (!values[slot].empty()) slots.set(slot, value_from_json(values[slot], arena).value());
  }
  std::string key;
  std::vector<Value> large;
  if (!append_key(slots, all, max_bytes, key, large)) return "too large";
  for (const Value& value : large) key += " " + json_from_value(value);
  return key;
}

TEST(RequestKey, different_values_have_different_keys) {
  const std::vector<std::vector<std::string>> all = {
      {"", ""},
      {"null", ""},
      {"", "null"},
      {"0", ""},
      {"1", ""},
      {"0.1", ""},
      {"1e-2", ""},
      {"18446744073709551616", ""},
      {"18446744073709551617", ""},
      {"\"18446744073709551616\"", ""},
      {"true", ""},
      {"false", ""},
      {"\"true\"", ""},
      {"\"\"", ""},
      {"\"\"", "\"\""},
      {"\"a\"", "\"b\""},
      {"\"ab\"", "\"\""},
      {"\"\"", "\"ab\""},
      {"[]", ""},
      {"{}", ""},
      {"[\"a\",\"b\"]", ""},
      {"[\"ab\"]", ""},
      {"[[\"a\"],\"b\"]", ""},
      {"[[\"a\",\"b\"]]", ""},
      {"[]", "[\"a\"]"},
      {"[\"a\"]", "[]"},
      {"{\"a\":1}", ""},
      {"{\"a\":{\"b\":1}}", ""},
      {"[\"a\",1]", ""},
      {"\"" + std::string(254, 'x') + "\"", ""},
      {"\"" + std::string(255, 'x') + "\"", ""},
      {"\"" + std::string(256, 'x') + "\"", ""},
  };
  std::set<std::string> keys;
  for (const auto& values : all) {
    EXPECT_TRUE(keys.insert(key_of(values)).second) << values[0] << " " << values[1];
  }
}

TEST(RequestKey, equal_numbers_have_equal_keys) {
  EXPECT_EQ(key_of({"1"}), key_of({"1.0"}));
  EXPECT_EQ(key_of({"100"}), key_of({"1e2"}));
  EXPECT_EQ(key_of({"18446744073709551616"}), key_of({"1.8446744073709551616e19"}));
}

TEST(RequestKey, texts_have_the_key_of_their_values) {
  Arena arena;
  SlotValues slots;
  slots.begin(2, arena);
  const std::string longer(100, 'x');
  const Text texts[] = {text_from("a"), text_from(longer)};
  slots.set(0, texts[0]);
  slots.set(1, std::span<const Text>(texts));
  const std::vector<SlotIndex> all = {0, 1};
  const std::string wanted = key_of({"\"a\"", "[\"a\",\"" + longer + "\"]"});
  std::string key;
  std::vector<Value> large;
  ASSERT_TRUE(append_key(slots, all, kRoom, key, large));
  EXPECT_EQ(key, wanted);
  // Making the values changes nothing.
  slots.value(0);
  slots.value(1);
  key.clear();
  ASSERT_TRUE(append_key(slots, all, kRoom, key, large));
  EXPECT_EQ(key, wanted);
}

// What is compared is the value, as deep as it goes; the bytes only say where to look.
TEST(RequestKey, large_values_are_kept_beside_the_bytes) {
  const auto document = [](const std::string& last) {
    return "[{\"name\":\"" + std::string(kLargeWeight, 'x') + "\",\"ports\":[1,2," + last + "]}]";
  };
  Arena arena;
  const auto parts_of = [&](const std::string& json) {
    SlotValues slots;
    slots.begin(1, arena);
    slots.set(0, value_from_json(json, arena).value());
    std::pair<std::string, std::vector<Value>> parts;
    EXPECT_TRUE(append_key(slots, std::vector<SlotIndex>{0}, kRoom, parts.first, parts.second));
    return parts;
  };
  const auto key = parts_of(document("3"));
  EXPECT_LT(key.first.size(), 16U);
  EXPECT_EQ(key.second.size(), 1U);
  EXPECT_EQ(parts_of(document("3.0")), key);
  EXPECT_NE(parts_of(document("4")).first, key.first);
  EXPECT_NE(parts_of(document("4")).second, key.second);
}

TEST(RequestKey, of_a_large_request_ends_early) {
  EXPECT_EQ(key_of({"\"" + std::string(kRoom, 'x') + "\""}), "too large");
  std::string list = "[1";
  for (int i = 0; i < 10'000; ++i) list += ",1";
  EXPECT_EQ(key_of({list + "]"}), "too large");
  const std::string half = "[\"" + std::string(kRoom * 6 / 10, 'x') + "\"]";
  EXPECT_NE(key_of({half}), "too large");
  EXPECT_EQ(key_of({half, half}), "too large");
}

}  // namespace
}  // namespace licet::cache
