#include "lang/plan/components.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace licet::lang::plan {

using core::Depth;

bool is_part_of_another(const core::Literal& literal,
                        const std::vector<core::VariableInfo>& variables) {
  const auto* unify = std::get_if<core::Unify>(&literal.node);
  if (unify == nullptr || !literal.with.empty()) return false;
  const auto* variable = std::get_if<core::Variable>(&unify->left.node);
  if (variable == nullptr || !variables[variable->id].generated) return false;
  const auto* reference = std::get_if<core::Reference>(&unify->right.node);
  return reference != nullptr && reference->root == core::Root::kInput &&
         std::all_of(reference->operands.begin(), reference->operands.end(),
                     [](const auto& operand) {
                       return std::holds_alternative<core::Constant>(operand.node);
                     });
}

std::vector<Literals> components_of(const core::Body& body, const core::VariableSet& bound) {
  Literals literals;
  for (const core::Literal& l : body) literals.push_back(&l);
  return components_of(literals, bound);
}

std::vector<Literals> components_of(const Literals& literals, const core::VariableSet& bound) {
  std::vector<std::size_t> group(literals.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto root = [&](std::size_t i) {
    while (group[i] != i) i = group[i] = group[group[i]];
    return i;
  };
  core::VariableSet level;
  for (const core::Literal* l : literals) core::add_variables(*l, Depth::kLevel, level);
  std::map<core::VariableId, std::size_t> first_use;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    const core::VariableSet used =
        core::variables_of(*literals[i], Depth::kAll).common(level).without(bound);
    for (const core::VariableId id : used.ids()) {
      const auto [at, added] = first_use.try_emplace(id, i);
      if (!added) group[root(i)] = root(at->second);
    }
  }
  std::vector<Literals> parts;
  std::map<std::size_t, std::size_t> part_of;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    const auto [at, added] = part_of.try_emplace(root(i), parts.size());
    if (added) parts.emplace_back();
    parts[at->second].push_back(literals[i]);
  }
  return parts;
}

}  // namespace licet::lang::plan
