// Constants, numbers, strings and template strings.
#include <cstdlib>

#include "lang/syntax/convert.h"
#include "lang/syntax/equation.h"

namespace licet::lang {

namespace {

std::uint32_t hex_value(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    const auto digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  return value;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6U));
    put(0x80 | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12U));
    put(0x80 | ((code >> 6U) & 0x3FU));
    put(0x80 | (code & 0x3FU));
  } else {
    put(0xF0 | (code >> 18U));
    put(0x80 | ((code >> 12U) & 0x3FU));
    put(0x80 | ((code >> 6U) & 0x3FU));
    put(0x80 | (code & 0x3FU));
  }
}

// Reads the \uXXXX at `at`, with the second half of a surrogate pair; moves `at` behind it. A lone
// surrogate stands for no character: it reads as U+FFFD, as in OPA.
std::uint32_t read_unicode_escape(std::string_view text, std::size_t& at) {
  const std::uint32_t first = hex_value(text.substr(at + 2, 4));
  at += 6;
  if (first < 0xD800 || first > 0xDFFF) return first;
  if (first < 0xDC00 && text.substr(at, 2) == "\\u") {
    const std::uint32_t second = hex_value(text.substr(at + 2, 4));
    if (second >= 0xDC00 && second <= 0xDFFF) {
      at += 6;
      return 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
    }
  }
  return 0xFFFD;
}

char escaped_char(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;  // " \ / {
  }
}

// The binary exponent of the largest numbers, as in OPA: 2^100000 has this many decimal digits.
constexpr long kMaxDecimalExponent = 30103;

}  // namespace

void Converter::fail_string(std::uint32_t offset, std::string message, std::uint32_t begin) const {
  throw SyntaxError{Code::kBadString,
                    offset,
                    offset + 1,
                    std::move(message),
                    "",
                    "write it as an escape: \\n, \\t or \\u00XX",
                    begin};
}

ast::Term::Node Converter::constant(View view) const {
  const std::string_view text = text_of(view);
  if (text == "null") return ast::Null{};
  return ast::Boolean{text == "true"};
}

ast::Number Converter::number(View view) const {
  const std::string_view written = text_of(view);
  const bool negative = written.front() == '-';
  const std::size_t first = written.find_first_of(".0123456789");
  const auto at = view.begin_offset() + static_cast<std::uint32_t>(first);
  std::string digits(written.substr(first));
  if (digits.front() == '.') digits = "." + digits.substr(next_token(text_, at + 1) - at);
  const auto refuse = [&](std::string message, std::string help) {
    throw SyntaxError{Code::kBadNumber,
                      view.begin_offset(),
                      view.end_offset(),
                      std::move(message),
                      "",
                      std::move(help),
                      at};
  };
  if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') {
    refuse("a number cannot begin with 0", "");
  }
  const std::size_t exponent = digits.find_first_of("eE");
  if (exponent != std::string::npos) {
    const std::string mantissa = digits.substr(0, exponent);
    const bool is_zero = mantissa.find_first_of("123456789") == std::string::npos;
    const std::string power = digits.substr(exponent + 1);
    if (!is_zero && (power.size() > 9 ||
                     std::labs(std::strtol(power.c_str(), nullptr, 10)) > kMaxDecimalExponent)) {
      refuse("this number is too large or too small", "");
    }
  }
  return {(negative ? "-" : "") + std::string(digits.front() == '.' ? "0" : "") + digits};
}

std::string Converter::unescaped(std::string_view body, std::uint32_t offset,
                                 std::uint32_t begin) const {
  if (body.find('\\') == std::string_view::npos) return std::string(body);
  std::string out;
  out.reserve(body.size());
  for (std::size_t at = 0; at < body.size();) {
    const char c = body[at];
    // JSON allows no control characters; without an escape in the string OPA takes them.
    if (static_cast<unsigned char>(c) < 0x20) {
      fail_string(offset + static_cast<std::uint32_t>(at), "a control character in a string",
                  begin);
    }
    if (c != '\\') {
      out.push_back(c);
      ++at;
    } else if (body[at + 1] == 'u') {
      append_utf8(out, read_unicode_escape(body, at));
    } else {
      out.push_back(escaped_char(body[at + 1]));
      at += 2;
    }
  }
  return out;
}

ast::String Converter::string(View view) const {
  const std::string_view text = text_of(view);
  const std::string_view body = text.substr(1, text.size() - 2);
  if (view.is(cst::Kind::kRawString)) return {std::string(body), true};
  return {unescaped(body, view.begin_offset() + 1, view.begin_offset()), false};
}

ast::TemplateString Converter::template_string(View view) {
  ast::TemplateString result;
  result.raw = view.is(cst::Kind::kRawTemplate);
  for (View part : view) {
    if (part.is(cst::Kind::kTemplateExpression)) {
      result.parts.emplace_back(template_expression(part));
      continue;
    }
    if (!result.raw) {
      result.parts.emplace_back(unescaped(text_of(part), part.begin_offset(), view.begin_offset()));
      continue;
    }
    std::string text(text_of(part));
    for (std::size_t at = text.find("\\{"); at != std::string::npos; at = text.find("\\{", at)) {
      text.erase(at++, 1);
    }
    result.parts.emplace_back(std::move(text));
  }
  return result;
}

ast::TemplateString::Expression Converter::template_expression(View view) {
  ast::Literal literal = this->literal(view.first());
  auto* expression = std::get_if<ast::Expression>(&literal.node);
  if (expression == nullptr) fail(literal.span, "only a value can stand in a template string");
  if (equation_of(expression->term)) {
    const auto* infix = std::get_if<ast::Infix>(&expression->term.node);
    fail(infix == nullptr ? expression->term.span : infix->op_span,
         "an assignment cannot stand in a template string", "", expression->term.span.begin);
  }
  return {std::make_unique<ast::Term>(std::move(expression->term)), span(view),
          std::move(literal.with)};
}

}  // namespace licet::lang
