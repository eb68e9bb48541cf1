// Bits of integers of any size, in two's complement.
#include "eval/builtins/elements.h"
#include "eval/builtins/families.h"

namespace licet::builtins {
namespace {

using Arguments = std::span<const Value>;

// Whether all operands are integers; if not, the failure is set.
bool are_integers(Context& context, Arguments arguments) {
  std::uint64_t digits = 0;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    digits += arguments[i].weight();
    if (is_integer(arguments[i])) continue;
    fail_type(context, "operand " + std::to_string(i + 1) +
                           " must be integer number but got floating-point number");
    return false;
  }
  return digits <= 256 || context.charge(digits / 4);
}

template <void (*operation)(mpz_ptr, mpz_srcptr, mpz_srcptr)>
Value combine(Context& context, Arguments arguments) {
  if (!are_integers(context, arguments)) return Value::undefined();
  BigInteger a(arguments[0]);
  const BigInteger b(arguments[1]);
  operation(a.get(), a.get(), b.get());
  return a.value(context.arena);
}

Value bits_negate(Context& context, Arguments arguments) {
  if (!are_integers(context, arguments)) return Value::undefined();
  BigInteger a(arguments[0]);
  mpz_com(a.get(), a.get());
  return a.value(context.arena);
}

// How far to shift. As in OPA only the lowest 64 bits of the distance count.
std::optional<std::uint64_t> distance(Context& context, const Value& number) {
  if (sign_of(number) < 0) {
    fail_type(context, "operand 2 must be an unsigned integer number but got a negative integer");
    return std::nullopt;
  }
  if (const auto small = number_to_int64(number)) return static_cast<std::uint64_t>(*small);
  BigInteger distance(number);
  mpz_fdiv_r_2exp(distance.get(), distance.get(), 64);
  return mpz_get_ui(distance.get());
}

Value bits_lsh(Context& context, Arguments arguments) {
  if (!are_integers(context, arguments)) return Value::undefined();
  const std::optional<std::uint64_t> bits = distance(context, arguments[1]);
  if (!bits) return Value::undefined();
  if (sign_of(arguments[0]) == 0) return arguments[0];
  // A decimal digit is worth more than three bits.
  if (*bits > std::uint64_t{kMaxDigits} * 3) {
    return context.fail_budget("the result of a builtin is too large");
  }
  if (!context.charge(1 + *bits / 16)) return Value::undefined();
  BigInteger a(arguments[0]);
  mpz_mul_2exp(a.get(), a.get(), *bits);
  return a.value(context.arena);
}

Value bits_rsh(Context& context, Arguments arguments) {
  if (!are_integers(context, arguments)) return Value::undefined();
  const std::optional<std::uint64_t> bits = distance(context, arguments[1]);
  if (!bits) return Value::undefined();
  BigInteger a(arguments[0]);
  mpz_fdiv_q_2exp(a.get(), a.get(), *bits);
  return a.value(context.arena);
}

constexpr Row kRows[] = {
    {.name = "bits.and",
     .signature = "(number, number) => number",
     .function = combine<mpz_and>,
     .doc = "The bits that both integers have.",
     .example = {"bits.and(6, 3)", "2"}},
    {.name = "bits.or",
     .signature = "(number, number) => number",
     .function = combine<mpz_ior>,
     .doc = "The bits that either integer has.",
     .example = {"bits.or(6, 3)", "7"}},
    {.name = "bits.xor",
     .signature = "(number, number) => number",
     .function = combine<mpz_xor>,
     .doc = "The bits that just one of the integers has.",
     .example = {"bits.xor(6, 3)", "5"}},
    {.name = "bits.negate",
     .signature = "(number) => number",
     .function = bits_negate,
     .doc = "The bits that the integer lacks.",
     .example = {"bits.negate(6)", "-7"}},
    {.name = "bits.lsh",
     .signature = "(number, number) => number",
     .function = bits_lsh,
     .doc = "The integer shifted to the left by that many bits.",
     .example = {"bits.lsh(3, 2)", "12"}},
    {.name = "bits.rsh",
     .signature = "(number, number) => number",
     .function = bits_rsh,
     .doc = "The integer shifted to the right by that many bits; its sign stays.",
     .example = {"bits.rsh(-5, 1)", "-3"}},
};

}  // namespace

Family bits_family() { return kRows; }

}  // namespace licet::builtins
