// P5: every change of a log is found, given a checkpoint that was kept outside.
#include <gtest/gtest.h>

#include <cstdlib>

#include "eval/log/appender.h"
#include "eval/log/entry.h"
#include "eval/log/scanner.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

bool wants_long_tests() { return std::getenv("LICET_LONG_TESTS") != nullptr; }

struct Written {
  std::shared_ptr<MemoryFiles> files;
  LogOptions options;
  std::string anchor;
};

// A log of `entries` decisions in segments of three frames.
Written write_log(int entries, int per_segment = 8) {
  Written written;
  written.files = std::make_shared<MemoryFiles>();
  written.options = test_options(written.files);
  auto log = open_log(written.options);
  for (int i = 0; i < entries; ++i) {
    if (i > 0 && i % per_segment == 0) {
      EXPECT_EQ(log->rotate_segment(), std::nullopt);
    }
    EXPECT_EQ(log->append(test_plan(), packed_decision("d" + std::to_string(i))), std::nullopt);
  }
  written.anchor = log->checkpoint().value();
  log->close();
  log.reset();
  EXPECT_EQ(verify(written.options, {written.anchor}).verdict, Verdict::kVerified)
      << findings_text(verify(written.options, {written.anchor}));
  return written;
}

std::vector<std::string> segments_of(const MemoryFiles& files) {
  std::vector<std::string> names;
  for (const auto& [name, content] : files.names) {
    if (name.ends_with(".segment")) names.push_back(name);
  }
  return names;
}

Verdict verdict_of(const Written& written) {
  return verify(written.options, {written.anchor}).verdict;
}

TEST(Attack, every_flipped_bit_is_found_and_placed) {
  const Written written = write_log(wants_long_tests() ? 8 : 2, 1);
  for (const std::string& name : segments_of(*written.files)) {
    std::string& bytes = written.files->names[name]->bytes;
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const char mask = static_cast<char>(1 << bit % 8);
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
      const VerifyReport report = verify(written.options, {written.anchor});
      ASSERT_EQ(report.verdict, Verdict::kBroken) << name << " bit " << bit;
      ASSERT_EQ("log/" + report.findings[0].file, name) << " bit " << bit;
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
    }
  }
}

// The same bit by bit for a large log, at the two places where bytes are read: the checksum, and
// for an attacker who makes a new one, the cipher.
TEST(Attack, no_flipped_bit_of_a_frame_passes_even_with_a_new_checksum) {
  const int entries = wants_long_tests() ? 1000 : 40;
  const Written written = write_log(entries, entries + 1);
  const std::vector<std::string> names = segments_of(*written.files);
  ASSERT_EQ(names.size(), 1U);
  const std::string& bytes = written.files->names[names[0]]->bytes;
  std::size_t header_length = 0;
  const auto header = header_from_bytes(bytes, header_length);
  ASSERT_TRUE(header);
  const auto vault = Vault::open(written.files, "log", written.options.keys, written.options.origin,
                                 Vault::IfMissing::kFail);
  ASSERT_TRUE(vault);
  const auto key = vault.value()->segment_key(header->generation, view(header->id));
  FrameOpener opener(*key, Bytes(bytes).substr(0, header_length));
  std::size_t flips = 0;
  for (std::size_t at = header_length; at < bytes.size();) {
    const std::size_t length = frame_from_bytes(Bytes(bytes).substr(at))->length;
    std::string frame = bytes.substr(at, length);
    std::string payload;
    for (std::size_t bit = 0; bit < length * 8; ++bit) {
      const char mask = static_cast<char>(1 << bit % 8);
      frame[bit / 8] = static_cast<char>(frame[bit / 8] ^ mask);
      ASSERT_FALSE(frame_from_bytes(frame)) << at << " bit " << bit;
      // Kind, nonce and ciphertext; the length alone says where the next frame begins.
      if (bit / 8 >= 4 && (bit / 8 < 17 || bit / 8 >= kFrameHeaderBytes)) {
        const SealedFrame forged{.kind = static_cast<FrameKind>(frame[4]),
                                 .nonce = array_from<12>(Bytes(frame).substr(5)),
                                 .sealed = Bytes(frame).substr(kFrameHeaderBytes),
                                 .length = length};
        ASSERT_FALSE(opener.open(forged, payload)) << at << " bit " << bit;
      }
      frame[bit / 8] = static_cast<char>(frame[bit / 8] ^ mask);
      ++flips;
    }
    ASSERT_TRUE(opener.open(*frame_from_bytes(frame), payload)) << "as it was written";
    at += length;
  }
  EXPECT_EQ(flips, (bytes.size() - header_length) * 8);
}

TEST(Attack, flipped_bits_of_a_log_of_a_thousand_entries_are_found_by_the_verifier) {
  const Written written = write_log(1000, 100);
  const std::vector<std::string> names = segments_of(*written.files);
  std::uint64_t random = 23;
  for (int flip = wants_long_tests() ? 20'000 : 30; flip > 0; --flip) {
    const std::string& name = names[random_number(random) % names.size()];
    std::string& bytes = written.files->names[name]->bytes;
    const std::size_t bit = random_number(random) % (bytes.size() * 8);
    const char mask = static_cast<char>(1 << bit % 8);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
    const VerifyReport report = verify(written.options, {written.anchor});
    ASSERT_EQ(report.verdict, Verdict::kBroken) << name << " bit " << bit;
    ASSERT_EQ("log/" + report.findings[0].file, name) << " bit " << bit;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
  }
}

TEST(Attack, every_truncation_is_found) {
  const Written written = write_log(18);
  const std::size_t step = wants_long_tests() ? 1 : 5;
  for (const std::string& name : segments_of(*written.files)) {
    std::string& bytes = written.files->names[name]->bytes;
    const std::string whole = bytes;
    for (std::size_t size = 0; size < whole.size(); size += step) {
      bytes = whole.substr(0, size);
      const Verdict verdict = verdict_of(written);
      // A cut that takes the mark of the end, or nothing but the last checkpoint, loses no entry.
      if (verdict != Verdict::kBroken) {
        ASSERT_EQ(ids_of(written.options).size(), 18U) << name << " " << size;
      }
    }
    bytes = whole;
  }
}

// The frames of a segment, to cut and join.
std::vector<std::string> frames_of(const std::string& bytes) {
  std::size_t length = 0;
  EXPECT_TRUE(header_from_bytes(bytes, length));
  std::vector<std::string> parts = {bytes.substr(0, length)};
  for (std::size_t at = length; at < bytes.size();) {
    const auto frame = frame_from_bytes(Bytes(bytes).substr(at));
    EXPECT_TRUE(frame);
    parts.push_back(bytes.substr(at, frame->length));
    at += frame->length;
  }
  return parts;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string bytes;
  for (const std::string& part : parts) bytes += part;
  return bytes;
}

TEST(Attack, deleted_swapped_repeated_and_foreign_frames_are_found) {
  const Written written = write_log(18);
  const Written other = write_log(18);
  const std::vector<std::string> names = segments_of(*written.files);
  for (const std::string& name : names) {
    std::string& bytes = written.files->names[name]->bytes;
    const std::string whole = bytes;
    const std::vector<std::string> parts = frames_of(whole);
    const std::vector<std::string> foreign = frames_of(other.files->names.at(name)->bytes);
    for (std::size_t i = 1; i < parts.size(); ++i) {
      std::vector<std::string> changed = parts;
      changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
      bytes = joined(changed);
      // The very last frame only says that the log was closed.
      if (name != names.back() || i + 1 < parts.size()) {
        const bool is_end = i + 1 == parts.size();
        if (!is_end) {
          EXPECT_EQ(verdict_of(written), Verdict::kBroken) << name << " without " << i;
        }
      }
      changed = parts;
      changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), parts[i]);
      bytes = joined(changed);
      EXPECT_EQ(verdict_of(written), Verdict::kBroken) << name << " twice " << i;
      changed = parts;
      changed[i] = foreign[i];
      bytes = joined(changed);
      EXPECT_EQ(verdict_of(written), Verdict::kBroken) << name << " foreign " << i;
      if (i + 1 == parts.size()) continue;
      changed = parts;
      std::swap(changed[i], changed[i + 1]);
      bytes = joined(changed);
      EXPECT_EQ(verdict_of(written), Verdict::kBroken) << name << " swapped " << i;
    }
    bytes = whole;
  }
}

TEST(Attack, deleted_swapped_and_foreign_segments_are_found) {
  const Written written = write_log(30);
  const Written other = write_log(30);
  const std::vector<std::string> names = segments_of(*written.files);
  ASSERT_EQ(names.size(), 4U);
  const MemoryFiles::Names whole = written.files->names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    written.files->names.erase(names[i]);
    EXPECT_EQ(verdict_of(written), Verdict::kBroken) << "without segment " << i;
    written.files->names = whole;
    written.files->names[names[i]] = other.files->names.at(names[i]);
    EXPECT_EQ(verdict_of(written), Verdict::kBroken) << "foreign segment " << i;
    written.files->names = whole;
    if (i + 1 == names.size()) continue;
    std::swap(written.files->names[names[i]], written.files->names[names[i + 1]]);
    EXPECT_EQ(verdict_of(written), Verdict::kBroken) << "swapped segments " << i;
    written.files->names = whole;
  }
  EXPECT_EQ(verdict_of(written), Verdict::kVerified);
}

TEST(Attack, a_rolled_back_log_is_found_only_from_outside) {
  const Written written = write_log(10);
  const auto earlier = written.files->copy();
  {
    auto log = open_log(written.options);
    log->append(test_plan(), packed_decision("later"));
  }
  const std::string later = std::string(written.files->names.at("log/checkpoint")->bytes);
  LogOptions rolled_back = written.options;
  rolled_back.files = earlier;
  EXPECT_EQ(verify(rolled_back).verdict, Verdict::kUnanchored);
  const VerifyReport report = verify(rolled_back, {later});
  EXPECT_EQ(report.verdict, Verdict::kBroken);
  EXPECT_NE(findings_text(report).find("rolled back"), std::string::npos);
}

// Who has all keys writes a log anew with one decision changed, and signs it.
TEST(Attack, a_log_written_anew_with_the_right_keys_is_found_only_from_outside) {
  const Written written = write_log(10);
  auto forged_files = std::make_shared<MemoryFiles>();
  for (const std::string name : {"log/keys", "log/subjects"}) {
    forged_files->names[name] =
        std::make_shared<MemoryFiles::Content>(*written.files->names.at(name));
  }
  LogOptions forged = written.options;
  forged.files = forged_files;
  {
    auto log = open_log(forged);
    for (int i = 0; i < 10; ++i) {
      const std::string user = i == 4 ? "eve" : "ann";
      log->append(test_plan(), packed_decision("d" + std::to_string(i), user));
    }
  }
  EXPECT_EQ(verify(forged).verdict, Verdict::kUnanchored) << findings_text(verify(forged));
  const VerifyReport report = verify(forged, {written.anchor});
  EXPECT_EQ(report.verdict, Verdict::kBroken);
  EXPECT_EQ(report.anchored_entries, 0U);
  EXPECT_NE(findings_text(report).find("written anew"), std::string::npos);
}

// A checkpoint put back beside a log made others believe that it had not gone on, and verified.
TEST(Attack, an_old_checkpoint_beside_the_log_is_found_unless_a_crash_explains_it) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = test_options(files);
  std::vector<std::string> notes;
  {
    auto log = open_log(options);
    for (int i = 0; i < 4; ++i) {
      EXPECT_EQ(log->append(test_plan(), packed_decision("d" + std::to_string(i))), std::nullopt);
      notes.push_back(log->checkpoint().value());
    }
  }
  for (std::size_t i = 0; i < notes.size(); ++i) {
    files->names["log/checkpoint"]->bytes = notes[i];
    const VerifyReport report = verify(options, {notes.back()});
    // Between the last checkpoint inside and the one beside the log the machine may have stopped.
    const bool is_explained = i + 2 >= notes.size();
    EXPECT_EQ(report.verdict, is_explained ? Verdict::kVerified : Verdict::kBroken) << i;
    EXPECT_EQ(findings_text(report).find("it is an old one") == std::string::npos, is_explained);
    EXPECT_EQ(report.intact_entries, 5U);
  }
}

// A checkpoint that could not be put beside the log is taken out of it again.
TEST(Attack, a_full_disk_does_not_make_the_checkpoint_look_old) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = test_options(files);
  auto log = open_log(options);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(log->append(test_plan(), packed_decision("d" + std::to_string(i))), std::nullopt);
    if (i == 0) {
      EXPECT_TRUE(log->checkpoint());
    }
    {
      const std::lock_guard lock(files->mutex);
      files->intercept = [](MemoryFiles::Call call, const std::string& path) {
        const bool fails = call == MemoryFiles::Call::kWrite && path == "log/checkpoint.next";
        return MemoryFiles::Answer{fails ? ENOSPC : 0, SIZE_MAX};
      };
    }
    EXPECT_FALSE(log->checkpoint());
    const std::lock_guard lock(files->mutex);
    files->intercept = nullptr;
  }
  EXPECT_EQ(verify(options).verdict, Verdict::kUnanchored) << findings_text(verify(options));
}

TEST(Attack, keys_checkpoints_and_witnesses_that_are_not_the_logs_are_found) {
  const Written written = write_log(4);
  const Written other = write_log(4);
  EXPECT_EQ(verify(written.options, {other.anchor}).verdict, Verdict::kBroken);
  EXPECT_EQ(verify(written.options, {"no note"}).verdict, Verdict::kBroken);
  const auto whole = written.files->names.at("log/checkpoint");
  written.files->names.erase("log/checkpoint");
  EXPECT_EQ(verify(written.options, {written.anchor}).verdict, Verdict::kBroken);
  written.files->names["log/checkpoint"] = whole;
  VerifyOptions options;
  options.keys = written.options.keys;
  options.files = written.files;
  options.anchors = {written.anchor};
  options.verifier = verifier_key("example.org/test", SignatureKind::kEd25519, Key{1});
  EXPECT_EQ(verify_log("log", options).value().verdict, Verdict::kBroken);
  options.verifier.reset();
  options.witnesses = {verifier_key("w", SignatureKind::kCosignature, Key{1})};
  EXPECT_EQ(verify_log("log", options).value().verdict, Verdict::kBroken);
}

}  // namespace
}  // namespace licet::log
