// What the families of strings, collections and numbers share.
#pragma once

#include <optional>
#include <string_view>

#include "eval/builtins/builtin.h"
#include "eval/builtins/operands.h"
#include "eval/counted_vector.h"

namespace licet::builtins {

// eval_type_error: an element of operand number `operand`, an array or set, is no `expected`.
Value fail_element(Context& context, int operand, const Value& composite, const Value& element,
                   std::string_view expected);

using Texts = CountedVector<std::string_view>;

// The strings in an array or set; nullopt if an element is none, and then the failure is set.
std::optional<Texts> texts_of(Context& context, int operand, const Value& composite);

// Steps for comparing, copying or printing composite values, and for arithmetic on big numbers.
inline bool charge_weight(Context& context, const Value& value) {
  const std::uint64_t weight = value.weight();
  return weight <= 128 || context.charge(weight / 64);
}

// Characters as Go counts them; a byte that belongs to none counts as one.
std::size_t code_point_count(std::string_view text);

// Where `part` occurs in `text` at or after `from`; npos if nowhere. Linear whatever the texts are.
std::size_t find_text(std::string_view text, std::string_view part, std::size_t from);

inline Value integer(std::size_t count) { return Value::integer(static_cast<std::int64_t>(count)); }

}  // namespace licet::builtins
