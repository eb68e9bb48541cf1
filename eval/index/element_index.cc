#include "eval/index/element_index.h"

#include <algorithm>
#include <utility>

namespace licet::index {
namespace {

using Match = ElementField::Match;

Value walk(Value value, const std::vector<Value>& elements) {
  for (const Value& element : elements) {
    value = value.get(element);
    if (value.is_undefined()) break;
  }
  return value;
}

Value item_of(const Value& collection, std::uint32_t position) {
  return collection.is_object() ? collection.entries()[position].value
                                : collection.elements()[position];
}

}  // namespace

ElementIndex::ElementIndex(const Program& program, const DataIndex& plan, Numbers& numbers,
                           std::size_t& rows_left)
    : program_(program),
      plan_(plan),
      numbers_(numbers),
      collection_(walk(program.data, program.paths[plan.path].elements)) {
  if (!collection_.is_composite()) return;
  is_usable_ = collection_.size() <= rows_left;
  if (!is_usable_) return;
  const auto count = static_cast<std::uint32_t>(collection_.size());
  elements_.reserve(count);
  fields_.reserve(count * plan_.fields.size());
  for (std::uint32_t position = 0; position < count && is_usable_; ++position) {
    add_rows(position);
    is_usable_ = elements_.size() <= rows_left;
  }
  rows_left -= std::min(rows_left, std::max<std::size_t>(elements_.size(), count));
  if (is_usable_) {
    table_.build(plan_.fields.size(), numbers_.size(), std::move(fields_));
    table_.renumber([this](std::uint32_t row) { return elements_[row]; });
  }
  elements_ = std::vector<std::uint32_t>();  // which frees, as `{}` would not
  fields_ = std::vector<std::uint32_t>();
}

Value ElementIndex::element(std::uint32_t position) const { return item_of(collection_, position); }

Value ElementIndex::field(std::uint32_t position, std::size_t number) const {
  const ElementField& field = plan_.fields[number];
  if (!field.of_key) return walk(element(position), program_.paths[field.path].elements);
  if (collection_.is_array()) return Value::integer(position);
  return collection_.is_object() ? collection_.entries()[position].key : element(position);
}

void ElementIndex::add_rows(std::uint32_t position) {
  std::vector<Value> fields;
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    fields.push_back(field(position, i));
    if (fields.back().is_undefined()) return;
  }
  if (plan_.fields.back().match != Match::kFieldElement) return add_row(fields, position);
  const Value list = fields.back();
  if (!list.is_composite()) return;
  for (std::uint32_t item = 0; item < list.size(); ++item) {
    fields.back() = item_of(list, item);
    add_row(fields, position);
  }
}

void ElementIndex::add_row(std::span<const Value> fields, std::uint32_t position) {
  elements_.push_back(position);
  for (const Value& field : fields) fields_.push_back(numbers_.find_or_add(field));
}

std::span<const std::uint32_t> ElementIndex::run_of(std::span<const Value> probes) const {
  constexpr std::size_t kFewFields = 8;
  std::uint32_t few[kFewFields];
  std::vector<std::uint32_t> many(probes.size() > kFewFields ? probes.size() : 0);
  const std::span<std::uint32_t> fields = many.empty() ? std::span(few).first(probes.size()) : many;
  for (std::size_t i = 0; i < probes.size(); ++i) fields[i] = numbers_.find(probes[i]);
  return table_.find(fields);
}

std::uint64_t ElementIndex::find(std::span<const Value> probes,
                                 std::vector<std::uint32_t>& out) const {
  const auto add = [&](std::span<const Value> values) {
    const auto run = run_of(values);
    out.insert(out.end(), run.begin(), run.end());
  };
  if (plan_.fields.back().match != Match::kProbeElement) {
    add(probes);
    return 1;
  }
  const Value list = probes.back();
  if (!list.is_composite()) return 1;
  constexpr std::size_t kFewFields = 8;
  Value few[kFewFields];
  std::vector<Value> many(probes.size() > kFewFields ? probes.size() : 0);
  const std::span<Value> values = many.empty() ? std::span(few).first(probes.size()) : many;
  std::copy(probes.begin(), probes.end(), values.begin());
  const std::size_t begin = out.size();
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    values.back() = item_of(list, i);
    add(values);
  }
  const auto first = out.begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(first, out.end());
  out.erase(std::unique(first, out.end()), out.end());
  return 1 + list.size();
}

}  // namespace licet::index
