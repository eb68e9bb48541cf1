#include <cerrno>

#include "eval/log/appender.h"
#include "eval/log/file_tools.h"
#include "eval/log/scanner.h"

namespace licet::log {
namespace {

constexpr std::size_t kFrameBytes = std::size_t{1} << 20;  // before compression

class Rewriter {
 public:
  Rewriter(const Key& key, const std::string& header, File& file, const std::string& path)
      : sealer_(key, header), file_(file), path_(path) {}

  std::optional<LogError> add(const SegmentScanner::Frame& frame) {
    if (frame.kind == FrameKind::kEntries) {
      payload_ += frame.payload;
      return payload_.size() < kFrameBytes ? std::nullopt : flush();
    }
    // A checkpoint stays behind the entries that it commits to.
    if (auto error = flush()) return error;
    return write(frame.kind, frame.payload);
  }
  std::optional<LogError> flush() {
    if (payload_.empty()) return std::nullopt;
    const std::string compressed = compressed_payload(payload_);
    payload_.clear();
    return write(FrameKind::kCompressedEntries, compressed);
  }

 private:
  std::optional<LogError> write(FrameKind kind, Bytes payload) {
    RecordBuffer frame;
    sealer_.seal(kind, payload, sha256(payload), frame);
    return write_all(file_, path_, frame.bytes());
  }

  FrameSealer sealer_;
  File& file_;
  const std::string& path_;
  std::string payload_;
};

}  // namespace

std::optional<LogError> compress_segment(Files& files, const std::string& folder,
                                         const std::string& name, const Vault& vault) {
  const std::string path = folder + "/" + name;
  const std::string next = path + ".next";
  SegmentScanner scanner(files, path, vault);
  if (const auto problem = scanner.begin()) {
    return LogError{.code = LogErrorCode::kIo, .message = problem->message, .help = {}};
  }
  SegmentHeader header = scanner.header();
  header.id = random_bytes<16>();  // another id, another key: no nonce meets its like
  const std::string header_bytes = bytes_from_header(header);
  const auto key = vault.segment_key(header.generation, view(header.id));
  std::unique_ptr<File> file;
  files.remove(next);
  if (const int error = files.open(next, OpenFor::kCreating, file)) {
    return file_error("make", next, error);
  }
  if (auto error = write_all(*file, next, header_bytes)) return error;
  Rewriter rewriter(*key, header_bytes, *file, next);
  while (auto frame = scanner.next()) {
    if (auto error = rewriter.add(*frame)) return error;
  }
  if (const auto& problem = scanner.problem()) {
    return LogError{.code = LogErrorCode::kDamaged, .message = problem->message, .help = {}};
  }
  if (auto error = rewriter.flush()) return error;
  if (const int error = file->sync()) return file_error("sync", next, error);
  file.reset();
  if (const int error = files.rename(next, path)) return file_error("rename", next, error);
  if (const int error = files.sync_folder(folder)) return file_error("sync", folder, error);
  return std::nullopt;
}

}  // namespace licet::log
