#include "eval/cache/request_key.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "eval/value_json.h"

namespace licet::cache {
namespace {

// INVARIANT: every value begins with a tag and tells its own length, so that no two different
// sequences of values have the same bytes.
class Writer {
 public:
  Writer(std::size_t max_bytes, std::string& bytes) : max_bytes_(max_bytes), bytes_(bytes) {}

  bool has_room() const { return bytes_.size() <= max_bytes_; }

  void add_missing() { bytes_ += 'u'; }
  void add(std::string_view text) {
    bytes_ += 's';
    add_size(text.size());
    bytes_.append(text);
  }
  void begin_list(std::size_t size) {
    bytes_ += 'a';
    add_size(size);
  }
  // The values of a request nest at most Value::kMaxDepth deep.
  void add(const Value& value) {
    if (!has_room()) return;
    switch (value.kind()) {
      case Kind::kUndefined:
        return add_missing();
      case Kind::kNull:
        bytes_ += 'n';
        return;
      case Kind::kBool:
        bytes_ += value.as_bool() ? 't' : 'f';
        return;
      case Kind::kNumber:
        return add_number(value);
      case Kind::kString:
        return add(value.as_string());
      case Kind::kArray:
        begin_list(value.size());
        for (const Value& element : value.elements()) add(element);
        return;
      case Kind::kSet:
        bytes_ += 'e';
        add_size(value.size());
        for (const Value& element : value.elements()) add(element);
        return;
      case Kind::kObject:
        bytes_ += 'o';
        add_size(value.size());
        for (const Entry& entry : value.entries()) {
          add(entry.key);
          add(entry.value);
        }
        return;
    }
  }

 private:
  // Most are short.
  void add_size(std::size_t size) {
    constexpr std::size_t kLong = 255;
    bytes_ += static_cast<char>(std::min(size, kLong));
    if (size >= kLong) add_word(size);
  }
  void add_word(std::uint64_t word) {
    char bytes[sizeof word];
    std::memcpy(bytes, &word, sizeof word);
    bytes_.append(bytes, sizeof word);
  }

  // Equal numbers have equal parts.
  void add_number(const Value& number) {
    if (number.is_big()) {
      bytes_ += 'b';
      add(std::string_view(json_from_value(number)));
      return;
    }
    bytes_ += 'i';
    add_word(static_cast<std::uint64_t>(number.coefficient()));
    const std::int16_t exponent = number.exponent();
    char bytes[sizeof exponent];
    std::memcpy(bytes, &exponent, sizeof exponent);
    bytes_.append(bytes, sizeof exponent);
  }

  std::size_t max_bytes_;
  std::string& bytes_;
};

void add_cell(const SlotValues::Cell& cell, Writer& writer) {
  using Form = SlotValues::Form;
  switch (cell.form) {
    case Form::kValue:
      return writer.add(cell.value);
    case Form::kText:
    case Form::kTextMade:
      return writer.add(cell.text.view());
    case Form::kTexts:
    case Form::kTextsMade:
      writer.begin_list(cell.texts.size());
      for (const Text& text : cell.texts) writer.add(text.view());
      return;
    case Form::kValues:
    case Form::kValuesMade:
      writer.begin_list(cell.values.size());
      for (const Value& value : cell.values) writer.add(value);
      return;
    case Form::kLent:
      return writer.add(cell.lent_text());
    case Form::kLentList:
      writer.begin_list(cell.lent.size());
      for (const std::string_view text : cell.lent) writer.add(text);
      return;
    case Form::kLentSymbols:
      writer.begin_list(cell.symbols.size());
      for (const Symbol& symbol : cell.symbols) writer.add(symbol.value());
      return;
  }
}

}  // namespace

bool append_key(const SlotValues& values, std::span<const SlotIndex> slots, std::size_t max_bytes,
                std::string& bytes) {
  Writer writer(max_bytes, bytes);
  for (const SlotIndex slot : slots) {
    if (!values.has(slot)) {
      writer.add_missing();
    } else {
      add_cell(values.cell(slot), writer);
    }
    if (!writer.has_room()) return false;
  }
  return true;
}

}  // namespace licet::cache
