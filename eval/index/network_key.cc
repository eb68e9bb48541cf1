#include "eval/index/network_key.h"

#include "eval/builtins/ip.h"

namespace licet::index {

std::optional<NetworkKey> network_key_from_text(std::string_view text) {
  using builtins::AddressBits;
  std::optional<builtins::Network> network;
  if (const auto address = builtins::address_from_text(text)) {
    network = builtins::Network{*address, address->width()};
  } else {
    network = builtins::network_from_text(text);
  }
  if (!network) return std::nullopt;
  NetworkKey key;
  key.text[key.size++] = network->first.is_v4() ? '4' : '6';
  const AddressBits bits = network->base().bits;
  const int width = network->first.width();
  for (int i = 0; i < network->prefix; ++i) {
    key.text[key.size++] = ((bits >> (width - 1 - i)) & 1) != 0 ? '1' : '0';
  }
  return key;
}

}  // namespace licet::index
