// The threads of a log: callers that append, and those that bring it to disk.
//
//   durable:  caller -> batch -> the first caller without a leader commits for all who wait
//   async:    caller -> queue of records -> the encoder: mask, hash -> the committer: encrypt, sync
//   both:     housekeeper: checkpoints, witness, rotation by time, compression
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "eval/log/appender.h"
#include "eval/log/fork_guard.h"
#include "eval/log/record_queue.h"

namespace licet::log {

class DecisionLog::Impl {
 public:
  explicit Impl(LogOptions options);
  ~Impl();

  std::optional<LogError> open();
  std::optional<LogError> append(const std::shared_ptr<const ReadPlan>& plan,
                                 std::string_view packed);
  std::optional<LogError> append_entry_text(std::string entry);
  Result<std::size_t, LogError> erase_subject(const Value& subject_id);
  std::optional<LogError> rotate_keys();
  std::optional<LogError> rotate_segment();
  Result<std::string, LogError> checkpoint();
  std::optional<LogError> close();
  VerifierKey verifier() const { return verifier_; }
  LogStats stats() const;
  std::int64_t now_ns() const { return appender_.now_ns(); }

 private:
  // A share of one commit.
  struct Shared {
    Batch batch;
    bool is_done = false;
    std::optional<LogError> error;
  };
  // Entries of an async log on their way to one frame.
  struct Pending {
    Batch batch;
    std::uint64_t records = 0;
    std::uint64_t queued_bytes = 0;  // that they took in the queue
    std::uint64_t flushes = 0;       // are done when this is on disk

    void clear() {
      batch.clear();
      records = queued_bytes = flushes = 0;
    }
  };
  // What the encoder knows before it takes.
  struct Wanted {
    std::uint64_t flushes = 0;
    bool stops = false;
    bool has_gap = false;
  };

  std::optional<LogError> refuse(LogError error);
  std::optional<LogError> check_usable() const;
  std::optional<LogError> check_size(std::string_view entry) const;
  std::optional<LogError> append_durably(std::string_view entry);
  std::optional<LogError> append_to_queue(const std::shared_ptr<const ReadPlan>& plan,
                                          std::string_view packed);
  std::optional<LogError> enqueue(const std::shared_ptr<const ReadPlan>& plan,
                                  std::string_view bytes);
  enum class Room : std::uint8_t { kMaybe, kNone };  // kNone: the decision is lost, and counted
  Result<Room, LogError> wait_for_room(std::size_t bytes);
  std::optional<LogError> writer_error() const;

  // PRECONDITION of these: the caller holds disk_.
  std::optional<LogError> commit(const Batch& batch) noexcept;
  std::optional<LogError> ensure_open() noexcept;
  Result<std::string, LogError> checkpoint_on_disk();

  // The encoder's thread.
  void run_encoder();
  Wanted what_is_wanted() const;
  void encode_all(RecordQueue::Taken& taken, Pending& pending);
  std::optional<LogError> encode_next(RecordQueue::Taken& taken, Pending& pending,
                                      bool is_last_try);
  void add_record(Pending& pending, const RecordQueue::Record& record, bool is_last_try);
  void give_up(RecordQueue::Taken& taken);
  void add_gap(Pending& pending);
  void hand_over(Pending& pending, std::unique_lock<std::mutex>& lock);
  // The committer's thread.
  void run_committer();
  bool commit_handed();
  std::optional<LogError> commit_unless_there(const Batch& batch);
  // Both.
  bool pause_after(std::optional<LogError>& place, LogError error);
  void note_success(std::optional<LogError>& place);
  void update_state();
  void give_back(std::uint64_t bytes);

  void run_housekeeper();
  void keep_house();
  Result<std::string, LogError> with_witness(std::string note);
  std::optional<LogError> show_last_checkpoint();

  LogOptions options_;
  ForkGuard process_;
  std::atomic<bool> is_closed_{false};

  std::mutex disk_;           // guards appender_ and is_released_
  bool is_released_ = false;  // closed for good: it must not be opened again
  Appender appender_;
  VerifierKey verifier_;

  std::mutex durable_mutex_;
  std::condition_variable durable_done_;
  std::shared_ptr<Shared> waiting_;
  bool has_leader_ = false;

  RecordQueue queue_;
  // What append() must look at more closely; kFine lets it pass without a lock.
  enum class WriterState : std::uint8_t { kFine, kDiskFails, kEncodingFails };
  std::atomic<WriterState> writer_state_{WriterState::kFine};
  mutable std::mutex queue_mutex_;  // guards what follows, and changes of writer_state_
  std::condition_variable queue_has_room_;
  std::condition_variable queue_wanted_;  // by flush and close, or the committer has nothing to do
  std::condition_variable queue_flushed_;
  std::uint64_t flushes_wanted_ = 0;
  std::uint64_t flushes_done_ = 0;
  bool writer_stops_ = false;
  std::optional<LogError> encoding_error_;  // of the last attempt
  std::optional<LogError> disk_error_;      // of the last attempt
  std::uint64_t failed_attempts_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t lost_in_gaps_ = 0;  // that entries on disk, or on their way there, tell of
  // The batch that the committer is at. Between is_committing_ and its end nobody else looks at it.
  Pending handed_;
  std::atomic<bool> is_committing_{false};  // changes under queue_mutex_
  bool encoder_is_done_ = false;
  std::condition_variable commit_wanted_;

  std::mutex house_mutex_;
  std::condition_variable house_wakes_;
  bool house_stops_ = false;

  std::atomic<std::uint64_t> appended_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> failures_{0};
  std::atomic<std::uint64_t> entries_{0};
  std::atomic<std::uint64_t> syncs_{0};

  std::thread encoder_;
  std::thread committer_;
  std::thread housekeeper_;
};

}  // namespace licet::log
