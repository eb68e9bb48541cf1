// Iterations over loaded data that an index can shorten: in
//     some g in data.grants; g.model == input.model.id; g.role in input.user.roles
// only elements whose `model` is the request's and whose `role` is one of the user's can lead to a
// solution, and the values that they are held against are known before the iteration begins.
//
// As with pins, only literals before the first one that may end in an error count.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "eval/program.h"
#include "lang/plan/components.h"
#include "lang/plan/harmless.h"

namespace licet::lang::plan {

struct JoinKey {
  ElementField::Match match = ElementField::Match::kEqual;
  bool of_key = false;                // the element's key or position, not the element
  std::vector<Value> path;            // of the field below the element
  const core::Term* probe = nullptr;  // ground when the iteration begins
};

struct Join {
  std::vector<Value> path;    // of the collection below `data`
  std::vector<JoinKey> keys;  // not empty; one that is no equality comes last
};

// The join that the iteration of literals[at] begins; nullopt: it has none, or nothing to look up.
// `is_bound`: whether a variable has a value when literals[at] begins.
std::optional<Join> find_join(const Literals& literals, std::size_t at,
                              const std::function<bool(core::VariableId)>& is_bound,
                              Harmless& harmless);

}  // namespace licet::lang::plan
