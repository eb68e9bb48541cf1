#include "eval/log/writer.h"

#include <utility>

#include "eval/log/entry.h"
#include "eval/log/exceptions.h"
#include "eval/log/file_tools.h"
#include "eval/log/note.h"

namespace licet::log {

DecisionLog::Impl::Impl(LogOptions options)
    : options_(std::move(options)), appender_(options_), queue_(options_.queue_bytes) {}

DecisionLog::Impl::~Impl() {
  if (process_.is_same_process()) {
    close();
    return;
  }
  // In a child the threads do not exist, and the files belong to the parent.
  for (std::thread* thread : {&encoder_, &committer_, &housekeeper_}) {
    if (thread->joinable()) thread->detach();
  }
}

std::optional<LogError> DecisionLog::Impl::open() {
  {
    const std::lock_guard lock(disk_);
    if (auto error = appender_.open()) return error;
    verifier_ = appender_.vault().verifier();
    entries_ = appender_.size();
  }
  waiting_ = std::make_shared<Shared>();
  if (options_.mode == Mode::kAsync) {
    committer_ = std::thread([this] { run_committer(); });
    encoder_ = std::thread([this] { run_encoder(); });
  }
  housekeeper_ = std::thread([this] { run_housekeeper(); });
  return std::nullopt;
}

std::optional<LogError> DecisionLog::Impl::refuse(LogError error) {
  refused_.fetch_add(1, std::memory_order_relaxed);
  return error;
}

std::optional<LogError> DecisionLog::Impl::check_usable() const {
  if (!process_.is_same_process()) [[unlikely]] {
    return LogError{.code = LogErrorCode::kClosed,
                    .message = "the log belongs to the parent process",
                    .help = "open a log in a folder of its own after fork()"};
  }
  if (is_closed_.load(std::memory_order_acquire)) [[unlikely]] {
    return LogError{.code = LogErrorCode::kClosed, .message = "the log is closed", .help = {}};
  }
  return std::nullopt;
}

std::optional<LogError> DecisionLog::Impl::check_size(std::string_view entry) const {
  if (entry.size() <= options_.max_entry_bytes) return std::nullopt;
  return LogError{.code = LogErrorCode::kTooLarge,
                  .message = "an entry of " + std::to_string(entry.size()) +
                             " bytes is longer than the " +
                             std::to_string(options_.max_entry_bytes) + " that the log takes",
                  .help = "let policies read less of large requests"};
}

std::optional<LogError> DecisionLog::Impl::append(const std::shared_ptr<const ReadPlan>& plan,
                                                  std::string_view packed) {
  try {
    if (auto error = check_usable()) [[unlikely]]
      return refuse(*std::move(error));
    if (options_.mode == Mode::kAsync) return append_to_queue(plan, packed);
    thread_local RecordBuffer entry;
    entry.clear();
    append_decision_entry(*plan, packed, appender_.vault(), entry);
    return append_durably(entry.bytes());
  } catch (const std::exception& exception) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    return refuse(error_from(exception));
  }
}

std::optional<LogError> DecisionLog::Impl::append_entry_text(std::string entry) {
  try {
    if (auto error = check_usable()) return refuse(*std::move(error));
    if (auto error = check_size(entry)) return refuse(*std::move(error));
    return options_.mode == Mode::kAsync ? enqueue(nullptr, entry) : append_durably(entry);
  } catch (const std::exception& exception) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    return refuse(error_from(exception));
  }
}

// Group commit with a zero window: who finds no leader commits for everybody who has come so far;
// those who come meanwhile make the next batch.
std::optional<LogError> DecisionLog::Impl::append_durably(std::string_view entry) {
  if (auto error = check_size(entry)) return refuse(*std::move(error));
  const Hash leaf = leaf_hash(entry);
  // Made before anything is promised to others: nothing may throw in a leader.
  auto next = std::make_shared<Shared>();
  std::unique_lock lock(durable_mutex_);
  durable_done_.wait(lock, [&] { return waiting_->batch.payload.size() < kBatchBytes; });
  const std::shared_ptr<Shared> mine = waiting_;
  mine->batch.add(entry, leaf);
  while (!mine->is_done) {
    if (has_leader_ || mine != waiting_) {
      durable_done_.wait(lock);
      continue;
    }
    has_leader_ = true;
    waiting_.swap(next);
    lock.unlock();
    std::optional<LogError> error;
    {
      const std::lock_guard disk(disk_);
      error = commit(mine->batch);
    }
    lock.lock();
    mine->error = std::move(error);
    mine->is_done = true;
    has_leader_ = false;
    durable_done_.notify_all();
  }
  if (mine->error) return refuse(*mine->error);
  appended_.fetch_add(1, std::memory_order_relaxed);
  return std::nullopt;
}

std::optional<LogError> DecisionLog::Impl::ensure_open() noexcept {
  try {
    if (is_released_) {
      return LogError{.code = LogErrorCode::kClosed, .message = "the log is closed", .help = {}};
    }
    if (appender_.is_open()) return std::nullopt;
    auto error = appender_.open();
    entries_ = appender_.size();
    return error;
  } catch (const std::exception& exception) {
    return error_from(exception);
  }
}

std::optional<LogError> DecisionLog::Impl::commit(const Batch& batch) noexcept {
  auto error = ensure_open();
  try {
    if (!error && appender_.wants_rotation()) error = appender_.rotate();
  } catch (const std::exception& exception) {
    error = error_from(exception);
  }
  if (!error) error = appender_.commit(batch);
  if (error) failures_.fetch_add(1, std::memory_order_relaxed);
  entries_ = appender_.size();
  syncs_ = appender_.syncs();
  return error;
}

Result<std::string, LogError> DecisionLog::Impl::checkpoint_on_disk() {
  if (auto error = ensure_open()) return Failure{*error};
  auto note = appender_.checkpoint();
  if (!note) failures_.fetch_add(1, std::memory_order_relaxed);
  syncs_ = appender_.syncs();
  return note;
}

Result<std::string, LogError> DecisionLog::Impl::with_witness(std::string note) {
  if (!options_.witness) return note;
  auto lines = options_.witness(note);
  if (!lines) {
    return Failure{LogError{.code = LogErrorCode::kIo,
                            .message = "the witness did not sign: " + lines.error(),
                            .help = {}}};
  }
  note += lines.value();
  const std::lock_guard lock(disk_);
  if (auto error = appender_.add_cosignatures(note)) return Failure{*error};
  return note;
}

Result<std::string, LogError> DecisionLog::Impl::checkpoint() {
  if (auto error = check_usable()) return Failure{*error};
  if (options_.mode == Mode::kAsync) {
    std::unique_lock lock(queue_mutex_);
    const std::uint64_t mine = ++flushes_wanted_;
    const std::uint64_t failed_before = failed_attempts_;
    const auto has_failed = [&] {
      return failed_attempts_ != failed_before && (disk_error_ || encoding_error_);
    };
    queue_wanted_.notify_all();
    // Another thread may be closing the log.
    const auto has_ended = [&] { return encoder_is_done_ && !is_committing_; };
    queue_flushed_.wait(lock, [&] { return flushes_done_ >= mine || has_failed() || has_ended(); });
    if (flushes_done_ < mine) {
      if (disk_error_) return Failure{*disk_error_};
      if (encoding_error_) return Failure{*encoding_error_};
      return Failure{
          LogError{.code = LogErrorCode::kClosed, .message = "the log is closed", .help = {}}};
    }
  }
  std::unique_lock disk(disk_);
  auto note = checkpoint_on_disk();
  disk.unlock();
  if (!note) return note;
  return with_witness(std::move(note).value());
}

void DecisionLog::Impl::keep_house() {
  std::vector<std::string> closed;
  std::optional<std::string> note;
  {
    const std::lock_guard disk(disk_);
    if (!appender_.is_open()) return;
    if (appender_.wants_rotation()) appender_.rotate();
    if (appender_.is_open() && appender_.has_unsigned_entries()) {
      if (auto signed_note = checkpoint_on_disk()) note = std::move(signed_note).value();
    }
    closed = appender_.take_closed();
  }
  if (note && !with_witness(*note)) failures_.fetch_add(1, std::memory_order_relaxed);
  if (!options_.compress_closed_segments) return;
  for (const std::string& name : closed) {
    try {
      if (compress_segment(*options_.files, options_.folder, name, appender_.vault())) {
        failures_.fetch_add(1, std::memory_order_relaxed);
      }
    } catch (const std::exception&) {  // it stays as it is, uncompressed
      failures_.fetch_add(1, std::memory_order_relaxed);
    }
  }
}

void DecisionLog::Impl::run_housekeeper() {
  std::unique_lock lock(house_mutex_);
  while (!house_stops_) {
    house_wakes_.wait_for(lock, options_.checkpoint_interval);
    if (house_stops_) return;
    lock.unlock();
    keep_house();
    lock.lock();
  }
}

std::optional<LogError> DecisionLog::Impl::rotate_segment() {
  if (auto error = check_usable()) return error;
  const std::lock_guard disk(disk_);
  if (auto error = ensure_open()) return error;
  return appender_.rotate();
}

std::optional<LogError> DecisionLog::Impl::rotate_keys() {
  if (auto error = check_usable()) return error;
  {
    const std::lock_guard disk(disk_);
    if (auto error = ensure_open()) return error;
    if (auto error = appender_.vault().rotate()) return error;
    if (auto error = appender_.rotate()) return error;
  }
  const std::uint32_t generation = appender_.vault().generation();
  return append_entry_text(
      event_entry("key_rotation", now_ns(), {{"generation", std::to_string(generation)}}));
}

Result<std::size_t, LogError> DecisionLog::Impl::erase_subject(const Value& subject_id) {
  if (auto error = check_usable()) return Failure{*error};
  try {
    const SubjectToken subject = appender_.vault().subject_token(canonical_json(subject_id));
    auto count = appender_.vault().subjects().erase(subject);
    if (!count) return count;
    const std::string entry =
        event_entry("erasure", now_ns(), {{"subject", "\"" + base64_url(view(subject)) + "\""}});
    if (auto error = append_entry_text(entry)) return Failure{*error};
    return count;
  } catch (const std::exception& exception) {
    return Failure{error_from(exception)};
  }
}

LogStats DecisionLog::Impl::stats() const {
  LogStats stats;
  stats.entries = entries_;
  stats.appended = appended_;
  stats.refused = refused_;
  stats.failures = failures_;
  stats.syncs = syncs_;
  const std::lock_guard lock(queue_mutex_);
  stats.lost = lost_;
  stats.queued_bytes = queue_.byte_count();
  return stats;
}

// To the witness. That it, or the disk, refuses is told, but no reason not to close.
std::optional<LogError> DecisionLog::Impl::show_last_checkpoint() {
  std::unique_lock disk(disk_);
  if (!appender_.is_open()) return std::nullopt;
  auto note = checkpoint_on_disk();
  disk.unlock();
  if (note) note = with_witness(std::move(note).value());
  return note ? std::nullopt : std::optional(note.error());
}

std::optional<LogError> DecisionLog::Impl::close() {
  if (!process_.is_same_process() || is_closed_.exchange(true)) return std::nullopt;
  queue_.close();
  {
    const std::lock_guard lock(house_mutex_);
    house_stops_ = true;
  }
  house_wakes_.notify_all();
  if (housekeeper_.joinable()) housekeeper_.join();
  {
    const std::lock_guard lock(queue_mutex_);
    writer_stops_ = true;
  }
  queue_wanted_.notify_all();
  queue_has_room_.notify_all();
  if (encoder_.joinable()) encoder_.join();
  if (committer_.joinable()) committer_.join();
  std::optional<LogError> error = disk_error_ ? disk_error_ : encoding_error_;
  if (options_.witness) {
    auto refusal = show_last_checkpoint();
    if (refusal) ++failures_;
    if (!error) error = std::move(refusal);
  }
  const std::lock_guard disk(disk_);
  is_released_ = true;
  auto closing = appender_.close();
  if (!error) error = std::move(closing);
  if (!options_.compress_closed_segments) return error;
  for (const std::string& name : appender_.take_closed()) {
    try {
      if (compress_segment(*options_.files, options_.folder, name, appender_.vault())) ++failures_;
    } catch (const std::exception&) {
      ++failures_;
    }
  }
  return error;
}

}  // namespace licet::log
