#include "eval/log/vault.h"

#include <utility>

#include "eval/log/canonical.h"
#include "eval/log/file_tools.h"
#include "eval/log/note.h"
#include "eval/value_json.h"

namespace licet::log {
namespace {

constexpr std::string_view kKeysName = "keys";

LogError damaged(const std::string& path, std::string_view why) {
  return {.code = LogErrorCode::kDamaged,
          .message = "`" + path + "` is damaged: " + std::string(why),
          .help = "restore it from a backup; without it the log cannot be decrypted"};
}

}  // namespace

VerifierKey Vault::verifier() const {
  return verifier_key(origin_, SignatureKind::kEd25519, signing_key_.public_key);
}

std::optional<Key> Vault::segment_key(std::uint32_t generation, Bytes segment_id) const {
  if (generation >= segment_keys_.size()) return std::nullopt;
  return derived_key(segment_keys_[generation], "segment", segment_id);
}

std::string Vault::token(Bytes value) const {
  const Hash hash = hmac_sha256(token_key_, {"token", Bytes("\0", 1), value});
  return base64_url(view(hash).substr(0, 16));
}

SubjectToken Vault::subject_token(Bytes subject_id) const {
  return hmac_sha256(token_key_, {"subject", Bytes("\0", 1), subject_id});
}

std::optional<LogError> Vault::make_keys() {
  signing_key_ = signing_key_from_seed(random_bytes<32>());
  token_key_ = random_bytes<32>();
  over_subjects_ = random_bytes<32>();
  segment_keys_ = {random_bytes<32>()};
  return save();
}

std::optional<LogError> Vault::rotate() {
  segment_keys_.push_back(random_bytes<32>());
  auto error = save();
  if (error) segment_keys_.pop_back();
  return error;
}

std::optional<LogError> Vault::save() {
  std::optional<LogError> error;
  const auto wrapped = [&](const Key& key) {
    auto result = provider_->wrap(view(key));
    if (!result) error = result.error();
    std::string text;
    append_canonical_string(result ? result.value() : "", text);
    return text;
  };
  std::string text = "{\"origin\":";
  append_canonical_string(origin_, text);
  text += ",\"segments\":[";
  for (std::size_t i = 0; i < segment_keys_.size(); ++i) {
    text += (i > 0 ? "," : "") + wrapped(segment_keys_[i]);
  }
  text += "],\"signing\":" + wrapped(signing_key_.seed);
  text += ",\"subjects\":" + wrapped(over_subjects_);
  text += ",\"token\":" + wrapped(token_key_) + ",\"v\":1,\"verifier\":";
  append_canonical_string(text_of(verifier()), text);
  if (error) return error;
  return replace_file(*files_, folder_, std::string(kKeysName), text + "}\n");
}

std::optional<LogError> Vault::load_keys(const std::string& text) {
  const std::string path = folder_ + "/" + std::string(kKeysName);
  Arena arena;
  const auto read = value_from_json(text, arena);
  if (!read || !read.value().is_object()) return damaged(path, "it is not a JSON object");
  const Value& keys = read.value();
  std::optional<LogError> error;
  const auto unwrapped = [&](const Value& wrapped) -> Key {
    if (!wrapped.is_string() || wrapped.as_string().find(':') == std::string_view::npos) {
      if (!error) error = damaged(path, "a key is missing");
      return {};
    }
    auto key = provider_->unwrap(wrapped.as_string());
    if (!key && !error) error = key.error();
    if (key && key.value().size() != sizeof(Key)) error = damaged(path, "a key has a wrong length");
    return error ? Key{} : array_from<32>(key.value());
  };
  const Value origin = keys.get("origin");
  const Value segments = keys.get("segments");
  if (!origin.is_string() || !segments.is_array() || segments.size() == 0) {
    return damaged(path, "it lacks the origin or the segment keys");
  }
  origin_ = origin.as_string();
  signing_key_ = signing_key_from_seed(unwrapped(keys.get("signing")));
  token_key_ = unwrapped(keys.get("token"));
  over_subjects_ = unwrapped(keys.get("subjects"));
  for (const Value& segment : segments.elements()) segment_keys_.push_back(unwrapped(segment));
  if (error) return error;
  const Value version = keys.get("v");
  const Value verifier_text = keys.get("verifier");
  if (version != Value::integer(1)) return damaged(path, "it is not of version 1");
  if (!verifier_text.is_string() || verifier_text.as_string() != text_of(verifier())) {
    return damaged(path, "the verifier is not that of the signing key");
  }
  return std::nullopt;
}

Result<std::unique_ptr<Vault>, LogError> Vault::open(std::shared_ptr<Files> files,
                                                     const std::string& folder,
                                                     std::shared_ptr<KeyProvider> provider,
                                                     const std::string& origin,
                                                     IfMissing if_missing) {
  std::unique_ptr<Vault> vault(new Vault());
  vault->files_ = files;
  vault->folder_ = folder;
  vault->provider_ = std::move(provider);
  vault->origin_ = origin;
  const std::string path = folder + "/" + std::string(kKeysName);
  std::optional<LogError> error;
  if (if_missing == IfMissing::kMake && !exists(*files, path)) {
    if (!is_key_name(origin)) {
      return Failure{LogError{.code = LogErrorCode::kWrongUse,
                              .message = "`" + origin + "` cannot name a log",
                              .help = "a name has no blanks and no `+`, as example.org/registry"}};
    }
    error = vault->make_keys();
  } else {
    auto text = read_all(*files, path);
    if (!text) return Failure{text.error()};
    error = vault->load_keys(text.value());
  }
  if (error) return Failure{*error};
  vault->subjects_ =
      std::make_unique<SubjectKeys>(files, folder + "/subjects", vault->over_subjects_);
  error = vault->subjects_->load();
  if (error) return Failure{*error};
  return vault;
}

// The nonce comes from the key and all that is sealed: it repeats only where everything does, also
// in a copy of this process or after a restored snapshot.
std::string seal_value(const Key& subject_key, Bytes salt, Bytes path, Bytes plain) {
  const Key nonce_key = derived_key(subject_key, "value nonce", {});
  const Hash hash = hmac_sha256(nonce_key, {salt, Bytes("\0", 1), path, Bytes("\0", 1), plain});
  const Nonce nonce = array_from<12>(view(hash).substr(0, 12));
  std::string sealed(view(nonce));
  Cipher(subject_key).seal(nonce, path, plain, sealed);
  return sealed;
}

std::optional<std::string> open_value(const Key& subject_key, Bytes path, Bytes sealed) {
  return open_key(subject_key, sealed, path);
}

}  // namespace licet::log
