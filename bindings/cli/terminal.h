// What standard output and standard error are connected to, and text made for it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace licet::cli {

struct Terminal {
  bool is_terminal = false;
  bool has_color = false;   // a terminal, NO_COLOR is not set and TERM is not `dumb`
  std::size_t width = 100;  // columns; 100 where it is not a terminal
};

// Looked up once; thread-safe.
const Terminal& output_terminal();
const Terminal& error_terminal();

enum class Style { kBold, kDim, kRed, kGreen, kYellow, kBlue };

// `text` with the escape sequences of the style, or as it is without colour.
std::string styled(std::string_view text, Style style, const Terminal& terminal);

// Text from policies and requests made safe to show: control characters, with which a request
// could rewrite what the reader sees, become \n, \t or \u001b. Line breaks are control characters.
std::string printable(std::string_view text);

// Columns that valid UTF-8 takes; wide characters take two.
std::size_t display_width(std::string_view text);

// 12345678 -> 12,345,678
std::string grouped(std::uint64_t number);

// "1 rule", "2 rules"
std::string counted(std::uint64_t number, std::string_view noun);
// Others' messages begin with a capital, ours do not; NAMES stay as they are.
std::string lower_first(std::string text);

}  // namespace licet::cli
