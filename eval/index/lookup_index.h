// Lookups of several keys in objects of objects, as `data.grants[model.id][request.action][r]`, by
// one table of all paths: each step from one object into the next costs misses of the cache, and a
// path that is not there is mostly known only at its end.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eval/index/numbers.h"
#include "eval/index/tuple_table.h"
#include "eval/value.h"

namespace licet::index {

// Immutable; any thread may ask.
class LookupIndex {
 public:
  // Of what lies `depth` keys below `from`. Takes its rows from `rows_left`; is not usable if they
  // are too few, or if something on the way is neither an object nor a scalar.
  LookupIndex(const Value& from, std::size_t depth, Numbers& numbers, std::size_t& rows_left);

  bool is_usable() const { return is_usable_; }
  bool is_of(const Value& from, std::size_t depth) const {
    return depth_ == depth && from_ == from;
  }
  // The keys to all that is not false, as numbers. PRECONDITION: is_usable().
  const TupleTable& table() const { return table_; }

 private:
  void add(const Value& at, Numbers& numbers, std::size_t& rows_left);

  Value from_;
  std::size_t depth_;
  bool is_usable_ = true;
  TupleTable table_;
  // While the table is built.
  std::vector<std::uint32_t> way_;   // keys from `from_` to where add() is
  std::vector<std::uint32_t> rows_;  // ways to the end
};

}  // namespace licet::index
