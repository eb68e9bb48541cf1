#include "eval/log/canonical.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "eval/builder.h"
#include "eval/log_entry.h"
#include "eval/number.h"

namespace licet::log {
namespace {

// Digits and a decimal exponent: two texts of one number have equal parts.
struct DecimalParts {
  std::string digits;  // without zeros at either end
  long exponent = 0;
  bool is_negative = false;
  friend bool operator==(const DecimalParts&, const DecimalParts&) = default;
};

DecimalParts decimal_parts(std::string_view text) {
  DecimalParts parts;
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    parts.exponent = std::strtol(std::string(text.substr(e + 1)).c_str(), nullptr, 10);
    text = text.substr(0, e);
  }
  bool is_fraction = false;
  for (const char letter : text) {
    if (letter == '-') parts.is_negative = true;
    if (letter == '.') is_fraction = true;
    if (letter < '0' || letter > '9') continue;
    if (is_fraction) --parts.exponent;
    if (!parts.digits.empty() || letter != '0') parts.digits += letter;
  }
  while (parts.digits.ends_with('0')) {
    parts.digits.pop_back();
    ++parts.exponent;
  }
  if (parts.digits.empty()) return {};
  return parts;
}

constexpr std::int64_t kMaxExactInteger = std::int64_t{1} << 53;

template <class Out>
void append_number_object(std::string_view text, Out& out) {
  out += std::string_view("{\"$number\":\"");
  out += text;
  out += std::string_view("\"}");
}

constexpr bool is_plain(char letter) {
  return static_cast<unsigned char>(letter) >= 0x20 && letter != '"' && letter != '\\';
}

constexpr std::size_t kMostPerLetter = 6;  // \u0000

char* write_escape(char letter, char* to) {
  const auto two = [&](char second) {
    *to++ = '\\';
    *to++ = second;
    return to;
  };
  switch (letter) {
    case '"':
    case '\\':
      return two(letter);
    case '\b':
      return two('b');
    case '\t':
      return two('t');
    case '\n':
      return two('n');
    case '\f':
      return two('f');
    case '\r':
      return two('r');
    default:
      constexpr std::string_view kDigits = "0123456789abcdef";
      std::memcpy(to, "\\u00", 4);
      to[4] = kDigits[static_cast<unsigned char>(letter) >> 4];
      to[5] = kDigits[static_cast<unsigned char>(letter) & 15];
      return to + kMostPerLetter;
  }
}

char* write_letters(const char* at, const char* end, char* to) {
  for (; at != end; ++at) {
    if (is_plain(*at)) [[likely]] {
      *to++ = *at;
    } else {
      to = write_escape(*at, to);
    }
  }
  return to;
}

template <class Word>
Word load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Whether all eight bytes of a word stand for themselves. Adding or subtracting in each byte tells
// which are quotes, backslashes or below a blank (Anderson's bit tricks).
bool is_plain_word(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  const auto zeros = [](std::uint64_t bytes) { return (bytes - kOnes) & ~bytes & kHighs; };
  const std::uint64_t below_blank = (word - kOnes * 0x20) & ~word & kHighs;
  return (below_blank | zeros(word ^ kOnes * '"') | zeros(word ^ kOnes * '\\')) == 0;
}

// Copies and looks at eight bytes at a time.
char* write_string(std::string_view text, char* to) {
  *to++ = '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  for (; end - at >= 8; at += 8) {
    const auto word = load<std::uint64_t>(at);
    if (is_plain_word(word)) [[likely]] {
      std::memcpy(to, &word, sizeof word);
      to += 8;
    } else {
      to = write_letters(at, at + 8, to);
    }
  }
  const auto left = static_cast<std::size_t>(end - at);
  if (left >= 4) {  // two words that overlap
    const auto first = load<std::uint32_t>(at);
    const auto last = load<std::uint32_t>(end - 4);
    if (is_plain_word(std::uint64_t{first} << 32 | last)) [[likely]] {
      std::memcpy(to, &first, sizeof first);
      std::memcpy(to + left - 4, &last, sizeof last);
      to += left;
      at = end;
    }
  }
  to = write_letters(at, end, to);
  *to++ = '"';
  return to;
}

// `write` gets room for `most` bytes and answers where it ended.
template <class Write>
void append_written(std::size_t most, std::string& out, Write write) {
  const std::size_t begin = out.size();
  out.resize(begin + most);
  out.resize(static_cast<std::size_t>(write(out.data() + begin) - out.data()));
}
template <class Write>
void append_written(std::size_t most, RecordBuffer& out, Write write) {
  char* const begin = out.room(most);
  out.advance(static_cast<std::size_t>(write(begin) - begin));
}

}  // namespace

template <class Out>
void append_canonical_string(std::string_view text, Out& out) {
  append_written(kMostPerLetter * text.size() + 2, out,
                 [&](char* to) { return write_string(text, to); });
}

// ECMA-262, Number::toString: the shortest digits that name the number, laid out by exponent.
std::string ecmascript_text(double number) {
  if (number == 0) return "0";
  std::array<char, 32> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                          std::fabs(number), std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  const int point = std::atoi(std::string(text.substr(e + 1)).c_str()) + 1;  // digits before it
  const int count = static_cast<int>(digits.size());
  std::string result = number < 0 ? "-" : "";
  if (point > 21 || point < -5) {
    result += digits[0];
    if (count > 1) result += "." + digits.substr(1);
    return result + (point > 0 ? "e+" : "e-") + std::to_string(std::abs(point - 1));
  }
  if (point <= 0)
    return result + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (point >= count) {
    return result + digits + std::string(static_cast<std::size_t>(point - count), '0');
  }
  const auto whole = static_cast<std::size_t>(point);
  return result + digits.substr(0, whole) + "." + digits.substr(whole);
}

template <class Out>
void append_canonical_number(std::string_view text, Out& out) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && std::isfinite(number)) {
    const std::string shortest = ecmascript_text(number);
    if (decimal_parts(shortest) == decimal_parts(text)) {
      out += shortest;
      return;
    }
  }
  append_number_object(text, out);
}

namespace {

template <class Out>
void append_canonical_integer(std::int64_t number, Out& out) {
  if (number >= 0 && number < 10) {
    out += static_cast<char>('0' + number);
    return;
  }
  std::array<char, 24> digits;
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
  if (number >= -kMaxExactInteger && number <= kMaxExactInteger) {
    out += text;
  } else {
    append_canonical_number(text, out);
  }
}

}  // namespace

template <class Out>
void append_canonical_key(std::string_view key, Out& out) {
  if (key.starts_with('$')) {
    append_canonical_string("$" + std::string(key), out);
  } else {
    append_canonical_string(key, out);
  }
  out += ':';
}

template <class Out>
void append_canonical_packed(Unpacker& parts, Out& out) {
  const Part kind = parts.part();
  switch (kind) {
    case Part::kTrue:
      out += std::string_view("true");
      return;
    case Part::kFalse:
      out += std::string_view("false");
      return;
    case Part::kInteger:
      return append_canonical_integer(parts.integer(), out);
    case Part::kNumber:
      return append_canonical_number(parts.text(), out);
    case Part::kString:
      return append_canonical_string(parts.text(), out);
    case Part::kArray:
    case Part::kObject: {
      const bool is_object = kind == Part::kObject;
      out += is_object ? '{' : '[';
      const auto count = parts.count();
      for (std::uint32_t i = 0; i < count; ++i) {
        if (i > 0) out += ',';
        if (is_object) append_canonical_key(parts.text(), out);
        append_canonical_packed(parts, out);
      }
      out += is_object ? '}' : ']';
      return;
    }
    default:
      out += std::string_view("null");
  }
}

template void append_canonical_string(std::string_view, std::string&);
template void append_canonical_string(std::string_view, RecordBuffer&);
template void append_canonical_number(std::string_view, std::string&);
template void append_canonical_key(std::string_view, std::string&);
template void append_canonical_key(std::string_view, RecordBuffer&);
template void append_canonical_packed(Unpacker&, std::string&);
template void append_canonical_packed(Unpacker&, RecordBuffer&);

std::string canonical_from_packed(std::string_view packed) {
  std::string text;
  Unpacker parts(packed);
  append_canonical_packed(parts, text);
  return text;
}

void append_canonical_json(const Value& value, std::string& out) {
  std::string packed;
  pack_value(value, packed);
  Unpacker parts(packed);
  append_canonical_packed(parts, out);
}

std::string canonical_json(const Value& value) {
  std::string text;
  append_canonical_json(value, text);
  return text;
}

Value value_from_canonical(const Value& value, Arena& arena) {
  if (value.is_array()) {
    ArrayBuilder array(arena);
    for (const Value& element : value.elements()) array.add(value_from_canonical(element, arena));
    return array.array();
  }
  if (!value.is_object()) return value;
  const Value number = value.get("$number");
  if (number.is_string() && value.size() == 1) {
    return number_from_text(number.as_string(), arena).value_or(Value::null());
  }
  ObjectBuilder object(arena);
  for (const Entry& entry : value.entries()) {
    std::string_view key = entry.key.as_string();
    if (key.starts_with("$$")) key.remove_prefix(1);
    object.add(key, value_from_canonical(entry.value, arena));
  }
  return object.object();
}

}  // namespace licet::log
