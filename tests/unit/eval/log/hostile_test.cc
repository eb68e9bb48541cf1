// P7: logs made to keep their auditor busy, or to take all memory, are refused soon.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "eval/log/appender.h"
#include "eval/log/note.h"
#include "eval/log/scanner.h"
#include "tests/support/cpu_time.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

using std::chrono::milliseconds;

struct Written {
  std::shared_ptr<MemoryFiles> files = std::make_shared<MemoryFiles>();
  LogOptions options = test_options(files);
  std::string anchor;
  std::string segment;  // the name of the only one
};

Written written_log() {
  Written written;
  const auto log = open_log(written.options);
  EXPECT_EQ(log->append(test_plan(), packed_decision("d")), std::nullopt);
  written.anchor = log->checkpoint().value();
  // As after a crash: nothing says that the segment ends.
  written.options.files = written.files = written.files->copy();
  for (const auto& [name, content] : written.files->names) {
    if (name.ends_with(".segment")) written.segment = name;
  }
  return written;
}

// Seals a frame behind the header of the segment, as the holder of the log's keys can.
void seal_only(Written& written, FrameKind kind, const std::string& payload) {
  std::string& bytes = written.files->names[written.segment]->bytes;
  std::size_t length = 0;
  const auto header = header_from_bytes(bytes, length);
  const auto vault =
      Vault::open(written.files, "log", written.options.keys, "", Vault::IfMissing::kFail);
  bytes.resize(length);
  FrameSealer sealer(*vault.value()->segment_key(header->generation, view(header->id)), bytes);
  RecordBuffer frame;
  sealer.seal(kind, payload, sha256(payload), frame);
  bytes += frame.bytes();
}

TEST(HostileLog, beginnings_of_frames_at_every_byte_do_not_make_the_search_long) {
  // Each byte begins a frame that seems to reach far; none is whole.
  Written written = written_log();
  std::string& bytes = written.files->names[written.segment]->bytes;
  bytes.append((std::size_t{48} << 20), '\1');
  VerifyReport report;
  const auto time = test::cpu_time_of([&] { report = verify(written.options, {written.anchor}); });
  EXPECT_EQ(report.verdict, Verdict::kBroken);
  EXPECT_LT(time, milliseconds(10'000) * test::build_slack());
}

TEST(HostileLog, what_is_longer_than_a_write_is_no_torn_write) {
  Written written = written_log();
  std::string& bytes = written.files->names[written.segment]->bytes;
  const std::size_t size = bytes.size();
  bytes.append(100, '\0');
  EXPECT_NE(findings_text(verify(written.options)).find("repairs a crash"), std::string::npos);
  bytes.resize(size + kMaxWriteBytes, '\0');
  EXPECT_NE(findings_text(verify(written.options)).find("repairs a crash"), std::string::npos);
  bytes.resize(size + kMaxWriteBytes + 1, '\0');
  EXPECT_EQ(findings_text(verify(written.options)).find("repairs a crash"), std::string::npos);
  EXPECT_EQ(verify(written.options).verdict, Verdict::kBroken);
}

TEST(HostileLog, entries_of_a_size_that_no_writer_writes_are_no_entries) {
  const std::string too_long(kMaxEntryBytes + 1, ' ');
  for (const std::string& entry : {std::string(), std::string("1"), too_long}) {
    Written written = written_log();
    RecordBuffer payload;
    const std::size_t begin = begin_entry(payload);
    payload += entry;
    end_entry(begin, payload);
    seal_only(written, FrameKind::kEntries, std::string(payload.bytes()));
    EXPECT_NE(findings_text(verify(written.options)).find("does not hold entries"),
              std::string::npos);
    EXPECT_TRUE(entries_of(written.options).back().starts_with("error: "));
  }
}

TEST(HostileLog, sixty_four_mebibytes_in_some_kilobytes_are_no_entries) {
  Written written = written_log();
  seal_only(written, FrameKind::kCompressedEntries,
            compressed_payload(std::string(kMaxFrameBytes, '\0')));
  EXPECT_LT(written.files->names[written.segment]->bytes.size(), std::size_t{1} << 16);
  EXPECT_EQ(verify(written.options).verdict, Verdict::kBroken);
  std::string more = compressed_payload(std::string(16, '\0'));
  more[3] = '\7';  // a size beyond all frames
  EXPECT_FALSE(decompressed_payload(more));
}

TEST(HostileLog, a_thousand_findings_are_enough) {
  Written written = written_log();
  std::string& bytes = written.files->names[written.segment]->bytes;
  std::size_t length = 0;
  const auto header = header_from_bytes(bytes, length);
  const auto vault =
      Vault::open(written.files, "log", written.options.keys, "", Vault::IfMissing::kFail);
  bytes.resize(length);
  FrameSealer sealer(*vault.value()->segment_key(header->generation, view(header->id)), bytes);
  RecordBuffer frames;
  for (int i = 0; i < 5000; ++i) sealer.seal(FrameKind::kCheckpoint, "", sha256({}), frames);
  bytes += frames.bytes();
  const VerifyReport report = verify(written.options, {written.anchor});
  EXPECT_EQ(report.verdict, Verdict::kBroken);
  EXPECT_EQ(report.findings.size(), 1001U);
}

TEST(HostileLog, notes_with_very_many_signatures_are_no_notes) {
  const SigningKey key = signing_key_from_seed({1, 2, 3});
  const std::string text = text_of(Checkpoint{"example.org/test", 1, {}});
  const std::string note = signed_note(text, "example.org/test", key);
  const std::string line = note.substr(note.find("\n\n") + 2);
  std::string hundred = text + "\n";
  for (int i = 0; i < 100; ++i) hundred += line;
  EXPECT_TRUE(note_from_text(hundred));
  EXPECT_FALSE(note_from_text(hundred + line));
  EXPECT_FALSE(note_from_text(std::string(1'000'000, 'x') + "\n" + note));
}

TEST(HostileLog, files_that_are_too_large_for_what_they_are_end_in_an_error) {
  for (const char* const name : {"log/checkpoint", "log/keys"}) {
    Written written = written_log();
    written.files->names[name]->bytes.append(std::size_t{17} << 20, ' ');
    EXPECT_EQ(verify(written.options, {written.anchor}).verdict, Verdict::kBroken) << name;
  }
}

TEST(HostileLog, a_pipe_in_the_place_of_a_file_does_not_stop_the_reader) {
  std::string folder = std::filesystem::temp_directory_path() / "licet_pipe_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  LogOptions options = test_options(system_files());
  options.folder = folder + "/log";
  {
    const auto log = open_log(options);
    EXPECT_EQ(log->append(test_plan(), packed_decision("d")), std::nullopt);
  }
  ASSERT_EQ(::mkfifo((options.folder + "/" + segment_name(9)).c_str(), 0600), 0);
  const VerifyReport report = verify(options);
  EXPECT_EQ(report.verdict, Verdict::kBroken);
  EXPECT_EQ(report.findings.front().file, segment_name(9));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace licet::log
