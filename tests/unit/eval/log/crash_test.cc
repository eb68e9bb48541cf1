// P3 and P4: what was acknowledged survives a kill at any byte and a loss of power.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

using Call = MemoryFiles::Call;

bool wants_long_tests() { return std::getenv("LICET_LONG_TESTS") != nullptr; }

// After every write of the log: how many bytes its segment had, and which decisions were out.
struct History {
  std::shared_ptr<MemoryFiles> files;
  LogOptions options;
  std::vector<std::pair<std::size_t, std::size_t>> acknowledged;  // bytes, decisions
};

History write_history(int decisions) {
  History history;
  history.files = std::make_shared<MemoryFiles>();
  history.options = test_options(history.files);
  auto log = open_log(history.options);
  for (int i = 0; i < decisions; ++i) {
    EXPECT_EQ(log->append(test_plan(), packed_decision("d" + std::to_string(i))), std::nullopt);
    history.acknowledged.emplace_back(
        history.files->names.at("log/00000000000000000000.segment")->bytes.size(), i + 1);
  }
  // Killed: no checkpoint, no mark of the end.
  history.files = history.files->copy();
  history.options.files = history.files;
  return history;
}

TEST(Crash, a_log_cut_at_every_byte_keeps_all_that_was_acknowledged) {
  const History history = write_history(wants_long_tests() ? 40 : 6);
  const std::string name = "log/00000000000000000000.segment";
  const std::string whole = history.files->names.at(name)->bytes;
  auto at = history.acknowledged.begin();
  std::size_t expected = 0;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    while (at != history.acknowledged.end() && at->first <= size) expected = (at++)->second;
    LogOptions options = history.options;
    const auto files = history.files->copy();
    options.files = files;
    files->names[name]->bytes = whole.substr(0, size);
    const bool is_cut = size < whole.size() && files->names[name]->bytes.size() > 0;
    open_log(options);
    const std::vector<std::string> ids = ids_of(options);
    ASSERT_EQ(ids.size(), expected) << "cut at " << size;
    if (size % 97 != 0) continue;
    ASSERT_EQ(verify(options).verdict, Verdict::kUnanchored)
        << "cut at " << size << findings_text(verify(options));
    // The repair is an entry, unless the cut fell between two frames.
    const std::vector<std::string> entries = entries_of(options);
    const bool is_logged = std::any_of(entries.begin(), entries.end(), [](const auto& entry) {
      return entry.find("\"kind\":\"repair\"") != std::string::npos;
    });
    const bool is_between = std::any_of(history.acknowledged.begin(), history.acknowledged.end(),
                                        [&](const auto& known) { return known.first == size; });
    if (is_cut && expected > 0) {
      EXPECT_EQ(is_logged, !is_between) << size;
    }
  }
}

// The files of a disk; segments before the last one are shared, for nobody writes to them.
std::shared_ptr<MemoryFiles> with_own_last_segment(const MemoryFiles& files,
                                                   const std::string& last) {
  auto own = std::make_shared<MemoryFiles>();
  own->names = files.names;
  for (auto& [name, content] : own->names) {
    if (name == last || !name.ends_with(".segment")) {
      content = std::make_shared<MemoryFiles::Content>(*content);
    }
  }
  own->names_on_disk = own->names;
  return own;
}

// A log of a thousand entries, killed within the write of each of them.
TEST(Crash, a_thousand_entries_cut_within_each_write_keep_all_that_was_acknowledged) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = test_options(files);
  const auto log = open_log(options);
  const std::size_t step = wants_long_tests() ? 1 : 997;
  std::size_t cut = 0;  // of the bytes of each write; goes on from one to the next
  for (int i = 0; i < 1000; ++i) {
    if (i % 8 == 7) {
      ASSERT_EQ(log->rotate_segment(), std::nullopt);
    }
    std::string last;
    for (const auto& [name, content] : files->names) {
      if (name.ends_with(".segment")) last = name;
    }
    const std::string before = files->names.at(last)->bytes;
    const std::uint64_t acknowledged = log->stats().entries;
    ASSERT_EQ(log->append(test_plan(), packed_decision("d" + std::to_string(i))), std::nullopt);
    const std::string after = files->names.at(last)->bytes;
    for (; cut < after.size() - before.size(); cut += step) {
      const auto disk = with_own_last_segment(*files, last);
      disk->names.at(last)->bytes = after.substr(0, before.size() + cut);
      LogOptions again = options;
      again.files = disk;
      const auto reopened = open_log(again);
      // All that was acknowledged, the entry of the opening, and that of the repair.
      ASSERT_EQ(reopened->stats().entries, acknowledged + (cut == 0 ? 1 : 2)) << i << ", " << cut;
      if (cut % 19 != 0) continue;
      reopened->close();
      ASSERT_EQ(verify(again).verdict, Verdict::kUnanchored)
          << i << ", " << cut << findings_text(verify(again));
    }
    cut -= std::min(cut, after.size() - before.size());
  }
}

TEST(Crash, a_kill_at_any_call_or_within_any_write_keeps_all_that_was_acknowledged) {
  std::uint64_t random = 1;
  const std::uint64_t kills = wants_long_tests() ? 20'000 : 400;
  for (std::uint64_t kill = 0; kill < kills; ++kill) {
    const auto files = std::make_shared<MemoryFiles>();
    const LogOptions options = test_options(files);
    const std::uint64_t dies_at = 1 + random_number(random) % 60;
    std::size_t part = random_number(random) % 900;
    bool is_dead = false;
    files->intercept = [&](Call call, const std::string&) {
      if (is_dead) return MemoryFiles::Answer{EIO, 0};
      if (files->calls < dies_at) return MemoryFiles::Answer{};
      is_dead = true;
      return MemoryFiles::Answer{EIO, call == Call::kWrite ? part : 0};
    };
    std::vector<std::string> acknowledged;
    {
      auto log = DecisionLog::open(options);
      for (int i = 0; log && i < 12; ++i) {
        const std::string id = "d" + std::to_string(i);
        if (!log.value()->append(test_plan(), packed_decision(id))) acknowledged.push_back(id);
        if (i == 5) log.value()->rotate_segment();
      }
    }
    LogOptions after = options;
    const auto disk = files->copy();
    after.files = disk;
    if (!disk->names.contains("log/keys")) continue;
    open_log(after);
    const std::vector<std::string> ids = ids_of(after);
    for (const std::string& id : acknowledged) {
      ASSERT_NE(std::find(ids.begin(), ids.end(), id), ids.end())
          << id << ", killed at call " << dies_at << ", part " << part;
    }
    ASSERT_EQ(verify(after).verdict, Verdict::kUnanchored)
        << "killed at call " << dies_at << ", part " << part << findings_text(verify(after));
  }
}

TEST(Crash, after_power_loss_the_log_is_a_prefix_up_to_at_least_the_last_sync) {
  std::uint64_t random = 7;
  const std::uint64_t losses = wants_long_tests() ? 20'000 : 400;
  for (std::uint64_t loss = 0; loss < losses; ++loss) {
    const auto files = std::make_shared<MemoryFiles>();
    const LogOptions options = test_options(files);
    const std::uint64_t lost_at = 1 + random_number(random) % 70;
    std::shared_ptr<MemoryFiles> disk;
    std::vector<std::string> acknowledged;
    std::size_t known = 0;
    const auto is_written = [&] { return random_number(random) % 2 == 0; };
    files->intercept = [&](Call, const std::string&) {
      if (!disk && files->calls >= lost_at) {
        disk = files->after_power_loss(is_written);
        known = acknowledged.size();
      }
      return MemoryFiles::Answer{};
    };
    {
      auto log = open_log(options);
      for (int i = 0; i < 12; ++i) {
        const std::string id = "d" + std::to_string(i);
        if (!log->append(test_plan(), packed_decision(id))) acknowledged.push_back(id);
        if (i == 5) log->rotate_segment();
      }
    }
    if (!disk || !disk->names.contains("log/keys")) continue;
    LogOptions after = options;
    after.files = disk;
    auto log = DecisionLog::open(after);
    // Before the first sync of all there may be a folder without keys and without entries.
    if (!log) {
      ASSERT_EQ(known, 0U) << text_of(log.error()) << ", lost at call " << lost_at;
      continue;
    }
    log.value()->close();
    const std::vector<std::string> ids = ids_of(after);
    ASSERT_GE(ids.size(), known) << "lost at call " << lost_at;
    for (std::size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(ids[i], "d" + std::to_string(i));
    ASSERT_EQ(verify(after).verdict, Verdict::kUnanchored)
        << "lost at call " << lost_at << findings_text(verify(after));
  }
}

// A power loss while a key was made left a torn record, and the log was BROKEN from then on.
TEST(Crash, a_key_of_a_subject_that_was_cut_off_is_taken_away_and_that_is_logged) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogOptions options = test_options(files);
  {
    const auto log = open_log(options);
    for (const char* const user : {"ann", "bob"}) {
      EXPECT_EQ(log->append(test_plan(), packed_decision("d", user)), std::nullopt);
    }
  }
  std::string& keys = files->names.at("log/subjects")->bytes;
  const std::size_t whole = keys.size();
  keys += std::string(whole / 2, '\0');  // the size of one more reached the disk, its bytes did not
  EXPECT_EQ(verify(options).verdict, Verdict::kBroken);
  EXPECT_EQ(open_log(options)->close(), std::nullopt);
  EXPECT_EQ(files->names.at("log/subjects")->bytes.size(), whole);
  EXPECT_EQ(verify(options).verdict, Verdict::kUnanchored) << findings_text(verify(options));
  EXPECT_NE(entries_of(options).back().find(R"("segment":"subjects")"), std::string::npos);
  // One in the middle was no crash.
  keys[whole / 4] = static_cast<char>(keys[whole / 4] ^ 1);
  EXPECT_EQ(open_log(options)->close(), std::nullopt);
  EXPECT_EQ(verify(options).verdict, Verdict::kBroken);
}

TEST(Crash, damage_in_the_middle_is_not_taken_for_a_crash) {
  const History history = write_history(20);
  const std::string name = "log/00000000000000000000.segment";
  std::string& bytes = history.files->names.at(name)->bytes;
  bytes[bytes.size() / 2] ^= 1;
  const auto log = DecisionLog::open(history.options);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, LogErrorCode::kDamaged);
  EXPECT_NE(log.error().message.find("at byte"), std::string::npos);
}

}  // namespace
}  // namespace licet::log
