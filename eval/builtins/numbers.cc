// Ranges of integers, and integers as text.
#include <string>

#include "eval/builtins/elements.h"
#include "eval/builtins/families.h"

namespace licet::builtins {
namespace {

using Arguments = std::span<const Value>;

// Whether all operands are integers; if not, the failure is set.
bool are_integers(Context& context, Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (is_integer(arguments[i])) continue;
    fail_type(context, "operand " + std::to_string(i + 1) +
                           " must be integer number but got floating-point number");
    return false;
  }
  return true;
}

// The integers from `first` to `last`, up or down.
Value range(Context& context, const Value& first, const Value& last, const Value& step) {
  Arena& arena = context.arena;
  if (!context.charge(1 + (first.weight() + last.weight() + step.weight()) / 4)) return {};
  const bool is_up = compare_numbers(first, last) <= 0;
  const Value length = is_up ? subtract(last, first, arena) : subtract(first, last, arena);
  BigInteger count(length);
  const BigInteger distance(step);
  mpz_fdiv_q(count.get(), count.get(), distance.get());
  mpz_add_ui(count.get(), count.get(), 1);
  if (!mpz_fits_ulong_p(count.get())) return context.fail_budget("step budget exceeded");
  const std::uint64_t elements = mpz_get_ui(count.get());
  if (elements > kMaxOutputBytes) return fail_output(context);
  // A number beyond 64 bits takes memory of its own.
  if (!context.charge(elements * (2 + (first.weight() + last.weight()) / 64))) return {};
  const Value change = is_up ? step : negate(step, arena);
  ArrayBuilder numbers(arena);
  numbers.reserve(elements);
  Value next = first;
  for (std::uint64_t i = 0; i < elements; ++i) {
    numbers.add(next);
    next = add(next, change, arena);
  }
  return numbers.array();
}

Value numbers_range(Context& context, Arguments arguments) {
  if (!are_integers(context, arguments)) return Value::undefined();
  return range(context, arguments[0], arguments[1], Value::integer(1));
}

Value numbers_range_step(Context& context, Arguments arguments) {
  if (!are_integers(context, arguments)) return Value::undefined();
  if (sign_of(arguments[2]) <= 0) {
    return context.fail("numbers.range_step: step must be a positive integer");
  }
  return range(context, arguments[0], arguments[1], arguments[2]);
}

std::string integer_text(const BigInteger& integer, int base) {
  std::string text(mpz_sizeinbase(integer.get(), base) + 2, '\0');
  mpz_get_str(text.data(), base, integer.get());
  text.resize(text.find('\0'));
  return text;
}

// What comes before the point.
Value whole_part(const Value& number, Arena& arena) {
  if (is_integer(number)) return number;
  if (sign_of(number) > 0) return licet::floor(number, arena);
  return negate(licet::floor(negate(number, arena), arena), arena);
}

Value format_int(Context& context, Arguments arguments) {
  const std::optional<std::int64_t> base = number_to_int64(arguments[1]);
  if (!base || (*base != 2 && *base != 8 && *base != 10 && *base != 16)) {
    return fail_type(context, "operand 2 must be one of {2, 8, 10, 16}");
  }
  const Value& number = arguments[0];
  if (!context.charge(1 + number.weight() / 4)) return Value::undefined();
  const BigInteger whole(whole_part(number, context.arena));
  return string_result(context, integer_text(whole, static_cast<int>(*base)));
}

constexpr Row kRows[] = {
    {.name = "numbers.range",
     .signature = "(number, number) => array[number]",
     .function = numbers_range,
     .doc = "The integers from one to another, both included, up or down.",
     .example = {"numbers.range(3, 1)", "[3, 2, 1]"}},
    {.name = "numbers.range_step",
     .signature = "(number, number, number) => array[number]",
     .function = numbers_range_step,
     .doc = "The integers from one towards another at a distance of the third operand.",
     .example = {"numbers.range_step(1, 6, 2)", "[1, 3, 5]"}},
    {.name = "format_int",
     .signature = "(number, number) => string",
     .function = format_int,
     .doc = "The whole part of a number as text, in base 2, 8, 10 or 16.",
     .example = {"format_int(255, 16)", R"("ff")"}},
};

}  // namespace

Family numbers_family() { return kRows; }

}  // namespace licet::builtins
