// The cryptography of the log, and the only file of it that names OpenSSL's functions. Everything
// throws CryptoError when the library fails; callers turn that into a LogError.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "eval/log_proof.h"

namespace licet::log {

using Key = std::array<std::uint8_t, 32>;
using Nonce = std::array<std::uint8_t, 12>;
using Bytes = std::string_view;

class CryptoError : public std::exception {
 public:
  explicit CryptoError(const char* what) : what_(what) {}
  const char* what() const noexcept override { return what_; }

 private:
  const char* what_;
};

template <std::size_t N>
Bytes view(const std::array<std::uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), N};
}
template <std::size_t N>
std::array<std::uint8_t, N> array_from(Bytes bytes) {  // PRECONDITION: N bytes
  std::array<std::uint8_t, N> result{};
  for (std::size_t i = 0; i < N; ++i) result[i] = static_cast<std::uint8_t>(bytes[i]);
  return result;
}

Hash sha256(Bytes bytes);
Hash sha256(std::initializer_list<Bytes> parts);
Hash hmac_sha256(const Key& key, std::initializer_list<Bytes> parts);
// A key for one purpose from a key for many (HKDF-Expand of RFC 5869, one block).
Key derived_key(const Key& key, std::string_view purpose, Bytes context);

void fill_random(std::uint8_t* to, std::size_t count);
template <std::size_t N>
std::array<std::uint8_t, N> random_bytes() {
  std::array<std::uint8_t, N> bytes;
  fill_random(bytes.data(), N);
  return bytes;
}

inline constexpr std::size_t kTagBytes = 16;

// AES-256-GCM under one key. For one thread at a time.
class Cipher {
 public:
  explicit Cipher(const Key& key);
  ~Cipher();
  Cipher(const Cipher&) = delete;
  Cipher& operator=(const Cipher&) = delete;

  // Appends ciphertext and tag to `out`.
  void seal(const Nonce& nonce, Bytes associated, Bytes plain, std::string& out);
  // The same to where there is room for both.
  void seal(const Nonce& nonce, Bytes associated, Bytes plain, char* to);
  // Appends the plaintext; false, and nothing appended, if the bytes were not sealed like this.
  bool open(const Nonce& nonce, Bytes associated, Bytes sealed, std::string& out);

 private:
  void* sealing_;
  void* opening_;
};

// Nonce, ciphertext and tag with a random nonce: for the few keys that are wrapped.
std::string seal_key(const Key& with, Bytes plain, Bytes associated);
std::optional<std::string> open_key(const Key& with, Bytes sealed, Bytes associated);

struct SigningKey {
  Key seed{};
  Key public_key{};
};
SigningKey signing_key_from_seed(const Key& seed);
std::string ed25519_sign(const Key& seed, Bytes message);
bool ed25519_verify(const Key& public_key, Bytes message, Bytes signature);

std::string base64(Bytes bytes);                // with padding
std::string base64_url(Bytes bytes);            // without
char* write_base64_url(Bytes bytes, char* to);  // answers where it ended
// Either alphabet is not mixed: standard with padding.
std::optional<std::string> base64_decode(std::string_view text);
std::optional<std::string> base64_url_decode(std::string_view text);
std::string hex(Bytes bytes);

}  // namespace licet::log
