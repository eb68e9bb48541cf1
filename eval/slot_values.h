// What one request has for the slots of a program, in the form in which it came; Values are made
// when something asks for one.
//
// Cells 0 .. slots-1 are the program's slots; cells behind them take attributes that are only
// checked. Which cells are filled is said by bits alone, so that forgetting a request costs
// nothing, and whether all of a set are filled is a comparison of words.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "eval/arena.h"
#include "eval/symbol.h"
#include "eval/value.h"
#include "eval/value_text.h"

namespace licet {

using CellIndex = std::uint32_t;

// A set of cells.
class CellSet {
 public:
  void resize(std::size_t cells) { words_.assign((cells + 63) / 64, 0); }
  void clear() {
    // Most have one word, for which a loop would be a call.
    if (words_.size() == 1) [[likely]] {
      words_.front() = 0;
    } else {
      std::fill(words_.begin(), words_.end(), 0);
    }
  }
  const std::uint64_t* words() const { return words_.data(); }
  void add(CellIndex cell) { words_[cell / 64] |= std::uint64_t{1} << (cell % 64); }
  static std::span<const Value> values_of(SymbolList symbols, Arena& arena);
  void remove(CellIndex cell) { words_[cell / 64] &= ~(std::uint64_t{1} << (cell % 64)); }
  bool contains(CellIndex cell) const { return (words_[cell / 64] >> (cell % 64) & 1U) != 0; }
  std::size_t word_count() const { return words_.size(); }
  // PRECONDITION: the other is not made for more cells.
  void add_all(const CellSet& other) {
    for (std::size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
  }
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
    kLent,         // text of which only place and size are set
    kLentList,     // lent: texts that nobody has looked at
    kLentSymbols,  // symbols
  };
  struct Cell {
    Cell() {}  // NOLINT: which list there is, the form says

    Form form = Form::kValue;
    Text text;
    union {
      std::span<const Text> texts = {};
      std::span<const Value> values;
      std::span<const std::string_view> lent;
      SymbolList symbols;
    };
    Value value;  // kValue and k..Made

    std::string_view lent_text() const { return {text.longer, text.size}; }
  };

  // Empties it and makes room. Values that are made later live in `arena`.
  void begin(std::size_t cells, Arena& arena);
  // Empties it.
  void clear() {
    filled_.clear();
    has_lent_ = false;
  }

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
    if (!has_value(at.form)) make(at);
    return at.value;
  }

  void set(CellIndex cell, const Value& value) {
    put(cell, value);
    filled_.add(cell);
  }
  // Texts and lists must stay where they are.
  void lend(CellIndex cell, std::string_view text) {
    put_lent(cell, text);
    filled_.add(cell);
  }
  void lend(CellIndex cell, std::span<const std::string_view> texts) {
    put_lent(cell, texts);
    filled_.add(cell);
  }
  // The same without a note that they are filled: add_filled() is to follow.
  void put(CellIndex cell, const Value& value) {
    cells_[cell].form = Form::kValue;
    cells_[cell].value = value;
  }
  void put_lent(CellIndex cell, std::string_view text) {
    Cell& at = cells_[cell];
    at.form = Form::kLent;
    at.text.longer = text.data();
    at.text.size = static_cast<std::uint32_t>(text.size());
    has_lent_ = true;
  }
  void put_lent(CellIndex cell, std::span<const std::string_view> texts) {
    cells_[cell].form = Form::kLentList;
    cells_[cell].lent = texts;
    has_lent_ = true;
  }
  void put_lent(CellIndex cell, SymbolList symbols) {
    cells_[cell].form = Form::kLentSymbols;
    cells_[cell].symbols = symbols;
    has_lent_ = true;
  }
  void add_filled(const CellSet& cells) { filled_.add_all(cells); }
  // Some cells may be lent.
  bool has_lent() const { return has_lent_; }
  void forget_lent() { has_lent_ = false; }
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
  static std::span<const Value> values_of(SymbolList symbols, Arena& arena);
  void remove(CellIndex cell) { filled_.remove(cell); }

 private:
  static bool has_value(Form form) {
    return form == Form::kValue || form == Form::kTextMade || form == Form::kTextsMade ||
           form == Form::kValuesMade;
  }
  void make(Cell& cell);

  std::vector<Cell> cells_;
  CellSet filled_;
  bool has_lent_ = false;
  Arena* arena_ = nullptr;
};

}  // namespace licet
