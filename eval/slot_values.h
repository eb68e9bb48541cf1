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
  const std::uint64_t* words() const { return words_.data(); }
  void add(CellIndex cell) { words_[cell / 64] |= std::uint64_t{1} << (cell % 64); }
  void remove(CellIndex cell) { words_[cell / 64] &= ~(std::uint64_t{1} << (cell % 64)); }
  bool contains(CellIndex cell) const { return (words_[cell / 64] >> (cell % 64) & 1U) != 0; }
  std::size_t word_count() const { return words_.size(); }
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
  const Cell* cells() const { return cells_.data(); }
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
  // False if that takes a closer look: the text is long or not ASCII. Nothing is set then.
  bool set_short(CellIndex cell, std::string_view text) {
    if (text.size() > Text::kInline) return false;
    const text::Words words = text::load_words(text.data(), text.size());
    if (!words.are_ascii()) return false;
    Cell& at = cells_[cell];
    at.form = Form::kText;
    at.text.words[0] = words.first;
    at.text.words[1] = words.second;
    at.text.size = static_cast<std::uint32_t>(text.size());
    filled_.add(cell);
    return true;
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
