// Networks as texts, so that a network contains another one if its text is a prefix of the other's.
#pragma once

#include <optional>
#include <string_view>

namespace licet::index {

// The family and then one character for each bit that counts.
struct NetworkKey {
  char text[1 + 128];
  std::size_t size = 0;

  std::string_view view() const { return {text, size}; }
};

// Of an address or a network; nullopt: the text is neither.
std::optional<NetworkKey> network_key_from_text(std::string_view text);

}  // namespace licet::index
