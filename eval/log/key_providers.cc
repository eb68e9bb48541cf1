// Keys from a text: of a file or of the environment. PKCS#11 is in pkcs11.cc.
#include <cstdlib>
#include <utility>
#include <vector>

#include "eval/log/crypto.h"
#include "eval/log/file_tools.h"
#include "eval/log/note.h"
#include "eval/log_keys.h"

namespace licet::log {
namespace {

LogError key_error(std::string message, std::string help = {}) {
  return {.code = LogErrorCode::kKey, .message = std::move(message), .help = std::move(help)};
}

struct NamedKey {
  std::string name;
  Key key{};
};

class TextKeyProvider final : public KeyProvider {
 public:
  explicit TextKeyProvider(std::vector<NamedKey> keys) : keys_(std::move(keys)) {}

  std::string current_key() const override { return keys_.front().name; }

  Result<std::string, LogError> wrap(std::string_view key) override {
    const NamedKey& with = keys_.front();
    try {
      return with.name + ":" + base64(seal_key(with.key, key, with.name));
    } catch (const CryptoError& error) {
      return Failure{key_error(std::string("cannot wrap a key: ") + error.what())};
    }
  }

  Result<std::string, LogError> unwrap(std::string_view wrapped) override {
    const std::string name(wrapped.substr(0, wrapped.find(':')));
    for (const NamedKey& with : keys_) {
      if (with.name != name) continue;
      const auto sealed = base64_decode(wrapped.substr(name.size() + 1));
      const auto key = sealed ? open_key(with.key, *sealed, with.name) : std::nullopt;
      if (!key) return Failure{key_error("the key `" + name + "` is not the one of this log")};
      return *key;
    }
    return Failure{key_error("the key `" + name + "`, which this log is protected with, is missing",
                             "keep earlier keys below the current one")};
  }

 private:
  std::vector<NamedKey> keys_;  // the current one first
};

}  // namespace

Provider key_provider_from_text(std::string_view text, std::string_view source) {
  std::vector<NamedKey> keys;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t space = line.find(' ');
    const auto key =
        space == std::string_view::npos ? std::nullopt : base64_decode(line.substr(space + 1));
    const std::string_view name = line.substr(0, std::min(space, line.size()));
    if (!key || key->size() != sizeof(Key) || !is_key_name(name) ||
        name.find(':') != std::string_view::npos) {
      return Failure{key_error("`" + std::string(source) + "` has a line that is not `NAME BASE64`",
                               "`licet log key NAME` makes a line")};
    }
    keys.push_back({std::string(name), array_from<32>(*key)});
  }
  if (keys.empty()) {
    return Failure{key_error("`" + std::string(source) + "` holds no key",
                             "`licet log key NAME` makes a line")};
  }
  return std::shared_ptr<KeyProvider>(std::make_shared<TextKeyProvider>(std::move(keys)));
}

Provider key_provider_from_file(const std::string& path) {
  auto text = read_all(*system_files(), path);
  if (!text) {
    return Failure{key_error(text.error().message, "`licet log key NAME > FILE` makes a key")};
  }
  return key_provider_from_text(text.value(), path);
}

Provider key_provider_from_environment(const std::string& variable) {
  const char* const text = std::getenv(variable.c_str());
  if (text == nullptr) {
    return Failure{key_error("the environment has no variable `" + variable + "`",
                             "set it to the output of `licet log key NAME`")};
  }
  return key_provider_from_text(text, variable);
}

namespace {

Provider pkcs11_from_uri(std::string_view rest) {
  const std::size_t question = std::min(rest.find('?'), rest.size());
  Pkcs11Key key;
  key.module = rest.substr(0, question);
  rest.remove_prefix(std::min(question + 1, rest.size()));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = part.substr(0, equals);
    const std::string value(part.substr(std::min(equals + 1, part.size())));
    if (name == "token") {
      key.token = value;
    } else if (name == "key") {
      key.key = value;
    } else if (name == "pin-env") {
      const char* const pin = std::getenv(value.c_str());
      if (pin == nullptr) return Failure{key_error("there is no variable `" + value + "`")};
      key.pin = pin;
    } else {
      return Failure{key_error("unknown part `" + std::string(name) + "` of a pkcs11 key",
                               "pkcs11:MODULE?token=T&key=K&pin-env=VARIABLE")};
    }
  }
  return key_provider_from_pkcs11(key);
}

}  // namespace

Provider key_provider_from_uri(const std::string& uri) {
  if (uri.starts_with("file:")) return key_provider_from_file(uri.substr(5));
  if (uri.starts_with("env:")) return key_provider_from_environment(uri.substr(4));
  if (uri.starts_with("pkcs11:")) return pkcs11_from_uri(std::string_view(uri).substr(7));
  return Failure{
      key_error("`" + uri + "` does not say where the key is",
                "file:PATH, env:VARIABLE or pkcs11:MODULE?token=T&key=K&pin-env=VARIABLE")};
}

std::string new_key_line(std::string_view name) {
  return std::string(name) + " " + base64(view(random_bytes<32>())) + "\n";
}

}  // namespace licet::log
