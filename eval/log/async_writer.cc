// The async side of a log: what append() does with the queue, and the thread that writes it.
//
// A decision is out once its record is in the queue, so all that can go wrong with its entry alone
// must show before: a value that cannot be hidden, an entry that is too large. Where that is not
// certain (ReadPlan::is_harmless) the deciding thread makes the entry. What is left are failures of
// the disk, and of memory and cryptography as such: the writer keeps what it has and tries again.
#include <algorithm>

#include "eval/log/entry.h"
#include "eval/log/exceptions.h"
#include "eval/log/writer.h"

namespace licet::log {
namespace {

// When nothing comes the writer naps, so that nobody who appends has to wake it.
constexpr std::chrono::milliseconds kShortNap{2};
constexpr std::chrono::milliseconds kLongNap{16};
constexpr std::chrono::milliseconds kRetryPause{100};
// Of the entries of one frame; a frame that is read takes that much memory.
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

LogError closed_error() {
  return {.code = LogErrorCode::kClosed, .message = "the log is closed", .help = {}};
}

}  // namespace

std::optional<LogError> DecisionLog::Impl::writer_error() const {
  const std::lock_guard lock(queue_mutex_);
  const WriterState state = writer_state_.load(std::memory_order_relaxed);
  const bool counts = state == WriterState::kEncodingFails ||
                      (state == WriterState::kDiskFails && options_.when_full == WhenFull::kDeny);
  return counts ? writer_error_ : std::nullopt;
}

std::optional<LogError> DecisionLog::Impl::append_to_queue(
    const std::shared_ptr<const ReadPlan>& plan, std::string_view packed) {
  if (writer_state_.load(std::memory_order_acquire) != WriterState::kFine) [[unlikely]] {
    if (auto error = writer_error()) return refuse(*std::move(error));
  }
  if (plan->is_harmless(packed.size(), options_.max_entry_bytes)) [[likely]] {
    return enqueue(plan, packed);
  }
  thread_local std::string entry;
  entry.clear();
  append_decision_entry(*plan, packed, appender_.vault(), entry);
  if (auto error = check_size(entry)) return refuse(*std::move(error));
  return enqueue(nullptr, entry);
}

std::optional<LogError> DecisionLog::Impl::enqueue(const std::shared_ptr<const ReadPlan>& plan,
                                                   std::string_view bytes) {
  for (;;) {
    const RecordQueue::Added added = queue_.add(plan, bytes);
    if (added == RecordQueue::Added::kYes) [[likely]]
      return std::nullopt;
    if (added == RecordQueue::Added::kClosed) return refuse(closed_error());
    auto room = wait_for_room(bytes.size());
    if (!room) return refuse(std::move(room).error());
    if (room.value() == Room::kNone) return std::nullopt;
  }
}

Result<DecisionLog::Impl::Room, LogError> DecisionLog::Impl::wait_for_room(std::size_t bytes) {
  std::unique_lock lock(queue_mutex_);
  if (writer_stops_) return Failure{closed_error()};
  if (options_.when_full == WhenFull::kDropAndCount) {
    ++lost_;
    return Room::kNone;
  }
  if (options_.when_full == WhenFull::kDeny || !queue_.can_hold(bytes)) {
    return Failure{LogError{.code = LogErrorCode::kFull,
                            .message = "the queue of the log is full",
                            .help = "the disk is slower than the decisions; a larger queue helps "
                                    "for a while"}};
  }
  const auto encoding_fails = [&] {
    return writer_state_.load(std::memory_order_relaxed) == WriterState::kEncodingFails;
  };
  queue_wanted_.notify_one();
  queue_has_room_.wait(lock,
                       [&] { return queue_.has_room(bytes) || writer_stops_ || encoding_fails(); });
  if (writer_stops_) return Failure{closed_error()};
  if (encoding_fails()) return Failure{*writer_error_};
  return Room::kMaybe;
}

// --- the writer's thread -----------------------------------------------------------------------

void DecisionLog::Impl::add_record(Work& work, const RecordQueue::Record& record) {
  if (record.plan == nullptr) return work.batch.add(record.bytes);
  thread_local std::string entry;
  entry.clear();
  try {
    append_decision_entry(*record.plan, record.bytes, appender_.vault(), entry);
  } catch (const std::exception&) {
    if (!work.is_last_try) throw;
    // The decision is out. Its entry says that it was, without the values.
    entry.clear();
    append_withheld_entry(record.bytes, *record.plan, entry);
  }
  work.batch.add(entry);
}

std::uint64_t DecisionLog::Impl::unlogged_losses() const {
  const std::lock_guard lock(queue_mutex_);
  return lost_ - lost_and_logged_;
}

// As much as a frame holds.
void DecisionLog::Impl::fill_batch(Work& work) {
  const std::vector<RecordQueue::Record>& records = work.taken.records;
  while (work.next < records.size() && work.batch.payload.size() < kBatchBytes) {
    add_record(work, records[work.next]);
    ++work.next;
    ++work.in_batch;
  }
  if (work.gap > 0 || work.next < records.size()) return;
  const std::uint64_t lost = unlogged_losses();
  if (lost == 0) return;
  work.batch.add(event_entry("gap", now_ns(), {{"lost", std::to_string(lost)}}));
  work.gap = lost;
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

void DecisionLog::Impl::note_written(Work& work) {
  appended_.fetch_add(work.in_batch, std::memory_order_relaxed);
  const std::lock_guard lock(queue_mutex_);
  lost_and_logged_ += work.gap;
  work.batch.clear();
  work.written += work.in_batch;
  work.in_batch = 0;
  work.gap = 0;
}

// `is_encoding` says what an error, or an exception, was about.
std::optional<LogError> DecisionLog::Impl::write_all_of(Work& work, bool& is_encoding) {
  for (;;) {
    is_encoding = true;
    if (!work.is_ordered) RecordQueue::put_in_order(work.taken);
    work.is_ordered = true;
    fill_batch(work);
    if (work.batch.empty()) return std::nullopt;
    is_encoding = false;
    if (auto error = commit_unless_there(work.batch)) return error;
    note_written(work);
  }
}

// False: the log is being closed, and nothing helps.
bool DecisionLog::Impl::pause_after(LogError error, bool is_encoding) {
  std::unique_lock lock(queue_mutex_);
  writer_error_ = std::move(error);
  writer_state_ = is_encoding ? WriterState::kEncodingFails : WriterState::kDiskFails;
  flushes_done_ = flushes_wanted_;  // who flushes is told the error
  queue_flushed_.notify_all();
  queue_has_room_.notify_all();
  if (!writer_stops_) queue_wanted_.wait_for(lock, kRetryPause);
  return !writer_stops_;
}

void DecisionLog::Impl::give_back(std::uint64_t bytes) {
  queue_.give_back(bytes);
  { const std::lock_guard lock(queue_mutex_); }  // who looks for room sees it, or waits by now
  queue_has_room_.notify_all();
}

// True: everything that was taken is on disk. What fails stays in memory and is tried again, while
// the log is open.
bool DecisionLog::Impl::write(Work& work) {
  work.is_ordered = false;
  work.next = 0;
  work.batch.clear();
  work.in_batch = 0;
  work.written = 0;
  work.gap = 0;
  work.is_last_try = false;
  for (;;) {
    std::optional<LogError> error;
    bool is_encoding = true;
    try {
      error = write_all_of(work, is_encoding);
    } catch (const std::exception& exception) {
      failures_.fetch_add(1, std::memory_order_relaxed);
      error = error_from(exception);
    }
    if (!error) break;
    const bool is_over = work.is_last_try;
    work.is_last_try = !pause_after(*std::move(error), is_encoding);
    if (!is_over) continue;
    const std::lock_guard lock(queue_mutex_);
    lost_ += work.taken.record_count - work.written;
    queue_.give_back(work.taken.byte_count);
    return false;
  }
  give_back(work.taken.byte_count);
  const std::lock_guard lock(queue_mutex_);
  writer_error_.reset();
  writer_state_ = WriterState::kFine;
  return true;
}

void DecisionLog::Impl::run_writer() {
  Work work;
  auto nap = kShortNap;
  for (;;) {
    std::unique_lock lock(queue_mutex_);
    const std::uint64_t flushes = flushes_wanted_;
    const bool stops = writer_stops_;  // read before taking: then what is taken is all
    const bool has_gap = lost_ != lost_and_logged_;
    lock.unlock();
    queue_.take(work.taken);
    const bool has_work = !work.taken.empty() || has_gap;
    const bool is_written = !has_work || write(work);
    lock.lock();
    if (is_written) flushes_done_ = std::max(flushes_done_, flushes);
    queue_flushed_.notify_all();
    if (stops) return;
    nap = has_work ? kShortNap : std::min(2 * nap, kLongNap);
    const bool is_wanted = flushes_wanted_ > flushes_done_ || writer_stops_;
    if (!has_work && !is_wanted) queue_wanted_.wait_for(lock, nap);
  }
}

}  // namespace licet::log
