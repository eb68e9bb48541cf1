// Laws of exact numbers, on generated operands: huge integers, long fractions, exponents and the
// edges of 64 bits. What OPA answers is the differential test's question; this one needs no OPA.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "eval/builtins.h"
#include "eval/number.h"
#include "tests/unit/eval/builtins/answer_of.h"

namespace licet {
namespace {

constexpr int kRounds = 3000;

class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::string integer() {
    static const std::vector<std::string> kEdges = {"0",
                                                    "1",
                                                    "2",
                                                    "9007199254740993",
                                                    "4611686018427387904",
                                                    "9223372036854775807",
                                                    "9223372036854775808",
                                                    "18446744073709551615",
                                                    "18446744073709551616"};
    const std::string sign = below(2) == 0 ? "-" : "";
    if (below(4) == 0) return signed_text(sign, kEdges[below(kEdges.size())]);
    return signed_text(sign, digits(1 + below(below(10) == 0 ? 200 : 30)));
  }
  std::string number() {
    if (below(3) == 0) return integer();
    std::string text = integer() + "." + digits(1 + below(25));
    if (below(3) == 0) text += "e" + std::to_string(static_cast<int>(below(60)) - 30);
    return text;
  }
  // That 64 bits of mantissa hold: rounding goes through them, as in OPA.
  std::string short_number() {
    const std::string sign = below(2) == 0 ? "-" : "";
    if (below(4) == 0) return sign + digits(1 + below(18));
    return sign + digits(1 + below(9)) + "." + digits(1 + below(8)) + "5";
  }
  std::size_t below(std::size_t end) { return random_() % end; }

 private:
  static std::string signed_text(const std::string& sign, const std::string& text) {
    return text == "0" ? text : sign + text;
  }
  std::string digits(std::size_t count) {
    std::string text(1, static_cast<char>('1' + below(9)));
    while (text.size() < count) text += static_cast<char>('0' + below(10));
    return text;
  }

  std::mt19937 random_;
};

Value read(const std::string& text, Arena& arena) {
  const auto value = number_from_text(text, arena);
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(Value::undefined());
}

// The builtin's answer as a number.
Value call(std::string_view name, std::vector<Value> operands, Arena& arena) {
  const std::string text = test::answer_of(name, operands);
  const auto value = number_from_text(text, arena);
  EXPECT_TRUE(value.has_value()) << name << ": " << text;
  return value.value_or(Value::undefined());
}

TEST(NumberLaws, a_number_is_what_its_text_says) {
  Generator generate(1);
  for (int round = 0; round < kRounds; ++round) {
    Arena arena;
    const std::string text = generate.number();
    const Value value = read(text, arena);
    EXPECT_EQ(read(number_text(value), arena), value) << text;
    // The same number, written in other ways.
    const std::string exponent = text.find('e') == std::string::npos ? "e0" : "";
    EXPECT_EQ(read(text + exponent, arena), value) << text;
    if (exponent != "e0" || text.find('.') == std::string::npos) continue;
    EXPECT_EQ(read(text + "000", arena), value) << text;
    EXPECT_EQ(hash_number(read(text + "000", arena)), hash_number(value)) << text;
  }
}

TEST(NumberLaws, integers_add_and_multiply_exactly) {
  Generator generate(2);
  for (int round = 0; round < kRounds; ++round) {
    Arena arena;
    const Value a = read(generate.integer(), arena);
    const Value b = read(generate.integer(), arena);
    const Value c = read(generate.integer(), arena);
    EXPECT_EQ(subtract(add(a, b, arena), b, arena), a);
    EXPECT_EQ(add(a, b, arena), add(b, a, arena));
    EXPECT_EQ(multiply(a, add(b, c, arena), arena),
              add(multiply(a, b, arena), multiply(a, c, arena), arena));
    EXPECT_EQ(add(a, negate(a, arena), arena), Value::integer(0));
    const Value all[] = {a, b, c};
    EXPECT_EQ(sum_of(all, arena), add(add(a, b, arena), c, arena));
    EXPECT_EQ(product_of(all, arena), multiply(multiply(a, b, arena), c, arena));
  }
}

TEST(NumberLaws, quotient_and_remainder_belong_together) {
  Generator generate(3);
  for (int round = 0; round < kRounds; ++round) {
    Arena arena;
    const Value a = read(generate.integer(), arena);
    const Value b = read(generate.integer(), arena);
    if (sign_of(b) == 0) continue;
    const Value rest = remainder(a, b, arena);
    EXPECT_LT(compare(absolute(rest, arena), absolute(b, arena)), 0);
    EXPECT_TRUE(sign_of(rest) == 0 || sign_of(rest) == sign_of(a));
    EXPECT_EQ(remainder(subtract(a, rest, arena), b, arena), Value::integer(0));
  }
}

TEST(NumberLaws, order_is_that_of_the_difference) {
  Generator generate(4);
  for (int round = 0; round < kRounds; ++round) {
    Arena arena;
    const Value a = read(generate.integer(), arena);
    const Value b = read(generate.integer(), arena);
    const int order = compare(a, b);
    EXPECT_EQ(order > 0 ? 1 : order < 0 ? -1 : 0, sign_of(subtract(a, b, arena)));
    const Value x = read(generate.number(), arena);
    const Value y = read(generate.number(), arena);
    EXPECT_EQ(compare(x, y) == 0, x == y);
    EXPECT_EQ(compare(x, y) < 0, compare(y, x) > 0);
    EXPECT_EQ(compare(x, y) < 0, compare(negate(y, arena), negate(x, arena)) < 0);
  }
}

TEST(NumberLaws, rounding_goes_to_the_neighbours) {
  Generator generate(5);
  for (int round = 0; round < kRounds; ++round) {
    Arena arena;
    const std::string text = generate.short_number();
    const Value x = read(text, arena);
    const Value down = floor(x, arena);
    const Value up = ceiling(x, arena);
    const Value near = round_half_away(x, arena);
    EXPECT_TRUE(is_integer(down) && is_integer(up) && is_integer(near)) << text;
    if (is_integer(x)) {
      EXPECT_TRUE(down == x && up == x && near == x) << text;
      continue;
    }
    EXPECT_TRUE(near == down || near == up) << text;
    EXPECT_LE(compare(down, x), 0) << text;
    EXPECT_GE(compare(up, x), 0) << text;
    EXPECT_EQ(absolute(x, arena), sign_of(x) < 0 ? negate(x, arena) : x) << text;
  }
}

TEST(NumberLaws, bits_of_integers_of_any_size) {
  Generator generate(6);
  for (int round = 0; round < kRounds / 5; ++round) {
    Arena arena;
    const Value a = read(generate.integer(), arena);
    const Value b = read(generate.integer(), arena);
    const Value both = call("bits.and", {a, b}, arena);
    const Value some = call("bits.or", {a, b}, arena);
    const Value one = call("bits.xor", {a, b}, arena);
    EXPECT_EQ(add(both, some, arena), add(a, b, arena));
    EXPECT_EQ(subtract(some, both, arena), one);
    EXPECT_EQ(call("bits.xor", {one, b}, arena), a);
    EXPECT_EQ(call("bits.negate", {a}, arena),
              subtract(negate(a, arena), Value::integer(1), arena));
    const Value places = Value::integer(static_cast<std::int64_t>(generate.below(150)));
    EXPECT_EQ(call("bits.rsh", {call("bits.lsh", {a, places}, arena), places}, arena), a);
  }
}

TEST(NumberLaws, ranges_step_from_end_to_end) {
  Generator generate(7);
  for (int round = 0; round < kRounds / 10; ++round) {
    Arena arena;
    const Value from = read(generate.integer(), arena);
    const auto length = static_cast<std::int64_t>(generate.below(40));
    const Value to = add(from, Value::integer(length), arena);
    std::string wanted = "[";
    for (std::int64_t i = 0; i <= length; ++i) {
      wanted += (i == 0 ? "" : ", ") + number_text(add(from, Value::integer(i), arena));
    }
    const Value operands[] = {from, to};
    EXPECT_EQ(test::answer_of("numbers.range", operands), wanted + "]");
  }
}

}  // namespace
}  // namespace licet
