// What policies write: print, trace, and the inside of template strings. The compiler hands over
// each part as a set of its values, so that an undefined part is an empty set.
#include <array>
#include <cstddef>
#include <memory_resource>
#include <string>
#include <vector>

#include "eval/builtins/elements.h"
#include "eval/builtins/families.h"
#include "eval/value_json.h"

namespace licet::builtins {
namespace {

using Arguments = std::span<const Value>;

// The values that a part stands for.
std::span<const Value> values_of(const Value& part) {
  return part.is_set() ? part.elements() : std::span(&part, 1);
}

template <class Text>
void append_value(const Value& value, Text& out) {
  if (value.is_string()) {
    out += value.as_string();
  } else {
    out += rego_text(value);
  }
}

// Charged by what all parts take together.
bool charge_parts(Context& context, std::span<const Value> parts) {
  std::uint64_t weight = 0;
  for (const Value& part : parts) weight += part.weight();
  if (weight <= kMaxOutputBytes) return context.charge(1 + weight / 32);
  fail_output(context);
  return false;
}

// Moves to the next choice of one value of each part; false after the last.
bool next_choice(std::span<const Value> parts, std::vector<std::size_t>& choice) {
  for (std::size_t i = parts.size(); i-- > 0;) {
    if (++choice[i] < values_of(parts[i]).size()) return true;
    choice[i] = 0;
  }
  return false;
}

void append_line(std::span<const Value> parts, const std::vector<std::size_t>& choice,
                 std::string& out) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += ' ';
    const std::span<const Value> values = values_of(parts[i]);
    if (values.empty()) {
      out += "<undefined>";
    } else {
      append_value(values[choice[i]], out);
    }
  }
  out += '\n';
}

// A line for each way to choose one value of each part.
Value print(Context& context, Arguments arguments) {
  if (context.printed == nullptr) return Value::boolean(true);
  const std::span<const Value> parts = arguments[0].elements();
  std::vector<std::size_t> choice(parts.size(), 0);
  do {
    if (!charge_parts(context, parts)) return Value::undefined();
    if (context.printed->size() > kMaxOutputBytes) return fail_output(context);
    append_line(parts, choice, *context.printed);
  } while (next_choice(parts, choice));
  return Value::boolean(true);
}

Value print_values(Context& context, Arguments arguments) {
  const Value parts = Value::array(arguments, context.arena);
  return print(context, std::span(&parts, 1));
}

Value trace(Context&, Arguments) { return Value::boolean(true); }

Value template_string(Context& context, Arguments arguments) {
  const std::span<const Value> parts = arguments[0].elements();
  if (!charge_parts(context, parts)) return Value::undefined();
  // Messages are short as a rule: no memory of the heap for them.
  std::array<std::byte, 512> room;
  std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
  std::pmr::string text(&memory);
  text.reserve(room.size() / 2);
  for (const Value& part : parts) {
    const std::span<const Value> values = values_of(part);
    if (values.size() > 1)
      return context.fail("template-strings must not produce multiple outputs");
    if (values.empty()) {
      text += "<undefined>";
    } else {
      append_value(values[0], text);
    }
  }
  return string_result(context, text);
}

constexpr Row kRows[] = {
    {.name = "print",
     .signature = "(any...) => ???",
     .function = print_values,
     .doc = "Writes the values for the person who debugs the policy; it is always true.",
     .example = {"[1 | print(1)]", "[1]"}},
    {.name = "internal.print",
     .signature = "(array[set[any]]) => ???",
     .function = print,
     .doc = "What the compiler makes of print.",
     .example = {"[1 | internal.print([{1}])]", "[1]"}},
    {.name = "internal.template_string",
     .signature = "(array[any]) => string",
     .function = template_string,
     .doc = "What the compiler makes of template strings.",
     .example = {R"(internal.template_string(["a", {1}, set()]))", R"("a1<undefined>")"}},
    {.name = "trace",
     .signature = "(string) => boolean",
     .function = trace,
     .doc = "Is always true; the note is for OPA's traces.",
     .example = {R"(trace("here"))", "true"}},
};

}  // namespace

Family print_family() { return kRows; }

}  // namespace licet::builtins
