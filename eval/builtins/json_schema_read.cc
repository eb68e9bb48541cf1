// Schema documents -> Schema: drafts, ids and references.
#include <algorithm>
#include <utility>

#include "eval/builtins/json_schema_reader.h"
#include "eval/builtins/url_escape.h"
#include "eval/number.h"

namespace licet::builtins::json_schema {
namespace {

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

}  // namespace

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

Result<Document, std::string> document_from(Context& context, const Value& schema) {
  return Reader(context, schema).run();
}

}  // namespace licet::builtins::json_schema
