// Which literals of a body are one expression of OPA.
//
// References among the operands of a literal become literals of their own, `_ = input.a[x]`, before
// it. In OPA they still are a part of it when it orders the body: what they give a value has one
// only when all of the expression can be evaluated. So plus(count(x), input.a[x], 3) is unsafe:
// count(x), an expression of its own, waits for x, and plus(...), which would give it, for
// count(x).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "lang/resolve/core.h"
#include "lang/resolve/variables.h"

namespace licet::lang::check {

// What a head has to look up is, as in OPA, an expression after the body: p := [data.xs[i], i[j]].
class Statements {
 public:
  struct Statement {
    std::size_t first = 0;
    std::size_t end = 0;               // after its last literal
    std::optional<std::size_t> whole;  // the literal that the others are parts of; not of a head
    core::VariableSet named = {};      // of a head: its variables
  };

  // `heads`: the keys and the value of a rule or comprehension, as their literals follow its body.
  Statements(const core::Body& body, const std::vector<core::VariableInfo>& variables,
             const std::vector<const core::Term*>& heads = {});

  std::size_t count() const { return statements_.size(); }
  std::size_t number_of(std::size_t literal) const { return number_of_[literal]; }
  // The one that a literal belongs to.
  const Statement& of(std::size_t literal) const { return statements_[number_of_[literal]]; }
  bool is_part(std::size_t literal) const { return of(literal).whole != literal; }

 private:
  std::vector<Statement> statements_;
  std::vector<std::size_t> number_of_;
};

}  // namespace licet::lang::check
