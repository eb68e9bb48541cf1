// IP addresses and networks, with Go's rules for texts and for IPv4 addresses inside IPv6.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace licet::builtins {

__extension__ typedef unsigned __int128 AddressBits;

// An IPv4 address is held as ::ffff:a.b.c.d, and any address of that form is one.
struct Address {
  AddressBits bits = 0;

  bool is_v4() const { return bits >> 32 == 0xFFFF; }
  // Bits that a prefix length counts.
  int width() const { return is_v4() ? 32 : 128; }
  friend bool operator==(const Address&, const Address&) = default;
};

std::optional<Address> address_from_text(std::string_view text);
// Of a.b.c.d only: its 32 bits, or kNoV4. Not an optional, whose two parts would have to go through
// memory to come back in one register, and the reader would wait for that.
inline constexpr std::uint64_t kNoV4 = UINT64_MAX;
std::uint64_t v4_from_text(std::string_view text);
std::string text_of(const Address& address);

// INVARIANT: 0 <= prefix <= first.width(). `first` may have host bits set only where a builtin
// keeps them for its answer.
struct Network {
  Address first;
  int prefix = 0;

  int host_bits() const { return first.width() - prefix; }
  AddressBits host_mask() const;
  Address base() const { return {first.bits & ~host_mask()}; }
  Address last() const { return {first.bits | host_mask()}; }
  bool contains(const Address& address) const {
    return address.is_v4() == first.is_v4() && (address.bits & ~host_mask()) == base().bits;
  }
};

// a.b.c.d/n or v6/n; host bits are cleared.
std::optional<Network> network_from_text(std::string_view text);
std::string text_of(const Network& network);

}  // namespace licet::builtins
