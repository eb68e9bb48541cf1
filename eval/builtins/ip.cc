#include "eval/builtins/ip.h"

#include <arpa/inet.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "eval/value_text.h"

namespace licet::builtins {
namespace {

constexpr AddressBits kMappedPrefix = AddressBits{0xFFFF} << 32;

std::string v6_text(AddressBits bits) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 8; i-- > 0; bits >>= 16) groups[i] = static_cast<unsigned>(bits & 0xFFFF);
  // RFC 5952: the first of the longest runs of two zeros or more becomes ::
  std::size_t zeros_begin = 8;
  std::size_t zeros = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > zeros) {
      zeros = end - i;
      zeros_begin = i;
    }
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == zeros_begin) {
      out += "::";
      i += zeros - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    char digits[8];
    const auto written = std::to_chars(digits, digits + sizeof digits, groups[i], 16);
    out.append(digits, written.ptr);
  }
  return out;
}

// Reads one to three decimal digits without leading zeros; past them is some other byte. More than
// 255: there are none, or the number is too large.
[[gnu::always_inline]] inline unsigned part_at(const char*& at) {
  constexpr unsigned kWrong = 256;
  const auto digit = [&](std::size_t i) {
    return static_cast<unsigned char>(at[i]) - unsigned{'0'};
  };
  const unsigned first = digit(0);
  if (first > 9) return kWrong;
  const unsigned second = digit(1);
  if (second > 9) {
    at += 1;
    return first;
  }
  if (first == 0) return kWrong;
  const unsigned third = digit(2);
  if (third > 9) {
    at += 2;
    return first * 10 + second;
  }
  at += 3;
  return first * 100 + second * 10 + third;
}

constexpr std::size_t kShortestV4 = 7;
constexpr std::size_t kLongestV4 = 15;

#if defined(__x86_64__)
// Addresses are read in decisions that take a few dozen nanoseconds, and neither where their points
// are nor how long their parts are can be foreseen. So, after an idea of Daniel Lemire's, all
// digits are brought to their places at once: where they go is in a table by the lengths of the
// parts.
struct Shuffle {
  // Of the bytes of a text: first the tens and the ones of each part, the last part before the
  // others; then the hundreds, each with nothing behind it.
  std::array<std::uint8_t, 16> places;
  std::array<std::int16_t, 8> least;  // that parts of these lengths can be without a leading zero
};
constexpr std::array<Shuffle, 81> kShuffles = [] {
  constexpr std::uint8_t kNothing = 0x80;
  std::array<Shuffle, 81> all{};
  for (unsigned number = 0; number < all.size(); ++number) {
    const std::array<unsigned, 4> lengths = {number / 27 + 1, number / 9 % 3 + 1,
                                             number / 3 % 3 + 1, number % 3 + 1};
    Shuffle& shuffle = all[number];
    shuffle.places.fill(kNothing);
    unsigned end = 0;
    for (unsigned part = 0; part < 4; ++part) {
      end += lengths[part];
      const unsigned lane = 3 - part;
      const auto digit = [&](unsigned from_end) {
        return lengths[part] < from_end ? kNothing : static_cast<std::uint8_t>(end - from_end);
      };
      shuffle.places[2 * lane] = digit(2);
      shuffle.places[2 * lane + 1] = digit(1);
      shuffle.places[8 + 2 * lane] = digit(3);
      shuffle.least[lane] = lengths[part] == 1 ? 0 : lengths[part] == 2 ? 10 : 100;
      ++end;  // the point
    }
  }
  return all;
}();

// PRECONDITION: 16 bytes at `at` can be read; the text is no longer than kLongestV4.
[[gnu::target("ssse3")]] std::uint64_t v4_at(const char* at, std::size_t size) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const auto points_at =
      static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'))));
  const auto length_at = static_cast<unsigned>(size);
  unsigned points = (points_at & ((1U << length_at) - 1)) | 1U << length_at;
  // The lengths less 1; what is no length of a part is more than 2.
  unsigned begin = 0;
  const auto next_length = [&] {
    const auto end = static_cast<unsigned>(std::countr_zero(points | 1U << 31));
    const unsigned length = end - begin - 1;
    begin = end + 1;
    points &= points - 1;
    return length;
  };
  const unsigned first = next_length();
  const unsigned second = next_length();
  const unsigned third = next_length();
  const unsigned fourth = next_length();
  const bool are_lengths = (first <= 2) & (second <= 2) & (third <= 2) & (fourth <= 2);
  if (!are_lengths || points != 0) return kNoV4;
  const Shuffle& shuffle = kShuffles[first * 27 + second * 9 + third * 3 + fourth];
  const __m128i digits =
      _mm_shuffle_epi8(_mm_sub_epi8(bytes, _mm_set1_epi8('0')),
                       _mm_loadu_si128(reinterpret_cast<const __m128i*>(shuffle.places.data())));
  const __m128i are_digits = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
  const __m128i weights = _mm_setr_epi8(10, 1, 10, 1, 10, 1, 10, 1, 100, 0, 100, 0, 100, 0, 100, 0);
  const __m128i sums = _mm_maddubs_epi16(digits, weights);
  const __m128i parts = _mm_add_epi16(sums, _mm_srli_si128(sums, 8));
  const __m128i least = _mm_loadu_si128(reinterpret_cast<const __m128i*>(shuffle.least.data()));
  const __m128i wrong =
      _mm_or_si128(_mm_cmpgt_epi16(parts, _mm_set1_epi16(255)), _mm_cmpgt_epi16(least, parts));
  if (_mm_movemask_epi8(are_digits) != 0xFFFF || (_mm_movemask_epi8(wrong) & 0xFF) != 0) {
    return kNoV4;
  }
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_packus_epi16(parts, parts)));
}

// In the same page what lies behind the text cannot fault.
bool may_read_16(const char* at) {
  constexpr std::uintptr_t kPage = 4096;
  return text::kMayReadPast && (reinterpret_cast<std::uintptr_t>(at) & (kPage - 1)) <= kPage - 16;
}

const bool kHasShuffle = __builtin_cpu_supports("ssse3") != 0;
#endif

}  // namespace

// a.b.c.d as inet_pton takes it: decimal, no leading zeros. The common case, without a call.
std::uint64_t v4_from_text(std::string_view text) {
  if (text.size() < kShortestV4 || text.size() > kLongestV4) return kNoV4;
#if defined(__x86_64__)
  if (kHasShuffle && may_read_16(text.data())) [[likely]]
    return v4_at(text::without_bounds(text.data()), text.size());
#endif
  const text::Words words = text::load_words(text.data(), text.size());
  char bytes[sizeof words + 8] = {};  // zeros behind the text end it
  std::memcpy(bytes, &words, sizeof words);
  const char* at = bytes;
  std::uint32_t bits = part_at(at);
  if (bits > 255) return kNoV4;
  for (int part = 1; part < 4; ++part) {
    if (*at++ != '.') return kNoV4;
    const unsigned value = part_at(at);
    if (value > 255) return kNoV4;
    bits = bits << 8 | value;
  }
  if (at != bytes + text.size()) return kNoV4;
  return bits;
}

std::optional<Address> address_from_text(std::string_view text) {
  if (const std::uint64_t v4 = v4_from_text(text); v4 != kNoV4) return Address{kMappedPrefix | v4};
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  char terminated[INET6_ADDRSTRLEN] = {};
  std::copy(text.begin(), text.end(), terminated);
  std::array<unsigned char, 16> bytes{};
  AddressBits bits = 0;
  if (inet_pton(AF_INET6, terminated, bytes.data()) != 1) return std::nullopt;
  for (const unsigned char byte : bytes) bits = bits << 8 | byte;
  return Address{bits};
}

std::string text_of(const Address& address) {
  if (!address.is_v4()) return v6_text(address.bits);
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    if (!out.empty()) out += '.';
    out += std::to_string(static_cast<unsigned>(address.bits >> shift & 0xFF));
  }
  return out;
}

AddressBits Network::host_mask() const {
  return host_bits() == 128 ? ~AddressBits{0} : (AddressBits{1} << host_bits()) - 1;
}

std::optional<Network> network_from_text(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view address_text = text.substr(0, slash);
  const std::optional<Address> address = address_from_text(address_text);
  if (!address) return std::nullopt;
  int prefix = 0;
  const std::string_view digits = text.substr(slash + 1);
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  if (error != std::errc{} || stop != digits.data() + digits.size() || digits[0] == '-') {
    return std::nullopt;
  }
  // ::ffff:a.b.c.d/n counts from the start of the IPv6 address.
  const bool counts_v6 = address_text.find(':') != std::string_view::npos;
  if (prefix > (counts_v6 ? 128 : 32)) return std::nullopt;
  const int host_bits = (counts_v6 ? 128 : 32) - prefix;
  const AddressBits mask = host_bits == 128 ? ~AddressBits{0} : (AddressBits{1} << host_bits) - 1;
  const Address first{address->bits & ~mask};
  return Network{first, first.width() - host_bits};
}

std::string text_of(const Network& network) {
  return text_of(network.first) + "/" + std::to_string(network.prefix);
}

}  // namespace licet::builtins
