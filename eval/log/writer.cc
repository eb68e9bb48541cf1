#include "eval/log/writer.h"

#include <unistd.h>

#include <utility>

#include "eval/log/entry.h"
#include "eval/log/file_tools.h"
#include "eval/log/note.h"

namespace licet::log {
namespace {

constexpr std::chrono::milliseconds kNap{2};           // of the async writer, when idle
constexpr std::chrono::milliseconds kRetryPause{100};  // of the async writer, after a failure
constexpr std::size_t kBatchBytes = std::size_t{8} << 20;

LogError error_from(const std::exception& exception) {
  if (const auto* masking = dynamic_cast<const MaskingError*>(&exception)) {
    return masking->error();
  }
  if (dynamic_cast<const CryptoError*>(&exception) != nullptr) {
    return {.code = LogErrorCode::kCrypto, .message = exception.what(), .help = {}};
  }
  return {.code = LogErrorCode::kMasking,
          .message = std::string("cannot make the entry: ") + exception.what(),
          .help = {}};
}

}  // namespace

DecisionLog::Impl::Impl(LogOptions options)
    : options_(std::move(options)), process_(::getpid()), appender_(options_) {}

DecisionLog::Impl::~Impl() {
  if (process_ == ::getpid()) {
    close();
    return;
  }
  // In a child the threads do not exist, and the files belong to the parent.
  if (writer_.joinable()) writer_.detach();
  if (housekeeper_.joinable()) housekeeper_.detach();
}

std::optional<LogError> DecisionLog::Impl::open() {
  {
    const std::lock_guard lock(disk_);
    if (auto error = appender_.open()) return error;
    verifier_ = appender_.vault().verifier();
    entries_ = appender_.size();
  }
  waiting_ = std::make_shared<Shared>();
  if (options_.mode == Mode::kAsync) writer_ = std::thread([this] { run_writer(); });
  housekeeper_ = std::thread([this] { run_housekeeper(); });
  return std::nullopt;
}

std::optional<LogError> DecisionLog::Impl::refuse(LogError error) {
  refused_.fetch_add(1, std::memory_order_relaxed);
  return error;
}

std::optional<LogError> DecisionLog::Impl::check_usable() const {
  if (process_ != ::getpid()) {
    return LogError{.code = LogErrorCode::kClosed,
                    .message = "the log belongs to the parent process",
                    .help = "open a log in a folder of its own after fork()"};
  }
  if (is_closed_.load(std::memory_order_acquire)) {
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
  if (auto error = check_usable()) return refuse(*std::move(error));
  if (options_.mode == Mode::kAsync) return enqueue(plan, packed);
  try {
    thread_local std::string entry;
    entry.clear();
    append_decision_entry(*plan, packed, appender_.vault(), entry);
    return append_durably(entry);
  } catch (const std::exception& exception) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    return refuse(error_from(exception));
  }
}

std::optional<LogError> DecisionLog::Impl::append_entry_text(std::string entry) {
  if (auto error = check_usable()) return refuse(*std::move(error));
  if (auto error = check_size(entry)) return refuse(*std::move(error));
  if (options_.mode == Mode::kAsync) return enqueue(nullptr, entry);
  try {
    return append_durably(entry);
  } catch (const std::exception& exception) {
    return refuse(error_from(exception));
  }
}

// Group commit with a zero window: who finds no leader commits for everybody who has come so far;
// those who come meanwhile make the next batch.
std::optional<LogError> DecisionLog::Impl::append_durably(std::string_view entry) {
  if (auto error = check_size(entry)) return refuse(*std::move(error));
  const Hash leaf = leaf_hash(entry);
  std::unique_lock lock(durable_mutex_);
  const std::shared_ptr<Shared> mine = waiting_;
  mine->batch.add(entry, leaf);
  while (!mine->is_done) {
    if (has_leader_ || mine != waiting_) {
      durable_done_.wait(lock);
      continue;
    }
    has_leader_ = true;
    auto next = std::make_shared<Shared>();
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

std::optional<LogError> DecisionLog::Impl::ensure_open() {
  if (appender_.is_open()) return std::nullopt;
  auto error = appender_.open();
  entries_ = appender_.size();
  return error;
}

std::optional<LogError> DecisionLog::Impl::commit(const Batch& batch) {
  auto error = ensure_open();
  if (!error && appender_.wants_rotation()) error = appender_.rotate();
  if (!error) error = appender_.commit(batch);
  if (error) failures_.fetch_add(1, std::memory_order_relaxed);
  entries_ = appender_.size();
  syncs_ = appender_.syncs();
  return error;
}

// --- async -----------------------------------------------------------------------------------

std::optional<LogError> DecisionLog::Impl::enqueue(const std::shared_ptr<const ReadPlan>& plan,
                                                   std::string_view bytes) {
  std::unique_lock lock(queue_mutex_);
  // What cannot be hidden once will not be hidden the next time: no more decisions.
  if (masking_failed_) return refuse(*writer_error_);
  const auto is_full = [&] {
    return queue_.bytes.size() + being_written_ + bytes.size() > options_.queue_bytes;
  };
  if (options_.when_full == WhenFull::kDeny && writer_error_) return refuse(*writer_error_);
  if (is_full()) {
    if (options_.when_full == WhenFull::kDropAndCount) {
      ++lost_;
      return std::nullopt;
    }
    if (options_.when_full == WhenFull::kDeny || bytes.size() > options_.queue_bytes) {
      return refuse({.code = LogErrorCode::kFull,
                     .message = "the queue of the log is full",
                     .help = "the disk is slower than the decisions; a larger queue helps for a "
                             "while"});
    }
    queue_wanted_.notify_one();
    queue_has_room_.wait(lock, [&] { return !is_full() || writer_stops_ || masking_failed_; });
    if (writer_stops_) {
      return refuse({.code = LogErrorCode::kClosed, .message = "the log is closed", .help = {}});
    }
    if (masking_failed_) return refuse(*writer_error_);
  }
  // Grown by doubling; the room of earlier queues is used again.
  queue_.bytes += bytes;
  queue_.items.push_back({plan, bytes.size()});
  return std::nullopt;
}

void DecisionLog::Impl::fail(LogError error) {
  failures_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(queue_mutex_);
  writer_error_ = std::move(error);
  masking_failed_ = true;
  queue_has_room_.notify_all();
}

void DecisionLog::Impl::encode_one(const Queued& item, std::string_view bytes, Batch& batch,
                                   std::string& entry) {
  entry.clear();
  if (!item.plan) {
    entry = bytes;
  } else {
    try {
      append_decision_entry(*item.plan, bytes, appender_.vault(), entry);
      if (auto error = check_size(entry)) throw MaskingError(*std::move(error));
    } catch (const std::exception& exception) {
      // The decision is out. Its entry says that it was, without the values; the next are denied
      // unless it was this one's size alone.
      const LogError error = error_from(exception);
      entry.clear();
      append_withheld_entry(bytes, *item.plan, entry);
      if (error.code != LogErrorCode::kTooLarge) fail(error);
    }
  }
  batch.add(entry);
}

void DecisionLog::Impl::encode(const Queue& queue, Batch& batch) {
  std::string entry;
  std::size_t at = 0;
  for (const Queued& item : queue.items) {
    encode_one(item, std::string_view(queue.bytes).substr(at, item.size), batch, entry);
    at += item.size;
  }
}

void DecisionLog::Impl::add_gap(Batch& batch) {
  std::uint64_t missing = 0;
  {
    const std::lock_guard lock(queue_mutex_);
    missing = lost_ - lost_and_logged_;
    lost_and_logged_ = lost_;
  }
  if (missing == 0) return;
  batch.add(event_entry("gap", now_ns(), {{"lost", std::to_string(missing)}}));
}

// True: everything is on disk. A batch that failed stays in memory and is tried again.
bool DecisionLog::Impl::write_queue(Queue& queue) {
  Batch batch;
  encode(queue, batch);
  const std::uint64_t decisions = queue.items.size();
  add_gap(batch);
  for (;;) {
    std::optional<LogError> error;
    {
      const std::lock_guard disk(disk_);
      const bool was_open = appender_.is_open();
      error = ensure_open();
      // What a failed commit left on disk after all is not written twice.
      const bool is_there = !error && !was_open && appender_.survivors() == batch.leaves.size();
      if (!error && !is_there) error = commit(batch);
    }
    std::unique_lock lock(queue_mutex_);
    if (!error) {
      if (!masking_failed_) writer_error_.reset();
      appended_.fetch_add(decisions, std::memory_order_relaxed);
      return true;
    }
    writer_error_ = error;
    queue_has_room_.notify_all();
    if (writer_stops_) {
      lost_ += decisions;
      return false;
    }
    is_flushing_ = false;
    queue_empty_.notify_all();  // who flushes is told the error
    queue_wanted_.wait_for(lock, kRetryPause);
  }
}

void DecisionLog::Impl::run_writer() {
  Queue taken;
  std::unique_lock lock(queue_mutex_);
  for (;;) {
    if (queue_.items.empty() && lost_ == lost_and_logged_) {
      is_flushing_ = false;
      queue_empty_.notify_all();
      if (writer_stops_) return;
      // A nap and not a wait for a call: so nobody who appends has to make one.
      queue_wanted_.wait_for(lock, kNap);
      continue;
    }
    taken.bytes.clear();
    taken.items.clear();
    std::swap(taken, queue_);
    being_written_ = taken.bytes.size();
    lock.unlock();
    write_queue(taken);
    lock.lock();
    being_written_ = 0;
    queue_has_room_.notify_all();
    if (writer_stops_ && writer_error_ && !masking_failed_) return;
  }
}

// --- both ------------------------------------------------------------------------------------

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
    is_flushing_ = true;
    queue_wanted_.notify_one();
    queue_empty_.wait(lock, [&] { return !is_flushing_; });
    if (writer_error_) return Failure{*writer_error_};
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
  stats.queued_bytes = queue_.bytes.size() + being_written_;
  return stats;
}

std::optional<LogError> DecisionLog::Impl::close() {
  if (process_ != ::getpid() || is_closed_.exchange(true)) return std::nullopt;
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
  if (writer_.joinable()) writer_.join();
  std::optional<LogError> error;
  if (writer_error_) error = writer_error_;
  const std::lock_guard disk(disk_);
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
