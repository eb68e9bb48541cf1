// Proofs and tiles: what leaves the log for outsiders. Each takes passes over the log, in memory
// for one path through the tree.
#include <array>
#include <cstdio>

#include "eval/log/crypto.h"
#include "eval/log/file_tools.h"
#include "eval/log_read.h"

namespace licet::log {
namespace {

constexpr std::size_t kTileWidth = 256;

Result<Checkpoint, LogError> last_checkpoint(const LogReader& reader) {
  const auto note = note_from_text(reader.checkpoint());
  const auto checkpoint = note ? checkpoint_from_text(note->text) : std::nullopt;
  if (!checkpoint || !is_signed_by(*note, reader.verifier())) {
    return Failure{LogError{.code = LogErrorCode::kDamaged,
                            .message = "the log has no signed checkpoint",
                            .help = "closing the log signs one"}};
  }
  return *checkpoint;
}

// All leaves of the first `size` entries through `each`.
template <class Each>
std::optional<LogError> pass_entries(LogReader& reader, std::uint64_t size, Each each) {
  reader.rewind();
  std::uint64_t count = 0;
  while (count < size) {
    const auto entry = reader.next();
    if (!entry) break;
    if (auto error = each(*entry, leaf_hash(entry->text))) return error;
    ++count;
  }
  if (reader.error()) return reader.error();
  if (count < size) {
    return LogError{.code = LogErrorCode::kDamaged,
                    .message = "the checkpoint commits to " + std::to_string(size) +
                               " entries, the log holds " + std::to_string(count),
                    .help = "`licet log verify` tells more"};
  }
  return std::nullopt;
}

Result<std::vector<Hash>, LogError> hashes_of(LogReader& reader, std::uint64_t size,
                                              std::vector<LeafRange> ranges, const Hash& root) {
  RangeHasher hasher(std::move(ranges));
  Frontier tree;
  auto error = pass_entries(reader, size, [&](const LoggedEntry& entry, const Hash& leaf) {
    hasher.add(entry.index, leaf);
    tree.add(leaf);
    return std::optional<LogError>();
  });
  if (error) return Failure{*error};
  if (tree.root() != root) {
    return Failure{LogError{.code = LogErrorCode::kDamaged,
                            .message = "the checkpoint commits to other entries than the log holds",
                            .help = "`licet log verify` tells more"}};
  }
  return hasher.hashes();
}

}  // namespace

Result<EntryProof, LogError> prove_entry(LogReader& reader, std::uint64_t index) {
  const auto checkpoint = last_checkpoint(reader);
  if (!checkpoint) return Failure{checkpoint.error()};
  const std::uint64_t size = checkpoint.value().size;
  if (index >= size) {
    return Failure{LogError{
        .code = LogErrorCode::kWrongUse,
        .message = "entry " + std::to_string(index) + " is not covered by a signed checkpoint yet",
        .help = "the log signs once a second, and when it is closed"}};
  }
  EntryProof proof;
  proof.index = index;
  proof.checkpoint = reader.checkpoint();
  auto hashes = hashes_of(reader, size, inclusion_ranges(index, size), checkpoint.value().root);
  if (!hashes) return Failure{hashes.error()};
  proof.hashes = std::move(hashes).value();
  auto error = pass_entries(reader, index + 1, [&](const LoggedEntry& entry, const Hash&) {
    if (entry.index == index) proof.entry = entry.text;
    return std::optional<LogError>();
  });
  if (error) return Failure{*error};
  return proof;
}

Result<std::vector<Hash>, LogError> prove_consistency(LogReader& reader, std::uint64_t old_size) {
  const auto checkpoint = last_checkpoint(reader);
  if (!checkpoint) return Failure{checkpoint.error()};
  const std::uint64_t size = checkpoint.value().size;
  if (old_size > size) {
    return Failure{LogError{.code = LogErrorCode::kWrongUse,
                            .message = "the last checkpoint commits to " + std::to_string(size) +
                                       " entries, fewer than " + std::to_string(old_size),
                            .help = {}}};
  }
  return hashes_of(reader, size, consistency_ranges(old_size, size), checkpoint.value().root);
}

namespace {

// 1234067 -> x001/x234/067
std::string tile_number(std::uint64_t number) {
  std::array<char, 8> digits;
  std::snprintf(digits.data(), digits.size(), "%03u", static_cast<unsigned>(number % 1000));
  std::string text = digits.data();
  for (number /= 1000; number > 0; number /= 1000) {
    std::snprintf(digits.data(), digits.size(), "x%03u", static_cast<unsigned>(number % 1000));
    text = std::string(digits.data()) + "/" + text;
  }
  return text;
}

class TileWriter {
 public:
  TileWriter(Files& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

  std::optional<LogError> add(std::string_view entry, const Hash& leaf) {
    bundle_ += static_cast<char>(entry.size() >> 8 & 255);
    bundle_ += static_cast<char>(entry.size() & 255);
    bundle_ += entry;
    if (++bundled_ == kTileWidth) {
      if (auto error = write_bundle()) return error;
    }
    return add_hash(0, leaf);
  }

  std::optional<LogError> finish() {
    if (bundled_ > 0) {
      if (auto error = write_bundle()) return error;
    }
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      if (levels_[level].hashes.empty()) continue;
      if (auto error = write_tile(level)) return error;
    }
    return std::nullopt;
  }

 private:
  struct Level {
    std::vector<Hash> hashes;
    std::uint64_t number = 0;
  };

  std::optional<LogError> add_hash(std::size_t level, const Hash& hash) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level].hashes.push_back(hash);
    if (levels_[level].hashes.size() < kTileWidth) return std::nullopt;
    Frontier tile;
    for (const Hash& inner : levels_[level].hashes) tile.add(inner);
    if (auto error = write_tile(level)) return error;
    return add_hash(level + 1, tile.root());
  }

  std::optional<LogError> write_tile(std::size_t level) {
    Level& tile = levels_[level];
    std::string bytes;
    for (const Hash& hash : tile.hashes) bytes += view(hash);
    auto error = write("tile/" + std::to_string(level) + "/" + tile_number(tile.number),
                       tile.hashes.size(), bytes);
    tile.hashes.clear();
    ++tile.number;
    return error;
  }

  std::optional<LogError> write_bundle() {
    auto error = write("tile/entries/" + tile_number(bundle_number_), bundled_, bundle_);
    bundle_.clear();
    bundled_ = 0;
    ++bundle_number_;
    return error;
  }

  std::optional<LogError> write(std::string name, std::size_t width, std::string_view bytes) {
    if (width < kTileWidth) name += ".p/" + std::to_string(width);
    const std::size_t slash = name.rfind('/');
    std::string folder = folder_;
    for (std::size_t at = 0; at < slash;) {
      const std::size_t end = name.find('/', at);
      folder += "/" + name.substr(at, end - at);
      if (const int error = files_.make_folder(folder)) return file_error("make", folder, error);
      at = end + 1;
    }
    return replace_file(files_, folder, name.substr(slash + 1), bytes);
  }

  Files& files_;
  std::string folder_;
  std::string bundle_;
  std::size_t bundled_ = 0;
  std::uint64_t bundle_number_ = 0;
  std::vector<Level> levels_;
};

}  // namespace

std::optional<LogError> export_tiles(LogReader& reader, const std::string& folder) {
  const auto checkpoint = last_checkpoint(reader);
  if (!checkpoint) return checkpoint.error();
  Files& files = *system_files();
  if (const int error = files.make_folder(folder)) return file_error("make", folder, error);
  TileWriter tiles(files, folder);
  auto error = pass_entries(
      reader, checkpoint.value().size,
      [&](const LoggedEntry& entry, const Hash& leaf) { return tiles.add(entry.text, leaf); });
  if (!error) error = tiles.finish();
  if (!error) error = replace_file(files, folder, "checkpoint", reader.checkpoint());
  return error;
}

}  // namespace licet::log
