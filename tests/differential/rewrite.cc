#include "tests/differential/rewrite.h"

#include <cctype>

#include "eval/arena.h"
#include "eval/number.h"
#include "eval/value_json.h"

namespace licet::differential {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Whether `word` stands at `at`, whole, and neither below something else nor behind `with`.
bool reads(const std::string& text, std::size_t at, const std::string& word) {
  if (text.compare(at, word.size(), word) != 0) return false;
  const std::size_t end = at + word.size();
  if (end < text.size() && is_word(text[end])) return false;
  if (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == '"')) return false;
  return at < 5 || text.compare(at - 5, 5, "with ") != 0;
}

std::string replaced(const std::string& text, const std::string& word, const std::string& by) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (reads(text, at, word)) {
      result += by;
      at += word.size();
    } else {
      result += text[at++];
    }
  }
  return result;
}

// The end of the number that begins at `at`; `at` itself if there is none.
std::size_t number_end(const std::string& text, std::size_t at) {
  const auto digits = [&](std::size_t from) {
    while (from < text.size() && std::isdigit(static_cast<unsigned char>(text[from])) != 0) ++from;
    return from;
  };
  std::size_t end = digits(text[at] == '-' ? at + 1 : at);
  if (end == at || text[end - 1] == '-') return at;
  if (end < text.size() && text[end] == '.' && digits(end + 1) > end + 1) end = digits(end + 1);
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const bool sign = end + 1 < text.size() && (text[end + 1] == '+' || text[end + 1] == '-');
    const std::size_t exponent = end + (sign ? 2 : 1);
    if (digits(exponent) > exponent) end = digits(exponent);
  }
  // An address, a version, a name.
  if (end < text.size() && (text[end] == '.' || is_word(text[end]))) return at;
  return end;
}

}  // namespace

std::vector<std::string> without_index(const std::vector<std::string>& modules) {
  std::vector<std::string> result;
  for (const std::string& module : modules) {
    const std::string text = replaced(module, "input", "data.unindexed.request");
    result.push_back(replaced(text, "data.d", "data.unindexed.loaded"));
  }
  result.emplace_back("package unindexed\n\nrequest := input\n\nloaded := data.d\n");
  return result;
}

std::vector<std::string> without_true(std::vector<std::string> modules) {
  for (std::string& module : modules) {
    module = replaced(replaced(module, "not true", "not 1"), "true with", "1 with");
  }
  return modules;
}

std::string with_plain_numbers(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool inside = at > 0 && (is_word(text[at - 1]) || text[at - 1] == '.');
    const std::size_t end = inside ? at : number_end(text, at);
    if (end == at) {
      result += text[at++];
      continue;
    }
    const std::string number = text.substr(at, end - at);
    Arena arena;
    const auto value = number_from_text(number, arena);
    result += value ? rego_text(*value) : number;
    at = end;
  }
  return result;
}

}  // namespace licet::differential
