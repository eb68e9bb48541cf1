#include "eval/log/scanner.h"

#include <algorithm>

#include "eval/log/file_tools.h"

namespace licet::log {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 18;

// A crash leaves bytes as good as random. Among 16 MiB of them, what looks like a beginning of a
// frame leads to 3 GiB that are hashed; this much takes about a second.
constexpr std::uint64_t kMaxHashedBytes = std::uint64_t{8} << 30;

}  // namespace

SegmentScanner::SegmentScanner(Files& files, std::string path, const Vault& vault)
    : files_(files), path_(std::move(path)), vault_(vault) {}

std::nullopt_t SegmentScanner::fail(ScanProblem::Kind kind, std::string message) {
  problem_ = ScanProblem{kind, offset_, std::move(message)};
  return std::nullopt;
}

Bytes SegmentScanner::window() const {
  return Bytes(buffer_).substr(static_cast<std::size_t>(offset_ - buffer_offset_));
}

bool SegmentScanner::fill(std::size_t count) {
  if (window().size() >= count) return true;
  buffer_.erase(0, static_cast<std::size_t>(offset_ - buffer_offset_));
  buffer_offset_ = offset_;
  while (buffer_.size() < count) {
    const std::size_t had = buffer_.size();
    const std::size_t want = std::max(count - had, kReadBytes);
    const std::uint64_t left = file_size_ - std::min(file_size_, buffer_offset_ + had);
    const std::size_t take = static_cast<std::size_t>(std::min<std::uint64_t>(want, left));
    if (take == 0) return false;
    buffer_.resize(had + take);
    const std::int64_t got = file_->read_at(buffer_offset_ + had, buffer_.data() + had, take);
    buffer_.resize(had + static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
    if (got < 0) fail(ScanProblem::Kind::kRead, file_error("read", path_, got).message);
    if (got <= 0) return false;
  }
  return true;
}

std::optional<ScanProblem> SegmentScanner::begin() {
  if (const int error = files_.open(path_, OpenFor::kReading, file_)) {
    fail(ScanProblem::Kind::kRead, file_error("read", path_, error).message);
    return problem_;
  }
  const std::int64_t size = file_->size();
  if (size < 0) {
    fail(ScanProblem::Kind::kRead, file_error("read", path_, size).message);
    return problem_;
  }
  file_size_ = static_cast<std::uint64_t>(size);
  fill(std::min<std::size_t>(kMaxHeaderBytes, static_cast<std::size_t>(file_size_)));
  if (problem_) return problem_;
  std::size_t length = 0;
  auto header = header_from_bytes(buffer_, length);
  if (!header) {
    fail(ScanProblem::Kind::kHeader, "the header is cut off or changed");
    return problem_;
  }
  header_ = *std::move(header);
  const auto key = vault_.segment_key(header_.generation, view(header_.id));
  if (!key) {
    fail(ScanProblem::Kind::kKey, "its key is of generation " + std::to_string(header_.generation) +
                                      ", which the keys of the log do not have");
    return problem_;
  }
  opener_.emplace(*key, Bytes(buffer_).substr(0, length));
  offset_ = length;
  return std::nullopt;
}

std::optional<SegmentScanner::Frame> SegmentScanner::next() {
  if (problem_ || offset_ >= file_size_) return std::nullopt;
  std::optional<SealedFrame> sealed;
  if (fill(kFrameHeaderBytes) && fill(frame_bytes(window()))) {
    sealed = frame_from_bytes(window());
  }
  if (problem_) return std::nullopt;
  if (!sealed) return fail(ScanProblem::Kind::kFrame, "no whole frame stands here");
  Frame frame{.kind = sealed->kind, .payload = {}, .offset = offset_, .length = sealed->length};
  if (!opener_->open(*sealed, frame.payload)) {
    return fail(ScanProblem::Kind::kSealed,
                "the frame was changed, or does not belong to this place");
  }
  if (frame.kind == FrameKind::kCompressedEntries) {
    auto plain = decompressed_payload(frame.payload);
    if (!plain) return fail(ScanProblem::Kind::kSealed, "the frame cannot be decompressed");
    frame.payload = *std::move(plain);
    frame.kind = FrameKind::kEntries;
  }
  offset_ += frame.length;
  return frame;
}

// Tries every byte. Only the checksum is looked at: a frame that fails to open is one all the same.
bool SegmentScanner::is_torn_write() {
  const std::uint64_t begin = offset_;
  if (file_size_ - begin > kMaxWriteBytes) return false;
  std::uint64_t hashed = 0;
  bool found = false;
  for (std::uint64_t at = begin + 1; !found && at + kFrameHeaderBytes <= file_size_; ++at) {
    offset_ = at;
    if (!fill(kFrameHeaderBytes)) break;
    const std::size_t needs = frame_bytes(window());
    if (needs == 0 || at + needs > file_size_) continue;
    hashed += needs;
    found = hashed > kMaxHashedBytes || (fill(needs) && frame_from_bytes(window()));
  }
  offset_ = begin;
  buffer_.clear();
  buffer_offset_ = begin;
  return !found;
}

}  // namespace licet::log
