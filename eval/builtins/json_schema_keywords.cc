// Schema documents -> Schema: what each keyword says.
#include <algorithm>
#include <array>
#include <utility>

#include "eval/builtins/json_schema_reader.h"
#include "eval/builtins/regex_cache.h"
#include "eval/number.h"

namespace licet::builtins::json_schema {
namespace {

constexpr std::array<std::string_view, 7> kTypes = {"array", "boolean", "integer", "number",
                                                    "null",  "object",  "string"};

std::string quoted_list() {
  std::string text = "[";
  for (const std::string_view type : kTypes) {
    text += (text.size() == 1 ? "" : " ") + std::string(type);
  }
  return text + "]";
}

}  // namespace

bool Reader::read_types(const Value& object, Schema& schema) {
  const Value type = object.get("type");
  if (type.is_undefined()) return true;
  std::vector<Value> names{type};
  if (type.is_array()) names.assign(type.elements().begin(), type.elements().end());
  for (const Value& name : names) {
    if (!name.is_string()) return wrong("type", "string/Array Of Strings");
    const std::string_view text = name.as_string();
    if (std::find(kTypes.begin(), kTypes.end(), text) == kTypes.end()) {
      return fail("has a primitive type that is NOT VALID -- given: /" + std::string(text) +
                  "/ Expected valid values are:" + quoted_list());
    }
    if (std::find(schema.types.begin(), schema.types.end(), text) != schema.types.end()) {
      return fail(std::string(text) + " type is duplicated");
    }
    schema.types.push_back(text);
  }
  return true;
}

bool Reader::read_properties(const Value& object, Schema& schema) {
  const Value properties = object.get("properties");
  if (properties.is_defined()) {
    if (!properties.is_object()) return must_be("Properties", "of type object");
    for (const Entry& entry : properties.entries()) {
      const Schema* one = child(entry.value);
      if (one == nullptr) return false;
      schema.properties.emplace_back(entry.key.as_string(), one);
    }
  }
  if (!read_allowed(object, "additionalProperties", schema.additional_properties)) return false;
  const Value patterns = object.get("patternProperties");
  if (patterns.is_defined()) {
    if (!patterns.is_object()) return wrong("Valid Schema", "patternProperties");
    for (const Entry& entry : patterns.entries()) {
      const std::string_view pattern = entry.key.as_string();
      if (!compiles(pattern)) return fail("Invalid regex pattern '" + std::string(pattern) + "'");
      const Schema* one = child(entry.value);
      if (one == nullptr) return false;
      schema.pattern_properties.emplace_back(pattern, one);
    }
  }
  const Value names = object.get("propertyNames");
  if (names.is_undefined() || draft_ == Draft::k4) return true;
  if (!names.is_bool() && !names.is_object()) return wrong("Valid Schema", "patternProperties");
  schema.property_names = child(names);
  return schema.property_names != nullptr;
}

bool Reader::read_dependencies(const Value& object, Schema& schema) {
  const Value all = object.get("dependencies");
  if (all.is_undefined()) return true;
  if (!all.is_object()) return must_be("dependencies", "of type object");
  for (const Entry& entry : all.entries()) {
    Dependency dependency;
    if (entry.value.is_array()) {
      for (const Value& key : entry.value.elements()) {
        if (!key.is_string()) return must_be("Dependency", "of type Schema Or Array Of Strings");
        dependency.keys.push_back(key.as_string());
      }
    } else if (entry.value.is_bool() || entry.value.is_object()) {
      dependency.schema = child(entry.value);
      if (dependency.schema == nullptr) return false;
    } else {
      return must_be("Dependency", "of type Schema Or Array Of Strings");
    }
    schema.dependencies.emplace_back(entry.key.as_string(), std::move(dependency));
  }
  return true;
}

bool Reader::read_items(const Value& object, Schema& schema) {
  const Value items = object.get("items");
  if (items.is_array()) {
    for (const Value& item : items.elements()) {
      if (!item.is_bool() && !item.is_object())
        return wrong("Valid Schema/Array Of Schemas", "items");
      schema.items.push_back(child(item));
      if (schema.items.back() == nullptr) return false;
    }
  } else if (items.is_bool() || items.is_object()) {
    schema.items.push_back(child(items));
    if (schema.items.back() == nullptr) return false;
    schema.one_for_all_items = true;
  } else if (items.is_defined()) {
    return wrong("Valid Schema/Array Of Schemas", "items");
  }
  return read_allowed(object, "additionalItems", schema.additional_items);
}

bool Reader::read_bound(const Value& object, std::string_view key, Value& bound) {
  bound = object.get(key);
  return bound.is_undefined() || bound.is_number() || must_be(key, "of a Number");
}

// A number of its own, or (draft 4) a flag that changes what the other bound means.
bool Reader::read_exclusive(const Value& object, std::string_view key,
                            std::string_view inclusive_key, Value& inclusive, Value& exclusive) {
  const Value value = object.get(key);
  if (value.is_undefined()) return true;
  const bool takes_flag = draft_ == Draft::k4 || draft_ == Draft::kAny;
  if (value.is_number() && draft_ != Draft::k4) {
    exclusive = value;
  } else if (value.is_bool() && takes_flag) {
    if (inclusive.is_undefined()) {
      return fail(std::string(key) + " cannot be used without " + std::string(inclusive_key));
    }
    if (value.as_bool()) exclusive = std::exchange(inclusive, Value::undefined());
  } else {
    return wrong(draft_ == Draft::k4 ? "boolean" : takes_flag ? "boolean/number" : "number", key);
  }
  return true;
}

bool Reader::read_numbers(const Value& object, Schema& schema) {
  schema.multiple_of = object.get("multipleOf");
  if (schema.multiple_of.is_defined()) {
    if (!schema.multiple_of.is_number()) return wrong("Number", "multipleOf");
    if (sign_of(schema.multiple_of) <= 0) return must_be("multipleOf", "strictly greater than 0");
  }
  return read_bound(object, "minimum", schema.minimum) &&
         read_exclusive(object, "exclusiveMinimum", "minimum", schema.minimum,
                        schema.exclusive_minimum) &&
         read_bound(object, "maximum", schema.maximum) &&
         read_exclusive(object, "exclusiveMaximum", "maximum", schema.maximum,
                        schema.exclusive_maximum);
}

bool Reader::read_count(const Value& object, std::string_view key,
                        std::optional<std::int64_t>& count) {
  const Value value = object.get(key);
  if (value.is_undefined()) return true;
  count = value.is_number() ? number_to_int64(value) : std::nullopt;
  if (!count) return must_be(key, "of an integer");
  return *count >= 0 || must_be(key, "greater than or equal to 0");
}

bool Reader::read_counts(const Value& object, std::string_view least, std::string_view most,
                         std::string_view problem, Limits& limits) {
  if (!read_count(object, least, limits.least) || !read_count(object, most, limits.most)) {
    return false;
  }
  if (!limits.least || !limits.most || *limits.least <= *limits.most) return true;
  // OPA does not look at this for items.
  if (problem == "items") return true;
  return fail(std::string(least) + " cannot be greater than " + std::string(most));
}

bool Reader::read_strings(const Value& object, Schema& schema) {
  if (!read_counts(object, "minLength", "maxLength", "", schema.length)) return false;
  if (!read_text(object, "pattern", schema.pattern)) return false;
  if (schema.pattern && !compiles(*schema.pattern)) return must_be("pattern", "a valid regex");
  std::optional<std::string_view> format;
  if (!read_text(object, "format", format)) return false;
  schema.format = format.value_or("");
  return true;
}

bool Reader::read_required(const Value& object, Schema& schema) {
  const Value required = object.get("required");
  if (required.is_undefined()) return true;
  if (!required.is_array()) return must_be("required", "of an array");
  for (const Value& name : required.elements()) {
    if (!name.is_string()) return wrong("string", "required");
    schema.required.push_back(name.as_string());
  }
  std::vector<std::string_view> sorted = schema.required;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end()) return true;
  return fail("required items must be unique");
}

bool Reader::read_array_rules(const Value& object, Schema& schema) {
  if (!read_counts(object, "minItems", "maxItems", "items", schema.item_count)) return false;
  const Value unique = object.get("uniqueItems");
  if (unique.is_defined()) {
    if (!unique.is_bool()) return must_be("uniqueItems", "of a boolean");
    schema.unique_items = unique.as_bool();
  }
  const Value contains = object.get("contains");
  if (contains.is_undefined() || draft_ == Draft::k4) return true;
  schema.contains = child(contains);
  return schema.contains != nullptr;
}

bool Reader::read_values(const Value& object, Schema& schema) {
  if (draft_ != Draft::k4) schema.constant = object.get("const");
  const Value values = object.get("enum");
  if (values.is_undefined()) return true;
  if (!values.is_array()) return must_be("enum", "of an array");
  schema.enumeration.emplace(values.elements().begin(), values.elements().end());
  std::vector<Value> sorted = *schema.enumeration;
  if (!context_.charge(1 + values.weight() / 8)) return false;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end()) return true;
  return fail("enum items must be unique");
}

bool Reader::read_combined(const Value& object, Schema& schema) {
  if (!read_all(object, "oneOf", schema.one_of) || !read_all(object, "anyOf", schema.any_of) ||
      !read_all(object, "allOf", schema.all_of) || !read_one(object, "not", schema.negated)) {
    return false;
  }
  if (draft_ == Draft::k4 || draft_ == Draft::k6) return true;
  return read_one(object, "if", schema.condition) && read_one(object, "then", schema.consequence) &&
         read_one(object, "else", schema.alternative);
}

bool Reader::read_all(const Value& object, std::string_view key,
                      std::vector<const Schema*>& schemas) {
  const Value all = object.get(key);
  if (all.is_undefined()) return true;
  if (!all.is_array()) return must_be(key, "of an array");
  for (const Value& one : all.elements()) {
    schemas.push_back(child(one));
    if (schemas.back() == nullptr) return false;
  }
  return true;
}

bool Reader::read_one(const Value& object, std::string_view key, const Schema*& schema) {
  const Value value = object.get(key);
  if (value.is_undefined()) return true;
  if (!value.is_bool() && !value.is_object()) return must_be(key, "of an object");
  schema = child(value);
  return schema != nullptr;
}

bool Reader::read_allowed(const Value& object, std::string_view key, Allowed& allowed) {
  const Value value = object.get(key);
  if (value.is_undefined()) return true;
  if (value.is_bool()) {
    allowed.allowed = value.as_bool();
    return true;
  }
  if (!value.is_object()) return wrong("boolean/Valid Schema", key);
  allowed.schema = child(value);
  return allowed.schema != nullptr;
}

bool Reader::read_text(const Value& object, std::string_view key,
                       std::optional<std::string_view>& text) {
  const Value value = object.get(key);
  if (value.is_undefined()) return true;
  if (!value.is_string()) return wrong("string", key);
  text = value.as_string();
  return true;
}

bool Reader::compiles(std::string_view pattern) {
  const RegexCache::Pattern compiled = context_.regexes.compile(pattern);
  return context_.charge(compiled.steps) && compiled.regex->ok();
}

}  // namespace licet::builtins::json_schema
