// Single scalars in a text whose tokens are not known: where they end, and what they are. The text
// has kScalarPadding readable bytes behind it, blanks.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "eval/value_letters.h"

namespace licet::json {

inline constexpr std::size_t kScalarPadding = 32;

// The closing quote of the string whose first byte (behind the opening quote) is at `at`; null if
// there is an escape, a control character or a byte that is not ASCII before it, or no end.
inline const char* end_of_plain_string(const char* at, const char* end_of_text) {
  while (at < end_of_text) {
    const std::uint32_t special = text::special_letters(at);
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
