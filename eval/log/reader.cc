#include <algorithm>

#include "eval/builder.h"
#include "eval/log/appender.h"
#include "eval/log/entry.h"
#include "eval/log/file_tools.h"
#include "eval/log/scanner.h"
#include "eval/log_entry.h"
#include "eval/log_read.h"
#include "eval/value_json.h"

namespace licet::log {

class LogReader::Impl {
 public:
  Impl(std::string folder, std::shared_ptr<Files> files)
      : folder_(std::move(folder)), files_(std::move(files)) {}

  std::optional<LogError> open(std::shared_ptr<KeyProvider> keys) {
    auto vault = Vault::open(files_, folder_, std::move(keys), "", Vault::IfMissing::kFail);
    if (!vault) return vault.error();
    vault_ = std::move(vault).value();
    rewind();
    return error_;
  }

  void rewind() {
    error_.reset();
    scanner_.reset();
    at_ = 0;
    bytes_done_ = 0;
    total_bytes_ = 0;
    entries_.clear();
    next_entry_ = 0;
    next_index_ = 0;
    auto names = segment_names(*files_, folder_);
    if (!names) {
      error_ = names.error();
      return;
    }
    names_ = std::move(names).value();
    for (const std::string& name : names_) {
      std::unique_ptr<File> file;
      if (files_->open(folder_ + "/" + name, OpenFor::kReading, file) != 0) continue;
      total_bytes_ += static_cast<std::uint64_t>(std::max<std::int64_t>(file->size(), 0));
    }
  }

  std::optional<LoggedEntry> next() {
    while (next_entry_ == entries_.size()) {
      if (error_ || !next_frame()) return std::nullopt;
    }
    return LoggedEntry{next_index_++, entries_[next_entry_++]};
  }

  std::string checkpoint() const {
    auto text = read_all(*files_, folder_ + "/checkpoint");
    return text ? std::move(text).value() : std::string();
  }

  Value revealed(const Value& value, const std::string& path, const std::optional<Key>& key,
                 Arena& arena) const {
    if (value.is_array()) {
      ArrayBuilder array(arena);
      for (const Value& element : value.elements()) {
        array.add(revealed(element, path, key, arena));
      }
      return array.array();
    }
    if (!value.is_object()) return value;
    const Value sealed = value.get("$encrypted");
    if (sealed.is_string() && value.size() == 1) return opened(value, sealed, path, key, arena);
    ObjectBuilder object(arena);
    for (const licet::Entry& entry : value.entries()) {
      std::string_view name = entry.key.as_string();
      if (name.starts_with("$$")) name.remove_prefix(1);
      object.add(entry.key, revealed(entry.value, path + "." + std::string(name), key, arena));
    }
    return object.object();
  }

  std::string folder_;
  std::shared_ptr<Files> files_;
  std::unique_ptr<Vault> vault_;
  std::optional<LogError> error_;
  std::uint64_t bytes_done_ = 0;
  std::uint64_t total_bytes_ = 0;
  std::optional<SegmentScanner> scanner_;

 private:
  static Value opened(const Value& value, const Value& sealed, const std::string& path,
                      const std::optional<Key>& key, Arena& arena) {
    if (!key) return value;
    const auto bytes = base64_url_decode(sealed.as_string());
    const auto plain = bytes ? open_value(*key, path, *bytes) : std::nullopt;
    if (!plain) return value;
    auto read = value_from_json(*plain, arena);
    return read ? read.value() : value;
  }

  bool next_frame() {
    if (!scanner_) {
      if (at_ == names_.size()) return false;
      scanner_.emplace(*files_, folder_ + "/" + names_[at_], *vault_);
      if (const auto problem = scanner_->begin()) {
        // The header of the last segment may not be there yet.
        if (problem->kind == ScanProblem::Kind::kHeader && at_ + 1 == names_.size()) return false;
        return fail(*problem);
      }
      if (scanner_->header().before.size() != next_index_) {
        return fail({ScanProblem::Kind::kSealed, 0,
                     "entry " + std::to_string(next_index_) + " was to follow, entry " +
                         std::to_string(scanner_->header().before.size()) + " does"});
      }
    }
    auto frame = scanner_->next();
    if (!frame) return end_of_segment();
    if (frame->kind != FrameKind::kEntries) return true;
    payload_ = std::move(frame->payload);
    auto entries = entries_from_payload(payload_);
    if (!entries) {
      return fail({ScanProblem::Kind::kSealed, frame->offset, "the frame does not hold entries"});
    }
    entries_ = *std::move(entries);
    next_entry_ = 0;
    return true;
  }

  bool end_of_segment() {
    const bool is_last = at_ + 1 == names_.size();
    if (const auto& problem = scanner_->problem()) {
      // An unfinished frame at the very end: the writer is at it, or was stopped.
      const bool is_unfinished = problem->kind == ScanProblem::Kind::kFrame && is_last;
      if (!is_unfinished) return fail(*problem);
      return false;
    }
    bytes_done_ += scanner_->offset();
    scanner_.reset();
    ++at_;
    return true;
  }

  bool fail(const ScanProblem& problem) {
    error_ = LogError{.code = LogErrorCode::kDamaged,
                      .message = "`" + folder_ + "/" + names_[at_] + "` at byte " +
                                 std::to_string(problem.offset) + ": " + problem.message,
                      .help = "`licet log verify` says what can still be trusted"};
    return false;
  }

  std::vector<std::string> names_;
  std::size_t at_ = 0;
  std::string payload_;
  std::vector<std::string_view> entries_;  // in payload_
  std::size_t next_entry_ = 0;
  std::uint64_t next_index_ = 0;
};

LogReader::LogReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LogReader::~LogReader() = default;

Result<std::unique_ptr<LogReader>, LogError> LogReader::open(const std::string& folder,
                                                             std::shared_ptr<KeyProvider> keys,
                                                             std::shared_ptr<Files> files) {
  auto impl = std::make_unique<Impl>(folder, std::move(files));
  try {
    if (auto error = impl->open(std::move(keys))) return Failure{*error};
  } catch (const std::exception& error) {
    return Failure{LogError{.code = LogErrorCode::kCrypto, .message = error.what(), .help = {}}};
  }
  return std::unique_ptr<LogReader>(new LogReader(std::move(impl)));
}

std::optional<LoggedEntry> LogReader::next() { return impl_->next(); }
const std::optional<LogError>& LogReader::error() const { return impl_->error_; }
void LogReader::rewind() { impl_->rewind(); }
std::uint64_t LogReader::bytes_read() const {
  return impl_->bytes_done_ + (impl_->scanner_ ? impl_->scanner_->offset() : 0);
}
std::uint64_t LogReader::total_bytes() const { return impl_->total_bytes_; }
VerifierKey LogReader::verifier() const { return impl_->vault_->verifier(); }
std::string LogReader::checkpoint() const { return impl_->checkpoint(); }

Value LogReader::revealed(const Value& value, std::string_view path, std::string_view subject,
                          Arena& arena) const {
  const auto bytes = base64_url_decode(subject);
  std::optional<Key> key;
  if (bytes && bytes->size() == sizeof(SubjectToken)) {
    key = impl_->vault_->subjects().find(array_from<32>(*bytes));
  }
  return impl_->revealed(value, std::string(path), key, arena);
}

std::string LogReader::token_of(const Value& value) const {
  return impl_->vault_->token(canonical_json(value));
}

std::string LogReader::subject_of(const Value& id) const {
  return base64_url(view(impl_->vault_->subject_token(canonical_json(id))));
}

std::optional<std::int64_t> time_of_entry(std::string_view text) { return time_from_text(text); }

}  // namespace licet::log
