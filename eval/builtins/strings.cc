// Strings taken apart, joined and changed. Positions count characters (code points), as in Go.
#include <utf8proc.h>

#include <algorithm>
#include <string>
#include <vector>

#include "eval/builtins/elements.h"
#include "eval/builtins/families.h"

namespace licet::builtins {
namespace {

using Arguments = std::span<const Value>;

char32_t lower_of(char32_t c) {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

char32_t upper_of(char32_t c) {
  if (c == U'ß') return c;  // Unicode has no simple mapping for it, utf8proc has one
  return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

template <char32_t (*change)(char32_t)>
Value change_case(Context& context, Arguments arguments) {
  const std::string_view text = arguments[0].as_string();
  if (!charge_bytes(context, 4 * text.size())) return Value::undefined();
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint next = code_point_at(text, i);
    append_utf8(change(next.value), out);
    i += next.size;
  }
  return out == text ? arguments[0] : string_result(context, out);
}

Value concat(Context& context, Arguments arguments) {
  const std::optional<Texts> texts = texts_of(context, 2, arguments[1]);
  if (!texts) return Value::undefined();
  const std::string_view separator = arguments[0].as_string();
  std::size_t size = separator.size() * texts->size();
  for (const std::string_view text : *texts) size += text.size();
  if (size > kMaxOutputBytes + separator.size()) return fail_output(context);
  if (!context.charge(texts->size())) return Value::undefined();
  std::string out;
  out.reserve(size);
  for (std::size_t i = 0; i < texts->size(); ++i) {
    if (i > 0) out += separator;
    out += (*texts)[i];
  }
  return string_result(context, out);
}

// --- split --------------------------------------------------------------------------------------

Texts characters_of(Context& context, std::string_view text) {
  Texts characters(context.arena);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = code_point_at(text, i).size;
    characters.push_back(text.substr(i, size));
    i += size;
  }
  return characters;
}

// What a part costs: a string of its own. So the budget ends before the memory for all parts does.
constexpr std::uint64_t kStepsOfPart = 6;

// An empty delimiter splits between all characters. nullopt: the budget ran out.
std::optional<Texts> parts_of(Context& context, std::string_view text, std::string_view delimiter) {
  if (delimiter.empty()) {
    if (!context.charge(kStepsOfPart * code_point_count(text))) return std::nullopt;
    return characters_of(context, text);
  }
  Texts parts(context.arena);
  std::size_t begin = 0;
  while (true) {
    if (!context.charge(kStepsOfPart)) return std::nullopt;
    const std::size_t end = find_text(text, delimiter, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + delimiter.size();
  }
}

Value array_of(Context& context, std::span<const std::string_view> texts) {
  ArrayBuilder array(context.arena);
  array.reserve(texts.size());
  for (const std::string_view text : texts) array.add(context.string(text));
  return array.array();
}

Value split(Context& context, Arguments arguments) {
  if (!charge_bytes(context, arguments[0].size() + arguments[1].size())) return {};
  const auto parts = parts_of(context, arguments[0].as_string(), arguments[1].as_string());
  return parts ? array_of(context, *parts) : Value::undefined();
}

// The first parts, or with a negative count the last ones.
Value split_n(Context& context, Arguments arguments) {
  const std::optional<std::int64_t> count = integer_operand(context, arguments[2], 3);
  if (!count) return Value::undefined();
  if (!charge_bytes(context, arguments[0].size() + arguments[1].size())) return {};
  const auto parts = parts_of(context, arguments[0].as_string(), arguments[1].as_string());
  if (!parts) return Value::undefined();
  const auto size = static_cast<std::int64_t>(parts->size());
  const std::int64_t begin = *count >= 0 ? 0 : std::max<std::int64_t>(0, size + *count);
  const std::int64_t end = *count >= 0 ? std::min(size, *count) : size;
  return array_of(context, std::span(*parts).subspan(static_cast<std::size_t>(begin),
                                                     static_cast<std::size_t>(end - begin)));
}

// --- characters ---------------------------------------------------------------------------------

// The byte where the character number `index` begins; the end if there are fewer.
std::size_t byte_of(std::string_view text, std::int64_t index) {
  std::size_t byte = 0;
  for (; index > 0 && byte < text.size(); --index) byte += code_point_at(text, byte).size;
  return byte;
}

Value substring(Context& context, Arguments arguments) {
  const std::optional<std::int64_t> offset = integer_operand(context, arguments[1], 2);
  if (!offset) return Value::undefined();
  const std::optional<std::int64_t> length = integer_operand(context, arguments[2], 3);
  if (!length) return Value::undefined();
  if (*offset < 0) return context.fail("negative offset");
  std::string_view text = arguments[0].as_string();
  if (!charge_bytes(context, 4 * text.size())) return Value::undefined();
  text.remove_prefix(byte_of(text, *offset));
  if (*length >= 0) text = text.substr(0, byte_of(text, *length));
  return text.size() == arguments[0].size() ? arguments[0] : context.string(text);
}

Value reverse(Context& context, Arguments arguments) {
  const std::string_view text = arguments[0].as_string();
  if (!charge_bytes(context, 4 * text.size())) return Value::undefined();
  std::string reversed(text.size(), '\0');
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = code_point_at(text, i).size;
    text.copy(reversed.data() + text.size() - i - size, size, i);
    i += size;
  }
  return context.string(reversed);
}

constexpr Row kRows[] = {
    {.name = "lower",
     .signature = "(string) => string",
     .function = change_case<lower_of>,
     .doc = "The string in lower case.",
     .example = {R"(lower("Écart"))", R"("écart")"}},
    {.name = "upper",
     .signature = "(string) => string",
     .function = change_case<upper_of>,
     .doc = "The string in upper case.",
     .example = {R"(upper("écart"))", R"("ÉCART")"}},
    {.name = "concat",
     .signature = "(string, any<array[string], set[string]>) => string",
     .function = concat,
     .doc = "The strings of the second operand with the first between them.",
     .example = {R"(concat(", ", ["a", "b"]))", R"("a, b")"}},
    {.name = "split",
     .signature = "(string, string) => array[string]",
     .function = split,
     .doc = "The parts of the first string between the occurrences of the second.",
     .example = {R"(split("a/b/c", "/"))", R"(["a", "b", "c"])"}},
    {.name = "strings.split_n",
     .signature = "(string, string, number) => array[string]",
     .function = split_n,
     .doc = "The first parts of the split string; with a negative count the last ones.",
     .example = {R"(strings.split_n("a/b/c", "/", -2))", R"(["b", "c"])"}},
    {.name = "substring",
     .signature = "(string, number, number) => string",
     .function = substring,
     .doc = "The characters from an offset on, as many as the third operand says or all if it is "
            "negative.",
     .example = {R"(substring("policy", 2, 3))", R"("lic")"}},
    {.name = "strings.reverse",
     .signature = "(string) => string",
     .function = reverse,
     .doc = "The characters in the opposite order.",
     .example = {R"(strings.reverse("né"))", R"("én")"}},
};

}  // namespace

Family strings_family() { return kRows; }

}  // namespace licet::builtins
