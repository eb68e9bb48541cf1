// Promises of writing: nothing is acknowledged that is not logged, whatever fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "eval/log/segment.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

using Call = MemoryFiles::Call;

bool contains_all(const std::vector<std::string>& all, const std::vector<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& id) {
    return std::find(all.begin(), all.end(), id) != all.end();
  });
}

TEST(DecisionLog, what_is_appended_is_read_back_and_verifies) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = test_options(files);
  std::string anchor;
  {
    auto log = open_log(options);
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(log->append(test_plan(), packed_decision("d" + std::to_string(i))), std::nullopt);
    }
    Arena arena;
    EXPECT_EQ(log->append_outcome("d3", Value::string("approved", arena), "f"), std::nullopt);
    anchor = log->checkpoint().value();
  }
  EXPECT_EQ(ids_of(options).size(), 20U);
  EXPECT_EQ(entries_of(options).size(), 22U);
  EXPECT_EQ(verify(options).verdict, Verdict::kUnanchored) << findings_text(verify(options));
  EXPECT_EQ(verify(options, {anchor}).verdict, Verdict::kVerified);
  EXPECT_EQ(verify(options, {anchor}).anchored_entries, 22U);
}

// P1
TEST(DecisionLog, durable_answers_after_the_sync_that_covers_the_entry) {
  const auto files = std::make_shared<MemoryFiles>();
  std::atomic<std::uint64_t> written{0};
  std::atomic<std::uint64_t> synced{0};
  files->observe = [&](Call call, const std::string& path) {
    if (!path.ends_with(".segment")) return;
    if (call == Call::kWrite) written = files->names.at(path)->bytes.size();
    if (call == Call::kSync) synced = files->names.at(path)->bytes.size();
  };
  const LogOptions options = test_options(files);
  auto log = open_log(options);
  constexpr int kThreads = 8;
  constexpr int kEach = 12'500;  // 100,000 in all
  std::atomic<int> inversions{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const auto plan = test_plan();
      const std::string packed = packed_decision("d" + std::to_string(t));
      for (int i = 0; i < kEach; ++i) {
        const std::uint64_t before = written;  // the entry will stand behind it
        if (log->append(plan, packed)) ++inversions;
        // Returned: what stands behind that, so also the entry, has been synced.
        if (synced <= before) ++inversions;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(inversions, 0);
  EXPECT_EQ(log->stats().appended, static_cast<std::uint64_t>(kThreads * kEach));
  EXPECT_LE(log->stats().syncs, static_cast<std::uint64_t>(kThreads * kEach) + 10);
}

// P2: the n-th call of the disk fails, for every n, once and from then on.
class EveryCallFails : public testing::TestWithParam<std::pair<int, bool>> {};

TEST_P(EveryCallFails, leaves_nothing_acknowledged_and_not_logged) {
  const auto [error, stays] = GetParam();
  for (std::uint64_t n = 1;; ++n) {
    const auto files = std::make_shared<MemoryFiles>();
    bool has_failed = false;
    files->intercept = [&, error = error, stays = stays](Call, const std::string&) {
      const bool fails = stays ? files->calls >= n : files->calls == n;
      has_failed = has_failed || fails;
      return MemoryFiles::Answer{fails ? error : 0, SIZE_MAX};
    };
    const LogOptions options = test_options(files);
    std::vector<std::string> acknowledged;
    {
      auto log = DecisionLog::open(options);
      for (int i = 0; log && i < 6; ++i) {
        const std::string id = "d" + std::to_string(i);
        const auto refused = log.value()->append(test_plan(), packed_decision(id));
        if (!refused) {
          acknowledged.push_back(id);
        } else {
          EXPECT_FALSE(refused->message.empty());
        }
      }
    }
    files->intercept = nullptr;
    files->locks.clear();
    if (!acknowledged.empty()) {
      EXPECT_TRUE(contains_all(ids_of(options), acknowledged)) << "call " << n;
      open_log(options);  // repairs
      const VerifyReport report = verify(options);
      EXPECT_EQ(report.verdict, Verdict::kUnanchored) << "call " << n << findings_text(report);
    }
    if (!has_failed) {
      EXPECT_EQ(acknowledged.size(), 6U);
      EXPECT_GT(n, 20U);
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Errors, EveryCallFails,
                         testing::Values(std::pair{ENOSPC, false}, std::pair{ENOSPC, true},
                                         std::pair{EIO, false}, std::pair{EIO, true},
                                         std::pair{EROFS, true}));

TEST(DecisionLog, goes_on_by_itself_when_there_is_room_again) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = test_options(files);
  auto log = open_log(options);
  EXPECT_EQ(log->append(test_plan(), packed_decision("before")), std::nullopt);
  bool is_full = true;
  files->intercept = [&](Call call, const std::string&) {
    // A write that gets half of its bytes in, then none: as a full disk does.
    return MemoryFiles::Answer{is_full && call == Call::kWrite ? ENOSPC : 0,
                               is_full ? std::size_t{100} : SIZE_MAX};
  };
  const auto refused = log->append(test_plan(), packed_decision("lost"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, LogErrorCode::kFull);
  EXPECT_TRUE(log->append(test_plan(), packed_decision("lost too")));
  is_full = false;
  EXPECT_EQ(log->append(test_plan(), packed_decision("after")), std::nullopt);
  log->close();
  EXPECT_EQ(ids_of(options), (std::vector<std::string>{"before", "after"}));
  EXPECT_EQ(verify(options).verdict, Verdict::kUnanchored) << findings_text(verify(options));
}

TEST(DecisionLog, large_entries_of_many_callers_make_several_writes) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = test_options(files);
  constexpr int kThreads = 150;
  {
    auto log = open_log(options);
    std::atomic<int> begun{0};
    {
      const std::lock_guard lock(files->mutex);
      // The first sync takes until all others have come, or nearly.
      files->intercept = [&](MemoryFiles::Call call, const std::string&) {
        while (call == MemoryFiles::Call::kSync && begun < kThreads) std::this_thread::yield();
        return MemoryFiles::Answer{0, SIZE_MAX};
      };
    }
    Arena arena;
    const Value large = Value::string(std::string(65'000, 'x'), arena);
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        ++begun;
        EXPECT_EQ(log->append_outcome("d", large), std::nullopt);
      });
    }
    for (std::thread& thread : threads) thread.join();
    const std::lock_guard lock(files->mutex);
    files->intercept = nullptr;
  }
  EXPECT_EQ(entries_of(options).size(), 1U + kThreads);
  const std::string& bytes = files->names[options.folder + "/" + segment_name(0)]->bytes;
  std::size_t at = 0;
  EXPECT_TRUE(header_from_bytes(bytes, at));
  while (at < bytes.size()) {
    const std::size_t length = frame_bytes(std::string_view(bytes).substr(at));
    ASSERT_GT(length, 0U);
    EXPECT_LE(length, kMaxWriteBytes);
    at += length;
  }
}

TEST(DecisionLog, a_failed_sync_is_never_taken_for_a_later_one_that_works) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = test_options(files);
  auto log = open_log(options);
  int syncs_to_fail = 1;
  std::vector<std::string> synced;
  files->intercept = [&](Call call, const std::string& path) {
    const bool fails = call == Call::kSync && path.ends_with(".segment") && syncs_to_fail-- > 0;
    if (call == Call::kSync && !fails) synced.push_back(path);
    return MemoryFiles::Answer{fails ? EIO : 0, SIZE_MAX};
  };
  const std::string first = files->names.rbegin()->first;
  const auto refused = log->append(test_plan(), packed_decision("a"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, LogErrorCode::kSync);
  EXPECT_EQ(log->append(test_plan(), packed_decision("b")), std::nullopt);
  log->close();
  EXPECT_EQ(ids_of(options), (std::vector<std::string>{"b"}));
  EXPECT_EQ(verify(options).verdict, Verdict::kUnanchored) << findings_text(verify(options));
}

TEST(DecisionLog, a_removed_file_and_an_entry_that_is_too_large_are_errors) {
  const auto files = std::make_shared<MemoryFiles>();
  LogOptions options = test_options(files);
  options.max_entry_bytes = 2000;
  auto log = open_log(options);
  const auto too_large = log->append(test_plan(), packed_decision(std::string(3000, 'd')));
  ASSERT_TRUE(too_large);
  EXPECT_EQ(too_large->code, LogErrorCode::kTooLarge);
  EXPECT_EQ(log->append(test_plan(), packed_decision("a")), std::nullopt);
  const auto second = DecisionLog::open(options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, LogErrorCode::kInUse);
  files->remove("log/00000000000000000000.segment");
  EXPECT_TRUE(log->append(test_plan(), packed_decision("b")));
  // Acknowledged entries are gone: that is no crash, and the log does not go on as if it were.
  const auto refused = log->append(test_plan(), packed_decision("c"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, LogErrorCode::kDamaged);
}

TEST(DecisionLog, a_value_that_cannot_be_hidden_is_an_error) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = test_options(files);
  auto log = open_log(options);
  files->intercept = [&](Call call, const std::string& path) {
    const bool fails = call == Call::kWrite && path == "log/subjects";
    return MemoryFiles::Answer{fails ? ENOSPC : 0, SIZE_MAX};
  };
  EXPECT_TRUE(log->append(test_plan(), packed_decision("a")));
  files->intercept = nullptr;
  EXPECT_EQ(log->append(test_plan(), packed_decision("b")), std::nullopt);
  log->close();
  EXPECT_EQ(ids_of(options), (std::vector<std::string>{"b"}));
}

}  // namespace
}  // namespace licet::log
