// Bytes as text. Decoding is strict: one alphabet, no blanks, no stray bits, so that a signature or
// a token has one spelling only.
#include "eval/log/crypto.h"

namespace licet::log {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char* write(Bytes bytes, std::string_view alphabet, char* to) {
  std::uint32_t held = 0;
  int bits = 0;
  for (const char byte : bytes) {
    held = held << 8 | static_cast<std::uint8_t>(byte);
    for (bits += 8; bits >= 6; bits -= 6) *to++ = alphabet[held >> (bits - 6) & 63];
  }
  if (bits > 0) *to++ = alphabet[held << (6 - bits) & 63];
  return to;
}

std::string encode(Bytes bytes, std::string_view alphabet) {
  std::string text(bytes.size() * 4 / 3 + 4, '\0');
  text.resize(static_cast<std::size_t>(write(bytes, alphabet, text.data()) - text.data()));
  return text;
}

std::optional<std::string> decode(std::string_view text, std::string_view alphabet) {
  std::string bytes;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char letter : text) {
    const std::size_t value = alphabet.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    held = held << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 255);
  }
  const bool has_stray_bits = (held & ((1U << bits) - 1)) != 0;
  if (bits >= 6 || has_stray_bits) return std::nullopt;
  return bytes;
}

}  // namespace

std::string base64(Bytes bytes) {
  std::string text = encode(bytes, kStandard);
  while (text.size() % 4 != 0) text += '=';
  return text;
}

std::string base64_url(Bytes bytes) { return encode(bytes, kUrl); }

char* write_base64_url(Bytes bytes, char* to) { return write(bytes, kUrl, to); }

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return decode(text, kStandard);
}

std::optional<std::string> base64_url_decode(std::string_view text) { return decode(text, kUrl); }

std::string hex(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<std::uint8_t>(byte) >> 4];
    text += kDigits[static_cast<std::uint8_t>(byte) & 15];
  }
  return text;
}

}  // namespace licet::log
