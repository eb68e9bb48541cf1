#include "lang/filter/terms.h"

#include <algorithm>
#include <utility>

namespace licet::lang::filter {
namespace {

Value walked(Value value, const std::vector<Value>& keys, std::size_t from) {
  for (std::size_t i = from; i < keys.size() && value.is_defined(); ++i) value = value.get(keys[i]);
  return value;
}

}  // namespace

void Terms::refuse(Span span, const std::string& why) const {
  const Position at = sources_.begin_of(span);
  throw FilterRefusal{why, std::string(sources_.text_of(span)), sources_[span.source].name(),
                      at.line};
}

bool Terms::reads_unknown(const plan::ReadSet& paths) const {
  return std::any_of(paths.begin(), paths.end(), [&](const plan::InputPath& path) {
    return path.empty() || !path.front().is_string() ||
           path.front().as_string() == question_.unknown;
  });
}

Value Terms::known_at(const std::vector<std::string>& names) const {
  Value value = question_.known;
  for (const std::string& name : names) value = value.get(name);
  return value;
}

Meaning Terms::meaning_of(const core::Term& term, const Environment& environment) const {
  if (const auto* value = std::get_if<core::Constant>(&term.node)) {
    return {.attribute = {}, .value = value->value};
  }
  if (const auto* variable = std::get_if<core::Variable>(&term.node)) {
    const auto found = environment.find(variable->id);
    if (found == environment.end()) refuse(term.span, "a search for values is not supported");
    return found->second;
  }
  if (const auto* reference = std::get_if<core::Reference>(&term.node)) {
    return meaning_of(*reference, term, environment);
  }
  refuse(term.span, "this form is not supported in filters");
}

Meaning Terms::meaning_of(const core::Reference& reference, const core::Term& term,
                          const Environment& environment) const {
  std::vector<Value> keys;
  for (const core::Term& operand : reference.operands) {
    const Meaning key = meaning_of(operand, environment);
    if (key.attribute) refuse(term.span, "a key that is not known is not supported in filters");
    if (key.value.is_undefined()) return {};
    keys.push_back(key.value);
  }
  switch (reference.root) {
    case core::Root::kInput:
      return input_at(keys, term);
    case core::Root::kTerm: {
      const Meaning base = meaning_of(*reference.base, environment);
      if (!base.attribute) return {.attribute = {}, .value = walked(base.value, keys, 0)};
      return {.attribute = extended(*base.attribute, keys, 0, term), .value = {}};
    }
    case core::Root::kData:
      break;
  }
  if (reads_unknown(dependencies_.reads(term))) {
    refuse(term.span, "a rule that depends on the unknown root can only be asked whether it holds");
  }
  return {.attribute = {}, .value = data_at(keys, term)};
}

Meaning Terms::input_at(const std::vector<Value>& keys, const core::Term& term) const {
  if (keys.empty()) refuse(term.span, "the request is read as a whole");
  if (keys.front().is_string() && keys.front().as_string() == question_.unknown) {
    if (keys.size() == 1) refuse(term.span, "the unknown root is read as a whole");
    return {.attribute = extended({}, keys, 1, term), .value = {}};
  }
  return {.attribute = {}, .value = walked(question_.known, keys, 0)};
}

std::vector<std::string> Terms::extended(std::vector<std::string> path,
                                         const std::vector<Value>& keys, std::size_t from,
                                         const core::Term& term) const {
  for (std::size_t i = from; i < keys.size(); ++i) {
    if (!keys[i].is_string()) {
      refuse(term.span, "a position in a list is not supported in filters");
    }
    path.emplace_back(keys[i].as_string());
  }
  return path;
}

Value Terms::data_at(const std::vector<Value>& keys, const core::Term& term) const {
  std::vector<std::string> path;
  std::size_t names = 0;
  for (; names < keys.size() && keys[names].is_string(); ++names) {
    path.emplace_back(keys[names].as_string());
  }
  if (path.empty()) refuse(term.span, "all of data is read");
  return walked(question_.known_data(path), keys, names);
}

}  // namespace licet::lang::filter
