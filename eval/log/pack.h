// The bytes between the deciding thread and the writer: numbers in the order of the machine, texts
// with their length before them. See DecisionPacker.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "eval/log_entry.h"
#include "eval/log_text.h"

namespace licet::log {

// What a packed part is. Parts of values first.
enum class Part : std::uint8_t {
  kNull,
  kTrue,
  kFalse,
  kInteger,  // 8 bytes
  kNumber,   // text
  kString,   // text
  kArray,    // count, elements
  kObject,   // count, then key text and value each, ascending by key as UTF-16
  kRule,     // its index (4 bytes)
  kMessage,
  kControl,
  kWarning,
  kObligation,  // key, JSON text
  kRead,        // index of the path (2 bytes), size of the value (2), value
  kFarRead,     // the same with 4 each
  kReadJson,    // index of the path (4 bytes), JSON text of the value
  kReadText,    // index of the path (2 bytes), size (2), canonical JSON; see log_text.h
  // Shorter forms of values; Unpacker shows them as the others.
  kSmallInteger,  // 1 byte
  kShortString,   // length (1), bytes
  kShortArray,    // count (1), elements
};

static_assert(static_cast<std::uint8_t>(Part::kReadText) == TextRead::kPart);

// Of the head of a record: time (8), seed (8), flags, cause, then the id (24 bytes, or a text), and
// with kHasTexts four texts.
enum HeadFlag : std::uint8_t { kIsCached = 1, kHasSeed = 2, kHasIdText = 4, kHasTexts = 8 };

// `Out`: std::string or RecordBuffer.
template <class Out, class T>
void put(Out& out, T number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

template <class Out>
void put_text(Out& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

// Takes parts from the front of what pack.h's functions made. INVARIANT: the bytes never left the
// process, so their form is not checked.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  bool at_end() const { return bytes_.empty(); }
  std::string_view left() const { return bytes_; }
  // What comes next, without taking it.
  Part peek() const { return long_form(static_cast<Part>(bytes_.front())); }
  Part part() {
    const auto part = static_cast<Part>(take<std::uint8_t>());
    const Part shown = long_form(part);
    is_short_ = shown != part;
    return shown;
  }
  template <class T>
  T take() {
    T number;
    std::memcpy(&number, bytes_.data(), sizeof number);
    bytes_.remove_prefix(sizeof number);
    return number;
  }
  // After kInteger.
  std::int64_t integer() {
    return std::exchange(is_short_, false) ? take<std::uint8_t>() : take<std::int64_t>();
  }
  // After kArray and kObject.
  std::uint32_t count() { return take_length(); }
  // After all that is followed by text, and for keys of objects.
  std::string_view text() {
    const std::uint32_t size = take_length();
    const std::string_view text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return text;
  }
  std::string_view value();  // one packed value, whole
  std::string_view bytes(std::size_t count) {
    const std::string_view front = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return front;
  }

 private:
  static Part long_form(Part part) {
    if (part < Part::kSmallInteger) return part;
    if (part == Part::kSmallInteger) return Part::kInteger;
    return part == Part::kShortString ? Part::kString : Part::kArray;
  }
  std::uint32_t take_length() {
    return std::exchange(is_short_, false) ? take<std::uint8_t>() : take<std::uint32_t>();
  }
  void skip_value();

  std::string_view bytes_;
  bool is_short_ = false;  // what was taken last has its length or number in one byte
};

// RFC 8785 orders keys by UTF-16 code units.
bool is_less_as_utf16(std::string_view a, std::string_view b);

}  // namespace licet::log
