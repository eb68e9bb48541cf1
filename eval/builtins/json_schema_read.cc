// Schema documents -> Schema.
#include <algorithm>
#include <array>

#include "eval/builtins/json_schema.h"
#include "eval/builtins/json_text.h"
#include "eval/builtins/regex_cache.h"
#include "eval/builtins/url_escape.h"
#include "eval/number.h"

namespace licet::builtins::json_schema {
namespace {

enum class Draft { k4, k6, k7, kAny };

constexpr std::array<std::string_view, 7> kTypes = {"array", "boolean", "integer", "number",
                                                    "null",  "object",  "string"};

std::string quoted_list() {
  std::string text = "[";
  for (const std::string_view type : kTypes) {
    text += (text.size() == 1 ? "" : " ") + std::string(type);
  }
  return text + "]";
}

// `a/b/c` resolved against where the document stands: absolute addresses and fragments are all
// that is needed inside one document.
std::string resolved(std::string_view base, std::string_view reference) {
  if (reference.find("://") != std::string_view::npos) return std::string(reference);
  const std::string_view without_fragment = base.substr(0, base.find('#'));
  if (reference.empty() || reference.starts_with('#')) {
    return std::string(without_fragment) + std::string(reference);
  }
  const std::size_t slash = without_fragment.rfind('/');
  if (slash == std::string_view::npos) return std::string(reference);
  return std::string(without_fragment.substr(0, slash + 1)) + std::string(reference);
}

// What the pointer after the # of a reference finds; undefined if nothing, and then `missing` is
// the key that is not there.
Value at_pointer(const Value& document, std::string_view pointer, Context& context,
                 std::string& missing) {
  Value found = document;
  while (!pointer.empty() && found.is_defined()) {
    missing = pointer;
    if (pointer[0] != '/') return Value::undefined();
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string key;
    for (std::size_t i = 1; i < end; ++i) {
      const bool escaped = pointer[i] == '~' && i + 1 < end;
      if (!escaped) {
        key += pointer[i];
      } else {
        key += pointer[++i] == '0' ? '~' : '/';
      }
    }
    pointer.remove_prefix(end);
    missing = key;
    if (found.is_array()) {
      const auto index = number_from_text(key, context.arena);
      found = index ? found.get(*index) : Value::undefined();
    } else {
      found = found.get(key);
    }
  }
  return found;
}

class Reader {
 public:
  Reader(Context& context, const Value& root) : context_(context), root_(root) {}

  Result<Document, std::string> run() {
    if (!root_.is_bool() && !root_.is_object()) return error("schema is invalid");
    if (!choose_draft() || !index(root_, "", 0)) return error(std::move(error_));
    const Schema* schema = read(root_, "", 0);
    if (schema == nullptr) return error(std::move(error_));
    document_.root = schema;
    return std::move(document_);
  }

 private:
  static Failure<std::string> error(std::string text) { return {std::move(text)}; }
  bool fail(std::string text) {
    if (error_.empty()) error_ = std::move(text);
    return false;
  }
  bool wrong(std::string_view expected, std::string_view given) {
    return fail("Invalid type. Expected: " + std::string(expected) +
                ", given: " + std::string(given));
  }
  bool must_be(std::string_view key, std::string_view what) {
    return fail(std::string(key) + " must be " + std::string(what));
  }

  bool choose_draft();
  bool index(const Value& value, const std::string& base, int depth);
  const Schema* read(const Value& value, const std::string& base, int depth);
  bool read_object(const Value& object, const std::string& base, Schema& schema);
  bool read_reference(const Value& object, const std::string& base, Schema& schema);
  bool read_types(const Value& object, Schema& schema);
  bool read_properties(const Value& object, Schema& schema);
  bool read_dependencies(const Value& object, Schema& schema);
  bool read_items(const Value& object, Schema& schema);
  bool read_numbers(const Value& object, Schema& schema);
  bool read_bound(const Value& object, std::string_view key, Value& bound);
  bool read_exclusive(const Value& object, std::string_view key, std::string_view inclusive_key,
                      Value& inclusive, Value& exclusive);
  bool read_strings(const Value& object, Schema& schema);
  bool read_counts(const Value& object, std::string_view least, std::string_view most,
                   std::string_view problem, Limits& limits);
  bool read_count(const Value& object, std::string_view key, std::optional<std::int64_t>& count);
  bool read_required(const Value& object, Schema& schema);
  bool read_array_rules(const Value& object, Schema& schema);
  bool read_values(const Value& object, Schema& schema);
  bool read_combined(const Value& object, Schema& schema);
  bool read_all(const Value& object, std::string_view key, std::vector<const Schema*>& schemas);
  bool read_one(const Value& object, std::string_view key, const Schema*& schema);
  bool read_allowed(const Value& object, std::string_view key, Allowed& allowed);
  bool read_text(const Value& object, std::string_view key, std::optional<std::string_view>& text);
  bool compiles(std::string_view pattern);
  const Schema* child(const Value& value) { return read(value, base_, depth_ + 1); }

  Context& context_;
  const Value root_;
  Draft draft_ = Draft::kAny;
  Document document_;
  std::map<std::string, Value> by_id_;
  std::map<std::string, const Schema*> by_reference_;
  std::string error_;
  std::string base_;  // of the schema being read
  int depth_ = 0;
};

bool Reader::choose_draft() {
  const Value name = root_.get("$schema");
  if (name.is_undefined()) return true;
  if (!name.is_string()) return must_be("$schema", "of type string");
  std::string_view text = name.as_string();
  if (text.ends_with('#')) text.remove_suffix(1);
  if (text == "http://json-schema.org/draft-04/schema") draft_ = Draft::k4;
  if (text == "http://json-schema.org/draft-06/schema") draft_ = Draft::k6;
  if (text == "http://json-schema.org/draft-07/schema") draft_ = Draft::k7;
  return true;
}

// Remembers what has an id, wherever it stands.
bool Reader::index(const Value& value, const std::string& base, int depth) {
  if (depth > kMaxNesting) return fail("the schema nests too deep");
  if (!context_.charge(1)) return false;
  if (value.is_array()) {
    for (const Value& element : value.elements()) {
      if (!index(element, base, depth + 1)) return false;
    }
    return true;
  }
  if (!value.is_object()) return true;
  std::string here = base;
  const Value id = value.get("id").is_defined() ? value.get("id") : value.get("$id");
  if (id.is_string()) {
    here = resolved(base, id.as_string());
    if (!by_id_.emplace(here, value).second) {
      return fail("Reference already exists: \"" + here + "\"");
    }
  }
  for (const Entry& entry : value.entries()) {
    const std::string_view key = entry.key.as_string();
    if (key == "const" || key == "enum") continue;
    const bool by_name = key == "properties" || key == "dependencies" || key == "patternProperties";
    if (!by_name) {
      if (!index(entry.value, here, depth + 1)) return false;
    } else if (entry.value.is_object()) {
      for (const Entry& named : entry.value.entries()) {
        if (!index(named.value, here, depth + 1)) return false;
      }
    }
  }
  return true;
}

// Null: not a schema; the error is set.
const Schema* Reader::read(const Value& value, const std::string& base, int depth) {
  if (!context_.charge(4)) return nullptr;
  if (depth > kMaxNesting) {
    fail("the schema nests too deep");
    return nullptr;
  }
  Schema& schema = document_.schemas.emplace_back();
  if (value.is_bool() && draft_ != Draft::k4) {
    schema.always = value.as_bool();
    return &schema;
  }
  if (!value.is_object()) {
    fail("Expected: Valid Schema, given: Invalid JSON");
    return nullptr;
  }
  const std::string outer_base = std::exchange(base_, base);
  const int outer_depth = std::exchange(depth_, depth);
  const bool good = read_object(value, base, schema);
  base_ = outer_base;
  depth_ = outer_depth;
  return good ? &schema : nullptr;
}

bool Reader::read_object(const Value& object, const std::string& base, Schema& schema) {
  std::optional<std::string_view> text;
  const bool old_id =
      draft_ == Draft::k4 || (draft_ == Draft::kAny && object.get("id").is_defined());
  if (!read_text(object, old_id ? "id" : "$id", text)) return false;
  if (text) base_ = resolved(base, *text);
  const Value definitions = object.get("definitions");
  if (definitions.is_defined()) {
    if (!definitions.is_object()) return wrong("Array Of Schemas", "definitions");
    for (const Entry& entry : definitions.entries()) {
      if (!entry.value.is_bool() && !entry.value.is_object()) {
        return wrong("Array Of Schemas", "definitions");
      }
      if (child(entry.value) == nullptr) return false;
    }
  }
  std::optional<std::string_view> ignored;
  if (!read_text(object, "title", ignored) || !read_text(object, "description", ignored)) {
    return false;
  }
  if (object.get("$ref").is_defined()) return read_reference(object, base_, schema);
  return read_types(object, schema) && read_properties(object, schema) &&
         read_dependencies(object, schema) && read_items(object, schema) &&
         read_numbers(object, schema) && read_strings(object, schema) &&
         read_counts(object, "minProperties", "maxProperties", "", schema.property_count) &&
         read_required(object, schema) && read_array_rules(object, schema) &&
         read_values(object, schema) && read_combined(object, schema);
}

bool Reader::read_reference(const Value& object, const std::string& base, Schema& schema) {
  std::optional<std::string_view> text;
  if (!read_text(object, "$ref", text)) return false;
  const std::string target = resolved(base, *text);
  const auto known = by_reference_.find(target);
  if (known != by_reference_.end()) {
    schema.reference = known->second;
    return true;
  }
  const std::size_t hash = std::min(target.find('#'), target.size());
  const std::string document = target.substr(0, hash);
  Value found;
  if (const auto named = by_id_.find(target); named != by_id_.end()) {
    found = named->second;
  } else {
    const auto in = by_id_.find(document);
    if (!document.empty() && in == by_id_.end()) {
      return fail("Reference " + target + " is outside of the schema");
    }
    const std::string_view fragment =
        std::string_view(target).substr(std::min(hash + 1, target.size()));
    const auto pointer = url_unescaped(fragment, UrlPart::kFragment);
    if (!pointer) return fail("Reference " + target + " must be canonical");
    std::string missing;
    found = at_pointer(document.empty() ? root_ : in->second, *pointer, context_, missing);
    if (found.is_undefined()) return fail("Object has no key '" + missing + "'");
  }
  if (!found.is_bool() && !found.is_object()) return must_be("Valid Schema", "of type object");
  // Its place is known before it is read: it may refer to itself.
  Schema& place = document_.schemas.emplace_back();
  by_reference_.emplace(target, &place);
  schema.reference = &place;
  const Schema* read_schema = read(found, document, depth_ + 1);
  if (read_schema == nullptr) return false;
  place.reference = read_schema;
  return true;
}

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

}  // namespace

Result<Document, std::string> document_from(Context& context, const Value& schema) {
  return Reader(context, schema).run();
}

}  // namespace licet::builtins::json_schema
