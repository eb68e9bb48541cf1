// Objects.
#include <algorithm>
#include <span>

#include "eval/builtins/elements.h"
#include "eval/builtins/families.h"
#include "eval/builtins/matching.h"

namespace licet::builtins {
namespace {

using Arguments = std::span<const Value>;

Value object_get(Context& context, Arguments arguments) {
  const Value& key = arguments[1];
  Value found = arguments[0];
  if (!key.is_array()) {
    found = found.get(key);
  } else {
    if (!context.charge(key.size())) return Value::undefined();
    for (const Value& step : key.elements()) found = found.get(step);
  }
  return found.is_defined() ? found : arguments[2];
}

Value object_keys(Context& context, Arguments arguments) {
  const std::span<const Entry> entries = arguments[0].entries();
  if (!context.charge(entries.size())) return Value::undefined();
  CountedVector<Value> keys(context.arena);
  keys.reserve(entries.size());
  for (const Entry& entry : entries) keys.push_back(entry.key);
  return Value::sorted_set(keys, context.arena);
}

// The elements of an array, in a set; sets and objects can be asked as they are.
Value keys_operand(Context& context, const Value& keys) {
  return keys.is_array() ? Value::set(keys.elements(), context.arena) : keys;
}

bool has_key(const Value& keys, const Value& key) { return keys.get(key).is_defined(); }

// The entries whose key is among `keys`, or those whose key is not.
Value select(Context& context, Arguments arguments, bool wanted) {
  if (!context.charge(arguments[0].size() + 2 * arguments[1].size())) return Value::undefined();
  const Value keys = keys_operand(context, arguments[1]);
  CountedVector<Entry> kept(context.arena);
  for (const Entry& entry : arguments[0].entries()) {
    if (has_key(keys, entry.key) == wanted) kept.push_back(entry);
  }
  return Value::sorted_object(kept, context.arena);
}

Value object_filter(Context& context, Arguments arguments) {
  return select(context, arguments, true);
}

Value object_remove(Context& context, Arguments arguments) {
  return select(context, arguments, false);
}

// --- union --------------------------------------------------------------------------------------

// Objects one over the other, the last on top: objects at the same key are merged, everything else
// is replaced. Undefined if the budget ran out.
Value merge(Context& context, std::span<const Value> layers);

// What the values at one key come to, bottom first.
Value merge_values(Context& context, std::span<const Value> values) {
  if (!values.back().is_object()) return values.back();
  // A value that is no object hides all below it.
  std::size_t first = values.size() - 1;
  while (first > 0 && values[first - 1].is_object()) --first;
  return merge(context, values.subspan(first));
}

CountedVector<Entry> entries_of(std::span<const Value> layers, Arena& arena) {
  CountedVector<Entry> entries(arena);
  for (const Value& layer : layers) {
    entries.insert(entries.end(), layer.entries().begin(), layer.entries().end());
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.key < b.key; });
  return entries;
}

Value merge(Context& context, std::span<const Value> layers) {
  if (layers.size() == 1) return layers[0];
  std::uint64_t size = 1;
  for (const Value& layer : layers) size += layer.size();
  if (!context.charge(2 * size)) return Value::undefined();
  const CountedVector<Entry> entries = entries_of(layers, context.arena);
  CountedVector<Entry> merged(context.arena);
  CountedVector<Value> values(context.arena);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    values.push_back(entries[i].value);
    if (i + 1 < entries.size() && entries[i + 1].key == entries[i].key) continue;
    const Value value = merge_values(context, values);
    if (value.is_undefined()) return value;
    merged.push_back({entries[i].key, value});
    values.clear();
  }
  return Value::sorted_object(merged, context.arena);
}

Value object_union(Context& context, Arguments arguments) { return merge(context, arguments); }

Value object_union_n(Context& context, Arguments arguments) {
  const std::span<const Value> layers = arguments[0].elements();
  for (const Value& layer : layers) {
    if (!layer.is_object()) return fail_element(context, 1, arguments[0], layer, "object");
  }
  if (layers.empty()) return Value::sorted_object({}, context.arena);
  return merge(context, layers);
}

// --- subset -------------------------------------------------------------------------------------

bool is_subset(const Value& super, const Value& sub);

bool is_object_subset(const Value& super, const Value& sub) {
  return std::ranges::all_of(sub.entries(), [&](const Entry& entry) {
    const Value found = super.get(entry.key);
    return found.is_defined() && (found == entry.value || is_subset(found, entry.value));
  });
}

// Whether the elements of `sub` follow each other in `super`.
bool is_array_subset(const Value& super, const Value& sub) {
  if (sub.size() == 0) return true;
  bool found = false;
  for_each_occurrence(super.elements(), sub.elements(), [&](std::size_t) {
    found = true;
    return false;
  });
  return found;
}

// Below the top two values that are no composites of the same kind are equal or no subsets.
bool is_subset(const Value& super, const Value& sub) {
  if (super.kind() != sub.kind()) return false;
  if (super.is_object()) return is_object_subset(super, sub);
  if (super.is_array()) return is_array_subset(super, sub);
  if (!super.is_set()) return false;
  return std::ranges::all_of(sub.elements(), [&](const Value& e) { return super.contains(e); });
}

// As in OPA each element of the array counts for one of the set, repetitions too, and of an empty
// array not even the empty set is a subset.
bool is_set_subset_of_array(const Value& array, const Value& set) {
  const auto hits = static_cast<std::size_t>(std::ranges::count_if(
      array.elements(), [&](const Value& element) { return set.contains(element); }));
  return array.size() > 0 && hits >= set.size();
}

Value object_subset(Context& context, Arguments arguments) {
  const Value& super = arguments[0];
  const Value& sub = arguments[1];
  if (!charge_weight(context, super) || !charge_weight(context, sub)) return Value::undefined();
  if (super.kind() == sub.kind()) return Value::boolean(is_subset(super, sub));
  if (super.is_array() && sub.is_set()) return Value::boolean(is_set_subset_of_array(super, sub));
  return fail_type(context,
                   "both arguments object.subset must be of the same type or array and set");
}

constexpr Row kRows[] = {
    {.name = "object.get",
     .signature = "(object[any: any], any, any) => any",
     .function = object_get,
     .doc =
         "The value at a key, or at a path given as an array; the third operand if there is none.",
     .example = {R"(object.get({"a": {"b": 1}}, ["a", "c"], 2))", "2"}},
    {.name = "object.keys",
     .signature = "(object[any: any]) => set[any]",
     .function = object_keys,
     .doc = "The keys of the object.",
     .example = {R"(object.keys({"a": 1, "b": 2}))", R"({"a", "b"})"}},
    {.name = "object.filter",
     .signature = "(object[any: any], any<array[any], object[any: any], set[any]>) => "
                  "object[any: any]",
     .function = object_filter,
     .doc = "The object with only the given keys.",
     .example = {R"(object.filter({"a": 1, "b": 2}, ["a"]))", R"({"a": 1})"}},
    {.name = "object.remove",
     .signature = "(object[any: any], any<array[any], object[any: any], set[any]>) => "
                  "object[any: any]",
     .function = object_remove,
     .doc = "The object without the given keys.",
     .example = {R"(object.remove({"a": 1, "b": 2}, {"a"}))", R"({"b": 2})"}},
    {.name = "object.union",
     .signature = "(object[any: any], object[any: any]) => object[any: any]",
     .function = object_union,
     .doc = "The entries of both objects; inner objects are merged, other conflicts go to the "
            "second.",
     .example = {R"(object.union({"a": {"b": 1}}, {"a": {"c": 2}}))",
                 R"({"a": {"b": 1, "c": 2}})"}},
    {.name = "object.union_n",
     .signature = "(array[object[any: any]]) => object[any: any]",
     .function = object_union_n,
     .doc = "The entries of all the objects, merged from the first to the last.",
     .example = {R"(object.union_n([{"a": 1}, {"b": 2}, {"a": 3}]))", R"({"a": 3, "b": 2})"}},
    {.name = "object.subset",
     .signature = "(any<array[any], object[any: any], set[any]>, "
                  "any<array[any], object[any: any], set[any]>) => boolean",
     .function = object_subset,
     .doc = "Whether the second collection is part of the first, at every level of objects.",
     .example = {R"(object.subset({"a": 1, "b": {"c": 2}}, {"b": {"c": 2}}))", "true"}},
};

}  // namespace

Family objects_family() { return kRows; }

}  // namespace licet::builtins
