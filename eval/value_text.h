// Text of a request as it came, ready to be compared with a constant.
//
// Problem: making a Value of a string means to hash it and to copy it, which costs more than most
// policies then do with it: a dozen comparisons with short constants. Idea: keep the length and
// the first 16 bytes in words. Most texts are not longer, and then a comparison with a string is
// three words, without a hash and without a look at memory. A Value is made only for what needs
// one: an index, a memo, a builtin.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "eval/value.h"

namespace licet {

struct Text {
  static constexpr std::size_t kInline = 16;

  std::uint64_t words[2] = {0, 0};  // the first bytes, then zeros
  const char* longer = nullptr;     // all bytes, if there are more than kInline
  std::uint32_t size = 0;

  // Holds as long as this text.
  std::string_view view() const {
    return {size > kInline ? longer : reinterpret_cast<const char*>(words), size};
  }
};

namespace text {

template <class Word>
std::uint64_t load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// The bytes of [at, at + size), size <= 8, as a little word; never reads outside of them.
inline std::uint64_t load_up_to_8(const char* at, std::size_t size) {
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
  if (size >= 4) {
    const std::uint64_t first = load<std::uint32_t>(at);
    return first | load<std::uint32_t>(at + size - 4) << (8 * (size - 4));
  }
  if (size == 0) return 0;
  const auto byte = [at](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
  };
  return byte(0) | byte(size / 2) | byte(size - 1);
}

}  // namespace text

// PRECONDITION: bytes.size() fits 32 bits; longer texts must stay where they are.
inline Text text_from(std::string_view bytes) {
  Text text;
  const char* const at = bytes.data();
  const std::size_t size = bytes.size();
  text.size = static_cast<std::uint32_t>(size);
  if (size < 8) {
    text.words[0] = text::load_up_to_8(at, size);
  } else {
    text.words[0] = text::load<std::uint64_t>(at);
    if (size >= 16) {
      text.words[1] = text::load<std::uint64_t>(at + 8);
      text.longer = at;
    } else if (size > 8) {
      text.words[1] = text::load<std::uint64_t>(at + size - 8) >> (8 * (16 - size));
    }
  }
  return text;
}

// All bytes of a text of at most kInline bytes are ASCII.
inline bool is_ascii_inline(const Text& text) {
  return ((text.words[0] | text.words[1]) & 0x8080808080808080ULL) == 0;
}

inline bool operator==(const Text& a, const Text& b) {
  return a.size == b.size && a.words[0] == b.words[0] && a.words[1] == b.words[1] &&
         (a.size <= Text::kInline || std::memcmp(a.longer, b.longer, a.size) == 0);
}

inline bool operator==(const Text& text, const Value& value) {
  if (!value.is_string()) return false;
  const StringData& data = *value.string_data();
  if (data.size != text.size) return false;
  if (text.size == 0) return true;
  // Strings are padded with zeros.
  const char* const bytes = data.bytes();
  if (text.words[0] != text::load<std::uint64_t>(bytes) ||
      text.words[1] != text::load<std::uint64_t>(bytes + 8)) {
    return false;
  }
  return text.size <= Text::kInline || std::memcmp(text.longer, bytes, text.size) == 0;
}

}  // namespace licet
