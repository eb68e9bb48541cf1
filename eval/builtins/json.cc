// json.marshal and json.unmarshal with their kin.
#include <optional>

#include "eval/builtins/families.h"
#include "eval/builtins/json_text.h"
#include "eval/builtins/operands.h"

namespace licet::builtins {
namespace {

Value json_result(Context& context, const Value& value, const JsonLayout& layout) {
  if (!context.charge(1 + value.weight() / 4)) return Value::undefined();
  const std::optional<std::string> text = json_text(value, layout);
  if (!text) return fail_output(context);
  if (!layout.is_pretty) return string_result(context, *text);
  return string_result(context, std::string(layout.prefix) + *text);
}

Value json_marshal(Context& context, std::span<const Value> arguments) {
  return json_result(context, arguments[0], {});
}

Value json_marshal_with_options(Context& context, std::span<const Value> arguments) {
  JsonLayout layout{.indent = "\t"};
  std::optional<bool> is_pretty;
  for (const Entry& option : arguments[1].entries()) {
    const std::string name = key_text(option.key);
    if (name == "prefix" || name == "indent") {
      if (!option.value.is_string()) {
        return fail_type(context, "operand 2 key " + name + " must be string");
      }
      (name == "prefix" ? layout.prefix : layout.indent) = option.value.as_string();
      layout.is_pretty = true;
    } else if (name == "pretty") {
      if (!option.value.is_bool()) {
        return fail_type(context, "operand 2 key pretty must be boolean");
      }
      is_pretty = option.value.as_bool();
    } else {
      return fail_type(context, "operand 2 object contained unknown key " + name);
    }
  }
  layout.is_pretty = is_pretty.value_or(layout.is_pretty);
  return json_result(context, arguments[0], layout);
}

Value json_unmarshal(Context& context, std::span<const Value> arguments) {
  const std::string_view text = arguments[0].as_string();
  if (!context.charge(1 + text.size())) return Value::undefined();
  const std::optional<Value> value = value_from_json_text(text, context.arena);
  if (!value) return context.fail("the text is not JSON");
  return *value;
}

Value json_is_valid(Context& context, std::span<const Value> arguments) {
  if (!arguments[0].is_string()) return Value::boolean(false);
  if (!charge_bytes(context, arguments[0].size())) return Value::undefined();
  return Value::boolean(is_json_text(arguments[0].as_string()));
}

constexpr Row kRows[] = {
    {"json.marshal",
     "(any) => string",
     json_marshal,
     "The value as JSON; sets become arrays.",
     {R"(json.marshal({"a": {2, 1}}))", R"("{\"a\":[1,2]}")"}},
    {"json.marshal_with_options",
     "(any, object<indent: string, prefix: string, pretty: boolean>[string: any]) => string",
     json_marshal_with_options,
     "The value as JSON over several lines, with an indent and a prefix for each line.",
     {R"(json.marshal_with_options([1], {"indent": " "}))", R"("[\n 1\n]")"}},
    {"json.unmarshal",
     "(string) => any",
     json_unmarshal,
     "The value that a JSON text says.",
     {R"(json.unmarshal("{\"a\": [1, null]}"))", R"({"a": [1, null]})"}},
    {"json.is_valid",
     "(string) => boolean",
     json_is_valid,
     "Whether the text is JSON; false for what is no string.",
     {R"(json.is_valid("{\"a\": 1"))", "false"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
};

}  // namespace

Family json_family() { return kRows; }

}  // namespace licet::builtins
