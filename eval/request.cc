#include "eval/request.h"

#include <cmath>

#include "eval/engine.h"
#include "eval/number.h"
#include "eval/schema.h"
#include "eval/utf8.h"
#include "eval/value_json.h"

namespace licet {

RequestError request_error(const SchemaError& error) {
  return {.path = error.path,
          .expected = error.expected,
          .found = error.found,
          .message = error.path + ": expected " + error.expected + ", found " + error.found};
}

std::span<const Value> unchecked_slots(const Program& program, const Value& document,
                                       std::vector<Value>& slots) {
  slots.clear();
  for (const Path& path : program.slots) {
    Value value = document;
    for (const Value& element : path.elements) {
      if (value.is_undefined()) break;
      value = value.get(element);
    }
    slots.push_back(value);
  }
  return slots;
}

Result<std::span<const Value>, RequestError> slots_of_document(const RequestLayout& layout,
                                                               const Value& document,
                                                               std::vector<Value>& slots) {
  if (const auto misfit = check_request(layout.program().schema, document)) {
    return Failure{request_error(*misfit)};
  }
  return unchecked_slots(layout.program(), document, slots);
}

Request::Request(const Engine& engine)
    : engine_(std::make_unique<Engine>(engine)), limits_(engine.options().limits) {
  adopt_layout();
  arena_.set_limit(limits_.request_bytes);
}

Request::~Request() = default;

// Of the program in force.
void Request::adopt_layout() {
  layout_ = engine_->layout();
  slots_.assign(layout_->program().slots.size(), Value::undefined());
  values_.assign(layout_->attributes().size(), Value::undefined());
}

Request& Request::reset() {
  arena_.reset();
  arena_.set_limit(limits_.request_bytes);
  error_.reset();
  if (is_parsed_) std::fill(slots_.begin(), slots_.end(), Value::undefined());
  is_parsed_ = false;
  document_ = Value::undefined();
  for (const AttributeIndex index : assigned_) {
    values_[index] = Value::undefined();
    if (const auto slot = layout_->attributes()[index].slot) slots_[*slot] = Value::undefined();
  }
  assigned_.clear();
  others_.clear();
  required_set_ = 0;
  needs_document_ = false;
  if (layout_->id() != engine_->layout_id()) adopt_layout();
  return *this;
}

void Request::fail(std::string path, std::string message) {
  if (!error_)
    error_ = {.path = std::move(path), .expected = {}, .found = {}, .message = std::move(message)};
}

bool Request::parse(std::string_view json) {
  reset();
  is_parsed_ = true;
  constexpr std::size_t kBytesOfValuePerByte = 8;
  arena_.set_limit(limits_.request_bytes + json.size() * kBytesOfValuePerByte);
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
  return fill_slots();
}

bool Request::set_document(const Value& document) {
  is_parsed_ = true;
  document_ = document;
  return fill_slots();
}

bool Request::fill_slots() {
  const auto slots = slots_of_document(*layout_, document_, slots_);
  if (!slots) error_ = slots.error();
  return slots.has_value();
}

Request& Request::set(AttributeIndex index, const Value& value) {
  if (!error_) store(layout_->attributes()[index], index, value);
  return *this;
}

Request& Request::reject(RequestError error) {
  if (!error_) error_ = std::move(error);
  return *this;
}

// Whatever a value costs to make, and whatever is wrong with it, ends here.
template <class T, class Make>
Request& Request::set_value(const Slot<T>& slot, Make make) {
  if (error_) return *this;
  if (is_parsed_) {
    fail(slot.path(), slot.path() + ": the request was read from JSON; reset it to set attributes");
    return *this;
  }
  try {
    const Value value = make();
    if (error_) return *this;
    const Attribute& attribute = *slot.attribute_;
    if (slot.layout_ == layout_->id()) {
      store(attribute, slot.index_, value);
    } else {
      store(attribute, layout_->find(attribute.text), value);
    }
  } catch (const MemoryExceeded&) {
    fail(slot.path(), slot.path() + ": the request is too large");
  }
  return *this;
}

void Request::store(const Attribute& given, std::optional<AttributeIndex> index,
                    const Value& value) {
  // A handle of another program tells the path only.
  const Attribute& attribute = index ? layout_->attributes()[*index] : given;
  if (index && attribute.type) {
    if (auto misfit = check_value(layout_->program().schema, *attribute.type, value, given.text)) {
      if (attribute.is_private) misfit->found = name_of(value.kind());
      error_ = request_error(*misfit);
      return;
    }
  }
  if (!index) {
    others_.push_back({given.path, value});
    needs_document_ = true;
    return;
  }
  if (values_[*index].is_undefined()) {
    assigned_.push_back(*index);
    required_set_ += attribute.is_required ? 1 : 0;
  }
  values_[*index] = value;
  needs_document_ |= attribute.needs_document;
  if (attribute.slot) slots_[*attribute.slot] = value;
}

Request& Request::set(const Slot<std::string_view>& slot, std::string_view value) {
  return set_value(slot, [&] {
    if (first_invalid_utf8(value) != value.size())
      fail(slot.path(), slot.path() + ": expected UTF-8 text");
    return Value::string(value, arena_);
  });
}

Request& Request::set(const Slot<std::int64_t>& slot, std::int64_t value) {
  return set_value(slot, [&] { return Value::integer(value); });
}

Request& Request::set(const Slot<double>& slot, double value) {
  return set_value(slot, [&] {
    if (std::isfinite(value)) return number_from_double(value, arena_);
    fail(slot.path(), slot.path() + ": expected a finite number");
    return Value::undefined();
  });
}

Request& Request::set(const Slot<bool>& slot, bool value) {
  return set_value(slot, [&] { return Value::boolean(value); });
}

Request& Request::set(const Slot<StringList>& slot, StringList value) {
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

bool Request::is_direct() const {
  return !needs_document_ && !layout_->always_needs_document() &&
         required_set_ == layout_->required_count();
}

Result<std::span<const Value>, RequestError> Request::slots_for(const RequestLayout& layout,
                                                                Arena& arena,
                                                                std::vector<Value>& slots) const {
  // A misfit to the schema of another program says nothing; but then all is checked anew.
  if (error_ && (layout.id() == layout_->id() || document_.is_undefined())) return Failure{*error_};
  if (layout.id() == layout_->id() && (is_parsed_ || is_direct())) {
    return std::span<const Value>(slots_);
  }
  try {
    return slots_of_document(layout, document(arena), slots);
  } catch (const MemoryExceeded&) {
    return Failure{RequestError{
        .path = {}, .expected = {}, .found = {}, .message = "the request is too large"}};
  }
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

Value Request::document(Arena& arena) const {
  if (is_parsed_) return document_;
  Value whole;
  // INVARIANT of the order: what was set first lies below what is set later.
  for (const AttributeIndex index : assigned_) {
    whole = string_path(layout_->attributes()[index].path, 0, whole, values_[index], arena);
  }
  for (const Other& other : others_) whole = string_path(other.path, 0, whole, other.value, arena);
  return whole.is_defined() ? whole : Value::object({}, arena);
}

}  // namespace licet
