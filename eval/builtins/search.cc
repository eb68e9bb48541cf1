// Strings in strings.
#include <algorithm>
#include <string>

#include "eval/builtins/elements.h"
#include "eval/builtins/families.h"
#include "eval/builtins/matching.h"

namespace licet::builtins {
namespace {

using Arguments = std::span<const Value>;

bool charge_operands(Context& context, Arguments arguments) {
  return charge_bytes(context, arguments[0].size() + arguments[1].size());
}

Value contains(Context& context, Arguments arguments) {
  if (!charge_operands(context, arguments)) return Value::undefined();
  const std::size_t at = find_text(arguments[0].as_string(), arguments[1].as_string(), 0);
  return Value::boolean(at != std::string_view::npos);
}

Value startswith(Context& context, Arguments arguments) {
  if (!charge_bytes(context, arguments[1].size())) return Value::undefined();
  return Value::boolean(arguments[0].as_string().starts_with(arguments[1].as_string()));
}

Value endswith(Context& context, Arguments arguments) {
  if (!charge_bytes(context, arguments[1].size())) return Value::undefined();
  return Value::boolean(arguments[0].as_string().ends_with(arguments[1].as_string()));
}

// Occurrences that do not overlap; the empty string occurs around every character.
Value strings_count(Context& context, Arguments arguments) {
  const std::string_view text = arguments[0].as_string();
  const std::string_view part = arguments[1].as_string();
  if (!charge_operands(context, arguments)) return Value::undefined();
  if (part.empty()) return integer(code_point_count(text) + 1);
  std::size_t count = 0;
  std::size_t at = find_text(text, part, 0);
  while (at != std::string_view::npos) {
    ++count;
    at = find_text(text, part, at + part.size());
  }
  return integer(count);
}

Value indexof(Context& context, Arguments arguments) {
  const std::string_view text = arguments[0].as_string();
  if (arguments[1].size() == 0) return context.fail("empty search character");
  if (!charge_operands(context, arguments)) return Value::undefined();
  const std::size_t at = find_text(text, arguments[1].as_string(), 0);
  if (at == std::string_view::npos) return Value::integer(-1);
  return integer(code_point_count(text.substr(0, at)));
}

// Every occurrence, overlapping ones too.
Value indexof_n(Context& context, Arguments arguments) {
  const std::string_view text = arguments[0].as_string();
  const std::string_view part = arguments[1].as_string();
  if (part.empty()) return context.fail("empty search character");
  if (!charge_bytes(context, 8 * (text.size() + part.size()))) return Value::undefined();
  ArrayBuilder found(context.arena);
  std::size_t byte = 0;
  std::size_t index = 0;  // of the code point at `byte`
  bool in_budget = true;
  for_each_occurrence(std::span(text), std::span(part), [&](std::size_t at) {
    index += code_point_count(text.substr(byte, at - byte));
    byte = at;
    found.add(integer(index));
    return in_budget = context.charge(2);
  });
  return in_budget ? found.array() : Value::undefined();
}

// --- any of many --------------------------------------------------------------------------------

// The strings of an operand that is one string or a collection of them.
std::optional<Texts> texts_operand(Context& context, int operand, const Value& value) {
  if (value.is_string()) return Texts({value.as_string()}, context.arena);
  return texts_of(context, operand, value);
}

// Strings with the same start stand together when sorted, right after that start, so for each
// prefix only one string need be looked at. For suffixes the strings are read backwards.
template <class Less, class Matches>
bool any_match(Texts texts, const Texts& affixes, Less less, Matches matches) {
  std::ranges::sort(texts, less);
  return std::ranges::any_of(affixes, [&](std::string_view affix) {
    const auto candidate = std::ranges::lower_bound(texts, affix, less);
    return candidate != texts.end() && matches(*candidate, affix);
  });
}

bool reversed_less(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(
      a.rbegin(), a.rend(), b.rbegin(), b.rend(),
      [](char x, char y) { return static_cast<unsigned char>(x) < static_cast<unsigned char>(y); });
}

struct Affixes {
  Texts texts;
  Texts affixes;
};

std::optional<Affixes> affix_operands(Context& context, Arguments arguments) {
  if (!context.charge(1 + (arguments[0].weight() + arguments[1].weight()) / 8)) {
    return std::nullopt;
  }
  std::optional<Texts> texts = texts_operand(context, 1, arguments[0]);
  if (!texts) return std::nullopt;
  std::optional<Texts> affixes = texts_operand(context, 2, arguments[1]);
  if (!affixes) return std::nullopt;
  return Affixes{std::move(*texts), std::move(*affixes)};
}

Value any_prefix_match(Context& context, Arguments arguments) {
  std::optional<Affixes> operands = affix_operands(context, arguments);
  if (!operands) return Value::undefined();
  return Value::boolean(
      any_match(std::move(operands->texts), operands->affixes, std::less<>(),
                [](std::string_view text, std::string_view a) { return text.starts_with(a); }));
}

Value any_suffix_match(Context& context, Arguments arguments) {
  std::optional<Affixes> operands = affix_operands(context, arguments);
  if (!operands) return Value::undefined();
  return Value::boolean(
      any_match(std::move(operands->texts), operands->affixes, reversed_less,
                [](std::string_view text, std::string_view a) { return text.ends_with(a); }));
}

constexpr std::string_view kAffixSignature =
    "(any<string, array[string], set[string]>, any<string, array[string], set[string]>) => boolean";

constexpr Row kRows[] = {
    {.name = "contains",
     .signature = "(string, string) => boolean",
     .function = contains,
     .doc = "Whether the first string contains the second.",
     .example = {R"(contains("policy", "lic"))", "true"}},
    {.name = "startswith",
     .signature = "(string, string) => boolean",
     .function = startswith,
     .doc = "Whether the first string starts with the second.",
     .example = {R"(startswith("policy", "pol"))", "true"}},
    {.name = "endswith",
     .signature = "(string, string) => boolean",
     .function = endswith,
     .doc = "Whether the first string ends with the second.",
     .example = {R"(endswith("policy", "icy"))", "true"}},
    {.name = "strings.count",
     .signature = "(string, string) => number",
     .function = strings_count,
     .doc = "How often the second string occurs in the first, without overlaps.",
     .example = {R"(strings.count("aaa", "aa"))", "1"}},
    {.name = "indexof",
     .signature = "(string, string) => number",
     .function = indexof,
     .doc = "The index of the character where the second string first occurs in the first, or -1.",
     .example = {R"(indexof("policy", "lic"))", "2"}},
    {.name = "indexof_n",
     .signature = "(string, string) => array[number]",
     .function = indexof_n,
     .doc = "The indices of all characters where the second string occurs in the first.",
     .example = {R"(indexof_n("aaa", "aa"))", "[0, 1]"}},
    {.name = "strings.any_prefix_match",
     .signature = kAffixSignature,
     .function = any_prefix_match,
     .doc = "Whether some of the first strings starts with some of the second.",
     .example = {R"(strings.any_prefix_match(["/api/x", "/y"], {"/api/", "/z"}))", "true"}},
    {.name = "strings.any_suffix_match",
     .signature = kAffixSignature,
     .function = any_suffix_match,
     .doc = "Whether some of the first strings ends with some of the second.",
     .example = {R"(strings.any_suffix_match("a.onnx", [".pkl", ".pt"]))", "false"}},
};

}  // namespace

Family search_family() { return kRows; }

}  // namespace licet::builtins
