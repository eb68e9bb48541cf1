#include "lang/plan/narrowing.h"

#include <algorithm>
#include <optional>

#include "lang/resolve/visit.h"

namespace licet::lang::plan {
namespace {

// More values are as good as any value.
constexpr std::size_t kMostValues = 64;

using Values = std::vector<Value>;

std::optional<Values> members_of(const Value& value) {
  if (value.is_object()) {
    Values values;
    for (const Entry& entry : value.entries()) values.push_back(entry.value);
    return values;
  }
  if (!value.is_array() && !value.is_set()) return std::nullopt;
  return Values(value.elements().begin(), value.elements().end());
}

}  // namespace

// Reads one body. As in OPA a variable is known by the first literal of the body itself that makes
// it equal to constants, and for what stands after that literal in the text.
class Narrowing::BodyReader {
 public:
  explicit BodyReader(std::map<const core::Term*, Values>& known) : known_(known) {
    visitor_.reference = [this](const core::Reference& r, Span) { reference(r); };
  }

  void body(const core::Body& body) {
    std::vector<const core::Literal*> literals;
    for (const core::Literal& l : body) literals.push_back(&l);
    // In the order of the text: what was hoisted out of a literal stands before it.
    std::stable_sort(literals.begin(), literals.end(),
                     [](const auto* a, const auto* b) { return a->origin < b->origin; });
    for (const core::Literal* literal : literals) {
      core::visit(*literal, visitor_);
      learn(*literal);
    }
  }
  void term(const core::Term& term) { core::visit(term, visitor_); }

 private:
  void reference(const core::Reference& r) {
    if (r.root != core::Root::kData) return;
    std::size_t readings = 1;
    for (const core::Term& operand : r.operands) {
      if (std::holds_alternative<core::Constant>(operand.node)) continue;
      auto values = values_of(operand);
      if (!values || values->empty() || readings * values->size() > kMostValues) continue;
      readings *= values->size();
      known_.emplace(&operand, std::move(*values));
    }
  }

  void learn(const core::Literal& literal) {
    if (literal.negated || !literal.with.empty()) return;
    if (const auto* unify = std::get_if<core::Unify>(&literal.node)) {
      if (!learn(unify->left, values_of(unify->right))) {
        learn(unify->right, values_of(unify->left));
      }
    } else if (const auto* some = std::get_if<core::SomeIn>(&literal.node)) {
      const auto collections = values_of(some->collection);
      if (collections) learn(some->value, members_of_all(*collections));
    }
  }
  bool learn(const core::Term& name, std::optional<Values> values) {
    const auto* variable = std::get_if<core::Variable>(&name.node);
    if (variable == nullptr || !values) return false;
    variables_.emplace(variable->id, std::move(*values));
    return true;
  }

  std::optional<Values> values_of(const core::Term& term) const {
    if (const auto* constant = std::get_if<core::Constant>(&term.node)) {
      return Values{constant->value};
    }
    if (const auto* variable = std::get_if<core::Variable>(&term.node)) {
      const auto found = variables_.find(variable->id);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    }
    const auto* reference = std::get_if<core::Reference>(&term.node);
    if (reference == nullptr || reference->root != core::Root::kTerm) return std::nullopt;
    auto values = values_of(*reference->base);
    for (const core::Term& operand : reference->operands) {
      if (!values) return std::nullopt;
      const auto* key = std::get_if<core::Constant>(&operand.node);
      values = key == nullptr ? members_of_all(*values) : parts_of_all(*values, key->value);
    }
    return values;
  }
  static std::optional<Values> members_of_all(const Values& collections) {
    Values all;
    for (const Value& collection : collections) {
      const auto members = members_of(collection);
      if (!members || all.size() + members->size() > kMostValues) return std::nullopt;
      all.insert(all.end(), members->begin(), members->end());
    }
    return all;
  }
  static Values parts_of_all(const Values& wholes, const Value& key) {
    Values parts;
    for (const Value& whole : wholes) {
      const Value part = whole.is_composite() ? whole.get(key) : Value::undefined();
      if (!part.is_undefined()) parts.push_back(part);
    }
    return parts;
  }

  std::map<const core::Term*, Values>& known_;
  std::map<core::VariableId, Values> variables_;
  core::Visitor visitor_;
};

Narrowing::Narrowing(const core::Policy& policy) {
  for (const core::Rule& rule : policy.rules) {
    for (const core::Rule* branch = &rule; branch != nullptr; branch = branch->else_rule.get()) {
      BodyReader reader(known_);
      reader.body(branch->body);
      for (const core::Term& key : branch->keys) reader.term(key);
      reader.term(branch->value);
    }
  }
}

const std::vector<Value>* Narrowing::values(const core::Reference& reference,
                                            std::size_t operand) const {
  const auto found = known_.find(&reference.operands[operand]);
  return found == known_.end() ? nullptr : &found->second;
}

}  // namespace licet::lang::plan
