// Bytes of images, written and read by one description of each structure: Writer and Reader have
// the same operators. Numbers of more than a byte are written seven bits at a time, small ones
// first, so most take one byte; negative ones zigzag.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

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
    if constexpr (sizeof(T) == 1) {
      bytes_ += static_cast<char>(value);
    } else if constexpr (std::is_signed_v<T>) {
      const auto wide = static_cast<std::int64_t>(value);
      varint(static_cast<std::uint64_t>(wide) << 1 ^ static_cast<std::uint64_t>(wide >> 63));
    } else {
      varint(static_cast<std::uint64_t>(value));
    }
  }
  void operator()(const std::string& text) { text_bytes(text); }
  void text_bytes(std::string_view text) {
    (*this)(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  void raw(std::string_view bytes) { bytes_ += bytes; }
  // All bytes of it, the lowest first.
  template <std::unsigned_integral T>
  void fixed(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      bytes_ += static_cast<char>(value & 0xFF);
      value = static_cast<T>(std::uint64_t{value} >> 8);
    }
  }
  std::string take() { return std::move(bytes_); }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes)
      : next_(reinterpret_cast<const unsigned char*>(bytes.data())), end_(next_ + bytes.size()) {}

  template <Number T>
  void operator()(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      const unsigned char flag = byte();
      if (flag > 1) throw Corrupt{"a flag is neither set nor clear"};
      value = flag == 1;
    } else if constexpr (sizeof(T) == 1) {
      value = static_cast<T>(byte());
    } else if constexpr (std::is_signed_v<T>) {
      const std::uint64_t bits = varint();
      value =
          within<T>(static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1));
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(within<std::underlying_type_t<T>>(varint()));
    } else {
      value = within<T>(varint());
    }
  }
  void operator()(std::string& text) { text = text_bytes(); }
  // Valid UTF-8.
  std::string_view text_bytes() {
    std::uint32_t size = 0;
    (*this)(size);
    const std::string_view text = take(size);
    must_be_utf8(text);
    return text;
  }
  static void must_be_utf8(std::string_view text) {
    if (first_invalid_utf8(text) != text.size()) throw Corrupt{"a text is not UTF-8"};
  }
  // How many of something follow, each of which takes a byte or more: so a count that is not true
  // can make nobody take much more memory than the image has.
  std::uint32_t count() {
    std::uint32_t count = 0;
    (*this)(count);
    if (count > left()) throw Corrupt{"it ends too early"};
    return count;
  }
  std::string_view take(std::size_t size) {
    if (size > left()) throw Corrupt{"it ends too early"};
    const std::string_view taken(reinterpret_cast<const char*>(next_), size);
    next_ += size;
    return taken;
  }
  template <std::unsigned_integral T>
  T fixed() {
    const std::string_view bytes = take(sizeof(T));
    std::uint64_t value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(bytes[i]);
    }
    return static_cast<T>(value);
  }
  std::size_t left() const { return static_cast<std::size_t>(end_ - next_); }

 private:
  unsigned char byte() {
    if (next_ == end_) throw Corrupt{"it ends too early"};
    return *next_++;
  }
  std::uint64_t varint() {
    const std::uint64_t first = byte();
    if (first < 0x80) [[likely]]
      return first;
    std::uint64_t value = first & 0x7F;
    for (unsigned shift = 7; shift < 64; shift += 7) {
      const std::uint64_t next = byte();
      value |= (next & 0x7F) << shift;
      if (next < 0x80) return value;
    }
    throw Corrupt{"a number is too large"};
  }
  template <class T, class Wide>
  static T within(Wide value) {
    if constexpr (sizeof(T) < sizeof(Wide)) {
      if (value > Wide{std::numeric_limits<T>::max()}) throw Corrupt{"a number is too large"};
      if constexpr (std::is_signed_v<T>) {
        if (value < Wide{std::numeric_limits<T>::min()}) throw Corrupt{"a number is too large"};
      }
    }
    return static_cast<T>(value);
  }

  const unsigned char* next_;
  const unsigned char* end_;
};

}  // namespace licet::program
