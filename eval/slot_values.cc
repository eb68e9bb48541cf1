#include "eval/slot_values.h"

namespace licet {

void SlotValues::begin(std::size_t cells, Arena& arena) {
  arena_ = &arena;
  if (cells_.size() != cells) cells_.resize(cells);
  filled_.resize(cells);
}

std::span<const Value> SlotValues::values_of(SymbolList symbols, Arena& arena) {
  auto* const values = arena.allocate_array<Value>(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) values[i] = symbols[i].value();
  return {values, symbols.size()};
}

void SlotValues::make(Cell& cell) {
  if (cell.form == Form::kSymbol) {
    put(cell, Value(cell.symbol->value));
    return;
  }
  if (cell.form == Form::kLent) {
    const char* const bytes = cell.text.longer;
    cell.text = text_from(cell.text_view());
    cell.text.longer = bytes;
    cell.form = Form::kText;
  } else if (cell.form == Form::kLentList) {
    Text* const texts = arena_->allocate_array<Text>(cell.lent.size());
    const std::span<const std::string_view> lent = cell.lent;
    for (std::size_t i = 0; i < lent.size(); ++i) texts[i] = text_from(lent[i]);
    cell.texts = {texts, lent.size()};
    cell.form = Form::kTexts;
  } else if (cell.form == Form::kLentSymbols) {
    cell.values = values_of(cell.symbols, *arena_);
    cell.form = Form::kValues;
  }
  if (cell.form == Form::kText) {
    cell.value = Value::string(cell.text_view(), *arena_);
    cell.form = Form::kTextMade;
    return;
  }
  if (cell.form == Form::kValues) {
    cell.value = Value::array(cell.values, *arena_);
    cell.form = Form::kValuesMade;
    return;
  }
  Value* const elements = arena_->allocate_array<Value>(cell.texts.size());
  for (std::size_t i = 0; i < cell.texts.size(); ++i) {
    elements[i] = Value::string(cell.texts[i].view(), *arena_);
  }
  cell.value = Value::array({elements, cell.texts.size()}, *arena_);
  cell.form = Form::kTextsMade;
}

}  // namespace licet
