// Reading a log back: entry by entry, in memory for one frame, whatever its size.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/log_error.h"
#include "eval/log_files.h"
#include "eval/log_keys.h"
#include "eval/log_proof.h"
#include "eval/result.h"
#include "eval/value.h"

namespace licet::log {

struct LoggedEntry {
  std::uint64_t index = 0;
  std::string_view text;  // canonical JSON; valid until the next call
};

// For one thread at a time. A log that is being written can be read: up to the last whole frame.
class LogReader {
 public:
  static Result<std::unique_ptr<LogReader>, LogError> open(
      const std::string& folder, std::shared_ptr<KeyProvider> keys,
      std::shared_ptr<Files> files = system_files());
  ~LogReader();
  LogReader(const LogReader&) = delete;
  LogReader& operator=(const LogReader&) = delete;

  // In order. nullopt: the end, or error(). What verify_log() would complain about further back is
  // not looked for here.
  std::optional<LoggedEntry> next();
  const std::optional<LogError>& error() const;
  // Starts again at the first entry, with what was written meanwhile.
  void rewind();

  std::uint64_t bytes_read() const;
  std::uint64_t total_bytes() const;
  VerifierKey verifier() const;
  // Of the entries of the log: the last signed checkpoint; empty if there is none.
  std::string checkpoint() const;

  // A value of an entry with its encrypted parts decrypted, where the subject's key still is. The
  // subject is the member `subject` of the entry, `path` the key of the value in `read`.
  Value revealed(const Value& value, std::string_view path, std::string_view subject,
                 Arena& arena) const;
  // How the log names a value with @token, and a data subject.
  std::string token_of(const Value& value) const;
  std::string subject_of(const Value& id) const;

 private:
  class Impl;
  explicit LogReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// --- verification ------------------------------------------------------------------------------

struct Finding {
  std::string file;          // in the log's folder
  std::uint64_t offset = 0;  // bytes
  std::uint64_t index = 0;   // the first entry that is touched
  std::string message;       // what is wrong
};

enum class Verdict : std::uint8_t {
  kVerified,    // intact, and a checkpoint kept outside agrees
  kUnanchored,  // intact in itself; who holds the keys could have written it anew
  kBroken,      // see the findings
};
std::string_view name_of(Verdict verdict);  // VERIFIED, UNANCHORED, BROKEN

struct VerifyOptions {
  std::shared_ptr<KeyProvider> keys;
  // Signed notes that were kept outside.
  std::vector<std::string> anchors;
  // The log's key as the auditor knows it. None: the one in the folder, which proves less.
  std::optional<VerifierKey> verifier;
  // If there are any, each anchor must be signed by one of them too.
  std::vector<VerifierKey> witnesses;
  std::function<void(std::uint64_t entries, std::uint64_t bytes, std::uint64_t total_bytes)>
      progress;
  std::shared_ptr<Files> files = system_files();
};

struct VerifyReport {
  Verdict verdict = Verdict::kBroken;
  std::vector<Finding> findings;
  std::uint64_t entries = 0;
  std::uint64_t segments = 0;
  std::uint64_t checkpoints = 0;       // signed ones inside that hold
  std::uint64_t intact_entries = 0;    // the first so many are whole and in order
  std::uint64_t signed_entries = 0;    // of these, committed to by the log's signature
  std::uint64_t anchored_entries = 0;  // of these, committed to by an outside checkpoint
  Hash root{};                         // of the intact entries
};

// An error: nothing could be looked at (no such folder, no key). What is wrong with the log itself
// is a finding.
Result<VerifyReport, LogError> verify_log(const std::string& folder, const VerifyOptions& options);

// --- proofs ------------------------------------------------------------------------------------

// For the entry at `index`, against the log's last checkpoint.
Result<EntryProof, LogError> prove_entry(LogReader& reader, std::uint64_t index);
// That the tree of `old_size` entries is a prefix of that of the last checkpoint.
Result<std::vector<Hash>, LogError> prove_consistency(LogReader& reader, std::uint64_t old_size);

// Writes what C2SP tlog-tiles describes: `checkpoint`, tiles of hashes and bundles of entries, so
// that other people's verifiers read the log. The entries are not encrypted there.
std::optional<LogError> export_tiles(LogReader& reader, const std::string& folder);

// Nanoseconds since the epoch from the `time` of an entry.
std::optional<std::int64_t> time_of_entry(std::string_view text);

}  // namespace licet::log
