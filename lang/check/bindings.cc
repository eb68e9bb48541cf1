#include "lang/check/bindings.h"

namespace licet::lang::check {
namespace {

using core::Depth;
using core::VariableSet;

class Outputs {
 public:
  Outputs(const VariableSet& safe, VariableSet& bound, VariableSet* matched)
      : safe_(safe), bound_(bound), matched_(matched) {}

  // Of a hoisted part only the name that it is given.
  void give_name(const core::Unify& u) {
    if (covered(u.right)) bind(u.left);
  }

  void operator()(const core::Test& t) { references(t.term); }
  void operator()(const core::Unify& u) {
    assigns_ = u.assigns;
    // Until nothing changes: [x, 1] = [y, y] gives y first, then x. Forwards and backwards in turn,
    // so that a chain of names takes few passes in either direction.
    for (VariableSet before;; is_backwards_ = !is_backwards_) {
      before = bound_;
      references(u.left);
      references(u.right);
      unify(u.left, u.right);
      if (is_backwards_ && before.contains_all(bound_)) return;
    }
  }
  void operator()(const core::Call& c) {
    for (const core::Term& argument : c.arguments) references(argument);
    if (!c.result) return;
    for (const core::Term& argument : c.arguments) {
      if (!covered(argument)) return;
    }
    bind(*c.result);
  }
  void operator()(const core::SomeIn& s) {
    references(s.collection);
    if (!covered(s.collection)) return;
    if (s.key) bind(*s.key);
    bind(s.value);
  }
  void operator()(const core::Every&) {}
  void operator()(const core::Not&) {}
  void operator()(const core::Logic&) {}

 private:
  bool covered(const core::Term& term) const { return core::has_variables_of(safe_, bound_, term); }
  void bind(const core::Term& pattern) {
    references(pattern);
    if (std::holds_alternative<core::Reference>(pattern.node)) return;
    if (const auto* variable = std::get_if<core::Variable>(&pattern.node)) {
      bound_.insert(variable->id);
    } else if (const auto* array = std::get_if<core::Array>(&pattern.node)) {
      for (const core::Term& element : array->elements) bind_part(element);
    } else if (const auto* object = std::get_if<core::Object>(&pattern.node)) {
      // Keys must be known: an object is matched key by key.
      for (const auto& [key, value] : object->entries) {
        if (covered(key)) bind_part(value);
      }
    }
  }
  void bind_part(const core::Term& part) {
    const auto* variable = std::get_if<core::Variable>(&part.node);
    if (variable != nullptr && matched_ != nullptr) matched_->insert(variable->id);
    bind(part);
  }
  // Operands of references whose base has a value before the literal: what another part of the
  // literal gives one does not count, as in data.a[x] = x[y].
  void references(const core::Term& term) {
    if (const auto* reference = std::get_if<core::Reference>(&term.node)) {
      if (reference->base && !core::has_variables_of(safe_, *reference->base)) return;
      for (const core::Term& operand : reference->operands) {
        core::add_variables(operand, Depth::kLevel, bound_);
      }
    } else if (const auto* array = std::get_if<core::Array>(&term.node)) {
      for (const core::Term& element : array->elements) references(element);
    } else if (const auto* object = std::get_if<core::Object>(&term.node)) {
      for (const auto& [key, value] : object->entries) {
        references(key);
        references(value);
      }
    }
  }
  // As OPA sees it: which shapes meet decides what gets a value, also where they can never be
  // equal.
  void unify(const core::Term& left, const core::Term& right) {
    const Shape a = shape_of(left);
    const Shape b = shape_of(right);
    if (a == Shape::kArray && b == Shape::kArray) return unify_arrays(left, right);
    if (a == Shape::kObject && b == Shape::kObject) return unify_objects(left, right);
    if (!gives_values(a, b)) return;
    if (covered(right)) bind(left);
    if (assigns_ ? is_known(left) : covered(left)) bind(right);
  }

  // Names on the left of := give nothing on the right a value, constants do: [x, {}] := [2, y].
  static bool is_known(const core::Term& left) {
    return core::variables_of(left, Depth::kLevel).empty();
  }

  enum class Shape {
    kVariable,
    kReference,
    kArray,
    kObject,
    kArrayComprehension,
    kObjectComprehension,
    kSetComprehension,
    kOther
  };
  static Shape shape_of(const Value& value) {
    if (value.is_array()) return Shape::kArray;
    return value.is_object() ? Shape::kObject : Shape::kOther;
  }
  static Shape shape_of(const core::Term& term) {
    struct Visitor {
      Shape operator()(const core::Constant& c) const { return shape_of(c.value); }
      Shape operator()(const core::Variable&) const { return Shape::kVariable; }
      Shape operator()(const core::Reference&) const { return Shape::kReference; }
      Shape operator()(const core::Array&) const { return Shape::kArray; }
      Shape operator()(const core::Set&) const { return Shape::kOther; }
      Shape operator()(const core::Object&) const { return Shape::kObject; }
      Shape operator()(const core::Comprehension& c) const {
        switch (c.kind) {
          case ast::ComprehensionKind::kArray:
            return Shape::kArrayComprehension;
          case ast::ComprehensionKind::kObject:
            return Shape::kObjectComprehension;
          case ast::ComprehensionKind::kSet:
            return Shape::kSetComprehension;
        }
        return Shape::kOther;
      }
    };
    return std::visit(Visitor{}, term.node);
  }
  // Whether one side of an equation gives the variables of the other values. What stands on the
  // left matters for comprehensions.
  static bool gives_values(Shape left, Shape right) {
    const bool composite = right == Shape::kArray || right == Shape::kObject;
    switch (left) {
      case Shape::kVariable:
        return true;
      case Shape::kReference:
        return right == Shape::kVariable || composite;
      case Shape::kArrayComprehension:
        return right == Shape::kVariable || right == Shape::kArray;
      case Shape::kObjectComprehension:
        return right == Shape::kVariable || right == Shape::kObject;
      case Shape::kArray:
        return right != Shape::kObject && right != Shape::kOther;
      case Shape::kObject:
        return right == Shape::kVariable || right == Shape::kReference;
      case Shape::kSetComprehension:
      case Shape::kOther:
        return right == Shape::kVariable;
    }
    return false;
  }

  void unify_arrays(const core::Term& left, const core::Term& right) {
    const auto* a = std::get_if<core::Array>(&left.node);
    const auto* b = std::get_if<core::Array>(&right.node);
    if (a == nullptr && b == nullptr) return;
    if (a == nullptr) return unify_value(right, std::get<core::Constant>(left.node).value);
    if (b == nullptr) return unify_value(left, std::get<core::Constant>(right.node).value);
    const std::size_t size = a->elements.size();
    if (b->elements.size() != size) return;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t at = is_backwards_ ? size - 1 - i : i;
      unify(a->elements[at], b->elements[at]);
    }
  }
  // By the keys that both have.
  void unify_objects(const core::Term& left, const core::Term& right) {
    const auto* a = std::get_if<core::Object>(&left.node);
    const auto* b = std::get_if<core::Object>(&right.node);
    if (a == nullptr && b == nullptr) return;
    if (a == nullptr) return unify_value(right, std::get<core::Constant>(left.node).value);
    if (b == nullptr) return unify_value(left, std::get<core::Constant>(right.node).value);
    if (a->entries.size() != b->entries.size()) return;
    for (const auto& [key, value] : a->entries) {
      for (const auto& [other, other_value] : b->entries) {
        if (core::same_key(key, other)) unify(value, other_value);
      }
    }
  }
  void unify_value(const core::Term& pattern, const Value& value) {
    if (std::holds_alternative<core::Variable>(pattern.node)) return bind(pattern);
    if (const auto* array = std::get_if<core::Array>(&pattern.node)) {
      if (!value.is_array() || value.size() != array->elements.size()) return;
      for (std::size_t i = 0; i < array->elements.size(); ++i) {
        unify_value(array->elements[i], value.elements()[i]);
      }
    } else if (const auto* object = std::get_if<core::Object>(&pattern.node)) {
      if (!value.is_object() || value.size() != object->entries.size()) return;
      for (const auto& [key, part] : object->entries) {
        const auto* constant = std::get_if<core::Constant>(&key.node);
        if (constant == nullptr) continue;
        const Value its = value.get(constant->value);
        if (!its.is_undefined()) unify_value(part, its);
      }
    }
  }

  const VariableSet& safe_;
  VariableSet& bound_;
  VariableSet* matched_;
  bool is_backwards_ = false;
  bool assigns_ = false;
};

}  // namespace

void add_outputs(const core::Literal& literal, const VariableSet& safe, VariableSet& bound,
                 VariableSet* matched) {
  Outputs visitor(safe, bound, matched);
  const auto* unify = std::get_if<core::Unify>(&literal.node);
  if (literal.negated && unify != nullptr) {
    visitor.give_name(*unify);
  } else {
    std::visit(visitor, literal.node);
  }
}

VariableSet outputs(const core::Literal& literal, const VariableSet& safe) {
  VariableSet bound;
  add_outputs(literal, safe, bound);
  return bound.without(safe);
}

}  // namespace licet::lang::check
