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
// About 20 bytes an element; the fields themselves are read where they are.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eval/index/run_table.h"
#include "eval/program.h"

namespace licet::index {

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

 private:
  struct Row {
    std::uint32_t element = 0;
    std::uint32_t item = 0;  // position in the field's list, for kFieldElement
  };
  Value element(std::uint32_t position) const;
  Value field(std::uint32_t position, std::size_t number) const;
  // The value of the row's last field.
  Value last(const Row& row) const;
  void add_rows(std::uint32_t position);
  std::uint64_t hash_of(const Row& row) const;
  bool equal(const Row& a, const Row& b) const;
  void add_run(std::span<const Value> fields, std::uint64_t hash, const Value& last,
               std::vector<std::uint32_t>& out) const;

  static std::uint64_t mixed(std::uint64_t hash, std::uint64_t part) {
    hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 32);
  }

  const Program& program_;
  const DataIndex& plan_;
  Value collection_;
  bool is_usable_ = true;
  std::vector<Row> rows_;
  RunTable runs_;
};

}  // namespace licet::index
