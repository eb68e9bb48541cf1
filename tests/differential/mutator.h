// One mutation of a module: what mutate.cc draws.
#pragma once

#include <string>
#include <vector>

#include "tests/differential/places.h"
#include "tests/property/random.h"

namespace licet::differential {

using property::Random;
using Edits = std::vector<Edit>;

class Mutator {
 public:
  // `donor`: a module to take parts from; may be the same.
  Mutator(Random& random, const Places& own, const Places& donor)
      : random_(random), own_(own), donor_(donor) {}

  // No edits where the module has nothing of the kind that was drawn.
  Edits mutation();

 private:
  using Term = lang::ast::Term;
  using Literal = lang::ast::Literal;
  using Rule = lang::ast::Rule;

  // mutate_terms.cc
  Edits replaced_term();
  Edits swapped_terms();
  Edits wrapped_term();
  Edits unwrapped_term();
  Edits other_operator();
  Edits other_variable();
  Edits renamed_variable();
  Edits other_call();
  Edits other_reference();
  std::string any_term(std::size_t rule);
  std::string edge_term();
  std::string document();
  std::string variable(std::size_t rule);
  std::string builtin(std::size_t arity);

  // mutate_literals.cc
  Edits dropped_literal();
  Edits copied_literal();
  Edits moved_literal();
  Edits wrapped_literal();
  Edits unwrapped_literal();
  Edits changed_with();
  std::string new_literal(std::size_t rule);
  std::string with_clause(std::size_t rule);

  // mutate_rules.cc
  Edits other_head();
  Edits added_else();
  Edits added_default();
  Edits copied_rule();
  Edits dropped_rule();
  Edits spliced_bodies();
  Edits changed_import();
  std::string head_of(const Rule& rule, std::size_t index, std::size_t form);

  Edits other_token();

  static Edit replacing(const Term& term, std::string by) { return {term.span, std::move(by)}; }
  // Before, or after, what has this span.
  static Edit before(lang::Span span, std::string text) {
    span.end = span.begin;
    return {span, std::move(text)};
  }
  static Edit after(lang::Span span, std::string text) {
    span.begin = span.end;
    return {span, std::move(text)};
  }
  template <class T>
  const T* any_of(const std::vector<T>& list) {
    return list.empty() ? nullptr : &list[random_.below(list.size())];
  }

  Random& random_;
  const Places& own_;
  const Places& donor_;
};

}  // namespace licet::differential
