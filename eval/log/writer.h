// The threads of a log: callers that append, and those that bring it to disk.
//
//   durable:  caller -> batch -> the first caller without a leader commits for all who wait
//   async:    caller -> queue of packed bytes -> the writer's thread: mask, hash, commit
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
  // What waits in async mode. `plan` is null for entries that are ready as they are.
  struct Queued {
    std::shared_ptr<const ReadPlan> plan;
    std::size_t size = 0;
  };
  struct Queue {
    std::string bytes;
    std::vector<Queued> items;
  };

  std::optional<LogError> refuse(LogError error);
  std::optional<LogError> check_usable() const;
  std::optional<LogError> check_size(std::string_view entry) const;
  std::optional<LogError> append_durably(std::string_view entry);
  std::optional<LogError> enqueue(const std::shared_ptr<const ReadPlan>& plan,
                                  std::string_view bytes);

  // PRECONDITION of these: the caller holds disk_.
  std::optional<LogError> commit(const Batch& batch);
  std::optional<LogError> ensure_open();
  Result<std::string, LogError> checkpoint_on_disk();

  void run_writer();
  bool write_queue(Queue& queue);
  void encode(const Queue& queue, Batch& batch);
  void add_gap(Batch& batch);
  void encode_one(const Queued& item, std::string_view bytes, Batch& batch, std::string& entry);
  void fail(LogError error);

  void run_housekeeper();
  void keep_house();
  Result<std::string, LogError> with_witness(std::string note);

  LogOptions options_;
  int process_;
  std::atomic<bool> is_closed_{false};

  std::mutex disk_;  // guards appender_
  Appender appender_;
  VerifierKey verifier_;

  std::mutex durable_mutex_;
  std::condition_variable durable_done_;
  std::shared_ptr<Shared> waiting_;
  bool has_leader_ = false;

  mutable std::mutex queue_mutex_;
  std::condition_variable queue_has_room_;
  std::condition_variable queue_wanted_;  // by flush and close
  std::condition_variable queue_empty_;
  Queue queue_;
  std::size_t being_written_ = 0;  // bytes
  bool is_flushing_ = false;
  bool writer_stops_ = false;
  std::optional<LogError> writer_error_;  // the last commit failed with it
  bool masking_failed_ = false;
  std::uint64_t lost_ = 0;
  std::uint64_t lost_and_logged_ = 0;

  std::mutex house_mutex_;
  std::condition_variable house_wakes_;
  bool house_stops_ = false;

  std::atomic<std::uint64_t> appended_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> failures_{0};
  std::atomic<std::uint64_t> entries_{0};
  std::atomic<std::uint64_t> syncs_{0};

  std::thread writer_;
  std::thread housekeeper_;
};

}  // namespace licet::log
