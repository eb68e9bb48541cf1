// The decision log: one entry for each decision, in a folder that an auditor can verify.
// eval/log/README.md tells what stands in it, what is promised, and how to check that.
//
// Two ways to write. `durable`: append() answers when the entry is on disk (fdatasync has
// returned); callers that come meanwhile share the next sync. `async`: append() answers when the
// entry is in a queue of bounded size, which a thread of the log writes and syncs.
//
// When something goes wrong append() says so, and the decision must become a deny. The log goes on
// by itself once the reason is gone (there is room again). Only with kDropAndCount may entries be
// lost; then they are counted, and an entry of kind `gap` says how many.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "eval/log_entry.h"
#include "eval/log_error.h"
#include "eval/log_files.h"
#include "eval/log_keys.h"
#include "eval/log_proof.h"
#include "eval/result.h"

namespace licet::log {

enum class Mode : std::uint8_t { kDurable, kAsync };

// In async mode, when the queue is full or cannot be written.
enum class WhenFull : std::uint8_t {
  kBlock,         // append() waits
  kDeny,          // append() answers log_full
  kDropAndCount,  // best effort: the entry is lost, and counted
};

struct LogOptions {
  std::string folder;
  // Names the log in its checkpoints; fixed when it is made. Another name than the default must be
  // that of a log that is there.
  std::string origin = "licet.log";
  std::shared_ptr<KeyProvider> keys;
  Mode mode = Mode::kDurable;
  WhenFull when_full = WhenFull::kBlock;
  std::size_t queue_bytes = std::size_t{16} << 20;
  std::size_t max_entry_bytes = 65'535;  // what a bundle of tlog-tiles can hold; not more
  std::size_t segment_bytes = std::size_t{256} << 20;
  std::chrono::seconds segment_time{24 * 3600};
  std::chrono::milliseconds checkpoint_interval{1000};
  bool compress_closed_segments = true;
  // Gets each signed checkpoint and answers signature lines to add to it; called by the log's own
  // thread, which waits for it. May be empty.
  std::function<Result<std::string, std::string>(const std::string& note)> witness;
  std::shared_ptr<Files> files = system_files();
  std::function<std::int64_t()> now_ns;  // since the epoch; empty: the system's clock
};

struct LogStats {
  std::uint64_t entries = 0;   // in the log, those of earlier runs included
  std::uint64_t appended = 0;  // decisions and outcomes by this writer that are on disk
  std::uint64_t refused = 0;   // append() answered an error
  std::uint64_t lost = 0;      // with kDropAndCount only
  std::uint64_t syncs = 0;
  std::uint64_t queued_bytes = 0;
  std::uint64_t failures = 0;  // of the disk, the keys or the cryptography
};

// Thread-safe. One process has a log open for writing at a time; in a child after fork() every
// append() is an error.
class DecisionLog {
 public:
  // Makes the folder if it is not there. Repairs what a crash cut off, and logs the repair.
  static Result<std::unique_ptr<DecisionLog>, LogError> open(LogOptions options);
  ~DecisionLog();  // close()
  DecisionLog(const DecisionLog&) = delete;
  DecisionLog& operator=(const DecisionLog&) = delete;

  // One decision, packed by DecisionPacker. nullopt: it is logged, as the mode promises.
  // `plan` must not change any more.
  std::optional<LogError> append(const std::shared_ptr<const ReadPlan>& plan,
                                 std::string_view packed);
  // What followed from a decision: the answer of the model, say. `group` may be empty; outcome
  // rates are reported by it. `outcome` is not masked: give it nothing personal.
  std::optional<LogError> append_outcome(std::string_view decision_id, const Value& outcome,
                                         std::string_view group = {});
  // Destroys the key of a data subject: what was encrypted for it cannot be read any more. Logged.
  // Answers how many keys there were.
  Result<std::size_t, LogError> erase_subject(const Value& subject_id);
  // Wraps the keys under the provider's current key; new segments get a new key. Logged.
  std::optional<LogError> rotate_keys();
  // Closes the segment that is being written and begins another.
  std::optional<LogError> rotate_segment();

  // Waits until everything appended so far is on disk, and signs for it. The note, with the lines
  // of the witness.
  Result<std::string, LogError> checkpoint();
  VerifierKey verifier() const;
  LogStats stats() const;
  // Writes what is queued, signs and closes. An error says what could not be written, or that the
  // witness did not take the last checkpoint; the log is closed then, too.
  std::optional<LogError> close();

 private:
  class Impl;
  explicit DecisionLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace licet::log
