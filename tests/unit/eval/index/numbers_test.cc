#include "eval/index/numbers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace licet::index {
namespace {

TEST(Numbers, are_those_of_the_order_in_which_keys_came) {
  Arena arena;
  std::vector<Value> keys = {Value::null(),
                             Value::boolean(true),
                             Value::string("", arena),
                             Value::string(std::string_view("a\0", 2), arena),
                             Value::string("a", arena),
                             Value::array({}, arena)};
  for (int i = 0; i < 3000; ++i) {
    const std::string number = std::to_string(i);
    keys.push_back(i % 3 == 0   ? Value::string(number, arena)
                   : i % 3 == 1 ? Value::string("a text of many letters " + number, arena)
                                : Value::integer(i));
  }
  Numbers numbers;
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < keys.size(); ++i) EXPECT_EQ(numbers.find_or_add(keys[i]), i);
  }
  EXPECT_EQ(numbers.size(), keys.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ(numbers.find(keys[i]), i);
    EXPECT_EQ(numbers.key(i), keys[i]);
    if (!keys[i].is_string()) continue;
    EXPECT_EQ(numbers.find(keys[i].as_string()), i);
    EXPECT_EQ(numbers.find(text_from(keys[i].as_string())), i);
  }
}

TEST(Numbers, are_none_for_what_is_no_key) {
  Arena arena;
  Numbers numbers;
  EXPECT_EQ(numbers.find("a"), Numbers::kNone);
  EXPECT_EQ(numbers.find(Value::integer(1)), Numbers::kNone);
  numbers.find_or_add(Value::string("a", arena));
  numbers.find_or_add(Value::string("sixteen letters.", arena));
  for (const std::string_view text :
       {std::string_view(), std::string_view("b"), std::string_view("a\0", 2),
        std::string_view("sixteen letters"), std::string_view("sixteen letters.."),
        std::string_view("sixteen letters.\0", 17)}) {
    EXPECT_EQ(numbers.find(text), Numbers::kNone) << text;
    EXPECT_EQ(numbers.find(Value::string(text, arena)), Numbers::kNone) << text;
  }
  EXPECT_EQ(numbers.find(Value::integer(0)), Numbers::kNone);
}

TEST(Numbers, of_a_symbol_are_those_of_the_tables_that_ask) {
  Arena arena;
  Numbers some;
  Numbers others;
  const Value a = Value::string("a", arena);
  const Value b = Value::string("b", arena);
  some.find_or_add(a);
  some.find_or_add(b);
  others.find_or_add(b);
  SymbolData symbol;
  symbol.text = text_from(b.as_string());
  symbol.value = b;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(some.find(symbol), 1U);
    EXPECT_EQ(some.find(symbol), 1U);
    EXPECT_EQ(others.find(symbol), 0U);
    EXPECT_EQ(others.find(symbol), 0U);
  }
  SymbolData unknown;
  const Value c = Value::string("c", arena);
  unknown.text = text_from(c.as_string());
  EXPECT_EQ(some.find(unknown), Numbers::kNone);
  EXPECT_EQ(some.find(unknown), Numbers::kNone);
}

}  // namespace
}  // namespace licet::index
