// What one request has for the slots of a program, in the form in which it came; Values are made
// when something asks for one.
//
// Cells 0 .. slots-1 are the program's slots; cells behind them take attributes that are only
// checked. Which cells are filled is said by bits alone, so that forgetting a request costs
// nothing, and whether all of a set are filled is a comparison of words.
#pragma once

#include <algorithm>
#include <cstddef>
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
  void remove(CellIndex cell) { words_[cell / 64] &= ~(std::uint64_t{1} << (cell % 64)); }
  bool contains(CellIndex cell) const { return (words_[cell / 64] >> (cell % 64) & 1U) != 0; }
  std::size_t word_count() const { return words_.size(); }
  bool is_empty() const {
    if (words_.size() == 1) [[likely]]
      return words_.front() == 0;
    return std::all_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word == 0; });
  }
  // PRECONDITION: the other is not made for more cells.
  void add_all(const CellSet& other) {
    if (other.words_.size() == 1) [[likely]] {
      words_.front() |= other.words_.front();
      return;
    }
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
    // One text.
    kLent,      // of which only place and size are set
    kSymbol,    // the same, and what is known of it
    kText,      // text
    kTextMade,  // text, and the value of it
    // Lists.
    kTexts,        // of texts
    kTextsMade,    // the same, and the value of it
    kValues,       // of values
    kValuesMade,   // the same, and the value of it
    kLentList,     // lent: texts that nobody has looked at
    kLentSymbols,  // symbols
    kValue,        // anything
  };
  // In a line of the processor's cache.
  struct alignas(64) Cell {
    Cell() {}  // NOLINT: what there is, the form says

    Form form = Form::kValue;
    union {
      // INVARIANT: `longer` is where the bytes are, also if they are few.
      Text text;
      std::span<const Text> texts;
      std::span<const Value> values;
      std::span<const std::string_view> lent;
      SymbolList symbols;
    };
    union {
      Value value;               // kValue and k..Made
      const SymbolData* symbol;  // kSymbol
    };

    bool is_text() const { return form <= Form::kTextMade; }
    // PRECONDITION: is_text().
    std::string_view text_view() const { return {text.longer, text.size}; }
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
    put(cells_[cell], value);
    filled_.add(cell);
  }
  void set(CellIndex cell, const Symbol& symbol) {
    put(cells_[cell], symbol);
    filled_.add(cell);
    has_lent_ = true;
  }
  // Texts and lists must stay where they are.
  void lend(CellIndex cell, std::string_view text) {
    put_lent(cells_[cell], text);
    filled_.add(cell);
    has_lent_ = true;
  }
  void lend(CellIndex cell, std::span<const std::string_view> texts) {
    put_lent(cells_[cell], texts);
    filled_.add(cell);
    has_lent_ = true;
  }
  // For those who fill many cells at once: where a cell is, in bytes from the first one. Then
  // add_filled() is to follow.
  static constexpr std::uint32_t offset_of(CellIndex cell) {
    return cell * static_cast<std::uint32_t>(sizeof(Cell));
  }
  static constexpr CellIndex cell_at_offset(std::uint32_t offset) {
    return offset / static_cast<std::uint32_t>(sizeof(Cell));
  }
  Cell& cell_at(std::uint32_t offset) {
    return *reinterpret_cast<Cell*>(reinterpret_cast<std::byte*>(cells_.data()) + offset);
  }
  static void put(Cell& cell, const Value& value) {
    cell.form = Form::kValue;
    cell.value = value;
  }
  static void put_lent(Cell& cell, std::string_view text) {
    cell.form = Form::kLent;
    cell.text.longer = text.data();
    cell.text.size = text.size();
  }
  static void put_lent(Cell& cell, std::span<const std::string_view> texts) {
    cell.form = Form::kLentList;
    cell.lent = texts;
  }
  static void put(Cell& cell, const Symbol& symbol) {
    const SymbolData& data = symbol.data();
    cell.form = Form::kSymbol;
    cell.text.longer = data.text.longer;
    cell.text.size = data.text.size;
    cell.symbol = &data;
  }
  static void put_lent(Cell& cell, SymbolList symbols) {
    cell.form = Form::kLentSymbols;
    cell.symbols = symbols;
  }
  void add_filled(const CellSet& cells) {
    filled_.add_all(cells);
    has_lent_ = true;
  }
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
    at.text.longer = reinterpret_cast<const char*>(at.text.words);
    at.text.size = text.size();
    filled_.add(cell);
    return true;
  }
  // Longer texts must stay where they are.
  void set(CellIndex cell, const Text& text) {
    Cell& at = cells_[cell];
    at.form = Form::kText;
    at.text = text;
    if (text.size <= Text::kInline) at.text.longer = reinterpret_cast<const char*>(at.text.words);
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
