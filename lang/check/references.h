// References against the types of what they refer to: keys that do not exist, steps into numbers,
// functions that are not called.
#pragma once

#include "lang/check/inference.h"
#include "lang/diagnostic.h"

namespace licet::lang::check {

class ReferenceChecker {
 public:
  explicit ReferenceChecker(Inference& inference) : inference_(inference) {}

  // Reports the first step that can never have a value. Variables among the operands take the
  // types of the keys.
  void check(const core::Reference& reference, Span span, Diagnostics& out);
  // The type that check() finds at the end of a reference. It can be wider than the type of its
  // value: below an object with computed keys check() knows nothing of rules for single keys.
  TypePtr checked_type(const core::Term& term) const;
  // The same for collection[key], of which nothing is written: `some key, value in collection`.
  void check_step(const TypePtr& type, const core::Term& key, Span span, Diagnostics& out);

 private:
  enum class Looked { kToTheEnd, kInVain };
  void check_rules(const core::Reference& reference, Span span, Diagnostics& out);
  Looked check_layer(const RuleTypes& layer, const core::Reference& reference, Span span,
                     Diagnostics& out);
  void check_along(TypePtr type, const core::Reference& reference, std::size_t first, Span span,
                   Diagnostics& out);
  bool check_operand(const TypePtr& type, const core::Term& operand);
  bool check_empty(const TypePtr& type, const core::Term& operand);
  void report(const core::Reference& reference, std::size_t operand, const TypePtr& type, Span span,
              Diagnostics& out);

  Inference& inference_;
};

}  // namespace licet::lang::check
