// A decision log in the hands of somebody who wants to deceive its auditor. The first byte says who
// that is: one without keys, who changes bytes of the files; or one who holds the key of the
// segments and seals frames of their own. A checkpoint was kept outside.
//
// Whatever they do: reading and verifying end, and if the answer is VERIFIED, the log says what it
// said when the checkpoint was signed.
#include <algorithm>
#include <string>
#include <vector>

#include "eval/log/segment.h"
#include "eval/log/vault.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/targets.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::fuzz {
namespace {

using log::MemoryFiles;

struct Truth {
  std::shared_ptr<MemoryFiles> files = std::make_shared<MemoryFiles>();
  log::LogOptions options = log::test_options(files);
  std::string anchor;
  std::vector<std::string> entries;  // that the anchor commits to
  std::vector<std::string> names;    // of the files
};

const Truth& truth() {
  static const Truth all = [] {
    Truth made;
    auto writer = log::open_log(made.options);
    for (int i = 0; i < 9; ++i) {
      if (i % 4 == 3) check(!writer->rotate_segment(), "cannot rotate");
      const std::string id = "d" + std::to_string(i);
      check(!writer->append(log::test_plan(), log::packed_decision(id)), "cannot append");
    }
    made.anchor = writer->checkpoint().value();
    const auto committed = log::checkpoint_from_text(made.anchor);
    writer->close();
    writer.reset();
    made.entries = log::entries_of(made.options);
    check(committed && committed->size <= made.entries.size(), "the log lost entries");
    made.entries.resize(committed->size);
    for (const auto& [name, content] : made.files->names) made.names.push_back(name);
    return made;
  }();
  return all;
}

// What a log proves of itself holds for those who do not have it.
void check_proof(const std::shared_ptr<MemoryFiles>& files) {
  const auto reader = log::LogReader::open(truth().options.folder, truth().options.keys, files);
  if (!reader) return;
  const auto proof = log::prove_entry(*reader.value(), 1);
  if (!proof) return;
  const auto proven = log::verify_entry_proof(proof.value(), reader.value()->verifier());
  check(static_cast<bool>(proven), "the log proves what does not hold");
  const auto grown = log::prove_consistency(*reader.value(), 2);
  check(static_cast<bool>(grown), "the log proves an entry, but not that it only grew");
}

void check_log(const std::shared_ptr<MemoryFiles>& files) {
  check_proof(files);
  log::LogOptions options = truth().options;
  options.files = files;
  const log::VerifyReport report = log::verify(options, {truth().anchor});
  const std::vector<std::string> entries = log::entries_of(options);
  if (report.verdict == log::Verdict::kVerified) {
    check(report.anchored_entries == truth().entries.size(), "verified, but not all");
  }
  const std::size_t sure = report.anchored_entries;
  check(sure <= report.intact_entries && sure <= entries.size(), "more is sure than there is");
  check(std::equal(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(sure),
                   truth().entries.begin()),
        "an entry that the checkpoint commits to reads differently");
}

// Edits of four bytes: which file and how, where, and what with. Places count from the front or the
// back.
void change_bytes(std::string_view input) {
  const auto files = truth().files->copy();
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(input[at]); };
  for (std::size_t i = 0; i + 4 <= input.size(); i += 4) {
    const std::string& name = truth().names[byte(i) / 8 % truth().names.size()];
    std::string& bytes = files->names[name]->bytes;
    const std::size_t place = byte(i + 1) + std::size_t{256} * byte(i + 2);
    const std::size_t at = bytes.empty() ? 0 : place % bytes.size();
    switch (byte(i) % 8) {
      case 0:
        if (!bytes.empty()) bytes[at] = static_cast<char>(bytes[at] ^ input[i + 3]);
        break;
      case 1:
        if (!bytes.empty()) bytes[at] = input[i + 3];
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.erase(at, byte(i + 3));
        break;
      case 4:
        bytes.insert(at, bytes.substr(0, byte(i + 3)));
        break;
      case 5:
        bytes.insert(at, byte(i + 3), input[i + 1]);
        break;
      case 6: {
        const std::string& other = truth().names[byte(i + 3) % truth().names.size()];
        bytes = files->names[other]->bytes;
        break;
      }
      default:
        bytes = input.substr(i + 4);  // the rest, as it is
        i = input.size();
    }
  }
  check_log(files);
}

// A frame of any kind behind those that are left of a segment; the rest of the input is what it
// says, after a length that a decompressor believes or not.
void seal_frame(std::string_view input) {
  if (input.size() < 3) return;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(input[at]); };
  const auto files = truth().files->copy();
  std::vector<std::string> segments;
  for (const std::string& name : truth().names) {
    if (name.ends_with(".segment")) segments.push_back(name);
  }
  std::string& bytes = files->names[segments[byte(0) % segments.size()]]->bytes;
  const auto vault = log::Vault::open(files, truth().options.folder, truth().options.keys, "",
                                      log::Vault::IfMissing::kFail);
  check(static_cast<bool>(vault), "the keys of the log do not open");
  std::size_t length = 0;
  const auto header = log::header_from_bytes(bytes, length);
  const auto key = vault.value()->segment_key(header->generation, log::view(header->id));
  log::FrameSealer sealer(*key, std::string_view(bytes).substr(0, length));
  log::FrameOpener opener(*key, std::string_view(bytes).substr(0, length));
  log::RecordBuffer made;
  made += std::string_view(bytes).substr(0, length);
  // The frames that stay are sealed again, as their places count.
  std::size_t at = length;
  for (int left = byte(1) % 8; left > 0 && at < bytes.size(); --left) {
    const auto frame = log::frame_from_bytes(std::string_view(bytes).substr(at));
    std::string payload;
    check(frame && opener.open(*frame, payload), "a frame of the log does not open");
    sealer.seal(frame->kind, payload, log::sha256(payload), made);
    at += frame->length;
  }
  for (std::string_view rest = input.substr(2); !rest.empty();) {
    const auto kind = static_cast<log::FrameKind>(1 + static_cast<unsigned char>(rest[0]) % 4);
    const std::size_t end = std::min(rest.find("\n--\n"), rest.size());
    const std::string payload(rest.substr(1, end == 0 ? 0 : end - 1));
    sealer.seal(kind, payload, log::sha256(payload), made);
    rest.remove_prefix(std::min(end + 4, rest.size()));
  }
  bytes = made.bytes();
  check_log(files);
}

}  // namespace

void run_log(std::string_view input) {
  if (input.empty()) return;
  const bool has_keys = (input.front() & 1) != 0;
  if (has_keys) {
    seal_frame(input.substr(1));
  } else {
    change_bytes(input.substr(1));
  }
}

}  // namespace licet::fuzz
