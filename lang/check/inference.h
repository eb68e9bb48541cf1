// The types of the variables of one rule, and what unifying teaches about them.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lang/check/rule_types.h"
#include "lang/check/static_type.h"
#include "lang/resolve/core.h"

namespace licet::lang::check {

class Inference {
 public:
  Inference(const RuleTypes& rules, std::size_t variables) : rules_(rules), types_(variables) {}

  TypePtr variable(core::VariableId id) const { return types_[id]; }
  void set_variable(core::VariableId id, TypePtr type);

  // Null: not known. Comprehensions have the type that learn_comprehension() gave them.
  TypePtr type_of(const core::Term& term) const;
  TypePtr type_of(const core::Reference& reference) const;
  // Of the rules at a path; null if there are none.
  TypePtr type_of_rules(const core::Path& path) const;
  // The type below `type` along operands; null if there is nothing.
  TypePtr type_along(TypePtr type, std::span<const core::Term> operands) const;

  // Whether a reference iterates over a collection that holds nothing.
  bool goes_over_nothing(const core::Term& term) const;

  // Makes `term` fit `type`: checks what is known of it and gives its untyped variables types.
  bool unify(const core::Term& term, const TypePtr& type);
  // Makes two terms equal.
  bool unify(const core::Term& a, const core::Term& b);
  bool unify(const core::Term& a, const TypePtr& type_a, const core::Term& b,
             const TypePtr& type_b);

  void learn_comprehension(const core::Comprehension& comprehension, TypePtr type) {
    comprehensions_[&comprehension] = std::move(type);
  }

  // What `with` replaces below `data` or `input`: until it is dropped, these types stand before
  // those of the rules, or before the input of which nothing is known.
  void cover(core::Root root, std::shared_ptr<const RuleTypes> types) {
    covers_.push_back({root, std::move(types)});
  }
  void uncover(std::size_t count) { covers_.resize(covers_.size() - count); }
  // Where a reference below `data` or `input` is looked up: the first one that has its constant
  // part counts.
  std::vector<const RuleTypes*> layers(core::Root root) const;

  // What is learned about variables between the two is forgotten: a comprehension tells its
  // surroundings nothing.
  std::size_t mark() const { return changes_.size(); }
  void forget_since(std::size_t mark);

 private:
  enum class Join { kCheck, kAdd };  // of a variable that has a type: it must fit, or becomes wider
  bool unify(const core::Term& term, const TypePtr& type, Join join);
  template <class Part>
  bool unify_members(const StaticType& type, const Part& part);
  bool unify_array(const core::Array& array, const TypePtr& type, Join join);
  bool unify_object(const core::Object& object, const TypePtr& type, Join join);
  bool unify_set(const core::Set& set, const TypePtr& type, Join join);
  bool unify_variable(core::VariableId id, const TypePtr& type, Join join);
  bool unify_comprehension(const core::Comprehension& comprehension, const TypePtr& type,
                           Join join);
  bool unify_unknown(const core::Term& a, const TypePtr& type_a, const core::Term& b,
                     const TypePtr& type_b);
  bool unify_arrays(const core::Array& a, const core::Term& b, const core::Term& whole);
  bool unify_objects(const core::Object& a, const core::Term& b, const core::Term& whole);
  std::optional<TypePtr> type_in(const RuleTypes& layer, const core::Reference& reference) const;

  const RuleTypes& rules_;
  std::vector<TypePtr> types_;
  std::vector<std::pair<core::VariableId, TypePtr>> changes_;  // what was before
  std::unordered_map<const core::Comprehension*, TypePtr> comprehensions_;
  struct Cover {
    core::Root root;
    std::shared_ptr<const RuleTypes> types;
  };
  std::vector<Cover> covers_;  // the last one first
};

}  // namespace licet::lang::check
