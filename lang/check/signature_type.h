// The types of builtins, from the text of their signatures.
#pragma once

#include <string_view>

#include "eval/builtins.h"
#include "lang/check/static_type.h"

namespace licet::lang::check {

// "(any<number, set[any]>, string) => boolean" as a function type. What the text does not say
// (`???`) is null.
TypePtr type_of_signature(std::string_view signature);
// The same for a builtin; made once for all compilations.
const TypePtr& type_of_builtin(BuiltinId id);

}  // namespace licet::lang::check
