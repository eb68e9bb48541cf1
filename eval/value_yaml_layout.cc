#include "eval/value_yaml_layout.h"

#include <algorithm>

namespace licet {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kSpace = " \t\r\n";

// Takes the first line off.
std::string_view next_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

}  // namespace

bool has_unknown_directive(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (line.starts_with('%')) {
      if (!line.starts_with("%YAML ") && !line.starts_with("%TAG ")) return true;
    } else if (!line.starts_with('#') && line.find_first_not_of(kSpace) != std::string_view::npos) {
      return false;
    }
  }
  return false;
}

bool begins_with_tab(std::string_view text) {
  for (bool follows_comment = false; !text.empty();) {
    std::string_view line = next_line(text);
    const bool marks = line.starts_with("---") || line.starts_with("...");
    if (marks || line.starts_with('%')) line.remove_prefix(marks ? 3 : line.size());
    const std::size_t blanks = line.find_first_not_of(kSpace);
    const bool is_comment = blanks != std::string_view::npos && line[blanks] == '#';
    const bool may_have_tabs = marks || (is_comment && follows_comment);
    if (!may_have_tabs && line.substr(0, blanks).find('\t') != std::string_view::npos) return true;
    if (blanks != std::string_view::npos && !is_comment) return false;
    follows_comment = follows_comment || is_comment;
  }
  return false;
}

bool is_indented_by_tab(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t end = before.find_last_not_of(kBlanks) + 1;  // of what is there; 0: nothing
  if (before.find('\t', end) == std::string_view::npos) return false;
  if (end == 0 || before[end - 1] == '\n') return true;
  const bool stands_alone = end == 1 || kSpace.find(before[end - 2]) != std::string_view::npos;
  return stands_alone && (before[end - 1] == '-' || before[end - 1] == '?');
}

bool is_open_quote(std::string_view text) {
  while (text.starts_with('&') || text.starts_with('!')) {
    text.remove_prefix(std::min(text.find_first_of(kSpace), text.size()));
    text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  }
  if (!text.starts_with('"') && !text.starts_with('\'')) return false;
  const char quote = text[0];
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 == text.size() || text[i + 1] != quote) return false;
      ++i;
    }
  }
  return true;
}

}  // namespace licet
