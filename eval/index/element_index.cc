#include "eval/index/element_index.h"

#include <algorithm>

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

ElementIndex::ElementIndex(const Program& program, const DataIndex& plan, std::size_t& rows_left)
    : program_(program),
      plan_(plan),
      collection_(walk(program.data, program.paths[plan.path].elements)) {
  if (!collection_.is_composite()) return;
  is_usable_ = collection_.size() <= rows_left;
  if (!is_usable_) return;
  const auto count = static_cast<std::uint32_t>(collection_.size());
  rows_.reserve(count);
  for (std::uint32_t position = 0; position < count && is_usable_; ++position) {
    add_rows(position);
    is_usable_ = rows_.size() <= rows_left;
  }
  rows_left -= std::min(rows_left, std::max<std::size_t>(rows_.size(), count));
  if (!is_usable_) {
    rows_ = {};
    return;
  }
  runs_.build(
      static_cast<std::uint32_t>(rows_.size()),
      [this](std::uint32_t row) { return hash_of(rows_[row]); },
      [this](std::uint32_t a, std::uint32_t b) { return equal(rows_[a], rows_[b]); });
  runs_.renumber([this](std::uint32_t row) { return rows_[row].element; });
}

Value ElementIndex::element(std::uint32_t position) const { return item_of(collection_, position); }

Value ElementIndex::field(std::uint32_t position, std::size_t number) const {
  const ElementField& field = plan_.fields[number];
  if (!field.of_key) return walk(element(position), program_.paths[field.path].elements);
  if (collection_.is_array()) return Value::integer(position);
  return collection_.is_object() ? collection_.entries()[position].key : element(position);
}

void ElementIndex::add_rows(std::uint32_t position) {
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    if (field(position, i).is_undefined()) return;
  }
  if (plan_.fields.back().match != Match::kFieldElement) {
    rows_.push_back({.element = position, .item = 0});
    return;
  }
  const Value list = field(position, plan_.fields.size() - 1);
  if (!list.is_composite()) return;
  for (std::uint32_t item = 0; item < list.size(); ++item) {
    rows_.push_back({.element = position, .item = item});
  }
}

Value ElementIndex::last(const Row& row) const {
  const Value value = field(row.element, plan_.fields.size() - 1);
  return plan_.fields.back().match == Match::kFieldElement ? item_of(value, row.item) : value;
}

std::uint64_t ElementIndex::hash_of(const Row& row) const {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i + 1 < plan_.fields.size(); ++i) {
    hash = mixed(hash, field(row.element, i).hash());
  }
  return mixed(hash, last(row).hash());
}

bool ElementIndex::equal(const Row& a, const Row& b) const {
  for (std::size_t i = 0; i + 1 < plan_.fields.size(); ++i) {
    if (!(field(a.element, i) == field(b.element, i))) return false;
  }
  return last(a) == last(b);
}

void ElementIndex::add_run(std::span<const Value> fields, std::uint64_t hash, const Value& wanted,
                           std::vector<std::uint32_t>& out) const {
  const auto run = runs_.find(mixed(hash, wanted.hash()), [&](std::uint32_t number) {
    const Row& row = rows_[number];
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!(field(row.element, i) == fields[i])) return false;
    }
    return last(row) == wanted;
  });
  out.insert(out.end(), run.begin(), run.end());
}

std::uint64_t ElementIndex::find(std::span<const Value> probes,
                                 std::vector<std::uint32_t>& out) const {
  const std::span<const Value> fields = probes.first(probes.size() - 1);
  const Value& probe = probes.back();
  std::uint64_t hash = 0;
  for (const Value& value : fields) hash = mixed(hash, value.hash());
  if (plan_.fields.back().match != Match::kProbeElement) {
    add_run(fields, hash, probe, out);
    return 1;
  }
  if (!probe.is_composite()) return 1;
  const std::size_t begin = out.size();
  for (std::uint32_t i = 0; i < probe.size(); ++i) add_run(fields, hash, item_of(probe, i), out);
  const auto first = out.begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(first, out.end());
  out.erase(std::unique(first, out.end()), out.end());
  return 1 + probe.size();
}

}  // namespace licet::index
