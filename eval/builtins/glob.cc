// Glob patterns: * and ? stop at delimiters, ** does not; [abc], [a-z], [!a-z], {a,b}, \ escapes.
// A pattern becomes a regular expression, so matching is linear.
#include <re2/re2.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "eval/builtins/families.h"
#include "eval/builtins/operands.h"
#include "eval/builtins/regex_cache.h"

namespace licet::builtins {
namespace {

// Text of a code point inside or outside a bracket expression of RE2.
std::string regex_character(char32_t c) {
  char text[16];
  std::snprintf(text, sizeof text, "\\x{%x}", static_cast<unsigned>(c));
  return text;
}

// Writes the regular expression for a glob.
class GlobTranslator {
 public:
  GlobTranslator(std::string_view glob, const std::vector<char32_t>& delimiters)
      : glob_(code_points(glob)), not_delimiter_("[^") {
    for (const char32_t delimiter : delimiters) not_delimiter_ += regex_character(delimiter);
    not_delimiter_ += ']';
    if (delimiters.empty()) not_delimiter_ = ".";
  }

  // nullopt: the glob is invalid, see error().
  std::optional<std::string> regex() {
    out_ = "(?s)\\A";
    while (error_.empty() && at_ < glob_.size()) {
      translate_next();
      // Every ? and * repeats the delimiters. RE2 would refuse what is much shorter.
      if (out_.size() > kMaxBytes) error_ = "it is too large";
    }
    if (error_.empty() && depth_ > 0) error_ = "unclosed `{`";
    if (!error_.empty()) return std::nullopt;
    return out_ + "\\z";
  }
  const std::string& error() const { return error_; }

 private:
  void translate_next();
  void translate_class();
  std::optional<std::string> class_of_range(char32_t first);
  std::optional<std::string> class_of_characters();
  bool open_group();

  // RE2 refuses deeper nesting.
  static constexpr int kMaxDepth = 200;
  static constexpr std::size_t kMaxBytes = std::size_t{4} << 20;

  std::vector<char32_t> glob_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string not_delimiter_;
  std::string out_;
  std::string error_;
};

bool GlobTranslator::open_group() {
  if (++depth_ <= kMaxDepth) {
    out_ += "(?:";
    return true;
  }
  error_ = "`{` nests too deep";
  return false;
}

void GlobTranslator::translate_next() {
  const char32_t c = glob_[at_++];
  if (c == '{') {
    open_group();
  } else if (c == ',' && depth_ > 0) {
    out_ += '|';
  } else if (c == '}' && depth_ > 0) {
    --depth_;
    out_ += ')';
  } else if (c == '[') {
    translate_class();
  } else if (c == '?') {
    out_ += not_delimiter_;
  } else if (c == '*') {
    const bool is_super = at_ < glob_.size() && glob_[at_] == '*';
    if (is_super) ++at_;
    out_.append(is_super ? "." : not_delimiter_).append("*");
  } else if (c != '\\') {
    out_ += regex_character(c);
  } else if (at_ == glob_.size()) {
    error_ = "a backslash at the end";
  } else {
    out_ += regex_character(glob_[at_++]);
  }
}

// After the `[`. A class is one range or a list of characters, in which - is a character.
void GlobTranslator::translate_class() {
  const bool negated = at_ < glob_.size() && glob_[at_] == '!';
  if (negated) ++at_;
  if (at_ == glob_.size()) {
    error_ = "unclosed `[`";
    return;
  }
  const bool is_range = at_ + 1 < glob_.size() && glob_[at_ + 1] == '-';
  const auto members = is_range ? class_of_range(glob_[at_]) : class_of_characters();
  if (!members) return;
  if (at_ == glob_.size() || glob_[at_] != ']') {
    error_ = "expected `]`";
    return;
  }
  ++at_;
  out_.append(negated ? "[^" : "[").append(*members).append("]");
}

std::optional<std::string> GlobTranslator::class_of_range(char32_t first) {
  at_ += 2;
  if (at_ == glob_.size()) {
    error_ = "unclosed `[`";
    return std::nullopt;
  }
  const char32_t last = glob_[at_++];
  if (last < first) {
    error_ = "a range is out of order";
    return std::nullopt;
  }
  return regex_character(first) + "-" + regex_character(last);
}

std::optional<std::string> GlobTranslator::class_of_characters() {
  std::string members;
  for (; at_ < glob_.size() && glob_[at_] != ']'; ++at_) {
    if (glob_[at_] == '\\' && ++at_ == glob_.size()) break;
    members += regex_character(glob_[at_]);
  }
  if (at_ < glob_.size() && !members.empty()) return members;
  error_ = members.empty() ? "empty `[]`" : "unclosed `[`";
  return std::nullopt;
}

// nullopt: an element is no single character, and then the failure is set.
std::optional<std::vector<char32_t>> delimiters_from(Context& context, const Value& value) {
  std::vector<char32_t> delimiters;
  if (value.is_null()) return delimiters;
  for (const Value& element : value.elements()) {
    const std::vector<char32_t> characters =
        element.is_string() ? code_points(element.as_string()) : std::vector<char32_t>{};
    if (characters.size() != 1) {
      fail_type(context, "operand 2 must be array of runes but got array containing " +
                             std::string(kind_text(element)));
      return std::nullopt;
    }
    delimiters.push_back(characters[0]);
  }
  if (delimiters.empty()) delimiters.push_back('.');
  return delimiters;
}

Value glob_match(Context& context, std::span<const Value> arguments) {
  const std::string_view glob = arguments[0].as_string();
  const auto delimiters = delimiters_from(context, arguments[1]);
  if (!delimiters) return Value::undefined();
  if (!context.charge(1 + glob.size() / 4 + delimiters->size())) return Value::undefined();
  GlobTranslator translator(glob, *delimiters);
  const std::optional<std::string> pattern = translator.regex();
  if (!pattern) {
    return context.fail("invalid glob `" + std::string(glob) + "`: " + translator.error());
  }
  const auto [regex, steps] = context.regexes.compile(*pattern);
  if (!context.charge(steps)) return Value::undefined();
  if (!regex->ok()) return context.fail("the glob `" + std::string(glob) + "` is too large");
  const std::string_view text = arguments[2].as_string();
  const auto instructions = static_cast<std::uint64_t>(std::max(regex->ProgramSize(), 1));
  if (!context.charge(1 + text.size() * instructions / 16)) return Value::undefined();
  return Value::boolean(RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regex));
}

Value glob_quote_meta(Context& context, std::span<const Value> arguments) {
  std::string out;
  for (const char c : arguments[0].as_string()) {
    if (std::string_view("*?\\[]{}").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return string_result(context, out);
}

constexpr Row kRows[] = {
    {"glob.match",
     "(string, any<null, array[string]>, string) => boolean",
     glob_match,
     "Whether the whole text matches the glob; without delimiters given, the dot is one.",
     {R"(glob.match("*.example.com", ["."], "api.example.com"))", "true"}},
    {"glob.quote_meta",
     "(string) => string",
     glob_quote_meta,
     "The text with every character that a glob would read otherwise escaped.",
     {R"(glob.quote_meta("*.csv"))", R"("\\*.csv")"}},
};

}  // namespace

Family glob_family() { return kRows; }

}  // namespace licet::builtins
