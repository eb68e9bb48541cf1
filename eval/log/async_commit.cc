// The thread of an async log that brings batches of entries to disk, while the next batch is made:
// a sync takes as long as making thousands of entries.
#include <algorithm>

#include "eval/log/exceptions.h"
#include "eval/log/writer.h"

namespace licet::log {
namespace {

constexpr std::chrono::milliseconds kRetryPause{100};

}  // namespace

void DecisionLog::Impl::update_state() {
  const WriterState state = encoding_error_ ? WriterState::kEncodingFails
                            : disk_error_   ? WriterState::kDiskFails
                                            : WriterState::kFine;
  writer_state_.store(state, std::memory_order_release);
}

// `place`: where the error is kept. False: the log is being closed, and waiting is of no use.
bool DecisionLog::Impl::pause_after(std::optional<LogError>& place, LogError error) {
  std::unique_lock lock(queue_mutex_);
  place = std::move(error);
  ++failed_attempts_;
  update_state();
  queue_flushed_.notify_all();  // who flushes is told the error
  queue_has_room_.notify_all();
  if (!writer_stops_) queue_wanted_.wait_for(lock, kRetryPause);
  return !writer_stops_;
}

void DecisionLog::Impl::note_success(std::optional<LogError>& place) {
  const std::lock_guard lock(queue_mutex_);
  place.reset();
  update_state();
}

void DecisionLog::Impl::give_back(std::uint64_t bytes) {
  queue_.give_back(bytes);
  { const std::lock_guard lock(queue_mutex_); }  // who looks for room sees it, or waits by now
  queue_has_room_.notify_all();
}

std::optional<LogError> DecisionLog::Impl::commit_unless_there(const Batch& batch) {
  const std::lock_guard disk(disk_);
  if (auto error = ensure_open()) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    return error;
  }
  // What a failed commit left on disk after all is not written twice.
  return appender_.take_survived() ? std::nullopt : commit(batch);
}

// Tries until it is on disk. False: the log is being closed, and one more attempt failed.
bool DecisionLog::Impl::commit_handed() {
  if (handed_.batch.empty()) return true;
  for (bool is_last_try = false;;) {
    auto error = commit_unless_there(handed_.batch);
    if (!error) break;
    const bool is_over = is_last_try;
    is_last_try = !pause_after(disk_error_, *std::move(error));
    if (is_over) return false;
  }
  appended_.fetch_add(handed_.records, std::memory_order_relaxed);
  note_success(disk_error_);
  return true;
}

void DecisionLog::Impl::run_committer() {
  bool has_given_up = false;  // then nothing may come after what is missing
  std::unique_lock lock(queue_mutex_);
  for (;;) {
    const auto is_handed = [&] { return is_committing_.load(std::memory_order_relaxed); };
    commit_wanted_.wait(lock, [&] { return is_handed() || encoder_is_done_; });
    if (!is_handed()) return;
    lock.unlock();
    has_given_up = has_given_up || !commit_handed();
    give_back(handed_.queued_bytes);
    lock.lock();
    if (has_given_up) {
      lost_ += handed_.records;
    } else {
      flushes_done_ = std::max(flushes_done_, handed_.flushes);
    }
    handed_.clear();
    is_committing_.store(false, std::memory_order_relaxed);
    queue_wanted_.notify_all();
    queue_flushed_.notify_all();
  }
}

}  // namespace licet::log
