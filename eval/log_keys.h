// Where the key comes from that protects all other keys of a log.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "eval/log_error.h"
#include "eval/result.h"

namespace licet::log {

// Wraps the keys of a log under a key of its own, the key-encryption key, which it never shows.
// Thread-safe.
class KeyProvider {
 public:
  virtual ~KeyProvider() = default;
  // Names the key that wrap() uses now.
  virtual std::string current_key() const = 0;
  virtual Result<std::string, LogError> wrap(std::string_view key) = 0;
  // What wrap() made, also under an earlier key that the provider still has.
  virtual Result<std::string, LogError> unwrap(std::string_view wrapped) = 0;
};

using Provider = Result<std::shared_ptr<KeyProvider>, LogError>;

// A text with one key a line: NAME BASE64, 32 bytes each. The first one wraps; the others only
// unwrap, which is how a key is rotated. Lines that begin with # are comments.
Provider key_provider_from_text(std::string_view text, std::string_view source);
Provider key_provider_from_file(const std::string& path);
Provider key_provider_from_environment(const std::string& variable);

// An AES-256 key inside a PKCS#11 token; it never leaves the token.
struct Pkcs11Key {
  std::string module;  // path of the token's library
  std::string token;   // label
  std::string key;     // label; `key` and earlier keys are found by the name in what they wrapped
  std::string pin;
};
Provider key_provider_from_pkcs11(const Pkcs11Key& where);

// file:PATH, env:VARIABLE, or pkcs11:MODULE?token=T&key=K&pin-env=VARIABLE
Provider key_provider_from_uri(const std::string& uri);

// A line for a key file, with a new random key.
std::string new_key_line(std::string_view name);

}  // namespace licet::log
