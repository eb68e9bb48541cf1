// The bytes between the deciding thread and the writer: numbers in the order of the machine, texts
// with their length before them. See DecisionPacker.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

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
  kRule,     // package, name
  kMessage,
  kControl,
  kWarning,
  kObligation,  // key, JSON text
  kRead,        // index of the path, value
};

template <class T>
void put(std::string& out, T number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

inline void put_text(std::string& out, std::string_view text) {
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
  Part part() { return static_cast<Part>(take<std::uint8_t>()); }
  template <class T>
  T take() {
    T number;
    std::memcpy(&number, bytes_.data(), sizeof number);
    bytes_.remove_prefix(sizeof number);
    return number;
  }
  std::string_view text() {
    const auto size = take<std::uint32_t>();
    const std::string_view text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return text;
  }
  std::string_view value();  // one packed value, whole

 private:
  void skip_value();

  std::string_view bytes_;
};

// RFC 8785 orders keys by UTF-16 code units.
bool is_less_as_utf16(std::string_view a, std::string_view b);

}  // namespace licet::log
