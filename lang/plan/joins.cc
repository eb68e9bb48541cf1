#include "lang/plan/joins.h"

#include <algorithm>
#include <map>

#include "lang/resolve/variables.h"

namespace licet::lang::plan {
namespace {

constexpr std::size_t kMostKeys = 4;
// How far an iteration looks ahead.
constexpr std::size_t kMostLiterals = 64;

using Match = ElementField::Match;

const Value* scalar(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr || constant->value.is_composite() ? nullptr : &constant->value;
}

std::optional<core::VariableId> variable_of(const core::Term& term) {
  const auto* variable = std::get_if<core::Variable>(&term.node);
  if (variable == nullptr) return std::nullopt;
  return variable->id;
}

// Scalars from `first` on; nullopt if something else is among them.
std::optional<std::vector<Value>> scalars(const std::vector<core::Term>& operands,
                                          std::size_t first) {
  std::vector<Value> path;
  for (std::size_t i = first; i < operands.size(); ++i) {
    const Value* value = scalar(operands[i]);
    if (value == nullptr) return std::nullopt;
    path.push_back(*value);
  }
  return path;
}

class Finder {
 public:
  Finder(const Literals& literals, const std::function<bool(core::VariableId)>& is_bound,
         Harmless& harmless)
      : literals_(literals), is_bound_(is_bound), harmless_(harmless) {}

  std::optional<Join> find(std::size_t at) {
    if (!begins_iteration(*literals_[at]) || !is_plain_data()) return std::nullopt;
    const std::size_t end = std::min(literals_.size(), at + kMostLiterals);
    for (std::size_t i = at; i < end; ++i) {
      const core::Literal& literal = *literals_[i];
      if (!literal.with.empty() || !harmless_(literal)) break;
      read(literal, i == at);
    }
    if (join_.keys.empty()) return std::nullopt;
    std::stable_partition(join_.keys.begin(), join_.keys.end(),
                          [](const JoinKey& key) { return key.match == Match::kEqual; });
    return std::move(join_);
  }

 private:
  struct Field {
    bool of_key = false;
    std::vector<Value> path;
  };
  // What is known outside of the iteration: a term, or any element of it.
  struct Outer {
    const core::Term* term = nullptr;
    bool element = false;
  };

  bool begins_iteration(const core::Literal& literal) {
    if (!literal.with.empty()) return false;
    if (const auto* some = std::get_if<core::SomeIn>(&literal.node)) return over(*some);
    if (const auto* unify = std::get_if<core::Unify>(&literal.node)) {
      return over(unify->right) || over(unify->left);
    }
    if (const auto* test = std::get_if<core::Test>(&literal.node)) return over(test->term);
    const auto* call = std::get_if<core::Call>(&literal.node);
    if (call == nullptr) return false;
    return std::any_of(call->arguments.begin(), call->arguments.end(),
                       [this](const core::Term& argument) { return over(argument); });
  }

  // some k, v in data.path
  bool over(const core::SomeIn& some) {
    const auto* reference = std::get_if<core::Reference>(&some.collection.node);
    if (reference == nullptr || reference->root != core::Root::kData) return false;
    auto path = scalars(reference->operands, 0);
    const auto value = variable_of(some.value);
    if (!path || path->empty() || !value || is_bound_(*value)) return false;
    join_.path = *std::move(path);
    element_ = value;
    if (some.key) key_ = variable_of(*some.key);
    if (key_ && is_bound_(*key_)) key_.reset();
    return true;
  }

  // data.path[k] or data.path[k].field, where k has no value yet.
  bool over(const core::Term& term) {
    const auto* reference = std::get_if<core::Reference>(&term.node);
    if (reference == nullptr || reference->root != core::Root::kData) return false;
    const std::vector<core::Term>& operands = reference->operands;
    std::size_t at = 0;
    while (at < operands.size() && scalar(operands[at]) != nullptr) ++at;
    if (at == 0 || at == operands.size() || !scalars(operands, at + 1)) return false;
    const auto key = variable_of(operands[at]);
    if (!key || is_bound_(*key)) return false;
    for (std::size_t i = 0; i < at; ++i) join_.path.push_back(*scalar(operands[i]));
    key_ = key;
    return true;
  }

  // Only loaded data: no rule defines anything at the path, above or below it.
  bool is_plain_data() const {
    const Node* node = &harmless_.tree().root();
    for (const Value& element : join_.path) {
      if (node->defines_document()) return false;
      if (!element.is_string()) return false;
      node = node->child(std::string(element.as_string()));
      if (node == nullptr) return true;
    }
    return false;
  }

  // The field of the element that a term stands for.
  std::optional<Field> field_of(const core::Term& term) const {
    if (const auto variable = variable_of(term)) {
      if (variable == key_) return Field{.of_key = true, .path = {}};
      const auto known = fields_.find(*variable);
      if (known != fields_.end()) return known->second;
      if (variable == element_) return Field{};
      return std::nullopt;
    }
    const auto* reference = std::get_if<core::Reference>(&term.node);
    if (reference == nullptr) return std::nullopt;
    const std::vector<core::Term>& operands = reference->operands;
    if (reference->root == core::Root::kTerm) {
      const auto base = field_of(*reference->base);
      const auto rest = scalars(operands, 0);
      if (!base || base->of_key || !rest) return std::nullopt;
      Field field = *base;
      field.path.insert(field.path.end(), rest->begin(), rest->end());
      return field;
    }
    const std::size_t at = join_.path.size();
    if (reference->root != core::Root::kData || operands.size() <= at || !key_) return std::nullopt;
    for (std::size_t i = 0; i < at; ++i) {
      const Value* value = scalar(operands[i]);
      if (value == nullptr || !(*value == join_.path[i])) return std::nullopt;
    }
    auto rest = scalars(operands, at + 1);
    if (variable_of(operands[at]) != key_ || !rest) return std::nullopt;
    return Field{.of_key = false, .path = *std::move(rest)};
  }

  // What a term stands for that is known before the iteration.
  std::optional<Outer> outer_of(const core::Term& term) {
    if (const auto variable = variable_of(term); variable && !is_bound_(*variable)) {
      const auto known = outers_.find(*variable);
      if (known == outers_.end()) return std::nullopt;
      return known->second;
    }
    if (std::holds_alternative<core::Comprehension>(term.node) || !harmless_(term)) {
      return std::nullopt;
    }
    const core::VariableSet used = core::variables_of(term, core::Depth::kAll);
    for (const core::VariableId id : used.ids()) {
      if (!is_bound_(id)) return std::nullopt;
    }
    return Outer{.term = &term, .element = false};
  }

  void read(const core::Literal& literal, bool is_first) {
    if (const auto* unify = std::get_if<core::Unify>(&literal.node)) {
      if (learn(unify->left, unify->right) || learn(unify->right, unify->left)) return;
      equal(unify->left, unify->right);
    } else if (const auto* some = std::get_if<core::SomeIn>(&literal.node)) {
      if (!is_first) learn_element(*some);
    } else if (const auto* call = std::get_if<core::Call>(&literal.node)) {
      const auto* builtin = std::get_if<core::BuiltinCallee>(&call->callee);
      if (builtin == nullptr || call->result) return;
      const std::string_view name = all_builtins()[static_cast<std::size_t>(builtin->id)].name;
      if (name == "equal") equal(call->arguments[0], call->arguments[1]);
      if (name == "internal.member_2") member(call->arguments[0], call->arguments[1]);
    }
  }

  // `variable` = a field, or something from outside.
  bool learn(const core::Term& variable_term, const core::Term& other) {
    const auto variable = variable_of(variable_term);
    if (!variable || is_bound_(*variable) || variable == key_ || variable == element_) return false;
    if (fields_.contains(*variable) || outers_.contains(*variable)) return false;
    if (auto field = field_of(other)) {
      fields_[*variable] = *std::move(field);
      return true;
    }
    const auto outer = outer_of(other);
    if (outer) outers_[*variable] = *outer;
    return outer.has_value();
  }

  void learn_element(const core::SomeIn& some) {
    const auto value = variable_of(some.value);
    const auto outer = outer_of(some.collection);
    if (!value || is_bound_(*value) || !outer || outer->element) return;
    outers_.try_emplace(*value, Outer{.term = outer->term, .element = true});
  }

  void equal(const core::Term& left, const core::Term& right) {
    if (!equal_to(left, right)) equal_to(right, left);
  }
  bool equal_to(const core::Term& field_term, const core::Term& outer_term) {
    const auto field = field_of(field_term);
    if (!field) return false;
    const auto outer = outer_of(outer_term);
    if (!outer) return false;
    add(*field, outer->element ? Match::kProbeElement : Match::kEqual, outer->term);
    return true;
  }

  void member(const core::Term& element, const core::Term& collection) {
    if (const auto field = field_of(element)) {
      const auto outer = outer_of(collection);
      if (outer && !outer->element) add(*field, Match::kProbeElement, outer->term);
    } else if (const auto list = field_of(collection); list && !list->of_key) {
      const auto outer = outer_of(element);
      if (outer && !outer->element) add(*list, Match::kFieldElement, outer->term);
    }
  }

  void add(const Field& field, Match match, const core::Term* probe) {
    const bool several = std::any_of(join_.keys.begin(), join_.keys.end(), [&](const JoinKey& key) {
      return (match != Match::kEqual && key.match != Match::kEqual) ||
             (key.of_key == field.of_key && key.path == field.path);
    });
    if (several || join_.keys.size() == kMostKeys) return;
    join_.keys.push_back({match, field.of_key, field.path, probe});
  }

  const Literals& literals_;
  const std::function<bool(core::VariableId)>& is_bound_;
  Harmless& harmless_;
  Join join_;
  std::optional<core::VariableId> element_;
  std::optional<core::VariableId> key_;
  std::map<core::VariableId, Field> fields_;
  std::map<core::VariableId, Outer> outers_;
};

}  // namespace

std::optional<Join> find_join(const Literals& literals, std::size_t at,
                              const std::function<bool(core::VariableId)>& is_bound,
                              Harmless& harmless) {
  return Finder(literals, is_bound, harmless).find(at);
}

}  // namespace licet::lang::plan
