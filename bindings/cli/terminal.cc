#include "bindings/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace licet::cli {
namespace {

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

Terminal terminal_of(int descriptor) {
  Terminal terminal;
  terminal.is_terminal = isatty(descriptor) == 1;
  if (!terminal.is_terminal) return terminal;
  const char* const kind = std::getenv("TERM");
  const bool is_dumb = kind == nullptr || std::string_view(kind) == "dumb";
  terminal.has_color = !is_dumb && !is_set("NO_COLOR");
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) terminal.width = size.ws_col;
  return terminal;
}

// Reads one character; invalid bytes count as one character each.
utf8proc_int32_t next_character(std::string_view text, std::size_t& at) {
  utf8proc_int32_t character = -1;
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at);
  const auto length =
      utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &character);
  at += length > 0 ? static_cast<std::size_t>(length) : 1;
  return length > 0 ? character : -1;
}

// Besides controls: formats that turn the direction of text, and line separators.
bool is_unsafe(utf8proc_int32_t character) {
  if (character < 0x20 || (character >= 0x7f && character < 0xa0)) return true;
  return (character >= 0x202a && character <= 0x202e) ||
         (character >= 0x2066 && character <= 0x2069) || character == 0x2028 || character == 0x2029;
}

}  // namespace

const Terminal& output_terminal() {
  static const Terminal terminal = terminal_of(STDOUT_FILENO);
  return terminal;
}

const Terminal& error_terminal() {
  static const Terminal terminal = terminal_of(STDERR_FILENO);
  return terminal;
}

std::string styled(std::string_view text, Style style, const Terminal& terminal) {
  if (!terminal.has_color || text.empty()) return std::string(text);
  constexpr std::array<std::string_view, 6> kCodes = {"1", "2", "1;31", "32", "33", "34"};
  std::string out = "\x1b[";
  out.append(kCodes[static_cast<std::size_t>(style)]).append("m").append(text).append("\x1b[0m");
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const utf8proc_int32_t character = next_character(text, at);
    if (character == '\n') {
      out += "\\n";
    } else if (character == '\t') {
      out += "\\t";
    } else if (is_unsafe(character)) {
      std::array<char, 16> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x",
                    character < 0 ? 0xfffdU : static_cast<unsigned>(character));
      out += escape.data();
    } else {
      out.append(text.substr(begin, at - begin));
    }
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const utf8proc_int32_t character = next_character(text, at);
    width += character < 0 ? 1U : static_cast<std::size_t>(utf8proc_charwidth(character));
  }
  return width;
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  std::string out = grouped(number);
  out.append(" ").append(noun);
  if (number != 1) out += 's';
  return out;
}

std::string lower_first(std::string text) {
  const auto is_capital = [&](std::size_t at) {
    return at < text.size() && text[at] >= 'A' && text[at] <= 'Z';
  };
  if (is_capital(0) && !is_capital(1)) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

}  // namespace licet::cli
