#include "eval/vm/key_plan.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace licet::vm {
namespace {

// Bodies of an index that do not depend on the key stand in every graph.
constexpr std::size_t kMostOthers = 32;

std::optional<std::size_t> position_of(const IndexGroup& group, CellIndex cell) {
  for (std::size_t i = 0; i < group.keys.size(); ++i) {
    const IndexKey& key = group.keys[i];
    if (key.source == IndexKey::Source::kSlot && key.test == IndexTest::kEqual &&
        key.number == cell) {
      return i;
    }
  }
  return std::nullopt;
}

// The attribute that most rows of large indexes pin.
std::optional<CellIndex> best_cell(const Program& program) {
  std::map<CellIndex, std::size_t> rows;
  for (const BodyIndex& index : program.body_indexes) {
    if (index.body_count < KeyPlan::kFewestBodies) continue;
    for (const IndexGroup& group : index.groups) {
      for (const IndexKey& key : group.keys) {
        if (key.source == IndexKey::Source::kSlot && key.test == IndexTest::kEqual) {
          rows[key.number] += group.bodies.size();
        }
      }
    }
  }
  const auto best = std::max_element(
      rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return best == rows.end() ? std::nullopt : std::optional(best->first);
}

}  // namespace

std::optional<KeyPlan> KeyPlan::of(const Program& program, index::Numbers& numbers) {
  const auto cell = best_cell(program);
  if (!cell) return std::nullopt;
  KeyPlan plan(*cell, numbers);
  std::vector<std::vector<Row>> rows(program.body_indexes.size());
  plan.bodies_.resize(program.body_indexes.size());
  for (BodyIndexNumber number = 0; number < rows.size(); ++number) {
    const BodyIndex& index = program.body_indexes[number];
    if (index.body_count >= kFewestBodies) rows[number] = plan.rows_of(program, index, number);
  }
  plan.key_count_ = numbers.size();
  if (plan.key_count() < kFewestKeys) return std::nullopt;
  for (BodyIndexNumber number = 0; number < rows.size(); ++number) {
    plan.sort_in(std::move(rows[number]), plan.bodies_[number]);
  }
  return plan;
}

std::vector<KeyPlan::Row> KeyPlan::rows_of(const Program& program, const BodyIndex& index,
                                           BodyIndexNumber number) {
  std::vector<Row> rows;
  std::vector<std::uint32_t>& others = bodies_[number].others;
  for (const NotIndexed& other : index.others) others.push_back(other.body);
  for (const IndexGroup& group : index.groups) {
    const auto position = position_of(group, cell_);
    if (!position) {
      others.insert(others.end(), group.bodies.begin(), group.bodies.end());
      continue;
    }
    for (std::size_t row = 0; row < group.bodies.size(); ++row) {
      const std::uint32_t constant = group.values[row * group.keys.size() + *position];
      rows.push_back({numbers_->find_or_add(program.constants[constant]), group.bodies[row]});
    }
  }
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  bodies_[number].is_usable = others.size() <= kMostOthers;
  return rows;
}

void KeyPlan::sort_in(std::vector<Row> rows, Bodies& bodies) const {
  if (!bodies.is_usable) return;
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  bodies.begins.resize(key_count_ + 1, 0);
  for (const Row& row : rows) ++bodies.begins[row.key + 1];
  for (std::size_t key = 0; key < key_count_; ++key) bodies.begins[key + 1] += bodies.begins[key];
  bodies.of_keys.reserve(rows.size());
  for (const Row& row : rows) bodies.of_keys.push_back(row.body);
}

std::uint32_t KeyPlan::find(const SlotValues::Cell& cell) const {
  using Form = SlotValues::Form;
  std::uint32_t number = kNoKey;
  if (cell.form == Form::kLent) {
    number = numbers_->find(cell.text_view());
  } else if (cell.form == Form::kSymbol) {
    number = numbers_->find(*cell.symbol);
  } else if (cell.is_text()) {
    number = numbers_->find(cell.text);
  } else if (cell.form == Form::kValue) {
    number = numbers_->find(cell.value);
  }
  return number < key_count_ ? number : kNoKey;
}

std::vector<std::uint32_t> KeyPlan::bodies(BodyIndexNumber index, std::uint32_t key) const {
  const Bodies& from = bodies_[index];
  if (key == kNoKey) return from.others;
  const auto at = from.of_keys.begin();
  std::vector<std::uint32_t> all;
  std::merge(at + from.begins[key], at + from.begins[key + 1], from.others.begin(),
             from.others.end(), std::back_inserter(all));
  return all;
}

}  // namespace licet::vm
