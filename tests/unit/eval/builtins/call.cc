#include "tests/unit/eval/builtins/call.h"

#include <span>

#include "eval/builtins/builtin.h"
#include "eval/builtins/regex_cache.h"
#include "eval/value_json.h"

namespace licet::builtins {
namespace {

Value with_sets(const Value& value, Arena& arena) {
  if (value.is_array()) {
    ArrayBuilder array(arena);
    for (const Value& element : value.elements()) array.add(with_sets(element, arena));
    return array.array();
  }
  if (!value.is_object()) return value;
  if (const Value set = value.get("$set"); set.is_defined()) {
    return Value::set(with_sets(set, arena).elements(), arena);
  }
  ObjectBuilder object(arena);
  for (const Entry& entry : value.entries()) object.add(entry.key, with_sets(entry.value, arena));
  return object.object();
}

std::string answer_text(const Context& context, const Value& answer) {
  switch (context.failure) {
    case Context::Failure::kNone:
      return answer.is_undefined() ? "undefined" : rego_text(answer);
    case Context::Failure::kError:
      return "error: " + context.message;
    case Context::Failure::kType:
      return "type: " + context.message;
    case Context::Failure::kBudget:
      return "budget: " + context.message;
  }
  return "";
}

}  // namespace

std::string call(std::string_view name, std::string_view json_arguments, std::uint64_t steps) {
  const BuiltinInfo* const info = find_builtin(name);
  if (info == nullptr) return "no such builtin";
  Arena arena;
  RegexCache regexes;
  const auto arguments = value_from_json(json_arguments, arena);
  if (!arguments) return "bad arguments: " + arguments.error().message;
  const Value decoded = with_sets(arguments.value(), arena);
  Context context(arena, regexes);
  context.given_now_ns = 0;
  context.given_seed = 0;
  context.steps_left = steps;
  return answer_text(context, row_of(info->id).function(context, decoded.elements()));
}

}  // namespace licet::builtins
