// P21: under one key a nonce never repeats, across restarts, forks, copies and restored snapshots.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "eval/log/segment.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

// (segment id, nonce): the key follows from the id. False: one stands in a log twice.
bool add_nonces(const MemoryFiles& files, std::set<std::string>& seen) {
  std::set<std::string> own;
  for (const auto& [name, content] : files.names) {
    if (!name.ends_with(".segment")) continue;
    const std::string& bytes = content->bytes;
    std::size_t at = 0;
    const auto header = header_from_bytes(bytes, at);
    if (!header) return false;
    while (at < bytes.size()) {
      const auto frame = frame_from_bytes(Bytes(bytes).substr(at));
      if (!frame) return false;
      if (!own.insert(std::string(view(header->id)) + std::string(view(frame->nonce))).second) {
        return false;
      }
      at += frame->length;
    }
  }
  seen.merge(own);
  return true;
}

TEST(Nonce, never_repeats_across_restarts_and_copies_of_the_folder) {
  std::set<std::string> seen;
  auto files = std::make_shared<MemoryFiles>();
  for (int restart = 0; restart < 20; ++restart) {
    LogOptions options = test_options(files);
    // A copy from before, such as a backup, goes on for itself and writes the very same decisions.
    const auto backup = files->copy();
    LogOptions of_backup = test_options(backup);
    for (const LogOptions& each : {options, of_backup}) {
      auto log = open_log(each);
      for (int i = 0; i < 5; ++i) log->append(test_plan(), packed_decision("d"));
    }
    ASSERT_TRUE(add_nonces(*files, seen));
    for (const auto& [name, content] : backup->names) {
      if (files->names.contains(name) && files->names[name]->bytes != content->bytes) {
        // Same place, other bytes: the id, and so the key, must be another one.
        std::size_t length = 0;
        const auto ours = header_from_bytes(files->names[name]->bytes, length);
        const auto theirs = header_from_bytes(content->bytes, length);
        if (name.ends_with(".segment")) {
          ASSERT_NE(ours->id, theirs->id);
        }
      }
    }
  }
  EXPECT_GT(seen.size(), 100U);
}

TEST(Nonce, differs_where_a_restored_snapshot_writes_something_else) {
  const Key key{1, 2, 3};
  FrameSealer first(key, "header");
  FrameSealer restored(key, "header");  // the same state, as after restoring a snapshot
  std::set<std::string> nonces;
  for (int i = 0; i < 100; ++i) {
    for (FrameSealer* sealer : {&first, &restored}) {
      RecordBuffer frame;
      const std::string payload = (sealer == &first ? "a" : "b") + std::to_string(i);
      sealer->seal(FrameKind::kEntries, payload, leaf_hash(payload), frame);
      nonces.insert(std::string(view(frame_from_bytes(frame.bytes())->nonce)));
    }
  }
  EXPECT_EQ(nonces.size(), 200U);
}

TEST(DecisionLog, in_a_child_after_fork_every_append_is_an_error) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = test_options(files);
  auto log = open_log(options);
  ASSERT_EQ(log->append(test_plan(), packed_decision("a")), std::nullopt);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto refused = log->append(test_plan(), packed_decision("b"));
    ::_exit(refused && refused->code == LogErrorCode::kClosed ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(log->append(test_plan(), packed_decision("c")), std::nullopt);
}

}  // namespace
}  // namespace licet::log
