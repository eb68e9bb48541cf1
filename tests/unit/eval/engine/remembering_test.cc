// Decisions with a cache: what is remembered, what is not, and that reloading forgets it.
#include "eval/engine/remembering.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "lang/compile.h"

namespace licet {
namespace {

std::shared_ptr<const Program> program_of(const std::string& text) {
  Arena arena;
  const auto compilation =
      lang::compile({{"p.licet", "package p\n\n" + text}}, Value::object({}, arena));
  EXPECT_TRUE(compilation.program != nullptr)
      << (compilation.program ? "" : compilation.diagnostics.all().front().message);
  return compilation.program;
}

EngineOptions caching() {
  EngineOptions options;
  options.cache_bytes = std::size_t{1} << 20;
  options.cache_use = CacheUse::kAlways;
  return options;
}

// "permit a b | messages | controls | obligations", with a star if it was remembered.
std::string text_of(const Decision& decision) {
  std::string out(name_of(decision.cause()));
  for (const DeterminingRule& rule : decision.rules()) out += " " + rule.name;
  for (const std::string& message : decision.messages()) out += " '" + message + "'";
  for (const std::string& control : decision.controls()) out += " #" + control;
  for (const Obligation& obligation : decision.obligations()) {
    out += " " + obligation.key + "=";
    for (const std::string& value : obligation.values) out += value + ";";
  }
  return out + (decision.is_cached() ? " *" : "");
}

std::string counts(const Engine& engine) {
  const CacheStatistics s = engine.cache_statistics();
  return std::to_string(s.hits) + " hits, " + std::to_string(s.misses) + " misses, " +
         std::to_string(s.bypasses) + " bypasses, " + std::to_string(s.entries) + " entries";
}

TEST(Remembering, equal_values_of_what_is_read_are_decided_once) {
  const Engine engine(program_of("permit a if user.level > 3"), caching());
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"level": 5}})")), "permitted a");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"level": 5, "name": "x"}})")), "permitted a *");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"level": 5.0}, "more": 1})")), "permitted a *");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"level": 2}})")), "no_permit");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {}})")), "no_permit");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"level": 2}})")), "no_permit *");
  EXPECT_EQ(counts(engine), "3 hits, 3 misses, 0 bypasses, 3 entries");
}

TEST(Remembering, all_of_a_decision_is_remembered) {
  const Engine engine(program_of(R"(
permit a if user.x obliges {"log": user.name}
permit b if user.x because $"for {user.name}" controls {"c1", "c2"} obliges {"log": 1, "mask": true}
forbid c if user.y because "never" controls {"c3"})"),
                      caching());
  const char* const request = R"({"user": {"x": true, "y": false, "name": "ann"}})";
  const std::string first = text_of(engine.decide_json(request));
  EXPECT_EQ(first, "permitted a b 'for ann' #c1 #c2 log=1;\"ann\"; mask=true;");
  EXPECT_EQ(text_of(engine.decide_json(request)), first + " *");
  const char* const other = R"({"user": {"x": true, "y": true, "name": "ann"}})";
  EXPECT_EQ(text_of(engine.decide_json(other)), "forbidden c 'never' #c3");
  EXPECT_EQ(text_of(engine.decide_json(other)), "forbidden c 'never' #c3 *");
}

TEST(Remembering, rules_that_look_at_the_clock_run_each_time) {
  const Engine engine(program_of(R"(
permit a if user.x controls {"stable"}
permit late if { user.x; time.now_ns() >= 100 } controls {"late"}
forbid night if { user.y; time.now_ns() >= 200 } because "night"
forbid known if user.z because "known")"),
                      caching());
  const auto decide = [&](const char* user, std::int64_t now) {
    CallOptions options;
    options.now_ns = now;
    return text_of(engine.decide_json(std::string(R"({"user": )") + user + "}", options));
  };
  const char* const all = R"({"x": true, "y": true, "z": false})";
  EXPECT_EQ(decide(all, 50), "permitted a #stable");
  EXPECT_EQ(decide(all, 50), "permitted a #stable *");
  EXPECT_EQ(decide(all, 150), "permitted a late #late #stable *");
  EXPECT_EQ(decide(all, 250), "forbidden night 'night' *");
  const char* const known = R"({"x": true, "y": true, "z": true})";
  EXPECT_EQ(decide(known, 50), "forbidden known 'known'");
  EXPECT_EQ(decide(known, 250), "forbidden known night 'known' 'night' *");
  EXPECT_EQ(counts(engine), "4 hits, 2 misses, 0 bypasses, 2 entries");
}

TEST(Remembering, indeterminate_forbids_are_joined) {
  const Engine engine(program_of(R"(
permit a if user.x
forbid b if user.y
forbid c if { user.z; time.now_ns() > 100 })"),
                      caching());
  const auto decide = [&](const char* user) {
    CallOptions options;
    options.now_ns = 200;
    return text_of(engine.decide_json(std::string(R"({"user": )") + user + "}", options));
  };
  EXPECT_EQ(decide(R"({"x": true})"), "indeterminate b c");
  // What the stable rules read is the same.
  EXPECT_EQ(decide(R"({"x": true, "z": true})"), "forbidden c *");
  EXPECT_EQ(decide(R"({"x": true, "z": false})"), "indeterminate b *");
  EXPECT_EQ(decide(R"({"x": true, "y": true})"), "forbidden b");
  EXPECT_EQ(decide(R"({"x": true, "y": true, "z": true})"), "forbidden b c *");
  EXPECT_EQ(decide(R"({"x": true, "y": false, "z": false})"), "permitted a");
  EXPECT_EQ(decide(R"({"x": true, "y": false})"), "indeterminate c *");
}

TEST(Remembering, errors_are_not_remembered) {
  const Engine engine(program_of("permit a if to_number(user.n) > 3\npermit b if user.x"),
                      caching());
  for (int i = 0; i < 3; ++i) {
    const Decision decision = engine.decide_json(R"({"user": {"n": "many", "x": true}})");
    EXPECT_EQ(text_of(decision), "permitted b");
    EXPECT_EQ(decision.warnings().size(), 1);
  }
  EXPECT_EQ(counts(engine), "0 hits, 3 misses, 0 bypasses, 0 entries");
}

TEST(Remembering, a_request_that_does_not_fit_never_comes_to_the_cache) {
  const Engine engine(program_of("schema user { n: int }\npermit a if user.n > 3"), caching());
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"n": 5}})")), "permitted a");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"n": "5"}})")), "invalid_request");
  EXPECT_EQ(counts(engine), "0 hits, 1 misses, 0 bypasses, 1 entries");
}

TEST(Remembering, packages_are_kept_apart) {
  const Engine engine(program_of("permit a if user.x"), caching());
  CallOptions other;
  other.package = "q";
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"x": true}})")), "permitted a");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"x": true}})", other)), "no_permit");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"x": true}})", other)), "no_permit *");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"x": true}})")), "permitted a *");
}

TEST(Remembering, what_print_writes_and_what_is_too_large_goes_by) {
  const Engine engine(program_of("permit a if { print(user.x); user.x }"), caching());
  std::string printed;
  CallOptions options;
  options.printed = &printed;
  engine.decide_json(R"({"user": {"x": 1}})", options);
  engine.decide_json(R"({"user": {"x": 1}})", options);
  EXPECT_EQ(printed, "1\n1\n");
  const std::string large(20'000, 'x');
  engine.decide_json(R"({"user": {"x": ")" + large + "\"}}");
  EXPECT_EQ(counts(engine), "0 hits, 0 misses, 3 bypasses, 0 entries");
}

TEST(Remembering, without_memory_there_is_no_cache) {
  const Engine engine(program_of("permit a if user.x"));
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"x": true}})")), "permitted a");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"x": true}})")), "permitted a");
  EXPECT_EQ(counts(engine), "0 hits, 0 misses, 0 bypasses, 0 entries");
}

TEST(Remembering, another_program_remembers_nothing) {
  Engine engine(program_of("permit a if user.x"), caching());
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"x": true}})")), "permitted a");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"x": true}})")), "permitted a *");
  engine.swap(program_of("forbid a if user.x"));
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"x": true}})")), "forbidden a");
  EXPECT_EQ(text_of(engine.decide_json(R"({"user": {"x": true}})")), "forbidden a *");
  EXPECT_EQ(counts(engine), "2 hits, 2 misses, 0 bypasses, 1 entries");
}

// Of a reader that began after a swap, no decision is of an older program.
TEST(Remembering, readers_never_see_an_older_program_than_was_in_force) {
  constexpr int kPrograms = 40;
  std::vector<std::shared_ptr<const Program>> programs;
  for (int i = 0; i < kPrograms; ++i) {
    programs.push_back(program_of("permit p if user.x < 5 controls {\"" +
                                  std::string(i < 10 ? "0" : "") + std::to_string(i) + "\"}"));
  }
  Engine engine(programs[0], caching());
  std::atomic<int> in_force{0};
  std::atomic<int> older{0};
  std::atomic<std::uint64_t> decisions{0};
  const auto read = [&] {
    Request request(engine);
    const auto slot = engine.slot<std::int64_t>("user.x").value();
    for (std::int64_t x = 0; in_force.load() < kPrograms - 1; x = (x + 1) % 5) {
      const int before = in_force.load();
      request.reset().set(slot, x);
      const Decision decision = engine.decide(request);
      if (std::stoi(decision.controls().at(0)) < before) ++older;
      ++decisions;
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) readers.emplace_back(read);
  for (int i = 1; i < kPrograms; ++i) {
    const std::uint64_t seen = decisions.load();
    while (decisions.load() < seen + 50) std::this_thread::yield();
    engine.swap(programs[static_cast<std::size_t>(i)]);
    in_force.store(i);
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(older.load(), 0);
  const CacheStatistics statistics = engine.cache_statistics();
  EXPECT_EQ(statistics.hits + statistics.misses + statistics.bypasses, decisions.load());
  EXPECT_GT(statistics.hits, 0);
}

}  // namespace
}  // namespace licet
