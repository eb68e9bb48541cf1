#include "eval/cache/request_key.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "eval/value_json.h"

namespace licet::cache {
namespace {

// INVARIANT: every value begins with a tag and tells its own length, so that no two different
// sequences of values have the same bytes, large ones left aside.
class Writer {
 public:
  Writer(std::size_t max_bytes, std::string& bytes, std::vector<Value>& large)
      : max_bytes_(max_bytes), bytes_(bytes), large_(large), used_(bytes.size()) {}

  bool has_room() const { return used_ <= max_bytes_; }
  // Until then the bytes are followed by others.
  void finish() { bytes_.resize(used_); }

  void add_missing() { add_tag('u'); }
  void add(std::string_view text) {
    if (used_ + text.size() > max_bytes_) {
      used_ = max_bytes_ + 1;
      return;
    }
    begin('s', text.size(), text.size());
    std::memcpy(bytes_.data() + used_, text.data(), text.size());
    used_ += text.size();
  }
  void begin_list(std::size_t size) { begin('a', size, 0); }
  // The values of a request nest at most Value::kMaxDepth deep.
  void add(const Value& value) {
    if (!has_room()) return;
    if (value.is_composite() && value.weight() >= kLargeWeight) return add_large(value);
    switch (value.kind()) {
      case Kind::kUndefined:
        return add_missing();
      case Kind::kNull:
        return add_tag('n');
      case Kind::kBool:
        return add_tag(value.as_bool() ? 't' : 'f');
      case Kind::kNumber:
        return add_number(value);
      case Kind::kString:
        return add(value.as_string());
      case Kind::kArray:
        begin_list(value.size());
        for (const Value& element : value.elements()) add(element);
        return;
      case Kind::kSet:
        begin('e', value.size(), 0);
        for (const Value& element : value.elements()) add(element);
        return;
      case Kind::kObject:
        begin('o', value.size(), 0);
        for (const Entry& entry : value.entries()) {
          add(entry.key);
          add(entry.value);
        }
        return;
    }
  }

 private:
  // Room for so many bytes more, so that they can be written without a look at each.
  void make_room(std::size_t count) {
    if (used_ + count > bytes_.size()) bytes_.resize(2 * (used_ + count));
  }
  void add_tag(char tag) {
    make_room(1);
    bytes_[used_++] = tag;
  }
  // A tag, a size (most are short), and room for `more` bytes.
  void begin(char tag, std::size_t size, std::size_t more) {
    constexpr std::size_t kLong = 255;
    make_room(2 + sizeof(std::uint64_t) + more);
    bytes_[used_++] = tag;
    bytes_[used_++] = static_cast<char>(std::min(size, kLong));
    if (size >= kLong) write(std::uint64_t{size});
  }
  template <class T>
  void write(const T& bits) {
    std::memcpy(bytes_.data() + used_, &bits, sizeof bits);
    used_ += sizeof bits;
  }

  // It counts as if it were written out.
  void add_large(const Value& value) {
    large_weight_ += value.weight();
    if (large_weight_ > max_bytes_ || used_ + large_weight_ > max_bytes_) {
      used_ = max_bytes_ + 1;
      return;
    }
    add_tag('h');
    make_room(sizeof(std::uint64_t));
    write(value.hash());
    large_.push_back(value);
  }

  // Equal numbers have equal parts.
  void add_number(const Value& number) {
    if (number.is_big()) {
      add_tag('b');
      add(std::string_view(json_from_value(number)));
      return;
    }
    make_room(1 + sizeof(std::uint64_t) + sizeof(std::int16_t));
    bytes_[used_++] = 'i';
    write(number.coefficient());
    write(number.exponent());
  }

  std::size_t max_bytes_;
  std::string& bytes_;
  std::vector<Value>& large_;
  std::uint64_t large_weight_ = 0;
  std::size_t used_;  // of bytes_, which may be longer
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
    case Form::kSymbol:
      return writer.add(cell.text_view());
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
                std::string& bytes, std::vector<Value>& large) {
  Writer writer(max_bytes, bytes, large);
  for (const SlotIndex slot : slots) {
    if (!values.has(slot)) {
      writer.add_missing();
    } else {
      add_cell(values.cell(slot), writer);
    }
    if (!writer.has_room()) return false;
  }
  writer.finish();
  return true;
}

}  // namespace licet::cache
