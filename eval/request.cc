#include "eval/request.h"

#include <algorithm>
#include <cmath>

#include "eval/engine.h"
#include "eval/engine/evaluation.h"
#include "eval/number.h"
#include "eval/schema.h"
#include "eval/struct_binding.h"
#include "eval/utf8.h"
#include "eval/value_json.h"

namespace licet {

RequestError request_error(const SchemaError& error) {
  return {.path = error.path,
          .expected = error.expected,
          .found = error.found,
          .message = error.path + ": expected " + error.expected + ", found " + error.found};
}

void fill_slots(const Program& program, const Value& document, SlotValues& slots) {
  slots.clear();
  for (SlotIndex slot = 0; slot < program.slots.size(); ++slot) {
    Value value = document;
    for (const Value& element : program.slots[slot].elements) {
      if (value.is_undefined()) break;
      value = value.get(element);
    }
    if (value.is_defined()) slots.set(slot, value);
  }
}

Request::Request(const Engine& engine) : Request(engine.shared_) {}

Request::Request(std::shared_ptr<EngineShared> engine)
    : engine_(std::move(engine)),
      layout_in_force_(&engine_->layout_id),
      limits_(engine_->options.limits),
      evaluation_(std::make_unique<Evaluation>(*engine_)) {
  adopt_layout();
  arena_.set_limit(limits_.request_bytes);
}

Request::~Request() = default;

// Of the program in force.
void Request::adopt_layout() {
  state_ = engine_->current();
  layout_ = state_->layout.get();
  slots_.begin(layout_->cell_count(), arena_);
  direct_layout_ = layout_->always_needs_document() ? 0 : layout_->id();
}

Request& Request::reset_all() {
  arena_.reset();
  arena_.set_limit(limits_.request_bytes);
  slots_.clear();
  error_.reset();
  may_fit_another_schema_ = false;
  document_ = Value::undefined();
  evaluation_->has_text = false;
  ordered_.clear();
  mode_ = Mode::kSlots;
  if (layout_->id() != engine_->layout_id.load(std::memory_order_acquire)) adopt_layout();
  direct_layout_ = layout_->always_needs_document() ? 0 : layout_->id();
  return *this;
}

void Request::fail(std::string path, std::string message) {
  reject({.path = std::move(path), .expected = {}, .found = {}, .message = std::move(message)});
}

bool Request::parse(std::string_view json) {
  if (bound_ != nullptr) forget_struct();
  reset();
  mode_ = Mode::kParsed;
  direct_layout_ = 0;
  constexpr std::size_t kBytesOfValuePerByte = 8;
  const std::size_t memory_bytes = limits_.request_bytes + json.size() * kBytesOfValuePerByte;
  arena_.set_limit(memory_bytes);
  evaluation_->has_text =
      evaluation_->reader.read(json, state_->read_plan, memory_bytes, arena_, slots_);
  if (evaluation_->has_text) return true;
  // The slow way can tell what is wrong.
  arena_.reset();
  slots_.clear();
  try {
    const Result<Value, JsonError> document = value_from_json(json, arena_);
    if (!document) {
      const JsonError& error = document.error();
      fail(error.path, "the request is no strict JSON: " + error.message + " at line " +
                           std::to_string(error.line) + ", column " + std::to_string(error.column));
      return false;
    }
    document_ = document.value();
  } catch (const MemoryExceeded&) {
    fail({}, "the request is too large");
    return false;
  }
  return fill_from_document();
}

bool Request::set_document(const Value& document) {
  take_struct();
  mode_ = Mode::kParsed;
  direct_layout_ = 0;
  document_ = document;
  return fill_from_document();
}

bool Request::fill_from_document() {
  if (const auto misfit = check_request(layout_->program().schema, document_)) {
    reject(request_error(*misfit));
    may_fit_another_schema_ = true;
    return false;
  }
  fill_slots(layout_->program(), document_, slots_);
  return true;
}

void Request::lend_members() {
  const BoundStruct* const bound = bound_;
  const void* const from = struct_;
  forget_struct();
  if (from != nullptr) bound->lend_to(*this, from);
}

void Request::lend_struct(const BoundStruct& bound, const void* from) {
  if (struct_ == nullptr) take_struct();
  if (bound.layout_ == direct_layout_ && slots_.filled().is_empty()) {
    bound_ = &bound;
    struct_ = from;
    layout_of_struct_ = std::exchange(direct_layout_, 0);
  } else {
    bound.lend_to(*this, from);
  }
}

bool Request::can_lend_packed(const std::shared_ptr<const BoundStruct>& bound, std::size_t bytes) {
  if (struct_ == nullptr) take_struct();
  if (bound->layout_ != direct_layout_ || !slots_.filled().is_empty()) return false;
  if (room_bytes_ < bytes) {
    room_ = std::make_unique<std::byte[]>(bytes);
    room_bytes_ = bytes;
  }
  packed_ = bound;
  bound_ = bound.get();
  layout_of_struct_ = std::exchange(direct_layout_, 0);
  return true;
}

Request& Request::set(AttributeIndex index, const Value& value) {
  take_struct();
  if (is_refused()) return *this;
  const Attribute& attribute = layout_->attributes()[index];
  try {
    store(attribute, index, value);
  } catch (const MemoryExceeded&) {
    fail(attribute.text, attribute.text + ": the request is too large");
  }
  return *this;
}

Request& Request::reject(RequestError error) {
  take_struct();
  direct_layout_ = 0;
  if (!is_refused()) error_ = std::move(error);
  return *this;
}

// Whatever a value costs to make, and whatever is wrong with it, ends here.
template <class T, class Make>
Request& Request::set_value(const Slot<T>& slot, Make make) {
  take_struct();
  if (is_refused()) return *this;
  if (mode_ == Mode::kParsed) {
    fail(slot.path(), slot.path() + ": the request was read from JSON; reset it to set attributes");
    return *this;
  }
  try {
    const Value value = make();
    if (error_) return *this;
    const Attribute& attribute = *slot.attribute_;
    if (slot.layout_ == layout_->id()) {
      store(attribute, slot.index_, value);
    } else if (const auto index = layout_->find(attribute.text)) {
      store(attribute, index, value);
    } else {
      Attribute unknown = attribute;
      unknown.cell.reset();  // it was one of another program
      store(unknown, std::nullopt, value);
    }
  } catch (const MemoryExceeded&) {
    fail(slot.path(), slot.path() + ": the request is too large");
  }
  return *this;
}

void Request::store(const Attribute& given, std::optional<AttributeIndex> index,
                    const Value& value) {
  const Attribute& attribute = index ? layout_->attributes()[*index] : given;
  if (index && attribute.type) {
    if (auto misfit = check_value(layout_->program().schema, *attribute.type, value, given.text)) {
      if (attribute.is_private) misfit->found = name_of(value.kind());
      reject(request_error(*misfit));
      return;
    }
  }
  if (!attribute.cell || attribute.needs_document) need_document();
  if (mode_ == Mode::kDocument || layout_->always_needs_document()) {
    need_document();
    ordered_.push_back({attribute.path, value});
  } else {
    slots_.set(*attribute.cell, value);
  }
}

// From here on the order of what is set counts. What was set before stands for itself: attributes
// with cells do not overlap.
void Request::need_document() {
  if (mode_ == Mode::kDocument) return;
  take_lent();
  mode_ = Mode::kDocument;
  direct_layout_ = 0;
  for_each_in_cell([this](const Attribute& attribute, const Value& value) {
    ordered_.push_back({attribute.path, value});
  });
}

// Calls `visit` with each attribute that lies in a cell and its value.
template <class Visit>
void Request::for_each_in_cell(Visit visit) {
  const auto visit_all = [&](std::span<const Attribute> attributes) {
    for (const Attribute& attribute : attributes) {
      if (!attribute.cell || !slots_.has(*attribute.cell)) continue;
      visit(attribute, slots_.value(*attribute.cell));
    }
  };
  visit_all(layout_->attributes());
  visit_all(layout_->unread_attributes());
}

// The text with its bytes in this request.
Text Request::kept_text(const std::string& path, std::string_view value) {
  Text text = text_from(value);
  if (value.size() <= Text::kInline) {
    if (is_ascii_inline(text)) return text;
  } else {
    char* const kept = arena_.allocate_array<char>(value.size());
    std::memcpy(kept, value.data(), value.size());
    text.longer = kept;
  }
  if (first_invalid_utf8(value) != value.size()) fail(path, path + ": expected UTF-8 text");
  return text;
}

Request& Request::set_checked(const Slot<std::string_view>& slot, std::string_view value) {
  take_struct();
  if (slot.direct_layout_ == direct_layout_) {
    try {
      const Text text = kept_text(slot.path(), value);
      if (!error_) slots_.set(slot.cell_, text);
    } catch (const MemoryExceeded&) {
      fail(slot.path(), slot.path() + ": the request is too large");
    }
    return *this;
  }
  return set_value(slot, [&] {
    if (first_invalid_utf8(value) != value.size())
      fail(slot.path(), slot.path() + ": expected UTF-8 text");
    return Value::string(value, arena_);
  });
}

template <class T>
Request& Request::set_checked(const Slot<T>& slot, const Value& value) {
  return set_value(slot, [&] { return value; });
}

template Request& Request::set_checked(const Slot<std::int64_t>& slot, const Value& value);
template Request& Request::set_checked(const Slot<bool>& slot, const Value& value);

Request& Request::set(const Slot<double>& slot, double value) {
  return set_value(slot, [&] {
    if (std::isfinite(value)) return number_from_double(value, arena_);
    fail(slot.path(), slot.path() + ": expected a finite number");
    return Value::undefined();
  });
}

// With their bytes in this request.
std::span<const Text> Request::kept_texts(const std::string& path, StringList list) {
  auto* texts = arena_.allocate_array<Text>(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].size() > Text::kInline) [[unlikely]] {
      texts[i] = kept_text(path, list[i]);
      continue;
    }
    const text::Words words = text::load_words(list[i].data(), list[i].size());
    texts[i].words[0] = words.first;
    texts[i].words[1] = words.second;
    texts[i].size = list[i].size();
    if (!words.are_ascii()) [[unlikely]]
      texts[i] = kept_text(path, list[i]);
  }
  return {texts, list.size()};
}

// From here on the caller's texts may go.
void Request::take_lent() {
  take_struct();
  if (!slots_.has_lent()) return;
  slots_.forget_lent();
  const auto take = [this](std::span<const Attribute> attributes) {
    using Form = SlotValues::Form;
    for (const Attribute& attribute : attributes) {
      if (!attribute.cell || !slots_.has(*attribute.cell)) continue;
      const SlotValues::Cell& cell = slots_.cell(*attribute.cell);
      if (cell.form == Form::kSymbol && cell.symbol->is_utf8) {
        slots_.set(*attribute.cell, Value(cell.symbol->value));
      } else if (cell.form == Form::kLent || cell.form == Form::kSymbol) {
        slots_.set(*attribute.cell, kept_text(attribute.text, cell.text_view()));
      } else if (cell.form == Form::kLentList) {
        slots_.set(*attribute.cell, kept_texts(attribute.text, cell.lent));
      } else if (cell.form == Form::kLentSymbols) {
        for (const Symbol& symbol : cell.symbols) {
          if (!symbol.data().is_utf8) kept_text(attribute.text, symbol.text());  // fails
        }
        slots_.set_values(*attribute.cell, SlotValues::values_of(cell.symbols, arena_));
      }
    }
  };
  try {
    take(layout_->attributes());
    take(layout_->unread_attributes());
  } catch (const MemoryExceeded&) {
    fail({}, "the request is too large");
  }
}

Request& Request::set(const Slot<StringList>& slot, StringList value) {
  take_struct();
  if (slot.direct_layout_ == direct_layout_) {
    try {
      const std::span<const Text> texts = kept_texts(slot.path(), value);
      if (!error_) slots_.set(slot.cell_, texts);
    } catch (const MemoryExceeded&) {
      fail(slot.path(), slot.path() + ": the request is too large");
    }
    return *this;
  }
  return set_value(slot, [&] {
    auto* elements = arena_.allocate_array<Value>(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (first_invalid_utf8(value[i]) != value[i].size())
        fail(slot.path(), slot.path() + ": expected UTF-8 text");
      elements[i] = Value::string(value[i], arena_);
    }
    return Value::array({elements, value.size()}, arena_);
  });
}

Request& Request::set(const Slot<StringList>& slot, SymbolList value) {
  take_struct();
  const bool is_direct = slot.direct_layout_ == direct_layout_;
  const auto is_utf8 = [](const Symbol& symbol) { return symbol.data().is_utf8; };
  if (!is_direct || !std::all_of(value.begin(), value.end(), is_utf8)) {
    const std::vector<std::string_view> texts = [&] {
      std::vector<std::string_view> all;
      for (const Symbol& symbol : value) all.push_back(symbol.text());
      return all;
    }();
    return set(slot, StringList(texts));
  }
  try {
    slots_.set_values(slot.cell_, SlotValues::values_of(value, arena_));
  } catch (const MemoryExceeded&) {
    fail(slot.path(), slot.path() + ": the request is too large");
  }
  return *this;
}

Result<SlotValues*, RequestError> Request::slots_for(const RequestLayout& layout, SlotValues& room,
                                                     Arena& arena) {
  take_lent();
  if (is_ready(layout)) return &slots_;
  // That a document does not fit the schema of another program says nothing; it is checked anew.
  if (error_ && (layout.id() == layout_->id() || !may_fit_another_schema_)) return Failure{*error_};
  try {
    arena.reset();
    const Value whole = document(arena);
    if (const auto misfit = check_request(layout.program().schema, whole)) {
      return Failure{request_error(*misfit)};
    }
    room.begin(layout.cell_count(), arena);
    fill_slots(layout.program(), whole, room);
    return &room;
  } catch (const MemoryExceeded&) {
    return Failure{RequestError{
        .path = {}, .expected = {}, .found = {}, .message = "the request is too large"}};
  }
}

std::optional<RequestError> Request::problem() {
  take_struct();
  SlotValues room;
  Arena arena;
  const auto slots = slots_for(*layout_, room, arena);
  if (slots) return std::nullopt;
  return slots.error();
}

namespace {

Value string_path(const std::vector<std::string>& path, std::size_t at, const Value& base,
                  const Value& value, Arena& arena) {
  if (at == path.size()) return value;
  const Value inner = base.get(path[at]);
  std::vector<Entry> entries;
  if (base.is_object()) entries.assign(base.entries().begin(), base.entries().end());
  entries.push_back(
      {Value::string(path[at], arena), string_path(path, at + 1, inner, value, arena)});
  return Value::object(entries, arena);
}

}  // namespace

std::string_view Request::json() const {
  return evaluation_->has_text ? evaluation_->reader.text() : std::string_view();
}

Value Request::document(Arena& arena) {
  take_lent();
  // INVARIANT: what the reader accepts is strict JSON.
  if (evaluation_->has_text) return value_from_json(evaluation_->reader.text(), arena).value();
  if (mode_ == Mode::kParsed) return document_;
  Value whole;
  if (mode_ == Mode::kSlots) {
    for_each_in_cell([&](const Attribute& attribute, const Value& value) {
      whole = string_path(attribute.path, 0, whole, value, arena);
    });
  }
  for (const Assigned& one : ordered_) {
    whole = string_path(one.path, 0, whole, one.value, arena);
  }
  return whole.is_defined() ? whole : Value::object({}, arena);
}

}  // namespace licet
