#include "lang/check/bindings.h"

namespace licet::lang::check {
namespace {

using core::Depth;
using core::VariableSet;

class Outputs {
 public:
  explicit Outputs(const VariableSet& safe) : known_(safe), safe_(safe) {}

  VariableSet result() const { return known_.without(safe_); }

  void operator()(const core::Test& t) { references(t.term); }
  void operator()(const core::Unify& u) {
    // Until nothing changes: [x, 1] = [y, y] gives y first, then x. Forwards and backwards in turn,
    // so that a chain of names takes few passes in either direction.
    for (VariableSet before;; is_backwards_ = !is_backwards_) {
      before = known_;
      references(u.left);
      references(u.right);
      unify(u.left, u.right);
      if (is_backwards_ && before.contains_all(known_)) return;
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
  bool covered(const core::Term& term) const { return core::has_variables_of(known_, term); }
  void bind(const core::Term& pattern) {
    references(pattern);
    if (std::holds_alternative<core::Reference>(pattern.node)) return;
    if (const auto* variable = std::get_if<core::Variable>(&pattern.node)) {
      known_.insert(variable->id);
    } else if (const auto* array = std::get_if<core::Array>(&pattern.node)) {
      for (const core::Term& element : array->elements) bind(element);
    } else if (const auto* object = std::get_if<core::Object>(&pattern.node)) {
      // Keys must be known: an object is matched key by key.
      for (const auto& [key, value] : object->entries) {
        if (covered(key)) bind(value);
      }
    }
  }
  // Operands of references whose base has a value.
  void references(const core::Term& term) {
    if (const auto* reference = std::get_if<core::Reference>(&term.node)) {
      if (reference->base && !covered(*reference->base)) return;
      for (const core::Term& operand : reference->operands) {
        core::add_variables(operand, Depth::kLevel, known_);
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
  void unify(const core::Term& left, const core::Term& right) {
    const auto* a = std::get_if<core::Array>(&left.node);
    const auto* b = std::get_if<core::Array>(&right.node);
    if (a != nullptr && b != nullptr) {
      if (a->elements.size() != b->elements.size()) return;
      const std::size_t size = a->elements.size();
      for (std::size_t i = 0; i < size; ++i) {
        const std::size_t at = is_backwards_ ? size - 1 - i : i;
        unify(a->elements[at], b->elements[at]);
      }
      return;
    }
    if (have_other_shapes(left, right) || have_other_shapes(right, left)) return;
    if (unify_objects(left, right) || unify_constant_array(left, right) ||
        unify_constant_array(right, left)) {
      return;
    }
    if (covered(right)) bind(left);
    if (covered(left)) bind(right);
  }
  // A pattern of an array against what makes an object or set, and the like: nothing is bound.
  static bool have_other_shapes(const core::Term& pattern, const core::Term& other) {
    const bool is_array = std::holds_alternative<core::Array>(pattern.node);
    const bool is_object = std::holds_alternative<core::Object>(pattern.node);
    if (!is_array && !is_object) return false;
    if (std::holds_alternative<core::Set>(other.node)) return true;
    return is_array ? std::holds_alternative<core::Object>(other.node)
                    : std::holds_alternative<core::Array>(other.node);
  }
  // Two objects with variables, by the keys that they have in common.
  bool unify_objects(const core::Term& left, const core::Term& right) {
    const auto* a = std::get_if<core::Object>(&left.node);
    const auto* b = std::get_if<core::Object>(&right.node);
    if (a == nullptr || b == nullptr) return false;
    for (const auto& [key, value] : a->entries) {
      for (const auto& [other, other_value] : b->entries) {
        if (core::same_key(key, other)) unify(value, other_value);
      }
    }
    return true;
  }
  // [x, y] = [1]: lengths differ, nothing is bound; OPA calls x and y unsafe then.
  bool unify_constant_array(const core::Term& pattern, const core::Term& constant) {
    const auto* c = std::get_if<core::Constant>(&constant.node);
    if (c == nullptr) return false;
    if (const auto* a = std::get_if<core::Array>(&pattern.node)) {
      return !c->value.is_array() || c->value.size() != a->elements.size();
    }
    if (const auto* o = std::get_if<core::Object>(&pattern.node)) {
      return !c->value.is_object() || c->value.size() != o->entries.size();
    }
    return false;
  }

  VariableSet known_;
  const VariableSet& safe_;
  bool is_backwards_ = false;
};

}  // namespace

VariableSet outputs(const core::Literal& literal, const VariableSet& safe) {
  Outputs visitor(safe);
  std::visit(visitor, literal.node);
  return visitor.result();
}

}  // namespace licet::lang::check
