#include "eval/builtins/regex_cache.h"

#include <algorithm>

namespace licet::builtins {
namespace {

// Program and automaton of one pattern. Nearly all fit the first; the second holds what Go accepts
// in practice, such as .{1000}.
constexpr std::int64_t kUsualBytes = std::int64_t{512} << 10;
constexpr std::int64_t kLargeBytes = std::int64_t{8} << 20;
constexpr std::int64_t kTinyBytes = 1024;  // not enough for anything

// Compiling within these sizes takes at most about this many steps of 10 ns.
constexpr std::uint64_t kUsualSteps = 1'000;
constexpr std::uint64_t kLargeSteps = 2'000'000;

// What RE2 takes besides, whatever it then allows a pattern: it copies the whole pattern once or
// twice for each counted repetition, and builds large tables for each class of Unicode.
constexpr std::uint64_t kStepsOfUnicodeClass = 4'000;
constexpr std::uint64_t kMostSteps = 10'000'000;  // a pattern that takes more is too large

std::uint64_t parsing_steps(std::string_view pattern) {
  std::uint64_t repetitions = 0;
  std::uint64_t classes = 0;
  for (std::size_t at = 0; at + 1 < pattern.size(); ++at) {
    const char next = pattern[at + 1];
    if (pattern[at] == '{' && next >= '0' && next <= '9') ++repetitions;
    if (pattern[at] != '\\') continue;
    if (next == 'p' || next == 'P') ++classes;
    at += pattern.substr(at).starts_with("\\x{") ? 2 : 1;
  }
  return 2 * repetitions * pattern.size() + kStepsOfUnicodeClass * classes;
}

std::unique_ptr<RE2> compile_within(const std::string& pattern, std::int64_t max_bytes) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(max_bytes);
  return std::make_unique<RE2>(pattern, options);
}

// The length of a bracket expression that begins at `begin`; to the end of the text if unclosed.
std::size_t class_length(std::string_view pattern, std::size_t begin) {
  std::size_t at = begin + 1;
  if (at < pattern.size() && pattern[at] == '^') ++at;
  if (at < pattern.size() && pattern[at] == ']') ++at;
  while (at < pattern.size() && pattern[at] != ']') {
    const std::string_view rest = pattern.substr(at);
    if (rest.starts_with("[:")) {
      const std::size_t close = rest.find(":]");
      at += close == std::string_view::npos ? 1 : close + 2;
    } else {
      at += rest[0] == '\\' ? 2 : 1;
    }
  }
  return std::min(at + 1, pattern.size()) - begin;
}

}  // namespace

std::string re2_pattern_from_go(std::string_view pattern) {
  std::string out;
  out.reserve(pattern.size() + 8);
  for (std::size_t at = 0; at < pattern.size();) {
    const std::string_view rest = pattern.substr(at);
    std::size_t taken = 1;
    if (rest.starts_with("\\Q")) {
      const std::size_t close = rest.find("\\E");
      taken = close == std::string_view::npos ? rest.size() : close + 2;
    } else if (rest.starts_with("\\C")) {
      return "\\8";  // an escape that neither knows
    } else if (rest[0] == '\\') {
      taken = std::min<std::size_t>(2, rest.size());
    } else if (rest[0] == '[') {
      taken = class_length(pattern, at);
    } else if (rest.starts_with("(?<")) {
      out += "(?P<";
      at += 3;
      continue;
    }
    out += rest.substr(0, taken);
    at += taken;
  }
  return out;
}

RegexCache::Pattern RegexCache::compile(std::string_view pattern) {
  if (const auto found = by_pattern_.find(pattern); found != by_pattern_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return {found->second->regex.get(), 1 + pattern.size() / 16};
  }
  const std::string text = re2_pattern_from_go(pattern);
  std::int64_t bytes = kUsualBytes;
  std::uint64_t steps = kUsualSteps + pattern.size() + parsing_steps(text);
  const bool is_too_large = steps > kMostSteps;
  std::unique_ptr<RE2> regex =
      is_too_large ? compile_within("a{1000}", kTinyBytes) : compile_within(text, bytes);
  if (!is_too_large && regex->error_code() == RE2::ErrorPatternTooLarge) {
    bytes = kLargeBytes;
    steps += kLargeSteps;
    regex = compile_within(text, bytes);
  }
  entries_.push_front({std::string(pattern), std::move(regex), bytes});
  by_pattern_.emplace(entries_.front().pattern, entries_.begin());
  bytes_ += bytes;
  while (bytes_ > kMaxBytes) {
    by_pattern_.erase(entries_.back().pattern);
    bytes_ -= entries_.back().bytes;
    entries_.pop_back();
  }
  return {entries_.front().regex.get(), steps};
}

}  // namespace licet::builtins
