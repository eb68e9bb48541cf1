#include "eval/log/segment.h"

#include <xxhash.h>
#include <zstd.h>

#include <bit>
#include <cstdio>
#include <cstring>

namespace licet::log {
namespace {

constexpr std::string_view kMagic = "LICETLG1";
constexpr std::string_view kExtension = ".segment";
constexpr std::size_t kDigits = 20;
constexpr int kCompressionLevel = 6;

template <class T>
void write_number(T number, char* to) {
  for (std::size_t i = 0; i < sizeof number; ++i) {
    to[i] = static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i) & 255);
  }
}

template <class T>
void put_number(std::string& out, T number) {
  char bytes[sizeof number];
  write_number(number, bytes);
  out.append(bytes, sizeof bytes);
}

template <class T>
T number_at(Bytes bytes, std::size_t at) {
  std::uint64_t number = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) {
    number = number << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  }
  return static_cast<T>(number);
}

std::uint64_t checksum_of(Bytes head, Bytes body) {
  const std::uint64_t seed = XXH3_64bits(head.data(), head.size());
  return XXH3_64bits_withSeed(body.data(), body.size(), seed);
}

constexpr std::size_t kFixedBody = 16 + 4 + 8 + 8 + 1;

std::string associated_data(const Hash& header, std::uint64_t ordinal, FrameKind kind) {
  std::string data(view(header));
  put_number(data, ordinal);
  data += static_cast<char>(kind);
  return data;
}

}  // namespace

std::string bytes_from_header(const SegmentHeader& header) {
  std::string body(view(header.id));
  put_number(body, header.generation);
  put_number(body, header.before.size());
  put_number(body, header.created_ns);
  body += static_cast<char>(header.before.roots().size());
  for (const Hash& root : header.before.roots()) body += view(root);
  std::string bytes(kMagic);
  put_number(bytes, static_cast<std::uint32_t>(body.size()));
  bytes += body;
  put_number(bytes, checksum_of(bytes, {}));
  return bytes;
}

std::optional<SegmentHeader> header_from_bytes(Bytes bytes, std::size_t& length) {
  if (bytes.size() < 12 || !bytes.starts_with(kMagic)) return std::nullopt;
  const auto body_size = number_at<std::uint32_t>(bytes, 8);
  if (body_size < kFixedBody || body_size > kMaxHeaderBytes) return std::nullopt;
  length = 12 + body_size + 8;
  if (bytes.size() < length) return std::nullopt;
  const Bytes checked = bytes.substr(0, 12 + body_size);
  if (number_at<std::uint64_t>(bytes, checked.size()) != checksum_of(checked, {})) {
    return std::nullopt;
  }
  const Bytes body = checked.substr(12);
  const auto size = number_at<std::uint64_t>(body, 20);
  const auto count = static_cast<std::uint8_t>(body[36]);
  if (count != std::popcount(size) || body.size() != kFixedBody + count * sizeof(Hash)) {
    return std::nullopt;
  }
  std::vector<Hash> roots;
  for (std::size_t i = 0; i < count; ++i) {
    roots.push_back(array_from<32>(body.substr(kFixedBody + i * sizeof(Hash), sizeof(Hash))));
  }
  return SegmentHeader{.id = array_from<16>(body),
                       .generation = number_at<std::uint32_t>(body, 16),
                       .created_ns = number_at<std::int64_t>(body, 28),
                       .before = Frontier(size, std::move(roots))};
}

std::string segment_name(std::uint64_t first_index) {
  char name[32];
  std::snprintf(name, sizeof name, "%020llu", static_cast<unsigned long long>(first_index));
  return name + std::string(kExtension);
}

bool is_segment_name(std::string_view name) {
  return name.size() == kDigits + kExtension.size() && name.ends_with(kExtension) &&
         name.substr(0, kDigits).find_first_not_of("0123456789") == std::string_view::npos;
}

FrameSealer::FrameSealer(const Key& segment_key, Bytes header)
    : nonce_key_(derived_key(segment_key, "nonce", {})),
      header_hash_(sha256(header)),
      cipher_(derived_key(segment_key, "frames", {})) {}

void FrameSealer::seal(FrameKind kind, Bytes payload, const Hash& digest, RecordBuffer& out) {
  const std::string associated = associated_data(header_hash_, ordinal_, kind);
  const Hash synthetic = hmac_sha256(nonce_key_, {associated, view(digest)});
  const Nonce nonce = array_from<12>(view(synthetic).substr(0, 12));
  const std::size_t sealed_bytes = payload.size() + kTagBytes;
  char* const frame = out.room(kFrameHeaderBytes + sealed_bytes);
  write_number(static_cast<std::uint32_t>(sealed_bytes), frame);
  frame[4] = static_cast<char>(kind);
  std::memcpy(frame + 5, nonce.data(), nonce.size());
  cipher_.seal(nonce, associated, payload, frame + kFrameHeaderBytes);
  write_number(checksum_of(Bytes(frame, kFrameHeaderBytes - 8),
                           Bytes(frame + kFrameHeaderBytes, sealed_bytes)),
               frame + kFrameHeaderBytes - 8);
  out.advance(kFrameHeaderBytes + sealed_bytes);
  ++ordinal_;
}

std::size_t frame_bytes(Bytes bytes) {
  const auto length = number_at<std::uint32_t>(bytes, 0);
  const auto kind = static_cast<std::uint8_t>(bytes[4]);
  if (length < kTagBytes || length > kMaxFrameBytes || kind < 1 || kind > 4) return 0;
  return kFrameHeaderBytes + length;
}

std::optional<SealedFrame> frame_from_bytes(Bytes bytes) {
  if (bytes.size() < kFrameHeaderBytes) return std::nullopt;
  const std::size_t length = frame_bytes(bytes);
  if (length == 0 || bytes.size() < length) return std::nullopt;
  const Bytes sealed = bytes.substr(kFrameHeaderBytes, length - kFrameHeaderBytes);
  const auto checksum = number_at<std::uint64_t>(bytes, kFrameHeaderBytes - 8);
  if (checksum != checksum_of(bytes.substr(0, kFrameHeaderBytes - 8), sealed)) return std::nullopt;
  return SealedFrame{.kind = static_cast<FrameKind>(bytes[4]),
                     .nonce = array_from<12>(bytes.substr(5)),
                     .sealed = sealed,
                     .length = length};
}

FrameOpener::FrameOpener(const Key& segment_key, Bytes header)
    : header_hash_(sha256(header)), cipher_(derived_key(segment_key, "frames", {})) {}

bool FrameOpener::open(const SealedFrame& frame, std::string& payload) {
  payload.clear();
  const std::string associated = associated_data(header_hash_, ordinal_, frame.kind);
  if (!cipher_.open(frame.nonce, associated, frame.sealed, payload)) return false;
  ++ordinal_;
  return true;
}

std::size_t begin_entry(RecordBuffer& payload) {
  const std::size_t begin = payload.size();
  payload.append("\0\0\0\0", 4);
  return begin;
}

std::string_view end_entry(std::size_t begin, RecordBuffer& payload) {
  const std::string_view entry = payload.bytes().substr(begin + 4);
  write_number(static_cast<std::uint32_t>(entry.size()), payload.at(begin));
  return entry;
}

std::optional<std::vector<std::string_view>> entries_from_payload(Bytes payload) {
  std::vector<std::string_view> entries;
  while (!payload.empty()) {
    if (payload.size() < 4) return std::nullopt;
    const auto length = number_at<std::uint32_t>(payload, 0);
    if (length < 2 || length > kMaxEntryBytes || length > payload.size() - 4) return std::nullopt;
    entries.push_back(payload.substr(4, length));
    payload.remove_prefix(4 + std::size_t{length});
  }
  return entries;
}

Hash digest_of_leaves(const std::vector<Hash>& leaves) {
  if (leaves.empty()) return sha256({});
  return sha256(Bytes(reinterpret_cast<const char*>(leaves.data()), leaves.size() * sizeof(Hash)));
}

std::string compressed_payload(Bytes payload) {
  std::string out;
  put_number(out, static_cast<std::uint32_t>(payload.size()));
  out.resize(4 + ZSTD_compressBound(payload.size()));
  const std::size_t size = ZSTD_compress(out.data() + 4, out.size() - 4, payload.data(),
                                         payload.size(), kCompressionLevel);
  if (ZSTD_isError(size) != 0) throw CryptoError("compression failed");
  out.resize(4 + size);
  return out;
}

std::optional<std::string> decompressed_payload(Bytes payload) {
  if (payload.size() < 4) return std::nullopt;
  const auto size = number_at<std::uint32_t>(payload, 0);
  // Both say how long it is, and memory is taken only for what both say.
  if (size > kMaxFrameBytes ||
      ZSTD_getFrameContentSize(payload.data() + 4, payload.size() - 4) != size) {
    return std::nullopt;
  }
  std::string plain(size, '\0');
  const std::size_t got =
      ZSTD_decompress(plain.data(), plain.size(), payload.data() + 4, payload.size() - 4);
  if (ZSTD_isError(got) != 0 || got != size) return std::nullopt;
  return plain;
}

}  // namespace licet::log
