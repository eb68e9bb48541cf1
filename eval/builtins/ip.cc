#include "eval/builtins/ip.h"

#include <arpa/inet.h>

#include <algorithm>
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

}  // namespace

// a.b.c.d as inet_pton takes it: decimal, no leading zeros. The common case, without a call.
std::optional<std::uint32_t> v4_from_text(std::string_view text) {
  constexpr std::size_t kLongest = 15;
  if (text.size() > kLongest) return std::nullopt;
  const text::Words words = text::load_words(text.data(), text.size());
  char bytes[sizeof words + 8] = {};  // zeros behind the text end it
  std::memcpy(bytes, &words, sizeof words);
  const char* at = bytes;
  std::uint32_t bits = part_at(at);
  if (bits > 255) return std::nullopt;
  for (int part = 1; part < 4; ++part) {
    if (*at++ != '.') return std::nullopt;
    const unsigned value = part_at(at);
    if (value > 255) return std::nullopt;
    bits = bits << 8 | value;
  }
  if (at != bytes + text.size()) return std::nullopt;
  return bits;
}

std::optional<Address> address_from_text(std::string_view text) {
  if (const auto bits = v4_from_text(text)) return Address{kMappedPrefix | *bits};
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
