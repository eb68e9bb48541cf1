// yaml.marshal, yaml.unmarshal and yaml.is_valid.
#include "eval/builtins/families.h"
#include "eval/builtins/operands.h"
#include "eval/builtins/yaml_text.h"
#include "eval/value_yaml.h"

namespace licet::builtins {
namespace {

Value yaml_marshal(Context& context, std::span<const Value> arguments) {
  if (!context.charge(1 + arguments[0].weight() / 2)) return Value::undefined();
  const YamlText yaml = yaml_text(arguments[0]);
  if (yaml.is_too_long) return fail_output(context);
  if (!yaml.problem.empty()) return context.fail(yaml.problem);
  return string_result(context, yaml.text);
}

// What OPA's reader refuses, beyond what is no UTF-8.
bool has_control_characters(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = code_point_at(text, at);
    const char32_t c = next.value;
    const bool is_space = c == '\t' || c == '\n' || c == '\r' || c == 0x85;
    if ((c < 0x20 || (c >= 0x7F && c < 0xA0)) && !is_space) return true;
    at += next.size;
  }
  return false;
}

Result<Value, JsonError> value_from(std::string_view text, Arena& arena) {
  if (has_control_characters(text)) {
    return Failure{JsonError{.path = {}, .message = "control characters are not allowed"}};
  }
  return value_from_yaml(text, arena, YamlMode::kLikeOpa);
}

Value yaml_unmarshal(Context& context, std::span<const Value> arguments) {
  const std::string_view text = arguments[0].as_string();
  if (!context.charge(1 + 8 * text.size())) return Value::undefined();
  const Result<Value, JsonError> value = value_from(text, context.arena);
  if (!value) return context.fail("the text is not YAML: " + value.error().message);
  return value.value();
}

Value yaml_is_valid(Context& context, std::span<const Value> arguments) {
  if (!arguments[0].is_string()) return Value::boolean(false);
  const std::string_view text = arguments[0].as_string();
  if (!context.charge(1 + 8 * text.size())) return Value::undefined();
  return Value::boolean(value_from(text, context.arena).has_value());
}

constexpr Row kRows[] = {
    {"yaml.marshal",
     "(any) => string",
     yaml_marshal,
     "The value as YAML.",
     {R"(yaml.marshal({"a": [1, "yes"]}))", R"("a:\n  - 1\n  - \"yes\"\n")"}},
    {"yaml.unmarshal",
     "(string) => any",
     yaml_unmarshal,
     "The value that a YAML text says.",
     {R"(yaml.unmarshal("a: [1, true]"))", R"({"a": [1, true]})"}},
    {"yaml.is_valid",
     "(string) => boolean",
     yaml_is_valid,
     "Whether the text is YAML; false for what is no string.",
     {R"(yaml.is_valid("a: [1"))", "false"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
};

}  // namespace

Family yaml_family() { return kRows; }

}  // namespace licet::builtins
