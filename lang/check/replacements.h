// What `with` does to the types that a literal sees: what it replaces can also have the type of the
// replacement, and of what depends on that nothing is known. An input of which a part is replaced
// is an object.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "lang/check/inference.h"
#include "lang/check/rule_order.h"
#include "lang/check/rule_types.h"
#include "lang/resolve/core.h"

namespace licet::lang::check {

// Remembers what it found for each target. One per compilation.
class Replacements {
 public:
  explicit Replacements(const RuleOrder& order) : order_(order) {}

  // Covers the types of rules for one literal; the number of covers to drop after it.
  std::size_t cover(const core::Literal& literal, Inference& inference);

 private:
  using Path = std::vector<Value>;
  enum class Target { kDocument, kFunction };

  // Null: nothing depends on it.
  std::shared_ptr<const RuleTypes> dependents(const Path& target, Target kind);

  const RuleOrder& order_;
  std::map<std::pair<Path, Target>, std::shared_ptr<const RuleTypes>> known_;
  Arena arena_;  // of the names in paths
};

}  // namespace licet::lang::check
