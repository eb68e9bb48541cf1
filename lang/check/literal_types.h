// One literal against the types of its parts: calls, comparisons, iterations.
#pragma once

#include <string>
#include <string_view>

#include "lang/check/inference.h"
#include "lang/check/references.h"
#include "lang/diagnostic.h"

namespace licet::lang::check {

// What an error comes from. One of types that are not all known may only be what another error of
// the literal leads to.
enum class Reason { kKnownTypes, kUnknownTypes };

// PRECONDITION: the literal's references and comprehensions are checked.
Reason check_literal(const core::Literal& literal, Inference& inference,
                     ReferenceChecker& references, Diagnostics& out);

// The builtin's name; empty for what is not one.
std::string_view builtin_name(const core::Callee& callee);
// As written in a policy or, for rules, from `data`.
std::string name_of(const core::Callee& callee);
// Null: not known.
TypePtr type_of_callee(const core::Callee& callee, const Inference& inference);

}  // namespace licet::lang::check
