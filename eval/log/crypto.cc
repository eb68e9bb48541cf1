#include "eval/log/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <climits>
#include <memory>

namespace licet::log {
namespace {

const unsigned char* bytes_of(Bytes bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

void require(bool succeeded, const char* what) {
  if (!succeeded) throw CryptoError(what);
}

int length_of(Bytes bytes) {
  require(bytes.size() <= INT_MAX, "too many bytes for one cryptographic operation");
  return static_cast<int>(bytes.size());
}

template <class T>
T* required(T* pointer, const char* what) {
  require(pointer != nullptr, what);
  return pointer;
}

// Fetching an algorithm takes longer than hashing an entry, so it is done once. What throws here is
// tried again by the next call.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm =
      required(EVP_MD_fetch(nullptr, "SHA256", nullptr), "SHA-256 is not available");
  return algorithm;
}

const EVP_CIPHER* gcm_algorithm() {
  static const EVP_CIPHER* const algorithm =
      required(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), "AES-256-GCM is not available");
  return algorithm;
}

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;
using PrivateKey = std::unique_ptr<EVP_PKEY, FreeKey>;

EVP_MD_CTX* digest_of_thread() {
  thread_local const Digest digest(required(EVP_MD_CTX_new(), "no memory for a digest"));
  return digest.get();
}

Hash sha256_of(Bytes first, std::initializer_list<Bytes> parts) {
  EVP_MD_CTX* const context = digest_of_thread();
  require(EVP_DigestInit_ex2(context, sha256_algorithm(), nullptr) == 1, "SHA-256 failed");
  require(EVP_DigestUpdate(context, first.data(), first.size()) == 1, "SHA-256 failed");
  for (const Bytes part : parts) {
    require(EVP_DigestUpdate(context, part.data(), part.size()) == 1, "SHA-256 failed");
  }
  Hash hash;
  require(EVP_DigestFinal_ex(context, hash.data(), nullptr) == 1, "SHA-256 failed");
  return hash;
}

EVP_CIPHER_CTX* cipher_context(const Key& key, int is_sealing) {
  EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
  require(context != nullptr, "no memory for a cipher");
  if (EVP_CipherInit_ex2(context, gcm_algorithm(), key.data(), nullptr, is_sealing, nullptr) != 1) {
    EVP_CIPHER_CTX_free(context);
    throw CryptoError("AES-256-GCM failed");
  }
  return context;
}

}  // namespace

Hash sha256(Bytes bytes) { return sha256_of(bytes, {}); }

Hash sha256(std::initializer_list<Bytes> parts) { return sha256_of({}, parts); }

Hash hmac_sha256(const Key& key, std::initializer_list<Bytes> parts) {
  std::array<unsigned char, 64> inner;
  std::array<unsigned char, 64> outer;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    const unsigned char byte = i < key.size() ? key[i] : 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  const Hash hash = sha256_of(view(inner), parts);
  const Hash result = sha256_of(view(outer), {view(hash)});
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  return result;
}

Key derived_key(const Key& key, std::string_view purpose, Bytes context) {
  return hmac_sha256(key, {purpose, Bytes("\0", 1), context, Bytes("\1", 1)});
}

void fill_random(std::uint8_t* to, std::size_t count) {
  require(count <= INT_MAX && RAND_bytes(to, static_cast<int>(count)) == 1,
          "no random bytes are available");
}

Cipher::Cipher(const Key& key) : sealing_(cipher_context(key, 1)), opening_(nullptr) {
  try {
    opening_ = cipher_context(key, 0);
  } catch (const CryptoError&) {
    EVP_CIPHER_CTX_free(static_cast<EVP_CIPHER_CTX*>(sealing_));
    throw;
  }
}

Cipher::~Cipher() {
  EVP_CIPHER_CTX_free(static_cast<EVP_CIPHER_CTX*>(sealing_));
  EVP_CIPHER_CTX_free(static_cast<EVP_CIPHER_CTX*>(opening_));
}

void Cipher::seal(const Nonce& nonce, Bytes associated, Bytes plain, char* to) {
  auto* const context = static_cast<EVP_CIPHER_CTX*>(sealing_);
  auto* const sealed = reinterpret_cast<unsigned char*>(to);
  int count = 0;
  require(EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) == 1 &&
              EVP_EncryptUpdate(context, nullptr, &count, bytes_of(associated),
                                length_of(associated)) == 1 &&
              EVP_EncryptUpdate(context, sealed, &count, bytes_of(plain), length_of(plain)) == 1 &&
              EVP_EncryptFinal_ex(context, sealed + plain.size(), &count) == 1 &&
              EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes,
                                  sealed + plain.size()) == 1,
          "AES-256-GCM failed");
}

void Cipher::seal(const Nonce& nonce, Bytes associated, Bytes plain, std::string& out) {
  const std::size_t at = out.size();
  out.resize(at + plain.size() + kTagBytes);
  try {
    seal(nonce, associated, plain, out.data() + at);
  } catch (const CryptoError&) {
    out.resize(at);
    throw;
  }
}

bool Cipher::open(const Nonce& nonce, Bytes associated, Bytes sealed, std::string& out) {
  if (sealed.size() < kTagBytes) return false;
  auto* const context = static_cast<EVP_CIPHER_CTX*>(opening_);
  const Bytes body = sealed.substr(0, sealed.size() - kTagBytes);
  std::string tag(sealed.substr(body.size()));
  const std::size_t at = out.size();
  out.resize(at + body.size());
  auto* const to = reinterpret_cast<unsigned char*>(out.data() + at);
  int count = 0;
  const bool opened =
      EVP_DecryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) == 1 &&
      EVP_DecryptUpdate(context, nullptr, &count, bytes_of(associated), length_of(associated)) ==
          1 &&
      EVP_DecryptUpdate(context, to, &count, bytes_of(body), length_of(body)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context, to + body.size(), &count) == 1;
  if (!opened) out.resize(at);
  return opened;
}

std::string seal_key(const Key& with, Bytes plain, Bytes associated) {
  const Nonce nonce = random_bytes<12>();
  std::string sealed(view(nonce));
  Cipher(with).seal(nonce, associated, plain, sealed);
  return sealed;
}

std::optional<std::string> open_key(const Key& with, Bytes sealed, Bytes associated) {
  if (sealed.size() < sizeof(Nonce) + kTagBytes) return std::nullopt;
  std::string plain;
  const Nonce nonce = array_from<12>(sealed);
  if (!Cipher(with).open(nonce, associated, sealed.substr(sizeof(Nonce)), plain)) {
    return std::nullopt;
  }
  return plain;
}

namespace {

PrivateKey private_key(const Key& seed) {
  PrivateKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  require(key != nullptr, "Ed25519 failed");
  return key;
}

}  // namespace

SigningKey signing_key_from_seed(const Key& seed) {
  SigningKey key;
  key.seed = seed;
  std::size_t size = key.public_key.size();
  const PrivateKey handle = private_key(seed);
  require(EVP_PKEY_get_raw_public_key(handle.get(), key.public_key.data(), &size) == 1 &&
              size == key.public_key.size(),
          "Ed25519 failed");
  return key;
}

std::string ed25519_sign(const Key& seed, Bytes message) {
  const PrivateKey key = private_key(seed);
  const Digest context(EVP_MD_CTX_new());
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  require(context != nullptr &&
              EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
              EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                             &size, bytes_of(message), message.size()) == 1,
          "Ed25519 failed");
  return signature;
}

bool ed25519_verify(const Key& public_key, Bytes message, Bytes signature) {
  const PrivateKey key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()));
  const Digest context(EVP_MD_CTX_new());
  if (!key || !context) return false;
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                          message.size()) == 1;
}

}  // namespace licet::log
