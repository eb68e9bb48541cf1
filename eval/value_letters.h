// Which letters of a text cannot stand in JSON as they are.
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <cstdint>

namespace licet::text {

// Which of 16 bytes are no plain part of a string: quotes, backslashes, control characters, and all
// that is not ASCII. Bit i is byte i.
inline std::uint32_t special_letters(const char* at) {
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

}  // namespace licet::text
