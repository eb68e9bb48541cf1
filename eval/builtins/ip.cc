#include "eval/builtins/ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

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

// a.b.c.d as inet_pton takes it: decimal, no leading zeros. The common case, without a call.
std::optional<Address> v4_from_text(std::string_view text) {
  std::uint32_t bits = 0;
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == text.size() || text[at++] != '.')) return std::nullopt;
    unsigned value = 0;
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
      if (at > begin && value == 0) return std::nullopt;
      value = value * 10 + static_cast<unsigned>(text[at++] - '0');
      if (value > 255) return std::nullopt;
    }
    if (at == begin) return std::nullopt;
    bits = bits << 8 | value;
  }
  if (at != text.size()) return std::nullopt;
  return Address{kMappedPrefix | bits};
}

}  // namespace

std::optional<Address> address_from_text(std::string_view text) {
  if (const auto address = v4_from_text(text)) return address;
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
