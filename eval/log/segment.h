// The file format. A log is a row of segments; each is a header and frames:
//
//   header  "LICETLG1", length (4), then: id (16), generation of the key (4), index of the first
//           entry (8), time (8), count of tree roots (1), the roots (32 each), and a checksum (8)
//   frame   length of the ciphertext (4), kind (1), nonce (12), checksum (8), ciphertext
//
// Numbers are little-endian. A frame is sealed with AES-256-GCM; the associated data are the hash
// of the header, the frame's ordinal and its kind, so that no frame can be moved, left out or put
// into another segment. The checksum finds torn writes without a key; it proves nothing.
//
// The key belongs to the segment (derived from its random id), and every opening of a log begins a
// new segment. The nonce is a keyed hash of what the frame says and its ordinal: where a snapshot
// of a running process is restored, the copies differ in nonce unless they write the very same
// bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/log/crypto.h"
#include "eval/log_entry.h"
#include "eval/log_files.h"
#include "eval/log_proof.h"

namespace licet::log {

using SegmentId = std::array<std::uint8_t, 16>;

struct SegmentHeader {
  SegmentId id{};
  std::uint32_t generation = 0;
  std::int64_t created_ns = 0;
  Frontier before;  // the tree of all entries of earlier segments
};

std::string bytes_from_header(const SegmentHeader& header);
// From the front of `bytes`; `length` becomes that of the header.
std::optional<SegmentHeader> header_from_bytes(Bytes bytes, std::size_t& length);
inline constexpr std::size_t kMaxHeaderBytes = 8 + 4 + 37 + 64 * 32 + 8;

std::string segment_name(std::uint64_t first_index);  // 00000000000000000000.segment
bool is_segment_name(std::string_view name);

enum class FrameKind : std::uint8_t {
  kEntries = 1,
  kCompressedEntries = 2,  // size of the plain bytes (4), then Zstandard
  kCheckpoint = 3,         // a signed note
  kEnd = 4,                // the segment was closed here
};

inline constexpr std::size_t kFrameHeaderBytes = 4 + 1 + 12 + 8;
inline constexpr std::size_t kMaxEntryBytes = 65'535;  // what a bundle of tlog-tiles can hold
inline constexpr std::size_t kMaxFrameBytes = std::size_t{64} << 20;
// A batch of entries that has so many bytes gets no more; who reads its frame needs that much
// memory. So one write is not longer than this with one more entry.
inline constexpr std::size_t kBatchBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMaxWriteBytes =
    kBatchBytes + 2 * (4 + kMaxEntryBytes) + kFrameHeaderBytes + kTagBytes;

// Makes the frames of one segment, in order.
class FrameSealer {
 public:
  FrameSealer(const Key& segment_key, Bytes header);
  // `digest` stands for what the payload says.
  void seal(FrameKind kind, Bytes payload, const Hash& digest, RecordBuffer& out);
  // The frame did not get into the file: its ordinal is free again.
  void take_back() { --ordinal_; }

 private:
  Key nonce_key_;
  Hash header_hash_;
  Cipher cipher_;
  std::uint64_t ordinal_ = 0;
};

// A frame as it stands in the file.
struct SealedFrame {
  FrameKind kind{};
  Nonce nonce{};
  Bytes sealed;
  std::size_t length = 0;  // of the whole frame
};

// How long the frame at the front of `bytes` says it is, header included; 0: no frame begins so.
// PRECONDITION: kFrameHeaderBytes are there.
std::size_t frame_bytes(Bytes bytes);
// What stands at the front of `bytes`: a whole frame whose checksum is right, or nothing.
std::optional<SealedFrame> frame_from_bytes(Bytes bytes);

class FrameOpener {
 public:
  FrameOpener(const Key& segment_key, Bytes header);
  // False: the frame was not made for this place of this segment.
  bool open(const SealedFrame& frame, std::string& payload);

 private:
  Hash header_hash_;
  Cipher cipher_;
  std::uint64_t ordinal_ = 0;
};

// Entries as a frame holds them: length (4) and bytes each. What is appended between the two calls
// is one entry; the second takes what the first answered, and answers the entry.
std::size_t begin_entry(RecordBuffer& payload);
std::string_view end_entry(std::size_t begin, RecordBuffer& payload);
// nullopt: the payload is not of this form, or holds an entry that is longer than kMaxEntryBytes or
// shorter than `{}`.
std::optional<std::vector<std::string_view>> entries_from_payload(Bytes payload);
// The hash that stands for these entries.
Hash digest_of_leaves(const std::vector<Hash>& leaves);

std::string compressed_payload(Bytes payload);
std::optional<std::string> decompressed_payload(Bytes payload);

}  // namespace licet::log
