// Which bodies are left once one attribute is known.
//
// Of policies of many rules nearly all tie the same attribute to a constant, as `model.id ==
// "m7"`: the key. Here is what the indexes of a program (eval/index/) know of it, turned round: for
// each constant, in each index, the bodies that can hold, in their order. For keyed_graphs.h.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "eval/index/numbers.h"
#include "eval/program.h"
#include "eval/slot_values.h"

namespace licet::vm {

// Immutable; any thread may ask.
class KeyPlan {
 public:
  static constexpr std::uint32_t kNoKey = index::Numbers::kNone;
  // Indexes of fewer bodies are of no interest, and neither are fewer keys: tests cost less then.
  static constexpr std::size_t kFewestBodies = 16;
  static constexpr std::size_t kFewestKeys = 8;

  // None if there is no index of many bodies most of which pin one attribute.
  // PRECONDITION: no other table has numbers yet, so that keys have the first ones.
  static std::optional<KeyPlan> of(const Program& program, index::Numbers& numbers);

  CellIndex cell() const { return cell_; }
  std::size_t key_count() const { return key_count_; }
  const Value& key(std::uint32_t number) const { return numbers_->key(number); }
  // kNoKey if the value of the cell is none of them. PRECONDITION: it is filled.
  std::uint32_t find(const SlotValues::Cell& cell) const;

  // Whether few bodies do not depend on the key.
  bool is_usable(BodyIndexNumber index) const { return bodies_[index].is_usable; }
  // Those that can hold, ascending; with kNoKey those that do not depend on the key.
  std::vector<std::uint32_t> bodies(BodyIndexNumber index, std::uint32_t key) const;

 private:
  struct Bodies {
    bool is_usable = false;
    std::vector<std::uint32_t> begins;  // of each key, in `of_keys`; and the end
    std::vector<std::uint32_t> of_keys;
    std::vector<std::uint32_t> others;
  };
  struct Row {
    std::uint32_t key = 0;
    std::uint32_t body = 0;

    friend auto operator<=>(const Row&, const Row&) = default;
  };

  KeyPlan(CellIndex cell, index::Numbers& numbers) : cell_(cell), numbers_(&numbers) {}
  std::vector<Row> rows_of(const Program& program, const BodyIndex& index, BodyIndexNumber number);
  void sort_in(std::vector<Row> rows, Bodies& bodies) const;

  CellIndex cell_;
  index::Numbers* numbers_;  // added to only while this is built
  std::uint32_t key_count_ = 0;
  std::vector<Bodies> bodies_;  // by index
};

}  // namespace licet::vm
