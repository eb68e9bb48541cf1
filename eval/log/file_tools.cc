#include "eval/log/file_tools.h"

#include <cctype>
#include <cerrno>
#include <cstring>

namespace licet::log {

std::string_view name_of(LogErrorCode code) {
  switch (code) {
    case LogErrorCode::kIo:
      return "log_io_error";
    case LogErrorCode::kFull:
      return "log_full";
    case LogErrorCode::kSync:
      return "log_sync_failed";
    case LogErrorCode::kTooLarge:
      return "log_entry_too_large";
    case LogErrorCode::kMasking:
      return "log_masking_failed";
    case LogErrorCode::kCrypto:
      return "log_crypto_failed";
    case LogErrorCode::kKey:
      return "log_key_error";
    case LogErrorCode::kDamaged:
      return "log_damaged";
    case LogErrorCode::kInUse:
      return "log_in_use";
    case LogErrorCode::kClosed:
      return "log_closed";
    case LogErrorCode::kMemory:
      return "log_out_of_memory";
    case LogErrorCode::kWrongUse:
      break;
  }
  return "log_wrong_use";
}

std::string text_of(const LogError& error) {
  return std::string(name_of(error.code)) + ": " + error.message;
}

LogError file_error(std::string_view doing, const std::string& path, std::int64_t error) {
  const int number = static_cast<int>(-error);
  std::string reason = std::strerror(number);
  if (!reason.empty()) reason[0] = static_cast<char>(std::tolower(reason[0]));
  const bool is_full = number == ENOSPC || number == EDQUOT;
  LogErrorCode code = is_full ? LogErrorCode::kFull : LogErrorCode::kIo;
  if (number == EWOULDBLOCK) code = LogErrorCode::kInUse;
  return {.code = code,
          .message = "cannot " + std::string(doing) + " `" + path + "`: " + reason,
          .help = is_full ? "make room; the log goes on by itself" : ""};
}

std::optional<LogError> write_all(File& file, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::int64_t count = file.write(bytes);
    if (count == -EINTR) continue;
    if (count < 0) return file_error("write", path, count);
    if (count == 0) return file_error("write", path, -ENOSPC);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

Result<std::string, LogError> read_all(Files& files, const std::string& path) {
  std::unique_ptr<File> file;
  if (const int error = files.open(path, OpenFor::kReading, file)) {
    return Failure{file_error("read", path, error)};
  }
  std::string bytes;
  char buffer[1 << 14];
  for (;;) {
    const std::int64_t count = file->read_at(bytes.size(), buffer, sizeof buffer);
    if (count < 0) return Failure{file_error("read", path, count)};
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
    if (bytes.size() > kMaxReadAll) {
      return Failure{LogError{.code = LogErrorCode::kDamaged,
                              .message = "`" + path + "` is longer than such a file can be",
                              .help = {}}};
    }
  }
}

bool exists(Files& files, const std::string& path) {
  std::unique_ptr<File> file;
  return files.open(path, OpenFor::kReading, file) == 0;
}

std::optional<LogError> replace_file(Files& files, const std::string& folder,
                                     const std::string& name, std::string_view bytes) {
  const std::string path = folder + "/" + name;
  const std::string next = path + ".next";
  std::unique_ptr<File> file;
  if (const int error = files.open(next, OpenFor::kAppending, file)) {
    return file_error("write", next, error);
  }
  if (const int error = file->truncate(0)) return file_error("write", next, error);
  if (const std::int64_t count = file->write_at(0, bytes);
      count != static_cast<std::int64_t>(bytes.size())) {
    return file_error("write", next, count < 0 ? count : -ENOSPC);
  }
  if (const int error = file->sync()) return file_error("sync", next, error);
  file.reset();
  if (const int error = files.rename(next, path)) return file_error("rename", next, error);
  if (const int error = files.sync_folder(folder)) return file_error("sync", folder, error);
  return std::nullopt;
}

}  // namespace licet::log
