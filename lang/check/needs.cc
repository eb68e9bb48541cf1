#include "lang/check/needs.h"

#include "lang/check/bindings.h"

namespace licet::lang::check {

using core::Depth;
using core::VariableSet;

VariableSet with_variables(const core::Literal& literal) {
  VariableSet set;
  for (const core::With& with : literal.with) {
    if (with.value) core::add_variables(*with.value, Depth::kLevel, set);
  }
  return set;
}

VariableSet Needs::needed(const core::Literal& literal, const VariableSet& level) const {
  VariableSet own = core::variables_of(literal, Depth::kLevel);
  if (is_key(literal)) return own;
  own.insert(core::variables_of(literal, Depth::kAllButKeys).common(level));
  add_implicit_names(literal, own);
  return own;
}

// xs[[y | ...]]: as in OPA a comprehension that is a key waits for nothing that it uses of the body
// around. What has no value by then is unsafe inside of it.
bool Needs::is_key(const core::Literal& literal) const {
  const auto* part = std::get_if<core::Unify>(&literal.node);
  const auto* name = part == nullptr ? nullptr : std::get_if<core::Variable>(&part->left.node);
  return name != nullptr && variables_[name->id].of_reference &&
         std::holds_alternative<core::Comprehension>(part->right.node);
}

void Needs::add_implicit_names(const core::Literal& literal, VariableSet& set) const {
  if (const auto* negation = std::get_if<core::Not>(&literal.node)) {
    if (negation->implicit) add_names(negation->body, set);
  } else if (const auto* logic = std::get_if<core::Logic>(&literal.node)) {
    if (logic->implicit_left) add_names(logic->left, set);
    if (logic->implicit_right) add_names(logic->right, set);
  }
}

// All variables of a body but those that the compiler made.
void Needs::add_names(const core::Body& body, VariableSet& set) const {
  for (const core::VariableId id : core::variables_of(body, Depth::kLevel).ids()) {
    if (!variables_[id].generated) set.insert(id);
  }
}

VariableSet Needs::lacks(const core::Literal& literal, const VariableSet& level,
                         const VariableSet& safe, const VariableSet& bound) const {
  VariableSet missing = needed(literal, level).without(safe).without(bound);
  // What bodies use that are iterated over must be there before, as must the value of a `with`: it
  // does not come out of the literal.
  const auto* some = std::get_if<core::SomeIn>(&literal.node);
  if (some != nullptr && !std::holds_alternative<core::Reference>(some->collection.node)) {
    missing.insert(core::variables_of(some->collection, Depth::kAll).common(level).without(safe));
  }
  missing.insert(with_variables(literal).without(safe));
  return missing;
}

VariableSet Needs::lacks_as_a_whole(const core::Body& body, const Statements::Statement& statement,
                                    const VariableSet& level, const VariableSet& safe,
                                    VariableSet& bound) const {
  VariableSet missing = statement.whole ? VariableSet() : statement.named;
  for (std::size_t i = statement.first; i < statement.end; ++i) {
    VariableSet matched;
    add_outputs(body[i], safe, bound, &matched);
    if (statement.whole == i) add_keys_of_patterns(body, statement, matched, bound);
    // What `every` goes over is made before it.
    const auto* every = std::get_if<core::Every>(&body[i].node);
    missing.insert(every == nullptr ? needed(body[i], level)
                                    : core::variables_of(every->domain, Depth::kLevel));
    if (every == nullptr) missing.insert(with_variables(body[i]));
  }
  return missing.without(safe).without(bound);
}

// [x, xs[y]] = input.pair: a reference that is matched has a value, and its keys get theirs.
void Needs::add_keys_of_patterns(const core::Body& body, const Statements::Statement& statement,
                                 const VariableSet& matched, VariableSet& bound) {
  for (std::size_t i = statement.end - 1; i-- > statement.first;) {
    const auto& part = std::get<core::Unify>(body[i].node);
    const core::VariableId name = std::get<core::Variable>(part.left.node).id;
    const auto* reference = std::get_if<core::Reference>(&part.right.node);
    if (reference == nullptr || !matched.contains(name)) continue;
    for (const core::Term& key : reference->operands) {
      core::add_variables(key, Depth::kLevel, bound);
    }
  }
}

bool Needs::gives_a_name(const core::Call& call) const {
  if (!call.result) return false;
  const auto* name = std::get_if<core::Variable>(&call.result->node);
  return name == nullptr || !variables_[name->id].generated;
}

}  // namespace licet::lang::check
