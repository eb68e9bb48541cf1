// P8: losses happen only where the caller chose them, and are counted exactly.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "eval/value_json.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

using Call = MemoryFiles::Call;

LogOptions async_options(std::shared_ptr<Files> files, WhenFull when_full) {
  LogOptions options = test_options(std::move(files));
  options.mode = Mode::kAsync;
  options.when_full = when_full;
  options.queue_bytes = 4000;
  return options;
}

std::uint64_t gaps_of(const LogOptions& options) {
  std::uint64_t lost = 0;
  for (const std::string& text : entries_of(options)) {
    Arena arena;
    const auto entry = value_from_json(text, arena);
    if (!entry) continue;
    const Value count = entry.value().get("lost");
    if (count.is_int64()) lost += static_cast<std::uint64_t>(count.as_int64());
  }
  return lost;
}

enum class Sink { kSlow, kFlapping };

class BestEffort : public testing::TestWithParam<Sink> {};

TEST_P(BestEffort, acknowledged_less_logged_is_the_counter_is_the_gap_entries) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = async_options(files, WhenFull::kDropAndCount);
  auto log = open_log(options);
  std::uint64_t random = 3;
  files->intercept = [&](Call call, const std::string& path) {
    if (call != Call::kSync || !path.ends_with(".segment")) return MemoryFiles::Answer{};
    if (GetParam() == Sink::kSlow) std::this_thread::yield();
    const bool fails = GetParam() == Sink::kFlapping && random_number(random) % 2 == 0;
    return MemoryFiles::Answer{fails ? EIO : 0, SIZE_MAX};
  };
  std::atomic<std::uint64_t> acknowledged{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const auto plan = test_plan();
      const std::string packed = packed_decision("d");
      for (int i = 0; i < 2000; ++i) {
        if (!log->append(plan, packed)) ++acknowledged;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  {
    const std::lock_guard lock(files->mutex);
    files->intercept = nullptr;
  }
  while (!log->checkpoint()) {  // a failure that was under way may still be told
  }
  EXPECT_EQ(log->close(), std::nullopt);
  const std::uint64_t logged = ids_of(options).size();
  EXPECT_EQ(acknowledged - logged, log->stats().lost);
  EXPECT_EQ(log->stats().lost, gaps_of(options));
  EXPECT_GT(log->stats().lost, 0U);
  EXPECT_EQ(verify(options).verdict, Verdict::kUnanchored) << findings_text(verify(options));
}

INSTANTIATE_TEST_SUITE_P(Sinks, BestEffort, testing::Values(Sink::kSlow, Sink::kFlapping));

TEST(AsyncLog, a_dead_sink_loses_what_it_must_and_says_how_much) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = async_options(files, WhenFull::kDropAndCount);
  auto log = open_log(options);
  files->intercept = [](Call call, const std::string& path) {
    const bool fails = call == Call::kWrite && path.ends_with(".segment");
    return MemoryFiles::Answer{fails ? EIO : 0, SIZE_MAX};
  };
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(log->append(test_plan(), packed_decision("d")), std::nullopt);
  }
  EXPECT_TRUE(log->close());
  EXPECT_EQ(log->stats().lost, 100U);
  files->intercept = nullptr;
  EXPECT_EQ(ids_of(options).size(), 0U);
}

// Who asked for a checkpoint when the log's threads had just ended waited for ever.
TEST(AsyncLog, a_checkpoint_beside_close_is_made_or_refused) {
  for (int i = 0; i < 60; ++i) {
    const auto log = open_log(async_options(std::make_shared<MemoryFiles>(), WhenFull::kBlock));
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (;;) {
          const auto note = log->checkpoint();
          if (note) continue;
          EXPECT_EQ(note.error().code, LogErrorCode::kClosed);
          return;
        }
      });
    }
    EXPECT_EQ(log->append(test_plan(), packed_decision("d")), std::nullopt);
    EXPECT_EQ(log->close(), std::nullopt);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(log->stats().appended, 1U);
  }
}

TEST(AsyncLog, block_waits_and_loses_nothing) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = async_options(files, WhenFull::kBlock);
  auto log = open_log(options);
  std::vector<std::thread> threads;
  std::atomic<int> refused{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const auto plan = test_plan();
      for (int i = 0; i < 500; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        if (log->append(plan, packed_decision(id))) ++refused;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(log->close(), std::nullopt);
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(ids_of(options).size(), 2000U);
  EXPECT_EQ(log->stats().lost, 0U);
}

TEST(AsyncLog, deny_refuses_with_an_error_while_the_disk_fails_and_loses_nothing) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = async_options(files, WhenFull::kDeny);
  auto log = open_log(options);
  std::atomic<bool> fails{true};
  files->intercept = [&](Call call, const std::string&) {
    return MemoryFiles::Answer{fails && call == Call::kWrite ? ENOSPC : 0, SIZE_MAX};
  };
  std::vector<std::string> acknowledged;
  for (int i = 0; i < 200; ++i) {
    const std::string id = "d" + std::to_string(i);
    const auto refused = log->append(test_plan(), packed_decision(id));
    if (!refused) acknowledged.push_back(id);
  }
  EXPECT_LT(acknowledged.size(), 200U);
  fails = false;
  while (!log->checkpoint()) {
  }
  EXPECT_EQ(log->append(test_plan(), packed_decision("after")), std::nullopt);
  acknowledged.push_back("after");
  EXPECT_EQ(log->close(), std::nullopt);
  EXPECT_EQ(ids_of(options), acknowledged);
  EXPECT_EQ(verify(options).verdict, Verdict::kUnanchored) << findings_text(verify(options));
}

}  // namespace
}  // namespace licet::log
