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
// About 40 bytes an element: fields are numbers (numbers.h), and those of one element are mostly
// packed into the table that finds it (tuple_table.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eval/index/numbers.h"
#include "eval/index/tuple_table.h"
#include "eval/program.h"

namespace licet::index {

// Immutable; any thread may ask. Refers to the program, which must live as long.
class ElementIndex {
 public:
  // Takes its rows from `rows_left`; is not usable if they are too few, so that no program can ask
  // for more tables than its data is worth.
  ElementIndex(const Program& program, const DataIndex& plan, Numbers& numbers,
               std::size_t& rows_left);

  // If not, the collection has to be gone through.
  bool is_usable() const { return is_usable_; }

  // The elements at the path are of `collection`.
  const Value& collection() const { return collection_; }
  PathIndex path() const { return plan_.path; }

  // Appends the positions of the elements that match, ascending and each once. Answers how many
  // values were looked up. PRECONDITION: one probe for each field.
  std::uint64_t find(std::span<const Value> probes, std::vector<std::uint32_t>& out) const;
  // The elements by the numbers of their fields, those of a list one by one. PRECONDITION:
  // is_usable().
  const TupleTable& table() const { return table_; }

 private:
  Value element(std::uint32_t position) const;
  Value field(std::uint32_t position, std::size_t number) const;
  void add_rows(std::uint32_t position);
  void add_row(std::span<const Value> fields, std::uint32_t position);
  // The rows whose fields are the probes.
  std::span<const std::uint32_t> run_of(std::span<const Value> probes) const;

  const Program& program_;
  const DataIndex& plan_;
  Numbers& numbers_;  // added to only while this is built
  Value collection_;
  bool is_usable_ = true;
  TupleTable table_;
  // While the table is built: of each row the position of its element, and its fields.
  std::vector<std::uint32_t> elements_;
  std::vector<std::uint32_t> fields_;
};

}  // namespace licet::index
