#include "lang/syntax/messages.h"

#include <algorithm>

namespace licet::lang {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string found_at(std::string_view text, std::uint32_t offset) {
  if (offset >= text.size()) return "the file ends here";
  if (text[offset] == '\n' || text[offset] == '\r') return "the line ends here";
  return "found `" + std::string(text.substr(offset, token_end(text, offset) - offset)) + "`";
}

// What is not told where the number or string begins: the mistake is elsewhere.
bool is_told_where_it_stands(Expected expected) {
  return expected == Expected::kTemplateEnd || expected == Expected::kDigitsAfterPoint;
}

}  // namespace

std::uint32_t token_end(std::string_view text, std::uint32_t offset) {
  if (offset >= text.size()) return offset;
  std::uint32_t end = offset + 1;
  if (is_word(text[offset])) {
    while (end < text.size() && is_word(text[end])) ++end;
  } else if (static_cast<unsigned char>(text[offset]) >= 0x80) {
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) ++end;
  } else if (end < text.size() && text[end] == '=' &&
             std::string_view(":=!<>").find(text[offset]) != std::string_view::npos) {
    ++end;
  }
  return end;
}

std::uint32_t next_token(std::string_view text, std::uint32_t offset) {
  std::size_t at = offset;
  while (at < text.size() && std::string_view(" \t\r\n#").find(text[at]) != text.npos) {
    at = text[at] == '#' ? std::min(text.find('\n', at), text.size()) : at + 1;
  }
  return static_cast<std::uint32_t>(at);
}

void throw_expected(Expected expected, std::uint32_t offset, std::string_view text) {
  const Message& message = kMessages[static_cast<std::size_t>(expected)];
  throw SyntaxError{message.code,
                    offset,
                    token_end(text, offset),
                    std::string(message.message),
                    found_at(text, offset),
                    std::string(message.help),
                    is_told_where_it_stands(expected) ? std::optional(offset) : std::nullopt};
}

static_assert(
    [] {
      for (std::size_t i = 0; i < std::size(kMessages); ++i) {
        if (static_cast<std::size_t>(kMessages[i].expected) != i) return false;
      }
      return true;
    }(),
    "a row per enumerator, in its order");

}  // namespace licet::lang
