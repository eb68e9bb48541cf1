// Who owns what a decision was made with: what eval/decision_source.h says of it.
#include "eval/decision_source.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "eval/engine.h"
#include "tests/unit/eval/program_builder.h"

namespace licet {
namespace {

using test::ProgramBuilder;

class SharedSources : public testing::Test {
 protected:
  SharedSources() {
    std::shared_ptr<const Program> program = std::make_shared<const Program>();
    program_ = program;
    source_ = SharedSource({.program = std::move(program), .engine = {1, 2}});
  }
  bool is_alive() const { return !program_.expired(); }

  std::weak_ptr<const Program> program_;
  SharedSource source_;
};

TEST_F(SharedSources, live_as_long_as_an_owner_in_any_order) {
  std::vector<SharedSource> owners(5, source_);
  owners[4] = SharedSource::often(source_);
  SharedSource moved = std::move(source_);
  EXPECT_FALSE(source_);  // NOLINT: what a move leaves behind
  EXPECT_TRUE(moved);
  EXPECT_EQ(moved->engine[1], 2U);
  moved = owners[3];
  owners.erase(owners.begin(), owners.begin() + 4);
  moved = SharedSource();
  EXPECT_TRUE(is_alive());
  owners.back().leave_thread();
  EXPECT_TRUE(is_alive());
  owners.clear();
  EXPECT_FALSE(is_alive());
}

TEST_F(SharedSources, are_kept_by_a_thread_until_it_turns_to_another_one) {
  std::optional<SharedSource> owner = SharedSource::often(source_);
  source_ = SharedSource();
  owner.reset();
  EXPECT_TRUE(is_alive());
  const SharedSource other({.program = nullptr, .engine = {}});
  const SharedSource copy = other;
  EXPECT_TRUE(is_alive());
  const SharedSource wanted_often = SharedSource::often(other);
  EXPECT_FALSE(is_alive());
  other.leave_thread();
}

TEST_F(SharedSources, are_given_back_when_a_thread_ends) {
  std::optional<SharedSource> made;
  std::thread([&] {
    for (int i = 0; i < 10; ++i) made = SharedSource::often(source_);
  }).join();
  source_ = SharedSource();
  EXPECT_TRUE(is_alive());
  std::thread([&] { made.reset(); }).join();
  EXPECT_FALSE(is_alive());
}

TEST_F(SharedSources, can_be_destroyed_by_what_ends_after_its_thread_has_given_back) {
  struct AtTheEnd {
    std::optional<SharedSource> source;
    ~AtTheEnd() {
      if (source) const SharedSource last = SharedSource::often(*source);
    }
  };
  std::thread([&] {
    thread_local AtTheEnd end;  // made before the thread has shares, so destroyed after them
    end.source.reset();
    end.source = SharedSource::often(source_);
  }).join();
  source_ = SharedSource();
  EXPECT_FALSE(is_alive());
}

TEST_F(SharedSources, come_and_go_in_many_threads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([mine = source_] {
      const SharedSource other({.program = nullptr, .engine = {}});
      std::vector<SharedSource> kept;
      for (int i = 0; i < 2000; ++i) {
        kept.push_back(i % 7 == 0 ? mine : SharedSource::often(i % 3 == 0 ? other : mine));
        if (i % 5 == 0) kept.erase(kept.begin());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  source_.leave_thread();
  source_ = SharedSource();
  EXPECT_FALSE(is_alive());
}

// A thread that keeps what it does not use any more would keep a policy.
TEST(Decision, is_all_that_keeps_a_program_whose_engine_has_gone) {
  ProgramBuilder builder;
  auto engine = std::make_optional<Engine>(builder.finish());
  const std::weak_ptr<const Program> watched = engine->program();
  auto request = std::make_optional<Request>(*engine);
  auto decision = std::make_optional<Decision>(engine->decide(*request));
  request.reset();
  engine.reset();
  auto copy = std::make_optional<Decision>(*decision);
  decision.reset();
  EXPECT_FALSE(watched.expired());
  copy.reset();
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace licet
