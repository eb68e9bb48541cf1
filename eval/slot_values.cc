#include "eval/slot_values.h"

namespace licet {

void SlotValues::begin(std::size_t cells, Arena& arena) {
  arena_ = &arena;
  if (cells_.size() != cells) cells_.resize(cells);
  filled_.resize(cells);
}

void SlotValues::make(Cell& cell) {
  if (cell.form == Form::kText) {
    cell.value = Value::string(cell.text.view(), *arena_);
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
