// Which elements of loaded data can match: the hash join.
//
// Problem: grants as data, `some g in data.grants; g.model == input.model.id; g.role in
// input.user.roles`, cost as many steps as there are grants.
//
// Idea: the compiler finds which fields of the elements are held against values that are known
// before the iteration (lang/plan/joins.h). When the program is loaded, the elements are put into a
// hash table by the tuple of these fields; the iteration then goes over the run of one tuple, or,
// where a list is involved, of one tuple for each of its elements. Here the fields are `model` and
// `role`, and a user with three roles costs three lookups among ten grants or a million.
//
// An element without one of the fields is in no run: its literal would fail. What is found is
// evaluated in full, in the order of the data, so the answer is that of the scan.
//
// About 20 bytes an element and 16 for each of its fields, which are kept beside each other: to
// find them in an element would cost a miss of the cache for each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eval/index/run_table.h"
#include "eval/index/text_hash.h"
#include "eval/program.h"

namespace licet::index {

// What is looked up: a text of the request, or a value; either must live as long.
class Probe {
 public:
  explicit Probe(const Text& text) : text_(&text), hash_(key_hash(text)) {}
  explicit Probe(const SymbolData& symbol) : text_(&symbol.text), hash_(key_hash(symbol)) {}
  explicit Probe(const Value& value) : value_(&value), hash_(key_hash(value)) {}

  std::uint64_t hash() const { return hash_; }
  friend bool operator==(const Probe& probe, const Value& value) {
    return probe.text_ != nullptr ? *probe.text_ == value : *probe.value_ == value;
  }

 private:
  const Text* text_ = nullptr;
  const Value* value_ = nullptr;
  std::uint64_t hash_ = 0;
};

// Immutable; any thread may ask. Refers to the program, which must live as long.
class ElementIndex {
 public:
  // Takes its rows from `rows_left`; is not usable if they are too few, so that no program can ask
  // for more tables than its data is worth.
  ElementIndex(const Program& program, const DataIndex& plan, std::size_t& rows_left);

  // If not, the collection has to be gone through.
  bool is_usable() const { return is_usable_; }

  // The elements at the path are of `collection`.
  const Value& collection() const { return collection_; }
  PathIndex path() const { return plan_.path; }

  // Appends the positions of the elements that match, ascending and each once. Answers how many
  // values were looked up. PRECONDITION: one probe for each field.
  std::uint64_t find(std::span<const Value> probes, std::vector<std::uint32_t>& out) const;
  // Whether some element has these fields. PRECONDITION: is_usable(); one probe for each field, the
  // elements of a list one by one.
  bool contains(std::span<const Probe> probes) const;

 private:
  Value element(std::uint32_t position) const;
  Value field(std::uint32_t position, std::size_t number) const;
  void add_rows(std::uint32_t position);
  void add_row(std::span<const Value> fields, std::uint32_t position);
  std::span<const Value> fields_of(std::uint32_t row) const {
    return std::span(fields_).subspan(row * plan_.fields.size(), plan_.fields.size());
  }
  std::uint64_t hash_of(std::uint32_t row) const;
  // The rows whose fields are the probes.
  template <class AnyProbe>
  std::span<const std::uint32_t> run_of(std::span<const AnyProbe> probes) const;

  static std::uint64_t mixed(std::uint64_t hash, std::uint64_t part) {
    hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 32);
  }

  const Program& program_;
  const DataIndex& plan_;
  Value collection_;
  bool is_usable_ = true;
  std::vector<std::uint32_t> elements_;  // by row, its position
  std::vector<Value> fields_;            // of each row
  RunTable runs_;
};

}  // namespace licet::index
