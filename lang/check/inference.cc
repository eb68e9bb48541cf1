#include "lang/check/inference.h"

#include <algorithm>

#include "lang/resolve/variables.h"

namespace licet::lang::check {
namespace {

const Value* constant_of(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr ? nullptr : &constant->value;
}

// Whether an operand looks one key up; others go through all.
bool selects(const core::Term& operand) {
  const Value* value = constant_of(operand);
  return value != nullptr && !value->is_composite();
}

// A constant against a type, part by part as a term of constants would be.
bool value_fits(const Value& value, const TypePtr& type) {
  if (type == nullptr) return false;
  if (!value.is_composite()) return fits(type_of_value(value), type);
  if (type->shape == Shape::kAny) {
    return type->parts.empty() ||
           std::any_of(type->parts.begin(), type->parts.end(),
                       [&](const TypePtr& part) { return value_fits(value, part); });
  }
  if (value.is_array() && type->shape == Shape::kArray) {
    const auto elements = value.elements();
    if (elements.size() != type->parts.size() && type->rest == nullptr) return false;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const TypePtr& wanted = i < type->parts.size() ? type->parts[i] : type->rest;
      if (!value_fits(elements[i], wanted)) return false;
    }
    return true;
  }
  if (value.is_set() && type->shape == Shape::kSet) {
    const auto elements = value.elements();
    return std::all_of(elements.begin(), elements.end(),
                       [&](const Value& element) { return value_fits(element, type->rest); });
  }
  if (value.is_object() && type->shape == Shape::kObject) {
    if (value.size() != type->properties.size() && type->rest == nullptr) return false;
    const auto entries = value.entries();
    return std::all_of(entries.begin(), entries.end(), [&](const Entry& entry) {
      return value_fits(entry.value, type_at(type, entry.key));
    });
  }
  return false;
}

// A constant array or object as a term of constants; nullopt for every other term.
std::optional<core::Term> term_of_parts(const core::Term& term) {
  const Value* value = constant_of(term);
  if (value == nullptr) return std::nullopt;
  const auto part = [&](const Value& v) { return core::Term{core::Constant{v}, term.span}; };
  if (value->is_array()) {
    core::Array array;
    for (const Value& element : value->elements()) array.elements.push_back(part(element));
    return core::Term{std::move(array), term.span};
  }
  if (value->is_object()) {
    core::Object object;
    for (const Entry& entry : value->entries()) {
      object.entries.push_back({part(entry.key), part(entry.value)});
    }
    return core::Term{std::move(object), term.span};
  }
  return std::nullopt;
}

}  // namespace

void Inference::set_variable(core::VariableId id, TypePtr type) {
  changes_.emplace_back(id, types_[id]);
  types_[id] = std::move(type);
}

void Inference::forget_since(std::size_t mark) {
  while (changes_.size() > mark) {
    types_[changes_.back().first] = std::move(changes_.back().second);
    changes_.pop_back();
  }
}

TypePtr Inference::type_along(TypePtr type, std::span<const core::Term> operands) const {
  for (const core::Term& operand : operands) {
    if (type == nullptr) return nullptr;
    if (selects(operand)) {
      type = type_at(type, *constant_of(operand));
    } else if (is_empty_collection(type)) {
      return anything();
    } else {
      type = values_of(type);
    }
  }
  return type;
}

bool Inference::goes_over_nothing(const core::Term& term) const {
  const auto* reference = std::get_if<core::Reference>(&term.node);
  if (reference == nullptr || reference->root != core::Root::kTerm) return false;
  TypePtr type = type_of(*reference->base);
  for (const core::Term& operand : reference->operands) {
    if (type != nullptr && is_empty_collection(type) && !selects(operand)) return true;
    type = type_along(std::move(type), std::span(&operand, 1));
  }
  return false;
}

std::vector<const RuleTypes*> Inference::layers(core::Root root) const {
  std::vector<const RuleTypes*> layers;
  for (auto cover = covers_.rbegin(); cover != covers_.rend(); ++cover) {
    if (cover->root == root) layers.push_back(cover->types.get());
  }
  if (root == core::Root::kData) layers.push_back(&rules_);
  return layers;
}

// nullopt: the layer says nothing of it.
std::optional<TypePtr> Inference::type_in(const RuleTypes& layer,
                                          const core::Reference& reference) const {
  const std::span operands(reference.operands);
  const RuleTypeNode* node = &layer.root();
  if (node->children.empty() && node->type == nullptr) return std::nullopt;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Value* key = constant_of(operands[i]);
    const RuleTypeNode* child = key == nullptr ? nullptr : node->child(*key);
    if (child != nullptr) {
      node = child;
    } else if (node->type != nullptr) {
      return type_along(node->type, operands.subspan(i));
    } else if (key != nullptr) {
      return std::nullopt;
    } else {
      return type_along(RuleTypes::extent(*node), operands.subspan(i));
    }
  }
  return RuleTypes::extent(*node);
}

TypePtr Inference::type_of(const core::Reference& reference) const {
  if (reference.root == core::Root::kTerm) {
    return type_along(type_of(*reference.base), reference.operands);
  }
  for (const RuleTypes* layer : layers(reference.root)) {
    if (const auto type = type_in(*layer, reference)) return *type;
  }
  return anything();  // the input, or data that no rule makes
}

TypePtr Inference::type_of_rules(const core::Path& path) const {
  Arena arena;
  std::vector<Value> keys;
  for (const std::string& name : path) keys.push_back(Value::string(name, arena));
  for (const RuleTypes* layer : layers(core::Root::kData)) {
    const RuleTypeNode* node = &layer->root();
    for (std::size_t i = 0; i < keys.size() && node != nullptr; ++i) node = node->child(keys[i]);
    if (node != nullptr && node->type != nullptr) return node->type;
  }
  return nullptr;
}

TypePtr Inference::type_of(const core::Term& term) const {
  struct Visitor {
    const Inference& in;
    TypePtr operator()(const core::Constant& c) const { return type_of_value(c.value); }
    TypePtr operator()(const core::Variable& v) const { return in.types_[v.id]; }
    TypePtr operator()(const core::Reference& r) const { return in.type_of(r); }
    TypePtr operator()(const core::Array& a) const {
      std::vector<TypePtr> first;
      for (const core::Term& element : a.elements) first.push_back(in.type_of(element));
      return array_type(std::move(first), nullptr);
    }
    TypePtr operator()(const core::Set& s) const {
      TypePtr elements;
      for (const core::Term& element : s.elements) elements = either(elements, in.type_of(element));
      return set_type(std::move(elements));
    }
    TypePtr operator()(const core::Object& o) const {
      std::map<Value, TypePtr> known;
      bool open = false;
      TypePtr key;
      TypePtr rest;
      for (const auto& [k, v] : o.entries) {
        if (const Value* constant = constant_of(k)) {
          known[*constant] = in.type_of(v);
          continue;
        }
        open = true;
        key = in.type_of(k);
        rest = in.type_of(v);
      }
      std::vector<Property> properties;
      for (auto& [k, type] : known) properties.push_back({k, std::move(type)});
      return open ? open_object_type(std::move(properties), std::move(key), std::move(rest))
                  : object_type(std::move(properties));
    }
    TypePtr operator()(const core::Comprehension& c) const {
      const auto found = in.comprehensions_.find(&c);
      return found == in.comprehensions_.end() ? nullptr : found->second;
    }
  };
  return std::visit(Visitor{*this}, term.node);
}

bool Inference::unify(const core::Term& term, const TypePtr& type) {
  return unify(term, type, Join::kCheck);
}

bool Inference::unify_variable(core::VariableId id, const TypePtr& type, Join join) {
  const TypePtr have = types_[id];
  if (join == Join::kAdd) {
    set_variable(id, either(have, type));
  } else if (have != nullptr) {
    return fits(have, type);
  } else {
    set_variable(id, type);
  }
  return true;
}

// A comprehension that is a part of an array, set or object is in OPA a variable.
bool Inference::unify_comprehension(const core::Comprehension& comprehension, const TypePtr& type,
                                    Join join) {
  TypePtr& have = comprehensions_[&comprehension];
  if (join == Join::kCheck) return fits(have, type);
  have = either(have, type);
  return true;
}

template <class Part>
bool Inference::unify_members(const StaticType& type, const Part& part) {
  bool fit = false;
  for (const TypePtr& member : type.parts) fit = part(member) || fit;
  return fit;
}

bool Inference::unify_array(const core::Array& array, const TypePtr& type, Join join) {
  if (is_anything(type)) {
    for (const core::Term& element : array.elements) unify(element, type, Join::kAdd);
    return true;
  }
  if (type->shape == Shape::kAny) {
    return unify_members(*type,
                         [&](const TypePtr& t) { return unify_array(array, t, Join::kAdd); });
  }
  if (type->shape != Shape::kArray) return false;
  if (array.elements.size() != type->parts.size() && type->rest == nullptr) return false;
  for (std::size_t i = 0; i < array.elements.size(); ++i) {
    const TypePtr& wanted = i < type->parts.size() ? type->parts[i] : type->rest;
    if (!unify(array.elements[i], wanted, join)) return false;
  }
  return true;
}

bool Inference::unify_object(const core::Object& object, const TypePtr& type, Join join) {
  if (is_anything(type)) {
    for (const auto& [key, value] : object.entries) {
      unify(key, type, Join::kAdd);
      unify(value, type, Join::kAdd);
    }
    return true;
  }
  if (type->shape == Shape::kAny) {
    return unify_members(*type,
                         [&](const TypePtr& t) { return unify_object(object, t, Join::kAdd); });
  }
  if (type->shape != Shape::kObject) return false;
  if (object.entries.size() != type->properties.size() && type->rest == nullptr) return false;
  for (const auto& [key, value] : object.entries) {
    const Value* constant = constant_of(key);
    if (constant == nullptr) {
      unify(value, anything(), join);
      continue;
    }
    const TypePtr wanted = type_at(type, *constant);
    if (wanted == nullptr || !unify(value, wanted, join)) return false;
  }
  return true;
}

bool Inference::unify_set(const core::Set& set, const TypePtr& type, Join join) {
  if (is_anything(type)) {
    for (const core::Term& element : set.elements) unify(element, type, Join::kAdd);
    return true;
  }
  if (type->shape == Shape::kAny) {
    return unify_members(*type, [&](const TypePtr& t) { return unify_set(set, t, Join::kAdd); });
  }
  if (type->shape != Shape::kSet) return false;
  return std::all_of(set.elements.begin(), set.elements.end(),
                     [&](const core::Term& element) { return unify(element, type->rest, join); });
}

bool Inference::unify(const core::Term& term, const TypePtr& type, Join join) {
  struct Visitor {
    Inference& in;
    const core::Term& term;
    const TypePtr& type;
    Join join;
    bool operator()(const core::Constant& c) {
      return is_anything(type_of_value(c.value)) || value_fits(c.value, type);
    }
    bool operator()(const core::Variable& v) { return in.unify_variable(v.id, type, join); }
    bool operator()(const core::Reference& r) { return fits(in.type_of(r), type); }
    bool operator()(const core::Comprehension& c) { return in.unify_comprehension(c, type, join); }
    bool operator()(const core::Array& a) {
      return type != nullptr && in.unify_array(a, type, join);
    }
    bool operator()(const core::Set& s) { return type != nullptr && in.unify_set(s, type, join); }
    bool operator()(const core::Object& o) {
      return type != nullptr && in.unify_object(o, type, join);
    }
  };
  return std::visit(Visitor{*this, term, type, join}, term.node);
}

bool Inference::unify(const core::Term& a, const core::Term& b) {
  return unify(a, type_of(a), b, type_of(b));
}

bool Inference::unify(const core::Term& a, const TypePtr& type_a, const core::Term& b,
                      const TypePtr& type_b) {
  const bool unknown_a = is_unknown(type_a);
  const bool unknown_b = is_unknown(type_b);
  if (unknown_a && !unknown_b) return unify(a, type_b, Join::kCheck);
  if (unknown_b && !unknown_a) return unify(b, type_a, Join::kCheck);
  if (!unknown_a && !unknown_b) return fits(type_a, type_b);
  return unify_unknown(a, type_a, b, type_b);
}

// Neither side is fully known: what can be learned from their structure.
bool Inference::unify_unknown(const core::Term& a, const TypePtr& type_a, const core::Term& b,
                              const TypePtr& type_b) {
  if (const auto opened = term_of_parts(a)) return unify_unknown(*opened, type_a, b, type_b);
  if (const auto opened = term_of_parts(b)) return unify_unknown(a, type_a, *opened, type_b);
  const auto is_reference = [](const core::Term& t) {
    return std::holds_alternative<core::Reference>(t.node);
  };
  const auto* variable_a = std::get_if<core::Variable>(&a.node);
  const auto* variable_b = std::get_if<core::Variable>(&b.node);
  if (const auto* array = std::get_if<core::Array>(&a.node)) return unify_arrays(*array, b, a);
  if (const auto* object = std::get_if<core::Object>(&a.node)) return unify_objects(*object, b, a);
  if (variable_a != nullptr) {
    if (const auto* array = std::get_if<core::Array>(&b.node)) return unify_arrays(*array, a, b);
    if (const auto* o = std::get_if<core::Object>(&b.node)) return unify_objects(*o, a, b);
    if (variable_b != nullptr) {
      return unify(a, anything(), Join::kCheck) && unify(b, type_of(a), Join::kCheck);
    }
    if (is_reference(b)) return unify(a, anything(), Join::kCheck);
    if (type_a == nullptr && type_b != nullptr) return unify(a, type_b, Join::kCheck);
  }
  if (variable_b != nullptr) {
    if (is_reference(a)) return unify(b, anything(), Join::kCheck);
    if (type_b == nullptr && type_a != nullptr) return unify(b, type_a, Join::kCheck);
  }
  return false;
}

bool Inference::unify_arrays(const core::Array& a, const core::Term& b, const core::Term& whole) {
  if (std::holds_alternative<core::Variable>(b.node)) {
    return unify(whole, anything(), Join::kCheck) && unify(b, type_of(whole), Join::kCheck);
  }
  const auto* other = std::get_if<core::Array>(&b.node);
  if (other == nullptr || other->elements.size() != a.elements.size()) return false;
  for (std::size_t i = 0; i < a.elements.size(); ++i) {
    if (!unify(a.elements[i], other->elements[i])) return false;
  }
  return true;
}

bool Inference::unify_objects(const core::Object& a, const core::Term& b, const core::Term& whole) {
  if (std::holds_alternative<core::Variable>(b.node)) {
    return unify(whole, anything(), Join::kCheck) && unify(b, type_of(whole), Join::kCheck);
  }
  const auto* other = std::get_if<core::Object>(&b.node);
  if (other == nullptr || other->entries.size() != a.entries.size()) return false;
  std::size_t common = 0;
  for (const auto& [key, value] : a.entries) {
    for (const auto& [other_key, other_value] : other->entries) {
      if (!core::same_key(key, other_key)) continue;
      ++common;
      if (!unify(value, other_value)) return false;
      break;
    }
  }
  return common == a.entries.size();
}

}  // namespace licet::lang::check
