#include <cerrno>
#include <cstring>

#include "eval/log/file_tools.h"
#include "eval/log/vault.h"

namespace licet::log {
namespace {

// token (32), wrapped key (12 + 32 + 16), checksum of the rest (4)
constexpr std::size_t kWrappedBytes = sizeof(Nonce) + sizeof(Key) + kTagBytes;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kRecordBytes = sizeof(SubjectToken) + kWrappedBytes + kChecksumBytes;

std::string record_of(const SubjectToken& subject, Bytes wrapped) {
  std::string record(view(subject));
  record += wrapped;
  const Hash checksum = sha256(record);
  record += view(checksum).substr(0, kChecksumBytes);
  return record;
}

bool is_intact(Bytes record) {
  const Bytes body = record.substr(0, kRecordBytes - kChecksumBytes);
  const Hash checksum = sha256(body);
  return view(checksum).substr(0, kChecksumBytes) == record.substr(body.size());
}

// All whole records of the file through `each(offset, record)`, in memory for some of them.
template <class Each>
std::optional<LogError> for_each_record(File& file, const std::string& path, Each each) {
  constexpr std::size_t kAtOnce = 256;
  std::string buffer(kAtOnce * kRecordBytes, '\0');
  for (std::uint64_t offset = 0;;) {
    std::size_t held = 0;
    while (held < buffer.size()) {
      const std::int64_t count =
          file.read_at(offset + held, buffer.data() + held, buffer.size() - held);
      if (count < 0) return file_error("read", path, count);
      if (count == 0) break;
      held += static_cast<std::size_t>(count);
    }
    if (held < kRecordBytes) return std::nullopt;
    for (std::size_t at = 0; at + kRecordBytes <= held; at += kRecordBytes) {
      if (auto error = each(offset + at, Bytes(buffer).substr(at, kRecordBytes))) return error;
    }
    offset += held / kRecordBytes * kRecordBytes;
  }
}

Bytes wrapped_of(Bytes record) { return record.substr(sizeof(SubjectToken), kWrappedBytes); }

}  // namespace

SubjectKeys::SubjectKeys(std::shared_ptr<Files> files, std::string path, const Key& over)
    : files_(std::move(files)), path_(std::move(path)), over_(over) {}

std::optional<LogError> SubjectKeys::load() {
  std::unique_ptr<File> file;
  if (files_->open(path_, OpenFor::kReading, file) != 0) return std::nullopt;
  return for_each_record(*file, path_, [&](std::uint64_t, Bytes record) {
    take(record);
    return std::optional<LogError>();
  });
}

void SubjectKeys::take(Bytes record) {
  if (!is_intact(record)) {
    ++damaged_records_;
    return;
  }
  const SubjectToken subject = array_from<32>(record);
  if (wrapped_of(record) == std::string(kWrappedBytes, '\0')) {
    keys_.erase(subject);
    return;
  }
  const auto key = open_key(over_, wrapped_of(record), view(subject));
  if (key) {
    keys_[subject] = array_from<32>(*key);
  } else {
    ++damaged_records_;
  }
}

Result<SubjectKeys::Torn, LogError> SubjectKeys::drop_torn_record() {
  const std::lock_guard lock(mutex_);
  if (!exists(*files_, path_)) return Torn{};
  std::unique_ptr<File> file;
  if (const int error = files_->open(path_, OpenFor::kAppending, file)) {
    return Failure{file_error("write", path_, error)};
  }
  const std::int64_t size = file->size();
  if (size < 0) return Failure{file_error("read", path_, size)};
  const std::uint64_t records = static_cast<std::uint64_t>(size) / kRecordBytes;
  if (records == 0) return Torn{};
  const std::uint64_t last = (records - 1) * kRecordBytes;
  std::string record(kRecordBytes, '\0');
  for (std::size_t held = 0; held < record.size();) {
    const std::int64_t count =
        file->read_at(last + held, record.data() + held, record.size() - held);
    if (count <= 0) return Failure{file_error("read", path_, count)};
    held += static_cast<std::size_t>(count);
  }
  if (is_intact(record)) return Torn{};
  if (const int error = file->truncate(last)) return Failure{file_error("write", path_, error)};
  if (const int error = file->sync()) return Failure{file_error("sync", path_, error)};
  --damaged_records_;
  return Torn{last, static_cast<std::uint64_t>(size) - last};
}

std::optional<LogError> SubjectKeys::append(const SubjectToken& subject, const Key& key) {
  std::unique_ptr<File> file;
  if (const int error = files_->open(path_, OpenFor::kAppending, file)) {
    return file_error("write", path_, error);
  }
  const std::int64_t size = file->size();
  if (size < 0) return file_error("read", path_, size);
  // A record that was cut off by a crash is written over.
  const std::uint64_t at = static_cast<std::uint64_t>(size) / kRecordBytes * kRecordBytes;
  const std::string record = record_of(subject, seal_key(over_, view(key), view(subject)));
  const std::int64_t written = file->write_at(at, record);
  // What failed is not left in front of the next record: only the last one may be torn.
  if (written != static_cast<std::int64_t>(record.size())) {
    file->truncate(at);
    return file_error("write", path_, written < 0 ? written : -ENOSPC);
  }
  if (const int error = file->sync()) {
    file->truncate(at);
    return file_error("sync", path_, error);
  }
  return std::nullopt;
}

Result<Key, LogError> SubjectKeys::get_or_make(const SubjectToken& subject) {
  const std::lock_guard lock(mutex_);
  const auto at = keys_.find(subject);
  if (at != keys_.end()) return at->second;
  const Key key = random_bytes<32>();
  if (auto error = append(subject, key)) return Failure{*error};
  keys_[subject] = key;
  return key;
}

std::optional<Key> SubjectKeys::find(const SubjectToken& subject) {
  const std::lock_guard lock(mutex_);
  const auto at = keys_.find(subject);
  return at == keys_.end() ? std::nullopt : std::optional(at->second);
}

Result<std::size_t, LogError> SubjectKeys::erase(const SubjectToken& subject) {
  const std::lock_guard lock(mutex_);
  if (!exists(*files_, path_)) return std::size_t{0};
  std::unique_ptr<File> file;
  if (const int error = files_->open(path_, OpenFor::kAppending, file)) {
    return Failure{file_error("write", path_, error)};
  }
  const std::string erased = record_of(subject, std::string(kWrappedBytes, '\0'));
  std::size_t count = 0;
  auto error = for_each_record(*file, path_, [&](std::uint64_t at, Bytes record) {
    if (!record.starts_with(view(subject)) || record == erased) return std::optional<LogError>();
    const std::int64_t written = file->write_at(at, erased);
    if (written != static_cast<std::int64_t>(erased.size())) {
      return std::optional(file_error("write", path_, written < 0 ? written : -ENOSPC));
    }
    ++count;
    return std::optional<LogError>();
  });
  if (error) return Failure{*error};
  if (const int failed = file->sync()) return Failure{file_error("sync", path_, failed)};
  keys_.erase(subject);
  return count;
}

}  // namespace licet::log
