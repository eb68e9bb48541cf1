// What fits what, what a type holds, and how it reads.
#include <algorithm>

#include "eval/number.h"
#include "eval/value_json.h"
#include "lang/check/static_type.h"

namespace licet::lang::check {
namespace {

// The type of an array at a position; null beyond its end.
TypePtr element_at(const StaticType& array, std::size_t position) {
  return position < array.parts.size() ? array.parts[position] : array.rest;
}

const Property* property_of(const StaticType& object, const Value& key) {
  const auto found = std::lower_bound(object.properties.begin(), object.properties.end(), key,
                                      [](const Property& p, const Value& k) { return p.key < k; });
  return found != object.properties.end() && found->key == key ? &*found : nullptr;
}

bool contains(const TypePtr& type, const TypePtr& other) {
  if (type == nullptr) return false;
  if (type->shape != Shape::kAny) return compare(type, other) == 0;
  return type->parts.empty() ||
         std::any_of(type->parts.begin(), type->parts.end(),
                     [&](const TypePtr& part) { return compare(part, other) == 0; });
}

TypePtr property_type(const StaticType& object, const Value& key) {
  if (const Property* property = property_of(object, key)) return property->type;
  return object.open && contains(object.key, type_of_value(key)) ? object.rest : nullptr;
}

bool arrays_fit(const StaticType& a, const StaticType& b) {
  const std::size_t known = std::max(a.parts.size(), b.parts.size());
  for (std::size_t i = 0; i < known; ++i) {
    if (!fits(element_at(a, i), element_at(b, i))) return false;
  }
  return a.rest == nullptr || b.rest == nullptr || fits(a.rest, b.rest);
}

bool properties_fit(const StaticType& a, const StaticType& b) {
  const bool further = a.rest != nullptr || b.rest != nullptr;
  return std::all_of(a.properties.begin(), a.properties.end(), [&](const Property& property) {
    const TypePtr other = property_type(b, property.key);
    return other == nullptr ? further : fits(property.type, other);
  });
}

bool functions_fit(const StaticType& a, const StaticType& b) {
  if (a.parts.size() != b.parts.size()) return false;
  for (std::size_t i = 0; i < a.parts.size(); ++i) {
    if (!fits(a.parts[i], b.parts[i])) return false;
  }
  return true;
}

bool same_shape_fits(const StaticType& a, const StaticType& b) {
  switch (a.shape) {
    case Shape::kNull:
    case Shape::kBoolean:
    case Shape::kNumber:
    case Shape::kString:
    case Shape::kAny:
      return true;
    case Shape::kArray:
      return arrays_fit(a, b);
    case Shape::kObject:
      return properties_fit(a, b) && properties_fit(b, a) &&
             (a.rest == nullptr || b.rest == nullptr || fits(a.rest, b.rest));
    case Shape::kSet:
      return a.rest == nullptr || b.rest == nullptr || fits(a.rest, b.rest);
    case Shape::kFunction:
      return functions_fit(a, b);
  }
  return true;
}

bool member_fits(const StaticType& type, const TypePtr& other) {
  if (type.shape != Shape::kAny || is_function(other)) return false;
  return type.parts.empty() || std::any_of(type.parts.begin(), type.parts.end(),
                                           [&](const TypePtr& part) { return fits(part, other); });
}

// Joins what `part` says of each member of a union.
template <class Part>
TypePtr of_members(const StaticType& type, const Part& part) {
  if (type.parts.empty()) return anything();
  TypePtr all;
  for (const TypePtr& member : type.parts) all = either(part(member), all);
  return all;
}

constexpr std::size_t kMostText = 120;

void append_list(std::string& text, const std::vector<TypePtr>& types) {
  for (std::size_t i = 0; i < types.size() && text.size() < kMostText; ++i) {
    text += (i == 0 ? "" : ", ") + text_of(types[i]);
  }
}

std::string object_text(const StaticType& type) {
  std::string text = "object";
  if (!type.properties.empty()) text += "<";
  for (std::size_t i = 0; i < type.properties.size() && text.size() < kMostText; ++i) {
    const Property& property = type.properties[i];
    text += i == 0 ? "" : ", ";
    text +=
        property.key.is_string() ? std::string(property.key.as_string()) : rego_text(property.key);
    text += ": " + text_of(property.type);
  }
  if (!type.properties.empty()) text += ">";
  if (type.open) text += "[" + text_of(type.key) + ": " + text_of(type.rest) + "]";
  return text;
}

std::string full_text(const StaticType& type) {
  switch (type.shape) {
    case Shape::kNull:
      return "null";
    case Shape::kBoolean:
      return "boolean";
    case Shape::kNumber:
      return "number";
    case Shape::kString:
      return "string";
    case Shape::kArray: {
      std::string text = "array";
      if (!type.parts.empty()) text += "<";
      append_list(text, type.parts);
      if (!type.parts.empty()) text += ">";
      return type.rest == nullptr ? text : text + "[" + text_of(type.rest) + "]";
    }
    case Shape::kObject:
      return object_text(type);
    case Shape::kSet:
      return type.rest == nullptr ? "set" : "set[" + text_of(type.rest) + "]";
    case Shape::kAny: {
      if (type.parts.empty()) return "any";
      std::string text = "any<";
      append_list(text, type.parts);
      return text + ">";
    }
    case Shape::kFunction: {
      std::string text = "(";
      append_list(text, type.parts);
      return text + ") => " + text_of(type.rest);
    }
  }
  return "";
}

}  // namespace

bool fits(const TypePtr& a, const TypePtr& b) {
  if (a == nullptr || b == nullptr) return false;
  if (member_fits(*a, b) || member_fits(*b, a)) return true;
  if (a->shape != b->shape || a->shape == Shape::kAny) return false;
  return same_shape_fits(*a, *b);
}

TypePtr type_at(const TypePtr& type, const Value& key) {
  if (type == nullptr) return nullptr;
  switch (type->shape) {
    case Shape::kNull:
    case Shape::kBoolean:
    case Shape::kNumber:
    case Shape::kString:
    case Shape::kFunction:
      return nullptr;
    case Shape::kArray:
      if (!key.is_int64() || key.as_int64() < 0) return nullptr;
      return element_at(*type, static_cast<std::size_t>(key.as_int64()));
    case Shape::kObject:
      return property_type(*type, key);
    case Shape::kSet: {
      const TypePtr wanted = type_of_value(key);
      return contains(type->rest, wanted) ? wanted : nullptr;
    }
    case Shape::kAny:
      return of_members(*type, [&](const TypePtr& member) { return type_at(member, key); });
  }
  return nullptr;
}

TypePtr keys_of(const TypePtr& type) {
  if (type == nullptr) return nullptr;
  switch (type->shape) {
    case Shape::kNull:
    case Shape::kBoolean:
    case Shape::kNumber:
    case Shape::kString:
    case Shape::kFunction:
      return nullptr;
    case Shape::kArray:
      return scalar_type(Shape::kNumber);
    case Shape::kObject: {
      TypePtr keys;
      for (const Property& property : type->properties) {
        keys = either(keys, type_of_value(property.key));
      }
      return type->open ? either(keys, type->key) : keys;
    }
    case Shape::kSet:
      return type->rest;
    case Shape::kAny:
      return of_members(*type, keys_of);
  }
  return nullptr;
}

TypePtr values_of(const TypePtr& type) {
  if (type == nullptr) return nullptr;
  switch (type->shape) {
    case Shape::kNull:
    case Shape::kBoolean:
    case Shape::kNumber:
    case Shape::kString:
    case Shape::kFunction:
      return nullptr;
    case Shape::kArray: {
      TypePtr values = type->rest;
      for (const TypePtr& part : type->parts) values = either(values, part);
      return values;
    }
    case Shape::kObject: {
      TypePtr values = type->rest;
      for (const Property& property : type->properties) values = either(values, property.type);
      return values;
    }
    case Shape::kSet:
      return type->rest;
    case Shape::kAny:
      return of_members(*type, values_of);
  }
  return nullptr;
}

std::string text_of(const TypePtr& type) {
  if (type == nullptr) return "???";
  std::string text = full_text(*type);
  if (text.size() <= kMostText) return text;
  text.resize(kMostText);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U)
    text.pop_back();
  if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0U) text.pop_back();
  return text + "...";
}

}  // namespace licet::lang::check
