// The async side of a log: what append() does with the queue, and the thread that makes entries of
// the records in it. async_commit.cc brings them to disk.
//
// A decision is out once its record is in the queue, so all that can go wrong with its entry alone
// must show before: a value that cannot be hidden, an entry that is too large. Where that is not
// certain (ReadPlan::is_harmless) the deciding thread makes the entry. What is left are failures of
// the disk, and of memory and cryptography as such: the log keeps what it has and tries again.
#include <algorithm>

#include "eval/log/entry.h"
#include "eval/log/exceptions.h"
#include "eval/log/writer.h"

namespace licet::log {
namespace {

// When nothing comes the encoder naps, so that nobody who appends has to wake it.
constexpr std::chrono::milliseconds kShortNap{2};
constexpr std::chrono::milliseconds kLongNap{16};
// When so much was taken, more is there.
constexpr std::uint64_t kMuchTaken = std::uint64_t{1} << 16;
// A disk that has nothing to do gets what there is if it is worth a sync.
constexpr std::size_t kWorthASync = std::size_t{1} << 20;

LogError closed_error() {
  return {.code = LogErrorCode::kClosed, .message = "the log is closed", .help = {}};
}

}  // namespace

std::optional<LogError> DecisionLog::Impl::writer_error() const {
  const std::lock_guard lock(queue_mutex_);
  const WriterState state = writer_state_.load(std::memory_order_relaxed);
  if (state == WriterState::kEncodingFails) return encoding_error_;
  const bool counts = state == WriterState::kDiskFails && options_.when_full == WhenFull::kDeny;
  return counts ? disk_error_ : std::nullopt;
}

std::optional<LogError> DecisionLog::Impl::append_to_queue(
    const std::shared_ptr<const ReadPlan>& plan, std::string_view packed) {
  if (writer_state_.load(std::memory_order_acquire) != WriterState::kFine) [[unlikely]] {
    if (auto error = writer_error()) return refuse(*std::move(error));
  }
  if (plan->is_harmless(packed.size(), options_.max_entry_bytes)) [[likely]] {
    return enqueue(plan, packed);
  }
  thread_local RecordBuffer entry;
  entry.clear();
  append_decision_entry(*plan, packed, appender_.vault(), entry);
  if (auto error = check_size(entry.bytes())) return refuse(*std::move(error));
  return enqueue(nullptr, entry.bytes());
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
  if (encoding_fails()) return Failure{*encoding_error_};
  return Room::kMaybe;
}

// --- the encoder's thread ----------------------------------------------------------------------

DecisionLog::Impl::Wanted DecisionLog::Impl::what_is_wanted() const {
  const std::lock_guard lock(queue_mutex_);
  return {flushes_wanted_, writer_stops_, lost_ != lost_in_gaps_};
}

void DecisionLog::Impl::add_record(Pending& pending, const RecordQueue::Record& record,
                                   bool is_last_try) {
  if (record.plan == nullptr) return pending.batch.add(record.bytes);
  try {
    pending.batch.add_written([&](RecordBuffer& out) {
      append_decision_entry(*record.plan, record.bytes, appender_.vault(), out);
    });
  } catch (const std::exception&) {
    if (!is_last_try) throw;
    // The decision is out. Its entry says that it was, without the values.
    pending.batch.add_written(
        [&](RecordBuffer& out) { append_withheld_entry(record.bytes, *record.plan, out); });
  }
}

// Tells of what was lost so far.
void DecisionLog::Impl::add_gap(Pending& pending) {
  const std::lock_guard lock(queue_mutex_);
  const std::uint64_t lost = lost_ - lost_in_gaps_;
  if (lost == 0) return;
  pending.batch.add(event_entry("gap", now_ns(), {{"lost", std::to_string(lost)}}));
  lost_in_gaps_ += lost;
}

// The entry of the next record or, behind the last one, that of a gap.
std::optional<LogError> DecisionLog::Impl::encode_next(RecordQueue::Taken& taken, Pending& pending,
                                                       bool is_last_try) {
  try {
    if (taken.at_end()) {
      add_gap(pending);
      return std::nullopt;
    }
    const RecordQueue::Record record = taken.front();
    add_record(pending, record, is_last_try);
    ++pending.records;
    pending.queued_bytes += record.queued_bytes();
    taken.pop();
    return std::nullopt;
  } catch (const std::exception& exception) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    return error_from(exception);
  }
}

// Makes entries of all that was taken, and hands over what is worth it.
void DecisionLog::Impl::encode_all(RecordQueue::Taken& taken, Pending& pending) {
  bool has_failed = false;
  bool is_last_try = false;
  for (bool is_done = false; !is_done;) {
    is_done = taken.at_end();
    if (auto error = encode_next(taken, pending, is_last_try)) [[unlikely]] {
      is_done = false;
      has_failed = true;
      const bool is_over = is_last_try;
      is_last_try = !pause_after(encoding_error_, *std::move(error));
      if (is_over) return give_up(taken);
    } else if (has_failed) [[unlikely]] {
      has_failed = false;
      note_success(encoding_error_);
    }
    const std::size_t size = pending.batch.payload.size();
    const bool is_committer_idle = !is_committing_.load(std::memory_order_relaxed);
    if (size >= kBatchBytes || (size >= kWorthASync && is_committer_idle)) {
      std::unique_lock lock(queue_mutex_);
      hand_over(pending, lock);
    }
  }
}

// The log is being closed, and there is not even memory to say that something is missing.
void DecisionLog::Impl::give_up(RecordQueue::Taken& taken) {
  for (; !taken.at_end(); taken.pop()) {
    queue_.give_back(taken.front().queued_bytes());
    const std::lock_guard lock(queue_mutex_);
    ++lost_;
  }
}

// Waits until the committer can take it.
void DecisionLog::Impl::hand_over(Pending& pending, std::unique_lock<std::mutex>& lock) {
  queue_wanted_.wait(lock, [&] { return !is_committing_.load(std::memory_order_relaxed); });
  std::swap(pending, handed_);
  is_committing_.store(true, std::memory_order_relaxed);
  commit_wanted_.notify_one();
}

// While the committer is busy, what comes meanwhile is added to one batch: each sync is for as much
// as there is.
void DecisionLog::Impl::run_encoder() {
  RecordQueue::Taken taken;
  Pending pending;
  auto nap = kShortNap;
  for (;;) {
    const Wanted wanted = what_is_wanted();  // before taking: then what is taken is all
    queue_.take(taken);
    const bool has_work = !taken.at_end() || wanted.has_gap;
    if (has_work) encode_all(taken, pending);
    pending.flushes = wanted.flushes;
    std::unique_lock lock(queue_mutex_);
    if (wanted.stops) {
      hand_over(pending, lock);
      encoder_is_done_ = true;
      return;
    }
    const bool is_wanted = !pending.batch.empty() || pending.flushes > flushes_done_;
    if (is_wanted && !is_committing_.load(std::memory_order_relaxed)) hand_over(pending, lock);
    nap = has_work ? kShortNap : std::min(2 * nap, kLongNap);
    const bool is_idle = nap == kLongNap && pending.batch.empty();
    if (is_idle && !is_committing_.load(std::memory_order_relaxed)) {
      pending.batch.shrink();
      handed_.batch.shrink();
    }
    const bool has_news = flushes_wanted_ != wanted.flushes || writer_stops_;
    if (!has_news && taken.byte_count() < kMuchTaken) queue_wanted_.wait_for(lock, nap);
  }
}

}  // namespace licet::log
