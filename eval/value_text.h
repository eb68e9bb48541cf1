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
  std::size_t size = 0;
  const char* longer = nullptr;  // all bytes, if there are more than kInline; else of no use

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

// How texts of a size that is known are compared: by words that overlap, so that no byte outside of
// them is read, and without a loop.
enum class Width { k1To3, k4To7, k8To16 };
// PRECONDITION: 0 < size <= 16.
constexpr Width width_of(std::size_t size) {
  return size >= 8 ? Width::k8To16 : size >= 4 ? Width::k4To7 : Width::k1To3;
}

// All bytes of a text of 1 to 16, by which it is told from others of its size.
struct Overlapped {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // of k8To16

  friend bool operator==(const Overlapped&, const Overlapped&) = default;
};
template <Width kWidth>
[[gnu::always_inline]] inline Overlapped load_overlapped(const char* at, std::size_t size) {
  if constexpr (kWidth == Width::k8To16) {
    return {load<std::uint64_t>(at), load<std::uint64_t>(at + size - 8)};
  } else if constexpr (kWidth == Width::k4To7) {
    return {load<std::uint32_t>(at) | load<std::uint32_t>(at + size - 4) << 32, 0};
  } else {
    return {load<std::uint8_t>(at) | load<std::uint8_t>(at + size / 2) << 8 |
                load<std::uint8_t>(at + size - 1) << 16,
            0};
  }
}
// PRECONDITION: 0 < size <= 16.
inline Overlapped load_overlapped(const char* at, std::size_t size) {
  switch (width_of(size)) {
    case Width::k8To16:
      return load_overlapped<Width::k8To16>(at, size);
    case Width::k4To7:
      return load_overlapped<Width::k4To7>(at, size);
    case Width::k1To3:
      break;
  }
  return load_overlapped<Width::k1To3>(at, size);
}

// Without a call if they are short.
[[gnu::always_inline]] inline bool are_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() > 16) return std::memcmp(a.data(), b.data(), a.size()) == 0;
  if (a.size() >= 8) {
    return load_overlapped<Width::k8To16>(a.data(), a.size()) ==
           load_overlapped<Width::k8To16>(b.data(), b.size());
  }
  if (a.size() >= 4) {
    return load_overlapped<Width::k4To7>(a.data(), a.size()) ==
           load_overlapped<Width::k4To7>(b.data(), b.size());
  }
  return load_up_to_8(a.data(), a.size()) == load_up_to_8(b.data(), b.size());
}

}  // namespace text

// Longer texts must stay where they are.
inline Text text_from(std::string_view bytes) {
  Text text;
  text.size = bytes.size();
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
