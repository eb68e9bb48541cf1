// What one request has for the slots of a program, in the form in which it came; Values are made
// when something asks for one.
//
// Cells 0 .. slots-1 are the program's slots; cells behind them take attributes that are only
// checked. Which cells are filled is said by bits alone, so that forgetting a request costs
// nothing, and whether all of a set are filled is a comparison of words.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "eval/arena.h"
#include "eval/value.h"
#include "eval/value_text.h"

namespace licet {

using CellIndex = std::uint32_t;

// A set of cells.
class CellSet {
 public:
  void resize(std::size_t cells) { words_.assign((cells + 63) / 64, 0); }
  void clear() {
    for (std::uint64_t& word : words_) word = 0;
  }
  void add(CellIndex cell) { words_[cell / 64] |= std::uint64_t{1} << (cell % 64); }
  void remove(CellIndex cell) { words_[cell / 64] &= ~(std::uint64_t{1} << (cell % 64)); }
  bool contains(CellIndex cell) const { return (words_[cell / 64] >> (cell % 64) & 1U) != 0; }
  // PRECONDITION: both are of the same size.
  bool contains_all(const CellSet& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((other.words_[i] & ~words_[i]) != 0) return false;
    }
    return true;
  }

 private:
  std::vector<std::uint64_t> words_;
};

// For one thread at a time.
class SlotValues {
 public:
  enum class Form : std::uint8_t {
    kValue,
    kText,       // text
    kTextMade,   // text, and the value of it
    kTexts,      // a list of texts
    kTextsMade,  // the same, and the value of it
    kValues,     // a list of values
    kValuesMade,
  };
  struct Cell {
    Form form = Form::kValue;
    Text text;
    std::span<const Text> texts;
    std::span<const Value> values;
    Value value;  // kValue and k..Made
  };

  // Empties it and makes room. Values that are made later live in `arena`.
  void begin(std::size_t cells, Arena& arena);
  // Empties it.
  void clear() { filled_.clear(); }

  bool has(CellIndex cell) const { return filled_.contains(cell); }
  const CellSet& filled() const { return filled_; }
  std::size_t size() const { return cells_.size(); }
  // PRECONDITION: has(cell).
  const Cell& cell(CellIndex cell) const { return cells_[cell]; }
  // Undefined if the cell is empty. Throws MemoryExceeded.
  Value value(CellIndex cell) {
    if (!has(cell)) return Value::undefined();
    Cell& at = cells_[cell];
    if (at.form == Form::kText || at.form == Form::kTexts || at.form == Form::kValues) make(at);
    return at.value;
  }

  void set(CellIndex cell, const Value& value) {
    cells_[cell].form = Form::kValue;
    cells_[cell].value = value;
    filled_.add(cell);
  }
  // Longer texts must stay where they are.
  void set(CellIndex cell, const Text& text) {
    cells_[cell].form = Form::kText;
    cells_[cell].text = text;
    filled_.add(cell);
  }
  void set(CellIndex cell, std::span<const Text> texts) {
    cells_[cell].form = Form::kTexts;
    cells_[cell].texts = texts;
    filled_.add(cell);
  }
  void set_values(CellIndex cell, std::span<const Value> values) {
    cells_[cell].form = Form::kValues;
    cells_[cell].values = values;
    filled_.add(cell);
  }
  void remove(CellIndex cell) { filled_.remove(cell); }

 private:
  void make(Cell& cell);

  std::vector<Cell> cells_;
  CellSet filled_;
  Arena* arena_ = nullptr;
};

}  // namespace licet
