#include "eval/log/appender.h"

#include <cerrno>
#include <chrono>
#include <utility>

#include "eval/log/entry.h"
#include "eval/log/exceptions.h"
#include "eval/log/file_tools.h"
#include "eval/log/note.h"

namespace licet::log {

Appender::Appender(const LogOptions& options) : options_(options) {}

std::int64_t Appender::now_ns() const {
  if (options_.now_ns) return options_.now_ns();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::optional<LogError> Appender::begin_segment() {
  SegmentHeader header;
  header.id = random_bytes<16>();
  header.generation = vault_->generation();
  header.created_ns = now_ns();
  header.before = tree_;
  const std::string bytes = bytes_from_header(header);
  const auto key = vault_->segment_key(header.generation, view(header.id));
  const std::string name = segment_name(tree_.size());
  std::unique_ptr<File> file;
  if (const int error = options_.files->open(path_of(name), OpenFor::kCreating, file)) {
    return file_error("make", path_of(name), error);
  }
  if (auto error = write_all(*file, path_of(name), bytes)) return error;
  if (const int error = file->sync()) return file_error("sync", path_of(name), error);
  if (const int error = options_.files->sync_folder(options_.folder)) {
    return file_error("sync", options_.folder, error);
  }
  sealer_.emplace(*key, bytes);
  segment_ = std::move(file);
  segment_name_ = name;
  segment_size_ = bytes.size();
  segment_created_ns_ = header.created_ns;
  return std::nullopt;
}

std::optional<LogError> Appender::write_frame(FrameKind kind, Bytes payload, const Hash& digest) {
  frame_.clear(SIZE_MAX);
  sealer_->seal(kind, payload, digest, frame_);
  const std::string path = path_of(segment_name_);
  if (auto error = write_all(*segment_, path, frame_.bytes())) return error;
  // A sync that failed is never tried again: the system may have dropped the pages and would then
  // answer that all is well.
  if (const int error = segment_->sync()) {
    LogError failed = file_error("sync", path, error);
    if (failed.code == LogErrorCode::kIo) failed.code = LogErrorCode::kSync;
    return failed;
  }
  ++syncs_;
  if (segment_->link_count() <= 0) {
    return LogError{.code = LogErrorCode::kIo,
                    .message = "somebody removed `" + path + "` while it was being written",
                    .help = "keep other programs away from the folder of the log"};
  }
  segment_size_ += frame_.size();
  return std::nullopt;
}

std::optional<LogError> Appender::give_up(LogError error) noexcept {
  // What the failed frame left behind is cut off; if that fails too, open() looks at it.
  if (segment_) segment_->truncate(segment_size_);
  segment_.reset();
  sealer_.reset();
  return error;
}

std::optional<LogError> Appender::append_batch(const Batch& batch, Frontier& next) {
  try {
    next = tree_;
    for (const Hash& leaf : batch.leaves) next.add(leaf);
    unsure_ = Unsure{.size = next.size(), .root = next.root()};
    return write_frame(FrameKind::kEntries, batch.payload.bytes(), digest_of_leaves(batch.leaves));
  } catch (const std::exception& error) {
    return error_from(error);
  }
}

std::optional<LogError> Appender::commit(const Batch& batch) {
  if (batch.empty()) return std::nullopt;
  unsure_.reset();
  Frontier next;
  auto error = append_batch(batch, next);
  if (error) return give_up(*std::move(error));
  unsure_.reset();
  tree_ = std::move(next);
  return std::nullopt;
}

bool Appender::take_survived() {
  const bool survived = unsure_ && unsure_->is_there;
  if (survived) unsure_.reset();
  return survived;
}

bool Appender::wants_rotation() const {
  const auto age = std::chrono::nanoseconds(now_ns() - segment_created_ns_);
  return segment_size_ >= options_.segment_bytes || age >= options_.segment_time;
}

// A checkpoint that is there already may have the lines of a witness.
std::optional<LogError> Appender::sign_the_rest() {
  if (!has_unsigned_entries()) return std::nullopt;
  auto note = checkpoint();
  return note ? std::nullopt : std::optional(note.error());
}

std::optional<LogError> Appender::rotate() {
  if (auto error = sign_the_rest()) return error;
  const std::string closed = segment_name_;
  if (auto error = write_frame(FrameKind::kEnd, {}, sha256({}))) return give_up(*std::move(error));
  segment_.reset();
  closed_.push_back(closed);
  auto error = begin_segment();
  return error ? give_up(*std::move(error)) : std::nullopt;
}

Result<std::string, LogError> Appender::checkpoint() {
  try {
    const std::string note =
        signed_note(text_of(Checkpoint{vault_->origin(), tree_.size(), tree_.root()}),
                    vault_->origin(), vault_->signing_key());
    const std::uint64_t before = segment_size_;
    auto error = write_frame(FrameKind::kCheckpoint, note, sha256(note));
    if (error) return Failure{*give_up(*std::move(error))};
    // The note beside the log is for others to fetch; the entries are safe without it. It is never
    // more than one behind those inside: verification takes that for a checkpoint put back.
    error = replace_file(*options_.files, options_.folder, "checkpoint", note);
    if (error) {
      segment_size_ = before;
      return Failure{*give_up(*std::move(error))};
    }
    signed_size_ = tree_.size();
    frame_.clear();  // once a second, the room that a burst took is given back
    return note;
  } catch (const std::exception& error) {
    return Failure{*give_up(error_from(error))};
  }
}

std::optional<LogError> Appender::add_cosignatures(const std::string& note) {
  return replace_file(*options_.files, options_.folder, "checkpoint", note);
}

std::optional<LogError> Appender::close() {
  if (!segment_) return std::nullopt;
  auto error = sign_the_rest();
  if (!error) error = write_frame(FrameKind::kEnd, {}, sha256({}));
  if (!error) closed_.push_back(segment_name_);
  segment_.reset();
  sealer_.reset();
  lock_.reset();
  return error;
}

}  // namespace licet::log
