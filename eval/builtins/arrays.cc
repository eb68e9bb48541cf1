// Arrays.
#include <algorithm>

#include "eval/builtins/elements.h"
#include "eval/builtins/families.h"

namespace licet::builtins {
namespace {

using Arguments = std::span<const Value>;

Value array_concat(Context& context, Arguments arguments) {
  const std::span<const Value> a = arguments[0].elements();
  const std::span<const Value> b = arguments[1].elements();
  if (a.empty()) return arguments[1];
  if (b.empty()) return arguments[0];
  if (!context.charge(a.size() + b.size())) return Value::undefined();
  CountedVector<Value> all(context.arena);
  all.reserve(a.size() + b.size());
  all.insert(all.end(), a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  return Value::array(all, context.arena);
}

Value array_flatten(Context& context, Arguments arguments) {
  CountedVector<Value> flat(context.arena);
  for (const Value& element : arguments[0].elements()) {
    if (!context.charge(element.is_array() ? element.size() + 1 : 1)) return Value::undefined();
    if (element.is_array()) {
      flat.insert(flat.end(), element.elements().begin(), element.elements().end());
    } else {
      flat.push_back(element);
    }
  }
  return Value::array(flat, context.arena);
}

Value array_reverse(Context& context, Arguments arguments) {
  const std::span<const Value> elements = arguments[0].elements();
  if (!context.charge(elements.size())) return Value::undefined();
  const CountedVector<Value> reversed(elements.rbegin(), elements.rend(), context.arena);
  return Value::array(reversed, context.arena);
}

Value array_slice(Context& context, Arguments arguments) {
  const std::span<const Value> elements = arguments[0].elements();
  const std::optional<std::int64_t> first = integer_operand(context, arguments[1], 2);
  if (!first) return Value::undefined();
  const std::optional<std::int64_t> last = integer_operand(context, arguments[2], 3);
  if (!last) return Value::undefined();
  const auto size = static_cast<std::int64_t>(elements.size());
  const std::int64_t end = std::clamp<std::int64_t>(*last, 0, size);
  const std::int64_t begin = std::clamp<std::int64_t>(*first, 0, end);
  if (begin == 0 && end == size) return arguments[0];
  const auto count = static_cast<std::size_t>(end - begin);
  if (!context.charge(count)) return Value::undefined();
  return Value::array(elements.subspan(static_cast<std::size_t>(begin), count), context.arena);
}

constexpr Row kRows[] = {
    {.name = "array.concat",
     .signature = "(array[any], array[any]) => array[any]",
     .function = array_concat,
     .doc = "The elements of one array followed by those of another.",
     .example = {"array.concat([1], [2, 3])", "[1, 2, 3]"}},
    {.name = "array.flatten",
     .signature = "(array[any]) => array[any]",
     .function = array_flatten,
     .doc = "The array with the elements of its inner arrays in their place, one level deep.",
     .example = {"array.flatten([1, [2, [3]]])", "[1, 2, [3]]"}},
    {.name = "array.reverse",
     .signature = "(array[any]) => array[any]",
     .function = array_reverse,
     .doc = "The elements in the opposite order.",
     .example = {"array.reverse([1, 2, 3])", "[3, 2, 1]"}},
    {.name = "array.slice",
     .signature = "(array[any], number, number) => array[any]",
     .function = array_slice,
     .doc = "The elements from the first index up to, not including, the second.",
     .example = {"array.slice([1, 2, 3, 4], 1, 3)", "[2, 3]"}},
};

}  // namespace

Family arrays_family() { return kRows; }

}  // namespace licet::builtins
