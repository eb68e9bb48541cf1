// All indexes of a program, built when it is loaded.
#pragma once

#include <vector>

#include "eval/index/element_index.h"
#include "eval/index/rule_index.h"

namespace licet::index {

// Immutable; any thread may ask. Refers to the program, which must live as long.
class Indexes {
 public:
  Indexes(const Program& program, Numbers& numbers);

  const RuleIndex& rules(BodyIndexNumber number) const { return rules_[number]; }
  const ElementIndex& elements(DataIndexNumber number) const { return elements_[number]; }

 private:
  std::vector<RuleIndex> rules_;
  std::vector<ElementIndex> elements_;
};

}  // namespace licet::index
