#include "bindings/python/src/arrow_column.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "eval/builder.h"
#include "eval/number.h"
#include "eval/utf8.h"

namespace licet::python {
namespace {

// What cannot be a value, as NaN, is missing too: no comparison can be true of it.
Value number_value(double number, Arena& arena) {
  return std::isfinite(number) ? number_from_double(number, arena) : Value::undefined();
}

Value unsigned_value(std::uint64_t number, Arena& arena) {
  if (number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return Value::integer(static_cast<std::int64_t>(number));
  }
  return number_from_text(std::to_string(number), arena).value_or(Value::undefined());
}

std::int64_t nanoseconds_of_unit(char unit) {
  switch (unit) {
    case 's':
      return 1'000'000'000;
    case 'm':
      return 1'000'000;
    case 'u':
      return 1'000;
    default:
      return 1;
  }
}

}  // namespace

std::unique_ptr<Column> Column::of_chunk(const ArrowSchema& schema, const ArrowArray& chunk) {
  auto top = std::make_unique<Column>();
  top->set(schema, chunk, nullptr, "");
  if (top->kind_ != Kind::kStruct) throw UnknownType{"", schema.format};
  return top;
}

void Column::set(const ArrowSchema& schema, const ArrowArray& array, const Column* parent,
                 const std::string& name) {
  array_ = &array;
  parent_ = parent;
  if (schema.dictionary != nullptr) {
    dictionary_ = std::make_unique<Column>();
    dictionary_->set(*schema.dictionary, *array.dictionary, nullptr, name);
  }
  offset_ = array.offset + (parent == nullptr ? 0 : parent->offset_);
  may_be_missing_ =
      (array.null_count != 0 && array.n_buffers != 0 && array.buffers[0] != nullptr) ||
      (parent != nullptr && parent->may_be_missing_) || schema.format[0] == 'n';
  set_kind(schema.format, name);
  if (array.n_buffers > 1) data_ = array.buffers[1];
  if (array.n_buffers > 2) bytes_ = static_cast<const char*>(array.buffers[2]);
  if (kind_ == Kind::kStruct) add_fields(schema, array);
  if (kind_ == Kind::kList || kind_ == Kind::kLargeList || kind_ == Kind::kFixedList) {
    elements_ = std::make_unique<Column>();
    elements_->set(*schema.children[0], *array.children[0], nullptr, name);
  }
  simple_ = find_simple();
}

void Column::set_kind(std::string_view format, const std::string& name) {
  static constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"n", Kind::kNull},   {"b", Kind::kBool},       {"c", Kind::kInt8},
      {"C", Kind::kUint8},  {"s", Kind::kInt16},      {"S", Kind::kUint16},
      {"i", Kind::kInt32},  {"I", Kind::kUint32},     {"l", Kind::kInt64},
      {"L", Kind::kUint64}, {"f", Kind::kFloat32},    {"g", Kind::kFloat64},
      {"u", Kind::kText},   {"U", Kind::kLargeText},  {"vu", Kind::kTextView},
      {"+l", Kind::kList},  {"+L", Kind::kLargeList}, {"+s", Kind::kStruct},
      {"tdm", Kind::kTime},
  };
  for (const auto& [text, kind] : kKinds) {
    if (text == format) {
      kind_ = kind;
      scale_ = 1'000'000;  // of tdm: milliseconds
      return;
    }
  }
  if (format.starts_with("ts") || (format.starts_with("tD") && format.size() == 3)) {
    kind_ = Kind::kTime;
    scale_ = nanoseconds_of_unit(format[2]);
  } else if (format == "tdD") {
    kind_ = Kind::kTime32;
    scale_ = std::int64_t{86'400} * 1'000'000'000;
  } else if (format.starts_with("+w:")) {
    kind_ = Kind::kFixedList;
    std::from_chars(format.data() + 3, format.data() + format.size(), list_size_);
  } else if (format.starts_with("d:") && std::count(format.begin(), format.end(), ',') == 1) {
    kind_ = Kind::kDecimal;
    const std::size_t comma = format.find(',');
    std::from_chars(format.data() + comma + 1, format.data() + format.size(), scale_);
  } else {
    throw UnknownType{name, std::string(format)};
  }
}

// A type that policies cannot read matters only if they do, so it is left out.
void Column::add_fields(const ArrowSchema& schema, const ArrowArray& array) {
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const char* const given = schema.children[i]->name;
    const std::string name = given == nullptr ? "" : given;
    Column& field = member_at(name);
    try {
      field.set(*schema.children[i], *array.children[i], this, name);
    } catch (const UnknownType&) {
      field.array_ = nullptr;
      field.dictionary_.reset();
    }
  }
}

Column& Column::member_at(const std::string& dotted) {
  const std::size_t dot = dotted.find('.');
  const std::string name = dotted.substr(0, dot);
  auto found = std::find_if(members_.begin(), members_.end(),
                            [&](const auto& member) { return member.first == name; });
  if (found == members_.end()) {
    found = members_.emplace(members_.end(), name, std::make_unique<Column>());
  }
  if (dot == std::string::npos) return *found->second;
  return found->second->member_at(dotted.substr(dot + 1));
}

const Column* Column::member(std::string_view name) const {
  for (const auto& [key, member] : members_) {
    if (key == name) return member.get();
  }
  return nullptr;
}

bool Column::is_missing_after_all(std::int64_t row) const {
  if (kind_ == Kind::kNull || (parent_ != nullptr && parent_->is_missing(row))) return true;
  if (array_->null_count == 0 || array_->n_buffers == 0 || array_->buffers[0] == nullptr) {
    return false;
  }
  return !bit_at(0, position(row));
}

Value Column::value(std::int64_t row, Arena& arena) const {
  if (array_ == nullptr) return members_at(row, arena);
  if (is_missing(row)) return Value::undefined();
  if (kind_ == Kind::kStruct) return members_at(row, arena);
  return value_at(position(row), arena);
}

Value Column::members_at(std::int64_t row, Arena& arena) const {
  ObjectBuilder object(arena);
  bool has_member = false;
  for (const auto& [name, member] : members_) {
    const Value value = member->value(row, arena);
    if (value.is_undefined()) continue;
    object.add(name, value);
    has_member = true;
  }
  return has_member || array_ != nullptr ? object.object() : Value::undefined();
}

void Column::make_dictionaries() {
  for (auto& [name, member] : members_) member->make_dictionaries();
  if (elements_) elements_->make_dictionaries();
  if (!dictionary_) return;
  dictionary_->make_dictionaries();
  entry_arena_ = std::make_unique<Arena>();
  for (std::int64_t i = 0; i < dictionary_->array_->length; ++i) {
    entries_.push_back(dictionary_->value(i, *entry_arena_));
  }
}

// Length, then up to 12 bytes, or a prefix, the index of a buffer and an offset in it.
std::string_view Column::text_of_view(std::int64_t position) const {
  std::array<std::int32_t, 4> view{};
  const auto* const place = static_cast<const char*>(data_) + position * 16;
  std::memcpy(view.data(), place, sizeof view);
  const auto size = static_cast<std::size_t>(view[0]);
  if (size <= 12) return {place + 4, size};
  return {static_cast<const char*>(array_->buffers[2 + view[2]]) + view[3], size};
}

Value Column::text_at(std::int64_t position, Arena& arena) const {
  const std::string_view text = text_view_at(position);
  // Arrow says that it is UTF-8; a producer may be wrong.
  return first_invalid_utf8(text) == text.size() ? Value::string(text, arena) : Value::undefined();
}

Value Column::decimal_at(std::int64_t position, Arena& arena) const {
  __extension__ __int128 number = 0;
  std::memcpy(&number, static_cast<const char*>(data_) + position * 16, sizeof number);
  const bool is_negative = number < 0;
  std::string digits;
  for (; number != 0; number /= 10) {
    const int digit = static_cast<int>(number % 10);
    digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
  }
  if (digits.empty()) digits = "0";
  std::reverse(digits.begin(), digits.end());
  const std::string text = (is_negative ? "-" : "") + digits + "e" + std::to_string(-scale_);
  return number_from_text(text, arena).value_or(Value::undefined());
}

Value Column::list_at(std::int64_t position, Arena& arena) const {
  const auto [begin, end] = list_range_at(position);
  ArrayBuilder list(arena);
  list.reserve(static_cast<std::size_t>(end - begin));
  for (std::int64_t i = begin; i < end; ++i) {
    const Value element = elements_->value(i, arena);
    list.add(element.is_undefined() ? Value::null() : element);
  }
  return list.array();
}

Value Column::value_at(std::int64_t position, Arena& arena) const {
  if (dictionary_) {
    const auto entry = static_cast<std::uint64_t>(integer_at(position));
    return entry < entries_.size() ? entries_[entry] : Value::undefined();
  }
  switch (kind_) {
    case Kind::kNull:
    case Kind::kStruct:
      return Value::undefined();
    case Kind::kBool:
      return Value::boolean(bit_at(1, position));
    case Kind::kUint64:
      return unsigned_value(at<std::uint64_t>(position), arena);
    case Kind::kFloat32:
      return number_value(static_cast<double>(at<float>(position)), arena);
    case Kind::kFloat64:
      return number_value(at<double>(position), arena);
    case Kind::kText:
    case Kind::kLargeText:
    case Kind::kTextView:
      return text_at(position, arena);
    case Kind::kTime:
    case Kind::kTime32: {
      std::int64_t time = 0;
      if (__builtin_mul_overflow(integer_at(position), scale_, &time)) return Value::undefined();
      return Value::integer(time);
    }
    case Kind::kDecimal:
      return decimal_at(position, arena);
    case Kind::kList:
    case Kind::kLargeList:
    case Kind::kFixedList:
      return list_at(position, arena);
    default:
      return Value::integer(integer_at(position));
  }
}

// --- without values ----------------------------------------------------------------------------

Column::Simple Column::find_simple() const {
  if (dictionary_) {
    return dictionary_->simple_ == Simple::kText ? Simple::kEntry : Simple::kNo;
  }
  switch (kind_) {
    case Kind::kBool:
      return Simple::kBool;
    case Kind::kInt8:
    case Kind::kUint8:
    case Kind::kInt16:
    case Kind::kUint16:
    case Kind::kInt32:
    case Kind::kUint32:
    case Kind::kInt64:
      return Simple::kInteger;
    case Kind::kText:
    case Kind::kLargeText:
    case Kind::kTextView:
      return Simple::kText;
    case Kind::kList:
    case Kind::kLargeList:
    case Kind::kFixedList:
      return elements_->simple_ == Simple::kText ? Simple::kTexts : Simple::kNo;
    default:
      return Simple::kNo;
  }
}

bool Column::texts(std::int64_t row, std::vector<std::string_view>& texts) const {
  const auto [begin, end] = list_range_at(position(row));
  texts.clear();
  for (std::int64_t i = begin; i < end; ++i) {
    if (elements_->is_missing(i)) return false;
    texts.push_back(elements_->text(i));
  }
  return true;
}

}  // namespace licet::python
