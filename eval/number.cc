#include "eval/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "eval/number_parts.h"
#include "eval/number_weight.h"
#include "eval/value_hash.h"

namespace licet {
namespace {

constexpr int kMaxPower = 18;

constexpr std::array<std::int64_t, kMaxPower + 1> kPowersOfTen = [] {
  std::array<std::int64_t, kMaxPower + 1> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = 10 * powers[i - 1];
  return powers;
}();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The parts of a JSON number as written.
struct Literal {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;
};

class LiteralReader {
 public:
  explicit LiteralReader(std::string_view text) : rest_(text) {}

  std::optional<Literal> read() {
    Literal literal;
    literal.negative = take('-');
    literal.whole = take_digits();
    if (literal.whole.empty()) return std::nullopt;
    if (literal.whole.size() > 1 && literal.whole[0] == '0') return std::nullopt;
    if (take('.')) {
      literal.fraction = take_digits();
      if (literal.fraction.empty()) return std::nullopt;
    }
    if (take('e') || take('E')) {
      const std::optional<std::int64_t> exponent = read_exponent();
      if (!exponent) return std::nullopt;
      literal.exponent = *exponent;
    }
    if (!rest_.empty()) return std::nullopt;
    return literal;
  }

 private:
  bool take(char wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_digits() {
    std::size_t count = 0;
    while (count < rest_.size() && is_digit(rest_[count])) ++count;
    const std::string_view digits = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return digits;
  }

  std::optional<std::int64_t> read_exponent() {
    const bool negative = take('-');
    if (!negative) take('+');
    const std::string_view digits = take_digits();
    if (digits.empty()) return std::nullopt;
    std::int64_t value = 0;
    for (const char digit : digits) {
      value = std::min<std::int64_t>(10 * value + (digit - '0'), kMaxExponent + 1);
    }
    return negative ? -value : value;
  }

  std::string_view rest_;
};

// PRECONDITION: at most 18 digits.
std::int64_t small_coefficient(const Literal& literal) {
  std::int64_t value = 0;
  for (const char digit : literal.whole) value = 10 * value + (digit - '0');
  for (const char digit : literal.fraction) value = 10 * value + (digit - '0');
  return literal.negative ? -value : value;
}

// The usual case: times in nanoseconds have 19 digits.
std::optional<std::int64_t> small_integer_from_text(std::string_view text) {
  std::int64_t integer = 0;
  const char* const end = text.data() + text.size();
  const std::from_chars_result read = std::from_chars(text.data(), end, integer);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return integer;
}

Value big_literal(const Literal& literal, std::int64_t exponent, Arena& arena) {
  std::string digits;
  digits.reserve(literal.whole.size() + literal.fraction.size());
  digits.append(literal.whole).append(literal.fraction);
  Decimal decimal;
  mpz_set_str(decimal.coefficient(), digits.c_str(), 10);
  if (literal.negative) mpz_neg(decimal.coefficient(), decimal.coefficient());
  decimal.set_exponent(exponent);
  return number_from_decimal(decimal, arena);
}

bool fits_handle(mpz_srcptr coefficient, std::int64_t exponent) {
  return mpz_fits_slong_p(coefficient) && exponent >= std::numeric_limits<std::int16_t>::min() &&
         exponent <= std::numeric_limits<std::int16_t>::max();
}

// The integer coefficient x 10^exponent if it fits 64 bits.
std::optional<std::int64_t> small_integer(std::int64_t coefficient, std::int64_t exponent) {
  if (exponent < 0 || exponent > kMaxPower) return std::nullopt;
  std::int64_t value = 0;
  if (__builtin_mul_overflow(coefficient, kPowersOfTen[static_cast<std::size_t>(exponent)],
                             &value)) {
    return std::nullopt;
  }
  return value;
}

void check_size(const Decimal& decimal) {
  // log2(10) < 3.33
  constexpr std::size_t kMaxBits = std::size_t{kMaxDigits} * 333 / 100;
  if (mpz_sizeinbase(decimal.coefficient(), 2) > kMaxBits) throw MemoryExceeded();
  if (std::abs(decimal.exponent()) > kMaxDigits) throw MemoryExceeded();
}

Value make_big(const Decimal& decimal, Arena& arena) {
  const mpz_srcptr z = decimal.coefficient();
  const std::size_t limbs = mpz_size(z);
  const bool negative = mpz_sgn(z) < 0;
  auto* const big =
      static_cast<BigNumber*>(arena.allocate(sizeof(BigNumber) + limbs * sizeof(mp_limb_t)));
  auto* const to = reinterpret_cast<mp_limb_t*>(big + 1);
  std::copy_n(mpz_limbs_read(z), limbs, to);
  big->exponent = static_cast<std::int32_t>(decimal.exponent());
  big->limb_count = static_cast<std::int32_t>(limbs) * (negative ? -1 : 1);
  // Apart from the exponents that hash_number gives to small numbers.
  const std::int64_t sign_and_exponent = 4 * decimal.exponent() + (negative ? 3 : 2);
  big->hash = hash_decimal(to, limbs * sizeof(mp_limb_t), sign_and_exponent);
  return Value::big_number(big, big->hash);
}

int sign_of_difference(std::int64_t a, std::int64_t b) { return a < b ? -1 : a > b ? 1 : 0; }

int compare_small(const Value& a, const Value& b) {
  if (a.exponent() == b.exponent()) return sign_of_difference(a.coefficient(), b.coefficient());
  if (a.exponent() < b.exponent()) return -compare_small(b, a);
  const int by_sign = sign_of_difference(sign_of(a), sign_of(b));
  if (by_sign != 0 || sign_of(a) == 0) return by_sign;
  // |a| >= 10^difference, and 10^19 is more than any coefficient.
  const int difference = a.exponent() - b.exponent();
  if (difference > kMaxPower) return sign_of(a);
  const Int128 scaled = static_cast<Int128>(a.coefficient()) * power_of_ten(difference);
  return scaled < b.coefficient() ? -1 : scaled > b.coefficient() ? 1 : 0;
}

// Bounds of the decimal exponent of the first digit, to compare without aligning 1e99999 to 1.
struct Magnitude {
  explicit Magnitude(const Decimal& decimal)
      : most(static_cast<std::int64_t>(mpz_sizeinbase(decimal.coefficient(), 10)) +
             decimal.exponent()),
        least(most - 1) {}
  std::int64_t most;  // mpz_sizeinbase may be one too many
  std::int64_t least;
};

int compare_big(const Value& first, const Value& second) {
  const int sign = sign_of(first);
  const int by_sign = sign_of_difference(sign, sign_of(second));
  if (by_sign != 0 || sign == 0) return by_sign;
  Decimal a(first);
  Decimal b(second);
  const Magnitude size_a(a);
  const Magnitude size_b(b);
  if (size_a.most < size_b.least) return -sign;
  if (size_b.most < size_a.least) return sign;
  const std::int64_t exponent = std::min(a.exponent(), b.exponent());
  a.lower_exponent(exponent);
  b.lower_exponent(exponent);
  return sign_of_difference(mpz_cmp(a.coefficient(), b.coefficient()), 0);
}

// Go's 'e' form: 1.5e-07.
std::string exponent_text(const std::string& digits, std::int64_t exponent) {
  std::string text = digits.substr(0, 1);
  if (digits.size() > 1) text.append(".").append(digits, 1);
  const std::string power = std::to_string(std::abs(exponent));
  return text + (exponent < 0 ? "e-" : "e+") + (power.size() < 2 ? "0" : "") + power;
}

std::string plain_text(std::string digits, std::int64_t exponent) {
  if (exponent >= 0) return digits.append(static_cast<std::size_t>(exponent), '0');
  const auto places = static_cast<std::size_t>(-exponent);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  return digits.insert(digits.size() - places, ".");
}

}  // namespace

std::int64_t power_of_ten(int exponent) { return kPowersOfTen[static_cast<std::size_t>(exponent)]; }

Decimal::Decimal(const Value& number) {
  if (!number.is_big()) {
    mpz_init_set_si(coefficient_, number.coefficient());
    exponent_ = number.exponent();
    return;
  }
  const BigNumber& big = *number.big();
  mpz_t view;
  mpz_init_set(coefficient_, mpz_roinit_n(view, big.limbs(), big.limb_count));
  exponent_ = big.exponent;
}

void Decimal::lower_exponent(std::int64_t exponent) {
  if (exponent == exponent_) return;
  mpz_t power;
  mpz_init(power);
  mpz_ui_pow_ui(power, 10, static_cast<unsigned long>(exponent_ - exponent));
  mpz_mul(coefficient_, coefficient_, power);
  mpz_clear(power);
  exponent_ = exponent;
}

std::string Decimal::digits() const {
  std::string digits(mpz_sizeinbase(coefficient_, 10) + 2, '\0');
  mpz_get_str(digits.data(), 10, coefficient_);
  digits.resize(digits.find('\0'));
  if (digits.starts_with('-')) digits.erase(0, 1);
  return digits;
}

Value number_from_decimal(Decimal& decimal, Arena& arena) {
  const mpz_ptr z = decimal.coefficient();
  if (mpz_sgn(z) == 0) return Value::integer(0);
  if (decimal.exponent() == 0 && mpz_fits_slong_p(z)) return Value::integer(mpz_get_si(z));
  if (mpz_divisible_ui_p(z, 10)) {
    mpz_t ten;
    mpz_init_set_ui(ten, 10);
    const mp_bitcnt_t zeros = mpz_remove(z, z, ten);
    mpz_clear(ten);
    decimal.set_exponent(decimal.exponent() + static_cast<std::int64_t>(zeros));
  }
  check_size(decimal);
  if (!fits_handle(z, decimal.exponent())) return make_big(decimal, arena);
  const std::int64_t coefficient = mpz_get_si(z);
  if (const auto integer = small_integer(coefficient, decimal.exponent())) {
    return Value::integer(*integer);
  }
  return Value::small_decimal(coefficient, static_cast<std::int16_t>(decimal.exponent()));
}

Value number_from_small(std::int64_t coefficient, int exponent) {
  if (coefficient == 0) return Value::integer(0);
  if (exponent == 0) return Value::integer(coefficient);
  while (coefficient % 10 == 0) {
    coefficient /= 10;
    ++exponent;
  }
  if (const auto integer = small_integer(coefficient, exponent)) return Value::integer(*integer);
  return Value::small_decimal(coefficient, static_cast<std::int16_t>(exponent));
}

namespace {

// The decimal exponent of all digits as one integer; nullopt beyond the limits.
std::optional<std::int64_t> exponent_within_limits(const Literal& literal) {
  if (literal.whole.size() + literal.fraction.size() > static_cast<std::size_t>(kMaxDigits)) {
    return std::nullopt;
  }
  const std::int64_t exponent =
      literal.exponent - static_cast<std::int64_t>(literal.fraction.size());
  if (std::abs(literal.exponent) > kMaxExponent || exponent < -kMaxDigits) return std::nullopt;
  return exponent;
}

}  // namespace

std::optional<Value> number_from_text(std::string_view text, Arena& arena) {
  const std::optional<Literal> literal = LiteralReader(text).read();
  const auto exponent = literal ? exponent_within_limits(*literal) : std::nullopt;
  if (!exponent) return std::nullopt;
  const std::size_t digits = literal->whole.size() + literal->fraction.size();
  if (digits == text.size() - (literal->negative ? 1 : 0)) {
    if (const auto integer = small_integer_from_text(text)) return Value::integer(*integer);
  }
  if (digits <= kMaxPower && std::abs(*exponent) < kMaxSmallExponent) {
    return number_from_small(small_coefficient(*literal), static_cast<int>(*exponent));
  }
  return big_literal(*literal, *exponent, arena);
}

std::optional<std::uint64_t> most_weight_of_number(std::string_view text) {
  const std::optional<Literal> literal = LiteralReader(text).read();
  const auto exponent = literal ? exponent_within_limits(*literal) : std::nullopt;
  if (!exponent) return std::nullopt;
  const auto digits = static_cast<std::int64_t>(literal->whole.size() + literal->fraction.size());
  // Zeros at the end become part of the exponent; what then passes the limit is too large.
  const std::int64_t most_zeros = std::max<std::int64_t>(*exponent, 0) + digits;
  if (most_zeros > kMaxDigits) return std::nullopt;
  constexpr std::int64_t kOfNumber = 64;  // see Value::weight
  return static_cast<std::uint64_t>(kOfNumber + 2 * digits + most_zeros);
}

bool is_number_text(std::string_view text) { return LiteralReader(text).read().has_value(); }

std::string number_text(const Value& number) {
  if (number.is_int64()) return std::to_string(number.as_int64());
  const Decimal decimal(number);
  std::string digits = decimal.digits();
  const std::string sign = mpz_sgn(decimal.coefficient()) < 0 ? "-" : "";
  const std::int64_t first = static_cast<std::int64_t>(digits.size()) + decimal.exponent() - 1;
  if (first < -4) return sign + exponent_text(digits, first);
  return sign + plain_text(std::move(digits), decimal.exponent());
}

Value number_from_double(double value, Arena& arena) {
  char text[32];
  const std::to_chars_result end = std::to_chars(std::begin(text), std::end(text), value);
  return number_from_text({text, end.ptr}, arena).value();
}

double number_to_double(const Value& number) {
  if (number.is_int64()) return static_cast<double>(number.as_int64());
  const Decimal decimal(number);
  const std::string text = decimal.digits() + "e" + std::to_string(decimal.exponent());
  double value = 0;
  const std::from_chars_result end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec == std::errc::result_out_of_range) {
    value = Magnitude(decimal).most > 0 ? HUGE_VAL : 0.0;
  }
  return mpz_sgn(decimal.coefficient()) < 0 ? -value : value;
}

std::optional<std::int64_t> number_to_int64(const Value& number) {
  if (!number.is_int64()) return std::nullopt;
  return number.as_int64();
}

bool is_integer(const Value& number) { return exponent_of(number) >= 0; }

int sign_of(const Value& number) {
  const std::int64_t part = number.is_big() ? number.big()->limb_count : number.coefficient();
  return part < 0 ? -1 : part > 0 ? 1 : 0;
}

int compare_numbers(const Value& a, const Value& b) {
  return a.is_big() || b.is_big() ? compare_big(a, b) : compare_small(a, b);
}

std::uint64_t hash_number(const Value& number) {
  if (number.is_big()) return number.big()->hash;
  const std::int64_t coefficient = number.coefficient();
  return hash_decimal(&coefficient, sizeof coefficient, 4 * std::int64_t{number.exponent()});
}

BigInteger::BigInteger(const Value& integer) {
  Decimal decimal(integer);
  decimal.lower_exponent(0);
  mpz_init(z_);
  mpz_swap(z_, decimal.coefficient());
}

Value BigInteger::value(Arena& arena) const {
  Decimal decimal;
  mpz_set(decimal.coefficient(), z_);
  return number_from_decimal(decimal, arena);
}

}  // namespace licet
