// What can be said of a value before there is a request: the types of Rego's static checks.
//
// A type is a finite description: `number`, an array whose first elements are known one by one,
// an object with known keys and a type for all others, a union. As in OPA it is inferred from
// constants, from the signatures of builtins and from rules; what comes from the request or the
// data can be anything. A null TypePtr means that nothing is known yet.
//
// Types that grow beyond kMaxTypeWeight become `any`, which fits everything: a check may miss a
// mistake in a large constant, but its cost stays proportional to the policy.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "eval/value.h"

namespace licet::lang::check {

struct StaticType;
using TypePtr = std::shared_ptr<const StaticType>;

// In the order that unions keep.
enum class Shape : std::uint8_t {
  kNull,
  kBoolean,
  kNumber,
  kString,
  kArray,
  kObject,
  kSet,
  kAny,  // a union of `parts`; without parts: anything
  kFunction,
};

struct Property {
  Value key;
  TypePtr type;
};

struct StaticType {
  Shape shape = Shape::kAny;
  std::vector<TypePtr> parts;        // array: first elements; any: members; function: parameters
  std::vector<Property> properties;  // object: known keys, ascending
  bool open = false;                 // object: has further keys, of the two types below
  TypePtr key;
  TypePtr rest;  // array: further elements; object: values of further keys; set: elements;
                 // function: the answer
  std::uint32_t weight = 1;
};

inline constexpr std::uint32_t kMaxTypeWeight = 1000;

TypePtr scalar_type(Shape shape);
TypePtr anything();
TypePtr array_type(std::vector<TypePtr> first, TypePtr rest);
TypePtr set_type(TypePtr elements);
TypePtr object_type(std::vector<Property> properties);
// Keys beyond `properties` have type `key` and values of type `rest`.
TypePtr open_object_type(std::vector<Property> properties, TypePtr key, TypePtr rest);
TypePtr function_type(std::vector<TypePtr> parameters, TypePtr answer);
TypePtr type_of_value(const Value& value);

int compare(const TypePtr& a, const TypePtr& b);
// The type of what has one of the two. Null counts as nothing; a function and something else
// have no union.
TypePtr either(const TypePtr& a, const TypePtr& b);
// Whether some value can have both types.
bool fits(const TypePtr& a, const TypePtr& b);

bool is_anything(const TypePtr& type);
bool is_function(const TypePtr& type);
// Some part of it is not known.
bool is_unknown(const TypePtr& type);
// A collection that holds nothing: {}, [], set().
bool is_empty_collection(const TypePtr& type);

// The type at a constant key; null if there can be none.
TypePtr type_at(const TypePtr& type, const Value& key);
// What iterating gives; null if the type has no elements.
TypePtr keys_of(const TypePtr& type);
TypePtr values_of(const TypePtr& type);

// As in OPA's messages: any<number, string>, object<a: number>[string: any]; cut short if long.
std::string text_of(const TypePtr& type);

}  // namespace licet::lang::check
