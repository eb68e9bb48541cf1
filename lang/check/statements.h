// Which literals of a body are one expression of OPA.
//
// References among the operands of a literal become literals of their own, `_ = input.a[x]`, before
// it. In OPA they still are a part of it when it orders the body: what they give a value has one
// only when all of the expression can be evaluated. So plus(count(x), input.a[x], 3) is unsafe:
// count(x), an expression of its own, waits for x, and plus(...), which would give it, for
// count(x).
#pragma once

#include <cstddef>
#include <vector>

#include "lang/resolve/core.h"
#include "lang/resolve/variables.h"

namespace licet::lang::check {

class Statements {
 public:
  Statements(const core::Body& body, const std::vector<core::VariableInfo>& variables);

  // The literal that this one is a part of; itself if it stands alone.
  std::size_t whole(std::size_t literal) const { return whole_[literal]; }
  // The first literal of those that are parts of the same one.
  std::size_t first(std::size_t literal) const { return first_[whole_[literal]]; }
  bool is_part(std::size_t literal) const { return whole_[literal] != literal; }

 private:
  std::vector<std::size_t> whole_;
  std::vector<std::size_t> first_;  // of whole ones
};

}  // namespace licet::lang::check
