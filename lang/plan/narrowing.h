// Which values the variables in references to `data` can have, where the body says so: in
// `some name in ["a", "b"]; data[name].limit` only data.a and data.b are read. So a rule that reads
// its siblings by known names does not depend on itself, as in OPA.
#pragma once

#include <map>
#include <vector>

#include "lang/resolve/core.h"

namespace licet::lang::plan {

class Narrowing {
 public:
  // Of rules; the bodies of decisions are not kept in the order of the text.
  explicit Narrowing(const core::Policy& policy);

  // The values of one operand of a reference; null: not known.
  const std::vector<Value>* values(const core::Reference& reference, std::size_t operand) const;

 private:
  class BodyReader;
  // By the reference's operand, which stays where it is as long as the policy lives.
  std::map<const core::Term*, std::vector<Value>> known_;
};

}  // namespace licet::lang::plan
