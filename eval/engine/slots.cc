// Typed handles of attributes.
#include <concepts>

#include "eval/engine/state.h"

namespace licet {
namespace {

enum class Setter { kString, kInteger, kDouble, kBool, kStrings };

template <class T>
constexpr Setter setter_of() {
  if constexpr (std::same_as<T, std::string_view>)
    return Setter::kString;
  else if constexpr (std::same_as<T, std::int64_t>)
    return Setter::kInteger;
  else if constexpr (std::same_as<T, double>)
    return Setter::kDouble;
  else if constexpr (std::same_as<T, bool>)
    return Setter::kBool;
  else
    return Setter::kStrings;
}

std::string_view text_of(Setter setter) {
  static constexpr std::string_view kTexts[] = {"a string", "an integer", "a number", "a boolean",
                                                "a list of strings"};
  return kTexts[static_cast<std::size_t>(setter)];
}

bool literal_accepts(const Value& literal, Setter setter) {
  if (literal.is_string()) return setter == Setter::kString;
  if (literal.is_bool()) return setter == Setter::kBool;
  return literal.is_number() && (setter == Setter::kInteger || setter == Setter::kDouble);
}

// Whether some value of the setter's type fits.
bool accepts(const Schema& schema, TypeIndex index, Setter setter, int depth = 0) {
  constexpr int kMaxDepth = 64;
  const Type& type = schema.types[index];
  switch (type.kind) {
    case TypeKind::kAny:
      return true;
    case TypeKind::kBool:
      return setter == Setter::kBool;
    case TypeKind::kInt:
    case TypeKind::kTime:
      return setter == Setter::kInteger;
    case TypeKind::kNumber:
      return setter == Setter::kInteger || setter == Setter::kDouble;
    case TypeKind::kString:
    case TypeKind::kIp:
    case TypeKind::kCidr:
    case TypeKind::kUuid:
      return setter == Setter::kString;
    case TypeKind::kLiteral:
      return literal_accepts(type.literal, setter);
    case TypeKind::kUnion:
      for (const TypeIndex member : type.members) {
        if (depth < kMaxDepth && accepts(schema, member, setter, depth + 1)) return true;
      }
      return false;
    case TypeKind::kList:
      return setter == Setter::kStrings && depth < kMaxDepth &&
             accepts(schema, type.members.front(), Setter::kString, depth + 1);
    case TypeKind::kNull:
    case TypeKind::kMap:
    case TypeKind::kRecord:
      break;
  }
  return false;
}

// Whether every value of the setter's type fits. False says nothing: values are looked at then.
bool accepts_all(const Schema& schema, TypeIndex index, Setter setter, int depth = 0) {
  constexpr int kMaxDepth = 8;
  if (depth > kMaxDepth) return false;
  const Type& type = schema.types[index];
  switch (type.kind) {
    case TypeKind::kAny:
      return true;
    case TypeKind::kBool:
      return setter == Setter::kBool;
    case TypeKind::kInt:
      return setter == Setter::kInteger;
    case TypeKind::kNumber:
      return setter == Setter::kInteger || setter == Setter::kDouble;
    case TypeKind::kString:
      return setter == Setter::kString;
    case TypeKind::kUnion:
      for (const TypeIndex member : type.members) {
        if (accepts_all(schema, member, setter, depth + 1)) return true;
      }
      return false;
    case TypeKind::kList:
      return setter == Setter::kStrings &&
             accepts_all(schema, type.members.front(), Setter::kString, depth + 1);
    case TypeKind::kTime:
    case TypeKind::kIp:
    case TypeKind::kCidr:
    case TypeKind::kUuid:
    case TypeKind::kLiteral:
    case TypeKind::kNull:
    case TypeKind::kMap:
    case TypeKind::kRecord:
      break;
  }
  return false;
}

}  // namespace

template <class T>
Result<Slot<T>, AttributeError> Engine::slot(std::string_view path) const {
  const std::shared_ptr<const RequestLayout> at = layout();
  Result<Attribute, AttributeError> attribute = at->attribute(path);
  if (!attribute) return Failure{std::move(attribute).error()};
  const Schema& schema = at->program().schema;
  const std::optional<TypeIndex> type = attribute->type;
  if (type && !accepts(schema, *type, setter_of<T>())) {
    return Failure{AttributeError{attribute->text, "`" + attribute->text + "` is " +
                                                       type_text(schema, *type) + ", not " +
                                                       std::string(text_of(setter_of<T>()))}};
  }
  const auto index = at->find(attribute->text);
  const std::optional<CellIndex> cell = attribute->cell;
  Slot<T> slot(std::make_shared<const Attribute>(std::move(attribute).value()), at->id(), index);
  if (cell && (!type || accepts_all(schema, *type, setter_of<T>()))) {
    slot.direct_layout_ = at->id();
    slot.cell_ = *cell;
  }
  return slot;
}

template Result<Slot<std::string_view>, AttributeError> Engine::slot(std::string_view) const;
template Result<Slot<std::int64_t>, AttributeError> Engine::slot(std::string_view) const;
template Result<Slot<double>, AttributeError> Engine::slot(std::string_view) const;
template Result<Slot<bool>, AttributeError> Engine::slot(std::string_view) const;
template Result<Slot<StringList>, AttributeError> Engine::slot(std::string_view) const;

}  // namespace licet
