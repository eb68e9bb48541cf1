#include "lang/plan/skeleton.h"

#include "eval/builder.h"

namespace licet::lang::plan {
namespace {

// A place below a node, with what the rules make there.
struct Place {
  std::map<Value, Place> below;
  bool is_set = false;
  bool is_value = false;     // of its own: nothing is there without a solution
  bool is_computed = false;  // keys come from solutions
};

const Value* scalar_of(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr || constant->value.is_composite() ? nullptr : &constant->value;
}

void add(const core::Rule& rule, Place& place) {
  Place* at = &place;
  for (const core::Term& key : rule.keys) {
    const Value* scalar = scalar_of(key);
    if (scalar == nullptr) {
      at->is_computed = true;
      return;
    }
    at = &at->below[*scalar];
  }
  (rule.kind == core::HeadKind::kMember ? at->is_set : at->is_value) = true;
}

void add(const Node& node, Place& place, Arena& arena) {
  for (const core::Rule* rule : node.rules) {
    if (rule->parameters) {
      place.is_value = true;
    } else {
      add(*rule, place);
    }
  }
  for (const auto& [name, child] : node.children) {
    add(*child, place.below[Value::string(name, arena)], arena);
  }
}

Value value_of(const Place& place, Arena& arena) {
  if (place.is_set) return Value::set({}, arena);
  if (place.is_value) return Value::undefined();
  ObjectBuilder object(arena);
  if (place.is_computed) return object.object();
  for (const auto& [key, below] : place.below) {
    const Value value = value_of(below, arena);
    if (value.is_defined()) object.add(key, value);
  }
  return object.object();
}

}  // namespace

Value skeleton_of(const Node& node, const Value* first_key, Arena& arena) {
  Place place;
  add(node, place, arena);
  if (first_key != nullptr)
    std::erase_if(place.below, [&](const auto& entry) { return !(entry.first == *first_key); });
  const Value value = value_of(place, arena);
  return value.is_object() && value.size() > 0 ? value : Value::undefined();
}

}  // namespace licet::lang::plan
