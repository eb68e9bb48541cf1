// Writes batches of entries, one at a time: the only place that changes the files of a log.
//
// INVARIANT: at most one frame is not yet known to be on disk, the last one of the last segment.
// So what a crash cuts off is a tail of less than one frame, and a frame that is not whole with a
// whole one behind it is no crash.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eval/log.h"
#include "eval/log/segment.h"
#include "eval/log/vault.h"

namespace licet::log {

// Entries on their way to one frame.
struct Batch {
  RecordBuffer payload;
  std::vector<Hash> leaves;

  // Adds the entry that `write` appends to the payload or, if something throws, nothing.
  template <class Write>
  void add_written(Write write) {
    const std::size_t begin = begin_entry(payload);
    try {
      write(payload);
      leaves.push_back(leaf_hash(end_entry(begin, payload)));
    } catch (...) {
      payload.cut(begin);
      throw;
    }
  }
  void add(std::string_view entry) {
    add_written([&](RecordBuffer& out) { out.append(entry); });
  }
  // The same if the hash is known.
  void add(std::string_view entry, const Hash& leaf) {
    const std::size_t begin = begin_entry(payload);
    try {
      payload.append(entry);
      end_entry(begin, payload);
      leaves.push_back(leaf);
    } catch (...) {
      payload.cut(begin);
      throw;
    }
  }
  bool empty() const { return leaves.empty(); }
  // Keeps its room for the next one.
  void clear() {
    payload.clear(SIZE_MAX);
    leaves.clear();
  }
  // After a burst: gives back what one entry does not need. PRECONDITION: empty.
  void shrink() { payload.clear(); }
};

// For one thread at a time.
class Appender {
 public:
  explicit Appender(const LogOptions& options);

  // Opens the log, or opens it again after a failure: repairs the tail and begins a new segment.
  std::optional<LogError> open();
  bool is_open() const { return segment_ != nullptr; }

  // When it answers nullopt the batch is on disk. After an error the segment is given up, and
  // open() must be called; take_survived() then tells whether the batch got there all the same.
  std::optional<LogError> commit(const Batch& batch);
  // Whether the last batch that failed is on disk, as open() found. Answers yes once.
  bool take_survived();

  std::optional<LogError> rotate();
  std::optional<LogError> sign_the_rest();
  // Signs for all entries and writes the note into the segment and beside it.
  Result<std::string, LogError> checkpoint();
  std::optional<LogError> add_cosignatures(const std::string& note);
  std::optional<LogError> close();

  Vault& vault() { return *vault_; }
  std::uint64_t size() const { return tree_.size(); }
  std::uint64_t syncs() const { return syncs_; }
  bool has_unsigned_entries() const { return tree_.size() != signed_size_; }
  bool wants_rotation() const;
  std::int64_t now_ns() const;
  // Segments that were closed and not yet compressed; taken by the caller.
  std::vector<std::string> take_closed() { return std::exchange(closed_, {}); }

 private:
  struct Recovered;

  std::optional<LogError> lock_folder();
  Result<Recovered, LogError> recover();
  std::optional<LogError> recover_last(const std::string& name, Recovered& recovered);
  std::optional<LogError> check_recovered(const Recovered& recovered);
  std::optional<LogError> begin_segment();
  std::optional<LogError> log_opening(const Recovered& recovered);
  std::optional<LogError> write_frame(FrameKind kind, Bytes payload, const Hash& digest);
  std::optional<LogError> append_batch(const Batch& batch, Frontier& next);
  std::optional<LogError> give_up(LogError error) noexcept;
  void look_for_unsure(const Frontier& tree);
  std::string path_of(const std::string& name) const { return options_.folder + "/" + name; }

  const LogOptions& options_;
  std::unique_ptr<File> lock_;
  std::unique_ptr<Vault> vault_;
  Frontier tree_;  // of what is on disk
  std::uint64_t signed_size_ = 0;
  // The tree with the last batch that failed: its frame may be on disk all the same.
  struct Unsure {
    std::uint64_t size = 0;
    Hash root{};
    bool is_there = false;
  };
  std::optional<Unsure> unsure_;
  std::uint64_t syncs_ = 0;
  bool was_open_ = false;
  SubjectKeys::Torn torn_key_;  // was dropped; not logged yet
  std::unique_ptr<File> segment_;
  std::string segment_name_;
  std::uint64_t segment_size_ = 0;
  std::int64_t segment_created_ns_ = 0;
  std::optional<FrameSealer> sealer_;
  RecordBuffer frame_;
  std::vector<std::string> closed_;
};

// Rewrites a closed segment with compressed frames. The log reads the same before, in between and
// afterwards.
std::optional<LogError> compress_segment(Files& files, const std::string& folder,
                                         const std::string& name, const Vault& vault);

// The names of the segments of a log, in order.
Result<std::vector<std::string>, LogError> segment_names(Files& files, const std::string& folder);

}  // namespace licet::log
