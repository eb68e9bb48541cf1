#include "lang/check/static_type.h"

#include <algorithm>

#include "eval/value_json.h"

namespace licet::lang::check {
namespace {

std::uint32_t weight_of(const TypePtr& type) { return type == nullptr ? 0 : type->weight; }

// The type, or `any` if it is too heavy to go on with.
TypePtr made(StaticType type) {
  std::uint64_t weight = 1 + std::uint64_t{weight_of(type.key)} + weight_of(type.rest);
  for (const TypePtr& part : type.parts) weight += weight_of(part);
  for (const Property& property : type.properties) weight += 1 + weight_of(property.type);
  if (weight > kMaxTypeWeight && type.shape != Shape::kFunction) return anything();
  type.weight = static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, UINT32_MAX));
  return std::make_shared<const StaticType>(std::move(type));
}

int compare_all(const std::vector<TypePtr>& a, const std::vector<TypePtr>& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const int order = compare(a[i], b[i]); order != 0) return order;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

int compare_properties(const StaticType& a, const StaticType& b) {
  for (std::size_t i = 0; i < a.properties.size() && i < b.properties.size(); ++i) {
    const Property& x = a.properties[i];
    const Property& y = b.properties[i];
    if (const int order = licet::compare(x.key, y.key); order != 0) return order;
    if (const int order = compare(x.type, y.type); order != 0) return order;
  }
  if (a.properties.size() == b.properties.size()) return 0;
  return a.properties.size() < b.properties.size() ? -1 : 1;
}

TypePtr union_of(std::vector<TypePtr> members) {
  StaticType type;
  type.shape = Shape::kAny;
  type.parts = std::move(members);
  return made(std::move(type));
}

bool is_union(const TypePtr& type) { return type->shape == Shape::kAny; }

TypePtr merge(const TypePtr& a, const TypePtr& b) {
  const std::vector<TypePtr> one_a{a};
  const std::vector<TypePtr> one_b{b};
  const std::vector<TypePtr>& left = is_union(a) ? a->parts : one_a;
  const std::vector<TypePtr>& right = is_union(b) ? b->parts : one_b;
  std::vector<TypePtr> members;
  members.reserve(left.size() + right.size());
  const auto less = [](const TypePtr& x, const TypePtr& y) { return compare(x, y) < 0; };
  std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(members),
                 less);
  if (members.size() == left.size()) return a;
  return members.size() == 1 ? members.front() : union_of(std::move(members));
}

TypePtr either_function(const TypePtr& a, const TypePtr& b) {
  if (a->parts.size() != b->parts.size()) return nullptr;
  std::vector<TypePtr> parameters;
  for (std::size_t i = 0; i < a->parts.size(); ++i) {
    parameters.push_back(either(a->parts[i], b->parts[i]));
  }
  return function_type(std::move(parameters), either(a->rest, b->rest));
}

TypePtr set_of_values(const Value& value) {
  TypePtr elements;
  for (const Value& element : value.elements()) {
    elements = either(elements, type_of_value(element));
    if (is_anything(elements)) break;
  }
  return set_type(std::move(elements));
}

}  // namespace

TypePtr scalar_type(Shape shape) {
  static const std::vector<TypePtr> kScalars = [] {
    std::vector<TypePtr> all;
    for (const Shape s : {Shape::kNull, Shape::kBoolean, Shape::kNumber, Shape::kString}) {
      StaticType type;
      type.shape = s;
      all.push_back(std::make_shared<const StaticType>(std::move(type)));
    }
    return all;
  }();
  return kScalars[static_cast<std::size_t>(shape)];
}

TypePtr anything() {
  static const TypePtr kAnything = std::make_shared<const StaticType>();
  return kAnything;
}

TypePtr array_type(std::vector<TypePtr> first, TypePtr rest) {
  StaticType type;
  type.shape = Shape::kArray;
  type.parts = std::move(first);
  type.rest = std::move(rest);
  return made(std::move(type));
}

TypePtr set_type(TypePtr elements) {
  StaticType type;
  type.shape = Shape::kSet;
  type.rest = std::move(elements);
  return made(std::move(type));
}

TypePtr object_type(std::vector<Property> properties) {
  StaticType type;
  type.shape = Shape::kObject;
  type.properties = std::move(properties);
  return made(std::move(type));
}

TypePtr open_object_type(std::vector<Property> properties, TypePtr key, TypePtr rest) {
  StaticType type;
  type.shape = Shape::kObject;
  type.properties = std::move(properties);
  type.open = true;
  type.key = std::move(key);
  type.rest = std::move(rest);
  return made(std::move(type));
}

TypePtr function_type(std::vector<TypePtr> parameters, TypePtr answer) {
  StaticType type;
  type.shape = Shape::kFunction;
  type.parts = std::move(parameters);
  type.rest = std::move(answer);
  return made(std::move(type));
}

TypePtr type_of_value(const Value& value) {
  if ((value.is_array() || value.is_object()) && value.size() > kMaxTypeWeight) return anything();
  switch (value.kind()) {
    case Kind::kUndefined:
      return nullptr;
    case Kind::kNull:
      return scalar_type(Shape::kNull);
    case Kind::kBool:
      return scalar_type(Shape::kBoolean);
    case Kind::kNumber:
      return scalar_type(Shape::kNumber);
    case Kind::kString:
      return scalar_type(Shape::kString);
    case Kind::kArray: {
      std::vector<TypePtr> first;
      for (const Value& element : value.elements()) first.push_back(type_of_value(element));
      return array_type(std::move(first), nullptr);
    }
    case Kind::kObject: {
      std::vector<Property> properties;
      for (const Entry& entry : value.entries()) {
        properties.push_back({entry.key, type_of_value(entry.value)});
      }
      return object_type(std::move(properties));
    }
    case Kind::kSet:
      return set_of_values(value);
  }
  return anything();
}

int compare(const TypePtr& a, const TypePtr& b) {
  if (a == b) return 0;
  if (a == nullptr) return -1;
  if (b == nullptr) return 1;
  if (a->shape != b->shape) return a->shape < b->shape ? -1 : 1;
  if ((a->rest != nullptr) != (b->rest != nullptr)) return a->rest == nullptr ? -1 : 1;
  if (a->open != b->open) return a->open ? 1 : -1;
  if (const int order = compare(a->key, b->key); order != 0) return order;
  if (const int order = compare(a->rest, b->rest); order != 0) return order;
  if (const int order = compare_all(a->parts, b->parts); order != 0) return order;
  return compare_properties(*a, *b);
}

TypePtr either(const TypePtr& a, const TypePtr& b) {
  if (a == nullptr || a == b) return b;
  if (b == nullptr) return a;
  if (is_function(a) && is_function(b)) return either_function(a, b);
  if (is_function(a) || is_function(b)) return nullptr;
  if (is_anything(a)) return a;
  if (is_anything(b)) return b;
  return merge(a, b);
}

bool is_anything(const TypePtr& type) {
  return type != nullptr && type->shape == Shape::kAny && type->parts.empty();
}
bool is_function(const TypePtr& type) { return type != nullptr && type->shape == Shape::kFunction; }

bool is_unknown(const TypePtr& type) {
  if (type == nullptr) return true;
  switch (type->shape) {
    case Shape::kNull:
    case Shape::kBoolean:
    case Shape::kNumber:
    case Shape::kString:
    case Shape::kAny:
      return false;
    case Shape::kArray:
      return std::any_of(type->parts.begin(), type->parts.end(), is_unknown) ||
             (type->rest != nullptr && is_unknown(type->rest));
    case Shape::kObject:
      return std::any_of(type->properties.begin(), type->properties.end(),
                         [](const Property& p) { return is_unknown(p.type); }) ||
             (type->open && (is_unknown(type->key) || is_unknown(type->rest)));
    case Shape::kSet:
      return is_unknown(type->rest);
    case Shape::kFunction:
      return std::any_of(type->parts.begin(), type->parts.end(), is_unknown) ||
             is_unknown(type->rest);
  }
  return false;
}

bool is_empty_collection(const TypePtr& type) {
  if (type == nullptr || type->rest != nullptr || type->open) return false;
  const bool collection =
      type->shape == Shape::kArray || type->shape == Shape::kObject || type->shape == Shape::kSet;
  return collection && type->parts.empty() && type->properties.empty();
}

}  // namespace licet::lang::check
