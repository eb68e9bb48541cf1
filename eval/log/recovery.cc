// Opening a log for writing: the lock, the repair of what a crash cut off, and the refusal to go on
// where something else happened.
#include <cerrno>
#include <utility>

#include "eval/log/appender.h"
#include "eval/log/canonical.h"
#include "eval/log/entry.h"
#include "eval/log/file_tools.h"
#include "eval/log/scanner.h"

namespace licet::log {

struct Appender::Recovered {
  Frontier tree;
  std::string repaired;  // the segment whose tail was cut off; empty: none
  std::uint64_t valid_bytes = 0;
  std::uint64_t dropped_bytes = 0;
};

namespace {

LogError damaged(const std::string& path, const std::string& what) {
  return {.code = LogErrorCode::kDamaged,
          .message = "`" + path + "`: " + what,
          .help =
              "this is not what a crash leaves; `licet log verify` tells more. Keep the folder "
              "as evidence and begin a log in another one"};
}

// Adds the entries of one frame. False: the payload is none of entries.
bool add_entries(const SegmentScanner::Frame& frame, Frontier& tree) {
  const auto entries = entries_from_payload(frame.payload);
  if (!entries) return false;
  for (const std::string_view entry : *entries) tree.add(leaf_hash(entry));
  return true;
}

}  // namespace

Result<std::vector<std::string>, LogError> segment_names(Files& files, const std::string& folder) {
  std::vector<std::string> names;
  if (const int error = files.list(folder, names)) {
    return Failure{file_error("read", folder, error)};
  }
  std::erase_if(names, [](const std::string& name) { return !is_segment_name(name); });
  return names;
}

std::optional<LogError> Appender::lock_folder() {
  if (const int error = options_.files->make_folder(options_.folder)) {
    return file_error("make", options_.folder, error);
  }
  if (lock_) return std::nullopt;
  std::unique_ptr<File> lock;
  const std::string path = path_of("lock");
  if (const int error = options_.files->open(path, OpenFor::kAppending, lock)) {
    return file_error("write", path, error);
  }
  if (const int error = lock->lock()) {
    if (error != -EWOULDBLOCK) return file_error("lock", path, error);
    return LogError{.code = LogErrorCode::kInUse,
                    .message = "another process writes the log in `" + options_.folder + "`",
                    .help = "a log has one writer; give each process a folder of its own"};
  }
  lock_ = std::move(lock);
  return std::nullopt;
}

// One pass over the last segment. What is not whole at its end is cut off.
std::optional<LogError> Appender::recover_last(const std::string& name, Recovered& recovered) {
  const std::string path = path_of(name);
  SegmentScanner scanner(*options_.files, path, *vault_);
  if (const auto problem = scanner.begin()) {
    if (problem->kind == ScanProblem::Kind::kRead) {
      return LogError{.code = LogErrorCode::kIo, .message = problem->message, .help = {}};
    }
    if (problem->kind != ScanProblem::Kind::kHeader) return damaged(path, problem->message);
    std::unique_ptr<File> file;
    if (const int error = options_.files->open(path, OpenFor::kReading, file)) {
      return file_error("read", path, error);
    }
    // A header is synced before anything follows it.
    if (file->size() > static_cast<std::int64_t>(kMaxHeaderBytes)) {
      return damaged(path, problem->message);
    }
    recovered.repaired = name;
    recovered.dropped_bytes = static_cast<std::uint64_t>(file->size());
    const int error = options_.files->remove(path);
    return error ? std::optional(file_error("remove", path, error)) : std::nullopt;
  }
  recovered.tree = scanner.header().before;
  while (auto frame = scanner.next()) {
    if (frame->kind == FrameKind::kEntries && !add_entries(*frame, recovered.tree)) {
      return damaged(path, "a frame does not hold entries");
    }
    look_for_unsure(recovered.tree);
  }
  if (const auto& problem = scanner.problem()) {
    if (problem->kind == ScanProblem::Kind::kRead) {
      return LogError{.code = LogErrorCode::kIo, .message = problem->message, .help = {}};
    }
    if (problem->kind != ScanProblem::Kind::kFrame || !scanner.is_torn_write()) {
      return damaged(path, "at byte " + std::to_string(problem->offset) + ": " + problem->message);
    }
  }
  std::unique_ptr<File> file;
  if (const int error = options_.files->open(path, OpenFor::kAppending, file)) {
    return file_error("write", path, error);
  }
  const std::int64_t size = file->size();
  if (size < 0) return file_error("read", path, size);
  const auto valid = scanner.offset();
  if (static_cast<std::uint64_t>(size) > valid) {
    recovered.repaired = name;
    recovered.valid_bytes = valid;
    recovered.dropped_bytes = static_cast<std::uint64_t>(size) - valid;
    if (const int error = file->truncate(valid)) return file_error("repair", path, error);
  }
  // Also what is whole may not be on disk yet.
  if (const int error = file->sync()) return file_error("sync", path, error);
  if (recovered.tree.size() > scanner.header().before.size()) return std::nullopt;
  // No entry got in: the next segment has the same first index and takes its place.
  file.reset();
  const int error = options_.files->remove(path);
  return error ? std::optional(file_error("remove", path, error)) : std::nullopt;
}

void Appender::look_for_unsure(const Frontier& tree) {
  if (!unsure_ || tree.size() != unsure_->size || tree.root() != unsure_->root) return;
  unsure_->is_there = true;
}

Result<Appender::Recovered, LogError> Appender::recover() {
  auto names = segment_names(*options_.files, options_.folder);
  if (!names) return Failure{names.error()};
  Recovered recovered;
  std::vector<std::string>& left = names.value();
  // A segment without any entry is taken away; the one before it then is the last.
  while (!left.empty()) {
    const std::string name = left.back();
    left.pop_back();
    if (auto error = recover_last(name, recovered)) return Failure{*error};
    if (exists(*options_.files, path_of(name))) break;
  }
  std::vector<std::string> all;
  options_.files->list(options_.folder, all);
  for (const std::string& name : all) {
    if (name.ends_with(".next")) options_.files->remove(path_of(name));
  }
  return recovered;
}

// The signed checkpoint beside the log is written after what it commits to, so it can only be
// behind. If it is ahead, entries that were acknowledged are gone.
std::optional<LogError> Appender::check_recovered(const Recovered& recovered) {
  const std::string path = path_of("checkpoint");
  std::uint64_t known = was_open_ ? tree_.size() : 0;
  if (exists(*options_.files, path)) {
    auto text = read_all(*options_.files, path);
    if (!text) return text.error();
    const auto note = note_from_text(text.value());
    const auto checkpoint = note ? checkpoint_from_text(note->text) : std::nullopt;
    if (!checkpoint || !is_signed_by(*note, vault_->verifier())) {
      return damaged(path, "it is not a checkpoint signed by this log");
    }
    if (checkpoint->size == recovered.tree.size() && checkpoint->root != recovered.tree.root()) {
      return damaged(path, "it commits to other entries than the log holds");
    }
    known = std::max(known, checkpoint->size);
  }
  if (recovered.tree.size() < known) {
    return damaged(options_.folder, "the log held " + std::to_string(known) +
                                        " entries and holds " +
                                        std::to_string(recovered.tree.size()));
  }
  return std::nullopt;
}

std::optional<LogError> Appender::log_opening(const Recovered& recovered) {
  Batch batch;
  std::map<std::string, std::string> members;
  members["mode"] = options_.mode == Mode::kDurable ? "\"durable\"" : "\"async\"";
  append_canonical_string(text_of(vault_->verifier()), members["verifier"]);
  batch.add(event_entry("open", now_ns(), members));
  const auto add_repair = [&](std::string_view file, std::uint64_t valid, std::uint64_t dropped) {
    members.clear();
    members["dropped_bytes"] = std::to_string(dropped);
    members["valid_bytes"] = std::to_string(valid);
    append_canonical_string(file, members["segment"]);
    batch.add(event_entry("repair", now_ns(), members));
  };
  if (!recovered.repaired.empty()) {
    add_repair(recovered.repaired, recovered.valid_bytes, recovered.dropped_bytes);
  }
  if (torn_key_.dropped_bytes > 0) {
    add_repair("subjects", torn_key_.valid_bytes, torn_key_.dropped_bytes);
  }
  return commit(batch);
}

std::optional<LogError> Appender::open() {
  segment_.reset();
  sealer_.reset();
  try {
    if (auto error = lock_folder()) return error;
    if (!vault_) {
      // A log without keys whose segments are there must not get new keys: nobody could read both.
      auto names = segment_names(*options_.files, options_.folder);
      if (!names) return names.error();
      auto vault =
          Vault::open(options_.files, options_.folder, options_.keys, options_.origin,
                      names.value().empty() ? Vault::IfMissing::kMake : Vault::IfMissing::kFail);
      if (!vault) return vault.error();
      const std::string& origin = vault.value()->origin();
      if (options_.origin != origin && options_.origin != LogOptions{}.origin) {
        return LogError{.code = LogErrorCode::kWrongUse,
                        .message = "the log in `" + options_.folder + "` is called `" + origin +
                                   "`, not `" + options_.origin + "`",
                        .help = "a log keeps the name that it was made with"};
      }
      vault_ = std::move(vault).value();
    }
    auto recovered = recover();
    if (!recovered) return recovered.error();
    if (auto error = check_recovered(recovered.value())) return error;
    if (!was_open_) {
      auto torn = vault_->subjects().drop_torn_record();
      if (!torn) return torn.error();
      if (torn.value().dropped_bytes > 0) torn_key_ = torn.value();
    }
    tree_ = recovered->tree;
    if (auto error = begin_segment()) return give_up(*std::move(error));
    // Opening writes a batch of its own; what is unsure is the one before.
    const auto unsure = unsure_;
    auto error = log_opening(recovered.value());
    unsure_ = unsure;
    if (error) return error;
  } catch (const std::exception& error) {
    return give_up(error_from(error));
  }
  was_open_ = true;
  torn_key_ = {};
  return std::nullopt;
}

}  // namespace licet::log
