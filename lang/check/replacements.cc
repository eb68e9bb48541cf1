#include "lang/check/replacements.h"

namespace licet::lang::check {
namespace {

std::vector<Value> values_of(const core::Path& names, Arena& arena) {
  std::vector<Value> values;
  for (const std::string& name : names) values.push_back(Value::string(name, arena));
  return values;
}

core::Reference reference_to(const std::vector<Value>& path) {
  core::Reference reference{core::Root::kData, nullptr, {}};
  for (const Value& key : path) reference.operands.push_back({core::Constant{key}, {}});
  return reference;
}

}  // namespace

std::size_t Replacements::cover(const core::Literal& literal, Inference& inference) {
  std::vector<std::shared_ptr<const RuleTypes>> covers;
  auto replaced_input = std::make_shared<RuleTypes>();
  bool replaces_input = false;
  auto replaced = std::make_shared<RuleTypes>();
  bool replaces = false;
  for (const core::With& with : literal.with) {
    if (with.target == core::WithTarget::kInput) {
      replaced_input->put(with.path, anything());
      replaces_input = true;
      continue;
    }
    const auto* rule = with.function ? std::get_if<core::RuleCallee>(&*with.function) : nullptr;
    if (with.function && rule == nullptr) continue;
    const Path path = rule == nullptr ? with.path : values_of(rule->path, arena_);
    const TypePtr before = inference.type_of(reference_to(path));
    // A function with a mistake in it is none: it is replaced like a document.
    const bool is_called = is_function(before);
    covers.push_back(dependents(path, is_called ? Target::kFunction : Target::kDocument));
    if (is_called) continue;
    const TypePtr now = with.value ? inference.type_of(*with.value) : nullptr;
    const TypePtr both = before == nullptr || now == nullptr ? nullptr : either(before, now);
    replaced->put(path, both == nullptr ? anything() : both);
    replaces = true;
  }
  if (replaces) covers.push_back(std::move(replaced));
  std::erase(covers, nullptr);
  const std::size_t count = covers.size();
  for (auto& cover : covers) inference.cover(core::Root::kData, std::move(cover));
  if (!replaces_input) return count;
  inference.cover(core::Root::kInput, std::move(replaced_input));
  return count + 1;
}

std::shared_ptr<const RuleTypes> Replacements::dependents(const Path& target, Target kind) {
  const auto [known, is_new] = known_.try_emplace({target, kind});
  if (!is_new) return known->second;
  auto types = std::make_shared<RuleTypes>();
  for (const core::Rule* rule : order_.dependents(target)) {
    const Path path = constant_path(*rule, arena_);
    if (kind == Target::kDocument || path != target) types->put(path, anything());
  }
  if (!types->root().children.empty()) known->second = std::move(types);
  return known->second;
}

}  // namespace licet::lang::check
