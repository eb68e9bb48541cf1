// The keys of one log: made once, kept in its folder, wrapped by the key provider.
//
//   keys      JSON: the signing key, the token key, the key over subject keys, and one key for each
//             generation of segments, each wrapped
//   subjects  one record of fixed size for each data subject; erasing one overwrites its key
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/log/crypto.h"
#include "eval/log_error.h"
#include "eval/log_files.h"
#include "eval/log_keys.h"
#include "eval/log_proof.h"
#include "eval/result.h"

namespace licet::log {

// A subject as the log names it: a keyed hash of its id.
using SubjectToken = Hash;

// The keys of data subjects. Thread-safe.
class SubjectKeys {
 public:
  SubjectKeys(std::shared_ptr<Files> files, std::string path, const Key& over);

  std::optional<LogError> load();
  // The subject's key, made and synced to disk if there is none yet.
  Result<Key, LogError> get_or_make(const SubjectToken& subject);
  std::optional<Key> find(const SubjectToken& subject);
  // Overwrites the subject's keys on disk. Answers how many there were.
  Result<std::size_t, LogError> erase(const SubjectToken& subject);
  std::size_t damaged_records() const { return damaged_records_; }
  // Takes away a record at the end that a crash cut off: its key was given to nobody. What it took,
  // or nothing. For the writer, before anything else.
  struct Torn {
    std::uint64_t valid_bytes = 0;
    std::uint64_t dropped_bytes = 0;
  };
  Result<Torn, LogError> drop_torn_record();

 private:
  std::optional<LogError> append(const SubjectToken& subject, const Key& key);
  void take(Bytes record);

  std::shared_ptr<Files> files_;
  std::string path_;
  Key over_;
  std::mutex mutex_;
  std::map<SubjectToken, Key> keys_;
  std::size_t damaged_records_ = 0;
};

// Thread-safe once open.
class Vault {
 public:
  enum class IfMissing { kFail, kMake };

  static Result<std::unique_ptr<Vault>, LogError> open(std::shared_ptr<Files> files,
                                                       const std::string& folder,
                                                       std::shared_ptr<KeyProvider> provider,
                                                       const std::string& origin,
                                                       IfMissing if_missing);

  const std::string& origin() const { return origin_; }
  const SigningKey& signing_key() const { return signing_key_; }
  VerifierKey verifier() const;
  // Wraps every key under the provider's current key, and begins a new generation of segment keys.
  std::optional<LogError> rotate();

  std::uint32_t generation() const { return static_cast<std::uint32_t>(segment_keys_.size() - 1); }
  // The key of one segment; nullopt: there is no such generation.
  std::optional<Key> segment_key(std::uint32_t generation, Bytes segment_id) const;

  // 128 bits of a keyed hash, as text.
  std::string token(Bytes value) const;
  SubjectToken subject_token(Bytes subject_id) const;
  SubjectKeys& subjects() { return *subjects_; }

 private:
  Vault() = default;
  std::optional<LogError> make_keys();
  std::optional<LogError> load_keys(const std::string& text);
  std::optional<LogError> save();

  std::shared_ptr<Files> files_;
  std::string folder_;
  std::shared_ptr<KeyProvider> provider_;
  std::string origin_;
  SigningKey signing_key_;
  Key token_key_{};
  Key over_subjects_{};
  std::vector<Key> segment_keys_;  // by generation
  std::unique_ptr<SubjectKeys> subjects_;
};

// A value encrypted under a subject's key, as it stands in an entry, and back.
std::string seal_value(const Key& subject_key, Bytes salt, Bytes path, Bytes plain);
std::optional<std::string> open_value(const Key& subject_key, Bytes path, Bytes sealed);

}  // namespace licet::log
