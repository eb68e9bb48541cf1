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
  const char* longer = nullptr;     // all bytes, if there are more than kInline; else of no use
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

// The same address, of whose object the compiler knows nothing: it may not conclude anything from
// a read beyond that.
inline const char* without_bounds(const char* at) {
  asm("" : "+r"(at));
  return at;
}

// Sanitizers would report what load_words does.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kMayReadPast = false;
#elif defined(__clang__)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
inline constexpr bool kMayReadPast = false;
#else
inline constexpr bool kMayReadPast = true;
#endif
#else
inline constexpr bool kMayReadPast = true;
#endif

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

struct Words {
  std::uint64_t first = 0;
  std::uint64_t second = 0;

  bool are_ascii() const { return ((first | second) & 0x8080808080808080ULL) == 0; }
};

struct Masks {
  Words of[17];  // by number of bytes
};
inline constexpr Masks kMasks = [] {
  Masks masks;
  for (unsigned bytes = 1; bytes <= 16; ++bytes) {
    masks.of[bytes].first = bytes >= 8 ? ~0ULL : (1ULL << (8 * bytes)) - 1;
    if (bytes > 8) masks.of[bytes].second = bytes == 16 ? ~0ULL : (1ULL << (8 * bytes - 64)) - 1;
  }
  return masks;
}();

// The bytes [at, at + size), size <= 16, then zeros. Lengths are not foreseeable, and a branch that
// is guessed wrong costs more than all the rest. So what lies behind the text is read with it and
// masked away: in the same page that cannot fault.
inline Words load_words(const char* at, std::size_t size) {
  constexpr std::uintptr_t kPage = 4096;
  if (size == 0) return {};
  if (kMayReadPast && (reinterpret_cast<std::uintptr_t>(at) & (kPage - 1)) <= kPage - 16)
      [[likely]] {
    const char* const page = without_bounds(at);
    return {load<std::uint64_t>(page) & kMasks.of[size].first,
            load<std::uint64_t>(page + 8) & kMasks.of[size].second};
  }
  if (size < 8) return {load_up_to_8(at, size), 0};
  const std::uint64_t first = load<std::uint64_t>(at);
  if (size == 8) return {first, 0};
  return {first, load<std::uint64_t>(at + size - 8) >> (8 * (16 - size))};
}

}  // namespace text

// PRECONDITION: bytes.size() fits 32 bits; longer texts must stay where they are.
inline Text text_from(std::string_view bytes) {
  Text text;
  text.size = static_cast<std::uint32_t>(bytes.size());
  text.longer = bytes.data();
  const text::Words words =
      text::load_words(bytes.data(), bytes.size() < Text::kInline ? bytes.size() : Text::kInline);
  text.words[0] = words.first;
  text.words[1] = words.second;
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
