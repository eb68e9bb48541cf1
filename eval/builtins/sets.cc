// Sets.
#include <algorithm>
#include <iterator>

#include "eval/builtins/elements.h"
#include "eval/builtins/families.h"
#include "eval/builtins/set_operations.h"

namespace licet::builtins {

Value set_difference(Context& context, const Value& a, const Value& b) {
  if (!context.charge(a.size())) return Value::undefined();
  CountedVector<Value> kept(context.arena);
  for (const Value& element : a.elements()) {
    if (!b.contains(element)) kept.push_back(element);
  }
  return Value::sorted_set(kept, context.arena);
}

Value set_intersection(Context& context, const Value& a, const Value& b) {
  if (b.size() < a.size()) return set_intersection(context, b, a);
  if (!context.charge(a.size())) return Value::undefined();
  CountedVector<Value> kept(context.arena);
  for (const Value& element : a.elements()) {
    if (b.contains(element)) kept.push_back(element);
  }
  return Value::sorted_set(kept, context.arena);
}

Value set_union(Context& context, const Value& a, const Value& b) {
  if (!context.charge(a.size() + b.size())) return Value::undefined();
  CountedVector<Value> all(context.arena);
  all.reserve(a.size() + b.size());
  std::ranges::set_union(a.elements(), b.elements(), std::back_inserter(all),
                         [](const Value& x, const Value& y) { return x < y; });
  return Value::sorted_set(all, context.arena);
}

namespace {

using Arguments = std::span<const Value>;

Value difference(Context& context, Arguments arguments) {
  return set_difference(context, arguments[0], arguments[1]);
}

Value binary_and(Context& context, Arguments arguments) {
  return set_intersection(context, arguments[0], arguments[1]);
}

Value binary_or(Context& context, Arguments arguments) {
  return set_union(context, arguments[0], arguments[1]);
}

Value intersection(Context& context, Arguments arguments) {
  const std::span<const Value> sets = arguments[0].elements();
  if (sets.empty()) return arguments[0];
  Value common;
  if (!context.charge(sets.size())) return Value::undefined();
  for (const Value& set : sets) {
    if (!set.is_set()) return context.fail_operand(1, "set", set);
    common = common.is_undefined() ? set : set_intersection(context, common, set);
    if (common.is_undefined()) return common;
  }
  return common;
}

Value union_of_all(Context& context, Arguments arguments) {
  CountedVector<Value> all(context.arena);
  for (const Value& set : arguments[0].elements()) {
    if (!set.is_set()) return context.fail_operand(1, "set", set);
    if (!context.charge(2 * set.size())) return Value::undefined();
    all.insert(all.end(), set.elements().begin(), set.elements().end());
  }
  return Value::set(all, context.arena);
}

constexpr Row kRows[] = {
    {.name = "and",
     .signature = "(set[any], set[any]) => set[any]",
     .function = binary_and,
     .doc = "The elements that both sets have.",
     .example = {"{1, 2, 3} & {2, 3, 4}", "{2, 3}"},
     .infix = "&"},
    {.name = "or",
     .signature = "(set[any], set[any]) => set[any]",
     .function = binary_or,
     .doc = "The elements of either set.",
     .example = {"{1, 2} | {2, 3}", "{1, 2, 3}"},
     .infix = "|"},
    {.name = "intersection",
     .signature = "(set[set[any]]) => set[any]",
     .function = intersection,
     .doc = "The elements that all the sets have; of no sets the empty set.",
     .example = {"intersection({{1, 2, 3}, {2, 3}, {3, 4}})", "{3}"}},
    {.name = "union",
     .signature = "(set[set[any]]) => set[any]",
     .function = union_of_all,
     .doc = "The elements of all the sets together.",
     .example = {"union({{1}, {2, 3}, {3}})", "{1, 2, 3}"}},
    {.name = "set_diff",
     .signature = "(set[any], set[any]) => set[any]",
     .function = difference,
     .doc = "The elements of the first set that the second lacks; deprecated, write `a - b`.",
     .example = {"set_diff({1, 2}, {2})", "{1}"}},
};

}  // namespace

Family sets_family() { return kRows; }

}  // namespace licet::builtins
