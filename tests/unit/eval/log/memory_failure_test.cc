// P2: the n-th allocation fails, that of the cryptography included, for every n.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/allocations.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

struct Trial {
  Mode mode;
  bool stays;     // once memory has run out there is none until the calls are over
  bool encrypts;  // else entries are made by the writer's thread in async mode
};

class EveryAllocationFails : public testing::TestWithParam<Trial> {};

// A plan that hides nothing that needs a key of its own.
std::shared_ptr<const ReadPlan> plan_of_tokens() {
  auto plan = std::make_shared<ReadPlan>();
  plan->revision = "sha256:00";
  plan->rules = {"registry.intern_deploys"};
  plan->subject = 0;
  for (const auto& [text, mask] : {std::pair{"user.id", Mask::kToken},
                                   {"user.email", Mask::kRedact},
                                   {"user.sex", Mask::kNone},
                                   {"model.id", Mask::kNone}}) {
    ReadPath& path = plan->paths.emplace_back();
    path.text = text;
    path.mask.mask = mask;
  }
  plan->settle();
  return plan;
}

// While its thread has no memory to make entries an async log denies, until it has tried again.
// Each of its two threads may still come upon the failure.
bool has_caught_up(DecisionLog& log) {
  for (int failures = 0; failures <= 2; ++failures) {
    if (log.checkpoint()) return true;
  }
  return false;
}

TEST_P(EveryAllocationFails, denies_or_logs_and_loses_nothing) {
  const Trial trial = GetParam();
  const auto plan = trial.encrypts ? test_plan() : plan_of_tokens();
  const std::vector<std::string> packed = {packed_decision("d0"), packed_decision("d1"),
                                           packed_decision("d2")};
  for (std::uint64_t n = 1;; ++n) {
    const auto files = std::make_shared<MemoryFiles>();
    LogOptions options = test_options(files);
    options.mode = trial.mode;
    bool is_acknowledged[3] = {};
    bool has_happened = false;
    {
      const auto log = open_log(options);
      {
        const test::AllocationFailure failure(n, trial.stays);
        for (std::size_t i = 0; i < packed.size(); ++i) {
          const auto refused = log->append(plan, packed[i]);
          is_acknowledged[i] = !refused;
          EXPECT_TRUE(!refused || !refused->message.empty());
        }
        has_happened = failure.has_happened();
      }
      // It goes on by itself.
      if (trial.mode == Mode::kAsync) {
        EXPECT_TRUE(has_caught_up(*log)) << n;
      }
      EXPECT_EQ(log->append(plan, packed_decision("after")), std::nullopt) << n;
      EXPECT_EQ(log->close(), std::nullopt) << n;
      EXPECT_EQ(log->stats().lost, 0U);
    }
    const std::vector<std::string> ids = ids_of(options);
    for (std::size_t i = 0; i < packed.size(); ++i) {
      const auto count = std::count(ids.begin(), ids.end(), "d" + std::to_string(i));
      EXPECT_TRUE(count == 1 || (count == 0 && !is_acknowledged[i])) << n << ": " << count;
    }
    EXPECT_EQ(std::count(ids.begin(), ids.end(), "after"), 1) << n;
    EXPECT_EQ(entries_of(options).back().find("withheld"), std::string::npos);
    ASSERT_EQ(verify(options).verdict, Verdict::kUnanchored) << n << findings_text(verify(options));
    if (!has_happened) {
      // How much of what the log's thread does comes before the end of the trial is up to it.
      const bool waits = trial.mode == Mode::kDurable || trial.encrypts;
      EXPECT_GT(n, waits ? 3U : 0U);
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Modes, EveryAllocationFails,
    testing::Values(Trial{Mode::kDurable, false, true}, Trial{Mode::kDurable, true, true},
                    Trial{Mode::kDurable, true, false}, Trial{Mode::kAsync, false, true},
                    Trial{Mode::kAsync, false, false}, Trial{Mode::kAsync, true, false}));

// The key provider fails: a log is not opened, and keys are not half rotated.
class FailingKeys final : public KeyProvider {
 public:
  std::string current_key() const override { return keys_->current_key(); }
  Result<std::string, LogError> wrap(std::string_view key) override {
    if (fails()) return Failure{LogError{LogErrorCode::kKey, "the token is gone", {}}};
    return keys_->wrap(key);
  }
  Result<std::string, LogError> unwrap(std::string_view wrapped) override {
    if (fails()) return Failure{LogError{LogErrorCode::kKey, "the token is gone", {}}};
    return keys_->unwrap(wrapped);
  }
  std::uint64_t fails_at = 0;
  std::uint64_t calls = 0;

 private:
  bool fails() { return ++calls == fails_at; }
  std::shared_ptr<KeyProvider> keys_ = test_keys();
};

TEST(KeyFailure, at_the_nth_call_of_the_provider_is_an_error_and_the_log_goes_on) {
  for (std::uint64_t n = 1;; ++n) {
    const auto files = std::make_shared<MemoryFiles>();
    LogOptions options = test_options(files);
    const auto keys = std::make_shared<FailingKeys>();
    keys->fails_at = n;
    options.keys = keys;
    auto log = DecisionLog::open(options);
    if (!log) {
      EXPECT_EQ(log.error().code, LogErrorCode::kKey);
      log = DecisionLog::open(options);
    }
    ASSERT_TRUE(log) << n;
    EXPECT_EQ(log.value()->append(test_plan(), packed_decision("a")), std::nullopt);
    if (log.value()->rotate_keys()) {
      EXPECT_EQ(log.value()->rotate_keys(), std::nullopt) << n;
    }
    EXPECT_EQ(log.value()->append(test_plan(), packed_decision("b")), std::nullopt);
    EXPECT_EQ(log.value()->close(), std::nullopt);
    const bool has_failed = keys->calls >= n;
    keys->fails_at = 0;
    EXPECT_EQ(ids_of(options), (std::vector<std::string>{"a", "b"})) << n;
    if (!has_failed) return;
  }
}

}  // namespace
}  // namespace licet::log
