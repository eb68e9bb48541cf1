#include "lang/check/head_parts.h"

#include <algorithm>

namespace licet::lang::check {
namespace {

// Whether references or comprehensions stand in a term.
bool is_looked_up(const core::Term& term, const std::vector<core::VariableInfo>& variables) {
  const auto is_part = [&](const core::Term& part) { return is_looked_up(part, variables); };
  const auto any = [&](const std::vector<core::Term>& terms) {
    return std::any_of(terms.begin(), terms.end(), is_part);
  };
  if (const auto* name = std::get_if<core::Variable>(&term.node)) {
    return variables[name->id].of_reference;
  }
  if (const auto* array = std::get_if<core::Array>(&term.node)) return any(array->elements);
  if (const auto* set = std::get_if<core::Set>(&term.node)) return any(set->elements);
  if (const auto* object = std::get_if<core::Object>(&term.node)) {
    return std::any_of(object->entries.begin(), object->entries.end(), [&](const auto& entry) {
      return is_part(entry.key) || is_part(entry.value);
    });
  }
  return std::holds_alternative<core::Reference>(term.node) ||
         std::holds_alternative<core::Comprehension>(term.node);
}

}  // namespace

core::VariableSet head_variables(const core::Rule& rule) {
  core::VariableSet set;
  for (const core::Term& key : rule.keys) core::add_variables(key, core::Depth::kLevel, set);
  core::add_variables(rule.value, core::Depth::kLevel, set);
  return set;
}

const core::Term* made_in_body(const core::Rule& rule, core::VariableId id,
                               const std::vector<core::VariableInfo>& variables) {
  const core::Term* made = nullptr;
  const auto is_made = [&](const core::Term& term) {
    if (!core::variables_of(term, core::Depth::kLevel).contains(id)) return true;
    if (made == nullptr) made = &term;
    return is_looked_up(term, variables);
  };
  const bool all = std::all_of(rule.keys.begin(), rule.keys.end(), is_made) && is_made(rule.value);
  return all ? made : nullptr;
}

}  // namespace licet::lang::check
