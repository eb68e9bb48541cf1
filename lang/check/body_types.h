// The static types of one body and what its literals do with them.
#pragma once

#include "lang/check/inference.h"
#include "lang/check/references.h"
#include "lang/check/replacements.h"
#include "lang/diagnostic.h"

namespace licet::lang::check {

// Checks bodies and terms with one set of variables: of a rule's branch, a decision or a query.
// Variables get types as the literals that use them are checked, in their order.
class BodyTypes {
 public:
  BodyTypes(const RuleTypes& rules, Replacements& replacements, std::size_t variables)
      : inference_(rules, variables), references_(inference_), replacements_(replacements) {}

  void check(const core::Body& body, Diagnostics& out);
  // A term that stands outside of literals: what a head or a clause gives.
  void check(const core::Term& term, Diagnostics& out) { parts(term, out); }

  Inference& inference() { return inference_; }

 private:
  void literal(const core::Literal& literal, Diagnostics& out);
  template <class Piece>
  void parts(const Piece& piece, Diagnostics& out);
  void comprehension(const core::Comprehension& c, Diagnostics& out);
  TypePtr type_of(const core::Comprehension& c) const;
  void iteration(const core::Literal& literal, Diagnostics& out);
  void refuse_mocks(const core::Literal& literal, Diagnostics& out) const;
  void mocks(const core::Literal& literal, Diagnostics& out) const;

  Inference inference_;
  ReferenceChecker references_;
  Replacements& replacements_;
  bool learns_ = true;      // from the literal that is checked
  bool is_inside_ = false;  // of a comprehension
};

}  // namespace licet::lang::check
