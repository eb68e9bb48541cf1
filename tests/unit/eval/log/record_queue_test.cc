#include "eval/log/record_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "eval/builder.h"
#include "eval/log/entry.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

TEST(RecordQueue, what_came_later_on_another_thread_comes_later) {
  RecordQueue queue(1 << 20);
  RecordQueue::Taken taken;
  std::vector<std::string> seen;
  std::uint64_t random = 5;
  const auto take = [&] {
    queue.take(taken);
    std::uint64_t count = 0;
    for (; !taken.at_end(); taken.pop(), ++count) {
      seen.emplace_back(taken.front().bytes);
      queue.give_back(taken.front().queued_bytes());
    }
    EXPECT_EQ(count, taken.record_count());
  };
  for (int i = 0; i < 300; ++i) {
    // A thread of its own each time: they go round the shards.
    std::thread([&] { queue.add(nullptr, std::to_string(i)); }).join();
    if (random_number(random) % 7 == 0) take();
  }
  take();
  ASSERT_EQ(seen.size(), 300U);
  for (int i = 0; i < 300; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], std::to_string(i));
  EXPECT_EQ(queue.byte_count(), 0U);
}

TEST(RecordQueue, is_bounded_and_adds_nothing_after_close) {
  RecordQueue queue(1000);
  const std::string record(84, 'r');  // 100 bytes with its head
  for (int i = 0; i < 10; ++i) EXPECT_EQ(queue.add(nullptr, record), RecordQueue::Added::kYes);
  EXPECT_EQ(queue.add(nullptr, ""), RecordQueue::Added::kFull);
  EXPECT_FALSE(queue.has_room(0));
  EXPECT_FALSE(queue.can_hold(1000));
  RecordQueue::Taken taken;
  queue.take(taken);
  EXPECT_EQ(queue.add(nullptr, ""), RecordQueue::Added::kFull) << "what was taken is in memory yet";
  queue.give_back(taken.byte_count());
  EXPECT_EQ(queue.add(nullptr, record), RecordQueue::Added::kYes);
  queue.close();
  EXPECT_EQ(queue.add(nullptr, record), RecordQueue::Added::kClosed);
  EXPECT_EQ(queue.byte_count(), 100U);
}

// Values that take many letters for few bytes.
Value dense_value(std::uint64_t& random, Arena& arena, int depth) {
  const auto pick = [&](std::uint64_t count) { return random_number(random) % count; };
  switch (depth > 3 ? pick(5) : pick(7)) {
    case 0:
      return Value::null();
    case 1:
      return Value::boolean(pick(2) == 0);
    case 2:
      return Value::integer(pick(2) == 0 ? static_cast<std::int64_t>(random_number(random))
                                         : static_cast<std::int64_t>(pick(10)));
    case 3:
      return Value::string(std::string(pick(30), '\1'), arena);
    case 4:
      return Value::string(std::string(pick(3), 'a'), arena);
    case 5: {
      ArrayBuilder array(arena);
      for (auto count = pick(12); count > 0; --count) {
        array.add(dense_value(random, arena, depth + 1));
      }
      return array.array();
    }
    default: {
      ObjectBuilder object(arena);
      for (auto count = pick(6); count > 0; --count) {
        object.add(std::string(count, '\2'), dense_value(random, arena, depth + 1));
      }
      return object.object();
    }
  }
}

MaskTree some_mask(std::uint64_t& random, int depth) {
  MaskTree tree;
  const auto pick = random_number(random) % (depth > 2 ? 2 : 4);
  constexpr Mask kMasks[] = {Mask::kToken, Mask::kRedact, Mask::kEncrypt};
  if (pick == 1) tree.mask = kMasks[random_number(random) % 3];
  if (pick == 2) tree.elements = std::make_unique<MaskTree>(some_mask(random, depth + 1));
  if (pick == 3) tree.fields["\2"] = some_mask(random, depth + 1);
  return tree;
}

// What is_harmless rests on: no entry is longer than the plan says beforehand.
TEST(ReadPlan, knows_how_long_an_entry_can_be) {
  const auto files = std::make_shared<MemoryFiles>();
  files->make_folder("log");
  const auto vault = Vault::open(files, "log", test_keys(), "o", Vault::IfMissing::kMake).value();
  std::uint64_t random = 11;
  double tightest = 0;
  for (int i = 0; i < 3000; ++i) {
    Arena arena;
    ReadPlan plan;
    plan.revision = std::string(random_number(random) % 80, 'r');
    plan.rules = {std::string(random_number(random) % 200, '\3'), "p.b"};
    plan.paths.emplace_back().text = "user.id";
    plan.subject = 0;
    for (int p = 0; p < 3; ++p) {
      ReadPath& path = plan.paths.emplace_back();
      path.text = "a." + std::string(static_cast<std::size_t>(p), '\4');
      if (i % 2 == 0) path.mask = some_mask(random, 0);
    }
    plan.settle();
    RecordBuffer record;
    DecisionPacker packer(record);
    packer.head(
        {.id_text = "d", .seed = random, .error = std::string(i % 5, 'a'), .trace_id = "t"});
    for (auto count = random_number(random) % 9; count > 0; --count) packer.add_rule(count % 2);
    for (auto count = random_number(random) % 4; count > 0; --count) {
      packer.add_message(std::string(random_number(random) % 20, 'a'));
      packer.add_obligation("a", R"({"a":["a","aa"]})");
    }
    packer.add_read(0, Value::string("a", arena));
    for (std::uint32_t p = 1; p < 4; ++p) packer.add_read(p, dense_value(random, arena, 0));
    RecordBuffer entry;
    append_decision_entry(plan, record.bytes(), *vault, entry);
    const std::size_t bound = plan.fixed_bytes + plan.bytes_per_byte * record.size();
    ASSERT_LE(entry.size(), bound) << entry.bytes();
    tightest = std::max(tightest, static_cast<double>(entry.size()) / static_cast<double>(bound));
    if (!plan.is_encrypting) {
      ASSERT_TRUE(plan.is_harmless(record.size(), bound));
      ASSERT_FALSE(plan.is_harmless(record.size(), bound - plan.bytes_per_byte));
    }
  }
  EXPECT_GT(tightest, 0.2) << "the trials are far from the bound";
}

}  // namespace
}  // namespace licet::log
