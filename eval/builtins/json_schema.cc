// json.match_schema and json.verify_schema.
#include "eval/builtins/json_schema.h"

#include "eval/builtins/families.h"
#include "eval/builtins/json_text.h"
#include "eval/builtins/operands.h"

namespace licet::builtins {
namespace {

using json_schema::Document;

// A document given as JSON text or as a value; the value as JSON has it: sets are arrays.
Result<Value, std::string> json_operand(Context& context, const Value& value) {
  if (value.is_string()) {
    const std::string_view text = value.as_string();
    if (!context.charge(1 + text.size())) return Failure{std::string()};
    const std::optional<Value> parsed = value_from_json_text(text, context.arena);
    if (!parsed) return Failure{std::string("invalid JSON string")};
    return *parsed;
  }
  if (!value.is_object() && !value.is_array()) {
    return Failure{std::string("wrong type, expected string or object")};
  }
  if (!context.charge(1 + value.weight())) return Failure{std::string()};
  const std::optional<std::string> text = json_text(value);
  if (!text) return Failure{std::string("the document is too large")};
  return *value_from_json_text(*text, context.arena);
}

bool has_failed(const Context& context) { return context.failure != Context::Failure::kNone; }

Value pair(Context& context, bool good, const Value& second) {
  const Value both[] = {Value::boolean(good), second};
  return Value::array(both, context.arena);
}

Value json_verify_schema(Context& context, std::span<const Value> arguments) {
  const auto refuse = [&](const std::string& problem) {
    if (has_failed(context)) return Value::undefined();
    return pair(context, false, context.string("jsonschema: " + problem));
  };
  const Result<Value, std::string> schema = json_operand(context, arguments[0]);
  if (!schema) return refuse(schema.error());
  const Result<Document, std::string> document =
      json_schema::document_from(context, schema.value());
  if (!document) return refuse(document.error());
  return has_failed(context) ? Value::undefined() : pair(context, true, Value::null());
}

Value json_match_schema(Context& context, std::span<const Value> arguments) {
  const auto refuse = [&](const std::string& problem) {
    return has_failed(context) ? Value::undefined() : context.fail(problem);
  };
  const Result<Value, std::string> value = json_operand(context, arguments[0]);
  if (!value) return refuse(value.error());
  const Result<Value, std::string> schema = json_operand(context, arguments[1]);
  if (!schema) return refuse(schema.error());
  const Result<Document, std::string> document =
      json_schema::document_from(context, schema.value());
  if (!document) return refuse(document.error());
  const std::vector<json_schema::Mistake> mistakes =
      json_schema::mistakes_in(context, document.value(), value.value());
  if (has_failed(context)) return Value::undefined();
  std::vector<Value> shown;
  for (const json_schema::Mistake& mistake : mistakes) {
    ObjectBuilder object(context.arena);
    object.add("desc", context.string(mistake.description));
    object.add("error", context.string(mistake.field + ": " + mistake.description));
    object.add("field", context.string(mistake.field));
    object.add("type", context.string(mistake.type));
    shown.push_back(object.object());
  }
  return pair(context, mistakes.empty(), Value::array(shown, context.arena));
}

constexpr Row kRows[] = {
    {"json.verify_schema",
     "(any<string, object[any: any]>) => array<boolean, any<null, string>>",
     json_verify_schema,
     "Whether the value or JSON text is a JSON schema, and if not, why.",
     {R"(json.verify_schema({"type": "integer"}))", "[true, null]"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
    {"json.match_schema",
     "(any<string, object[any: any]>, any<string, object[any: any]>) => array<boolean, "
     "array[object<desc: string, error: string, field: string, type: string>]>",
     json_match_schema,
     "Whether the first value or JSON text fits the schema, and everything that does not.",
     {R"(json.match_schema({"id": "x"}, {"properties": {"id": {"type": "integer"}}}))",
      R"([false, [{"desc": "Invalid type. Expected: integer, given: string", )"
      R"("error": "id: Invalid type. Expected: integer, given: string", "field": "id", )"
      R"("type": "invalid_type"}]])"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
};

}  // namespace

Family json_schema_family() { return kRows; }

}  // namespace licet::builtins
