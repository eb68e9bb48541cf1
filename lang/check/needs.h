// Which variables must have a value before a literal can be evaluated.
#pragma once

#include <vector>

#include "lang/check/statements.h"
#include "lang/resolve/core.h"
#include "lang/resolve/variables.h"

namespace licet::lang::check {

// `variables` must outlive it.
class Needs {
 public:
  using VariableSet = core::VariableSet;

  explicit Needs(const std::vector<core::VariableInfo>& variables) : variables_(variables) {}

  // What must have a value for a literal to be evaluated: its own variables, and those of its
  // inner scopes that belong to the scopes around, which have the variables `level`.
  VariableSet needed(const core::Literal& literal, const VariableSet& level) const;
  // Adds what stands in sides and negations without braces: it belongs to the body around, too.
  void add_implicit_names(const core::Literal& literal, VariableSet& set) const;
  // The variables that keep a literal from being placed, which itself gives `bound` their values.
  VariableSet lacks(const core::Literal& literal, const VariableSet& level, const VariableSet& safe,
                    const VariableSet& bound) const;
  // The same of a literal with its parts before it, see Statements; adds to `bound` what they give
  // values together.
  VariableSet lacks_as_a_whole(const core::Body& body, const Statements::Statement& statement,
                               const VariableSet& level, const VariableSet& safe,
                               VariableSet& bound) const;
  // Whether the answer of a call goes to something that somebody wrote.
  bool gives_a_name(const core::Call& call) const;

 private:
  bool is_key(const core::Literal& literal) const;
  void add_names(const core::Body& body, VariableSet& set) const;
  static void add_keys_of_patterns(const core::Body& body, const Statements::Statement& statement,
                                   const VariableSet& matched, VariableSet& bound);

  const std::vector<core::VariableInfo>& variables_;
};

// Of what the `with` of a literal replace.
core::VariableSet with_variables(const core::Literal& literal);

}  // namespace licet::lang::check
