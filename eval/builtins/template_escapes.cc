#include "eval/builtins/template_escapes.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

#include "eval/builtins/operands.h"
#include "eval/quote.h"

namespace licet::builtins::text_template {
namespace {

void append_code(char32_t code_point, std::string& out) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "\\u%04X", static_cast<unsigned>(code_point));
  out += text.data();
}

// `count` digits of `base` at `at`; false if there are fewer.
bool read_digits(std::string_view text, std::size_t at, std::size_t count, int base,
                 std::uint32_t& number) {
  const std::string_view digits = text.substr(at, count);
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, number, base);
  return digits.size() == count && read.ec == std::errc{} && read.ptr == end;
}

bool is_code_point(std::uint32_t number) {
  return number <= 0x10FFFF && (number < 0xD800 || number > 0xDFFF);
}

}  // namespace

std::string escaped_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '"':
        out += "&#34;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string escaped_js(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint at = code_point_at(text, i);
    i += at.size;
    if (at.value == '\\' || at.value == '\'' || at.value == '"') {
      out += '\\';
      out += static_cast<char>(at.value);
    } else if (std::u32string_view(U"<>&=").find(at.value) != std::u32string_view::npos ||
               at.value < ' ' || (at.value >= 0x80 && !is_printable(at.value))) {
      append_code(at.value, out);
    } else {
      append_utf8(at.value, out);
    }
  }
  return out;
}

bool append_unescaped(std::string_view text, std::size_t& at, char quote, std::string& out) {
  if (at >= text.size()) return false;
  constexpr std::string_view kLetters = "nrtabfv\\";
  constexpr std::string_view kMeanings = "\n\r\t\a\b\f\v\\";
  const char letter = text[at];
  if (const std::size_t index = kLetters.find(letter); index != std::string_view::npos) {
    out += kMeanings[index];
    ++at;
    return true;
  }
  if (letter == quote) {
    out += quote;
    ++at;
    return true;
  }
  std::uint32_t number = 0;
  if (letter >= '0' && letter <= '7') {
    if (!read_digits(text, at, 3, 8, number) || number > 0xFF) return false;
    out += static_cast<char>(number);
    at += 3;
    return true;
  }
  const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
  if (digits == 0 || !read_digits(text, at + 1, digits, 16, number)) return false;
  if (letter == 'x') {
    out += static_cast<char>(number);
  } else if (is_code_point(number)) {
    append_utf8(number, out);
  } else {
    return false;
  }
  at += 1 + digits;
  return true;
}

}  // namespace licet::builtins::text_template
