// One segment, frame by frame, in memory for one frame.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eval/log/segment.h"
#include "eval/log/vault.h"

namespace licet::log {

struct ScanProblem {
  enum class Kind : std::uint8_t {
    kRead,    // the system refused
    kHeader,  // the header is not whole
    kKey,     // its key is not among the log's keys
    kFrame,   // what stands here is no whole frame
    kSealed,  // a whole frame that does not belong here, or was changed
  };
  Kind kind{};
  std::uint64_t offset = 0;
  std::string message;
};

class SegmentScanner {
 public:
  SegmentScanner(Files& files, std::string path, const Vault& vault);

  // Reads the header. nullopt: it is good.
  std::optional<ScanProblem> begin();
  const SegmentHeader& header() const { return header_; }

  struct Frame {
    FrameKind kind{};
    std::string payload;  // decompressed
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };
  // The next frame; nullopt: the end, or problem().
  std::optional<Frame> next();
  const std::optional<ScanProblem>& problem() const { return problem_; }
  // Where the next frame begins.
  std::uint64_t offset() const { return offset_; }
  std::uint64_t file_size() const { return file_size_; }
  // After a problem: whether what is left can be what a crash left of one write. That is less than
  // a frame, with no whole frame inside. Bytes that are laid out to make the search long are not.
  bool is_torn_write();

 private:
  Bytes window() const;          // what is read from offset_ on
  bool fill(std::size_t count);  // at least so many bytes from offset_; false: there are not
  std::nullopt_t fail(ScanProblem::Kind kind, std::string message);

  Files& files_;
  std::string path_;
  const Vault& vault_;
  std::unique_ptr<File> file_;
  std::uint64_t file_size_ = 0;
  std::uint64_t offset_ = 0;
  std::string buffer_;  // from buffer_offset_
  std::uint64_t buffer_offset_ = 0;
  SegmentHeader header_;
  std::optional<FrameOpener> opener_;
  std::optional<ScanProblem> problem_;
};

}  // namespace licet::log
