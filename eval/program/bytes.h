// Little-endian bytes of images, written and read by one description of each structure: Writer and
// Reader have the same operators.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "eval/utf8.h"

namespace licet::program {

// Thrown by Reader, caught by program_from_image.
struct Corrupt {
  std::string message;
};

template <class T>
concept Number = std::is_integral_v<T> || std::is_enum_v<T>;

class Writer {
 public:
  template <Number T>
  void operator()(T value) {
    auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i, bits >>= 8)
      bytes_ += static_cast<char>(bits & 0xFF);
  }
  void operator()(const std::string& text) { text_bytes(text); }
  void text_bytes(std::string_view text) {
    (*this)(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  void raw(std::string_view bytes) { bytes_ += bytes; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <Number T>
  void operator()(T& value) {
    const std::string_view taken = take(sizeof(T));
    std::uint64_t bits = 0;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&bits, taken.data(), sizeof(T));
    } else {
      for (std::size_t i = sizeof(T); i-- > 0;)
        bits = bits << 8 | static_cast<unsigned char>(taken[i]);
    }
    if constexpr (std::is_same_v<T, bool>) {
      if (bits > 1) throw Corrupt{"a flag is neither set nor clear"};
    }
    value = static_cast<T>(bits);
  }
  void operator()(std::string& text) { text = text_bytes(); }
  // Valid UTF-8.
  std::string_view text_bytes() {
    std::uint32_t size = 0;
    (*this)(size);
    const std::string_view text = take(size);
    if (first_invalid_utf8(text) != size) throw Corrupt{"a text is not UTF-8"};
    return text;
  }
  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) throw Corrupt{"it ends too early"};
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

}  // namespace licet::program
