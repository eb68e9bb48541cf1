// Single scalars in a text whose tokens are not known: where they end, and what they are. The text
// has kScalarPadding readable bytes behind it, blanks.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace licet::json {

inline constexpr std::size_t kScalarPadding = 32;

// Which of 16 bytes are no plain part of a string: quotes, backslashes, control characters, and all
// that is not ASCII. Bit i is byte i.
inline std::uint32_t special_bytes(const char* at) {
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i others = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));  // signed: above 0x7F as well
  return static_cast<std::uint32_t>(
      _mm_movemask_epi8(_mm_or_si128(others, _mm_or_si128(quotes, backslashes))));
#else
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 16; ++i) {
    const auto byte = static_cast<unsigned char>(at[i]);
    const bool is_special = byte == '"' || byte == '\\' || byte < ' ' || byte > 0x7F;
    bits |= (is_special ? 1U : 0U) << i;
  }
  return bits;
#endif
}

// The closing quote of the string whose first byte (behind the opening quote) is at `at`; null if
// there is an escape, a control character or a byte that is not ASCII before it, or no end.
inline const char* end_of_plain_string(const char* at, const char* end_of_text) {
  while (at < end_of_text) {
    const std::uint32_t special = special_bytes(at);
    if (special != 0) {
      at += std::countr_zero(special);
      return *at == '"' ? at : nullptr;
    }
    at += 16;
  }
  return nullptr;
}

// How many decimal digits are at `at`; 8 may be more.
inline std::size_t count_digits(const char* at) {
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  word ^= 0x3030303030303030;  // digits become 0 to 9
  const std::uint64_t others = ((word + 0x7676767676767676) | word) & 0x8080808080808080;
  return others == 0 ? 8 : static_cast<std::size_t>(std::countr_zero(others)) / 8;
}

}  // namespace licet::json
