// A key provider whose key never leaves a PKCS#11 token: the token itself wraps with AES-GCM.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "eval/log/crypto.h"
#include "eval/log_keys.h"

namespace licet::log {
namespace {

LogError token_error(std::string message, std::string help = {}) {
  return {.code = LogErrorCode::kKey, .message = std::move(message), .help = std::move(help)};
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

class Pkcs11Provider final : public KeyProvider {
 public:
  explicit Pkcs11Provider(Pkcs11Key where) : where_(std::move(where)) {}
  ~Pkcs11Provider() override {
    if (session_ != 0) functions_->C_CloseSession(session_);
    // The module stays loaded: others in this process may use it.
  }
  Pkcs11Provider(const Pkcs11Provider&) = delete;
  Pkcs11Provider& operator=(const Pkcs11Provider&) = delete;

  std::optional<LogError> open() {
    void* const library = ::dlopen(where_.module.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      return token_error("cannot load the PKCS#11 module `" + where_.module + "`");
    }
    CK_C_GetFunctionList get_functions = nullptr;
    void* const symbol = ::dlsym(library, "C_GetFunctionList");
    std::memcpy(&get_functions, &symbol, sizeof symbol);
    if (get_functions == nullptr || get_functions(&functions_) != CKR_OK) {
      return token_error("`" + where_.module + "` is not a PKCS#11 module");
    }
    const CK_RV initialized = functions_->C_Initialize(nullptr);
    if (initialized != CKR_OK && initialized != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
      return token_error("the PKCS#11 module `" + where_.module + "` does not start");
    }
    if (auto error = open_session()) return error;
    auto handle = find_key(where_.key);
    return handle ? std::nullopt : std::optional(handle.error());
  }

  std::string current_key() const override { return where_.key; }

  Result<std::string, LogError> wrap(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    auto handle = find_key(where_.key);
    if (!handle) return Failure{handle.error()};
    std::string nonce(view(random_bytes<12>()));
    std::string plain(key);
    std::string sealed(plain.size() + kTagBytes, '\0');
    CK_ULONG size = sealed.size();
    CK_GCM_PARAMS parameters = gcm(nonce);
    CK_MECHANISM mechanism{CKM_AES_GCM, &parameters, sizeof parameters};
    if (functions_->C_EncryptInit(session_, &mechanism, handle.value()) != CKR_OK ||
        functions_->C_Encrypt(session_, bytes_of(plain), plain.size(), bytes_of(sealed), &size) !=
            CKR_OK) {
      return Failure{token_error("the token does not encrypt with `" + where_.key + "`")};
    }
    sealed.resize(size);
    return where_.key + ":" + base64(nonce + sealed);
  }

  Result<std::string, LogError> unwrap(std::string_view wrapped) override {
    const std::lock_guard lock(mutex_);
    const std::string name(wrapped.substr(0, wrapped.find(':')));
    const auto bytes = base64_decode(wrapped.substr(name.size() + 1));
    if (!bytes || bytes->size() < sizeof(Nonce)) {
      return Failure{token_error("a wrapped key is damaged")};
    }
    auto handle = find_key(name);
    if (!handle) return Failure{handle.error()};
    std::string nonce = bytes->substr(0, sizeof(Nonce));
    std::string sealed = bytes->substr(sizeof(Nonce));
    std::string plain(sealed.size() + kTagBytes, '\0');
    CK_ULONG size = plain.size();
    CK_GCM_PARAMS parameters = gcm(nonce);
    CK_MECHANISM mechanism{CKM_AES_GCM, &parameters, sizeof parameters};
    if (functions_->C_DecryptInit(session_, &mechanism, handle.value()) != CKR_OK ||
        functions_->C_Decrypt(session_, bytes_of(sealed), sealed.size(), bytes_of(plain), &size) !=
            CKR_OK) {
      return Failure{token_error("the key `" + name + "` of the token is not the one of this log")};
    }
    plain.resize(size);
    return plain;
  }

 private:
  static CK_GCM_PARAMS gcm(std::string& nonce) {
    CK_GCM_PARAMS parameters{};
    parameters.pIv = bytes_of(nonce);
    parameters.ulIvLen = nonce.size();
    parameters.ulIvBits = nonce.size() * 8;
    parameters.ulTagBits = kTagBytes * 8;
    return parameters;
  }

  std::optional<LogError> open_session() {
    CK_ULONG count = 0;
    functions_->C_GetSlotList(CK_TRUE, nullptr, &count);
    std::vector<CK_SLOT_ID> slots(count);
    if (count == 0 || functions_->C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK) {
      return token_error("`" + where_.module + "` has no token");
    }
    for (const CK_SLOT_ID slot : slots) {
      CK_TOKEN_INFO info;
      if (functions_->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
      std::string label(reinterpret_cast<const char*>(info.label), sizeof info.label);
      while (label.ends_with(' ')) label.pop_back();  // the standard pads it
      if (label != where_.token) continue;
      if (functions_->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session_) !=
          CKR_OK) {
        return token_error("cannot open the token `" + where_.token + "`");
      }
      const CK_RV login =
          functions_->C_Login(session_, CKU_USER, bytes_of(where_.pin), where_.pin.size());
      if (login == CKR_OK || login == CKR_USER_ALREADY_LOGGED_IN) return std::nullopt;
      return token_error("the token `" + where_.token + "` does not take the PIN");
    }
    return token_error("`" + where_.module + "` has no token `" + where_.token + "`");
  }

  Result<CK_OBJECT_HANDLE, LogError> find_key(std::string label) {
    CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &kind, sizeof kind},
                             {CKA_LABEL, label.data(), label.size()}};
    CK_OBJECT_HANDLE handle = 0;
    CK_ULONG count = 0;
    if (functions_->C_FindObjectsInit(session_, wanted, 2) == CKR_OK) {
      functions_->C_FindObjects(session_, &handle, 1, &count);
      functions_->C_FindObjectsFinal(session_);
    }
    if (count == 0) {
      return Failure{
          token_error("the token `" + where_.token + "` has no secret key `" + label + "`",
                      "make an AES-256 key with this label in the token")};
    }
    return handle;
  }

  Pkcs11Key where_;
  std::mutex mutex_;
  CK_FUNCTION_LIST* functions_ = nullptr;
  CK_SESSION_HANDLE session_ = 0;
};

}  // namespace

Provider key_provider_from_pkcs11(const Pkcs11Key& where) {
  auto provider = std::make_shared<Pkcs11Provider>(where);
  if (auto error = provider->open()) return Failure{*error};
  return std::shared_ptr<KeyProvider>(std::move(provider));
}

}  // namespace licet::log
