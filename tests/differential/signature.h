// The types of a builtin's arguments and of its answer, read from its signature.
#pragma once

#include <string_view>
#include <vector>

#include "eval/builtins.h"
#include "tests/differential/values.h"

namespace licet::differential {

// One argument: the types that it may have. Only the outermost matters, and what a list holds.
struct Parameter {
  std::vector<Type> types;
};

struct Signature {
  const BuiltinInfo* builtin = nullptr;
  std::vector<Parameter> parameters;
  Type result = Type::kAny;
};

// All builtins whose answers OPA must share: not print, not rand.* and uuid.*, whose numbers come
// from another generator; not operators, that are written otherwise.
const std::vector<Signature>& signatures();
// Those that answer a type.
const std::vector<const Signature*>& builtins_of(Type result);

}  // namespace licet::differential
