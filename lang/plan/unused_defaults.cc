#include "lang/plan/unused_defaults.h"

#include <optional>
#include <string>
#include <vector>

#include "eval/value_json.h"

namespace licet::lang::plan {
namespace {

using Keys = std::vector<std::string>;  // texts that tell 1 and "1" apart

// The text of a key that is known and no composite: those are computed, as in OPA.
std::optional<std::string> text_of(const core::Term& key) {
  const auto* constant = std::get_if<core::Constant>(&key.node);
  if (constant == nullptr || constant->value.is_composite()) return std::nullopt;
  return rego_text(constant->value);
}

// The known beginning of what a rule defines.
Keys known_keys(const core::Rule& rule, Arena& arena) {
  Keys keys;
  for (const std::string& name : rule.path) keys.push_back(rego_text(Value::string(name, arena)));
  for (const core::Term& key : rule.keys) {
    const auto text = text_of(key);
    if (!text) break;
    keys.push_back(*text);
  }
  return keys;
}

bool is_known(const core::Rule& rule, const Keys& known) {
  return known.size() == rule.path.size() + rule.keys.size();
}

}  // namespace

std::set<const core::Rule*> unused_defaults(const core::Policy& policy) {
  Arena arena;
  std::set<Keys> made;  // documents whose keys rules make
  for (const core::Rule& rule : policy.rules) {
    if (rule.parameters || rule.keys.empty()) continue;
    Keys known = known_keys(rule, arena);
    if (!is_known(rule, known)) made.insert(std::move(known));
  }
  std::set<const core::Rule*> unused;
  if (made.empty()) return unused;
  for (const core::Rule& rule : policy.rules) {
    if (!rule.is_default || rule.parameters) continue;
    Keys above = known_keys(rule, arena);
    if (!is_known(rule, above)) continue;
    while (!above.empty()) {
      above.pop_back();
      if (made.contains(above)) unused.insert(&rule);
    }
  }
  return unused;
}

void check_defaults(const core::Policy& policy, Diagnostics& diagnostics) {
  for (const core::Rule* rule : unused_defaults(policy)) {
    diagnostics.add(
        {Code::kUnusedDefault,
         rule->head_span,
         "this default is never used",
         "rules with computed keys make all of the document around it",
         {},
         "give the keys their default where they are read: object.get(..., key, default)"});
  }
}

}  // namespace licet::lang::plan
