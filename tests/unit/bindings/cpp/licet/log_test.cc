// The log as serving code uses it: decide and log in one call.
#include "licet/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "eval/builder.h"
#include "eval/value_json.h"
#include "licet/licet.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet {
namespace {

using log::MemoryFiles;

Engine engine_of(const std::string& policy, const EngineOptions& options = {}) {
  LoadOptions load_options;
  load_options.engine = options;
  auto loaded = load_texts({{"p.licet", policy}}, {}, load_options);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().text);
  return Engine(loaded->program, options);
}

LogSettings settings_of(const std::shared_ptr<MemoryFiles>& files, log::Mode mode) {
  LogSettings settings;
  settings.log = log::test_options(files);
  settings.log.mode = mode;
  return settings;
}

std::unique_ptr<Log> open_log(const LogSettings& settings) {
  auto log = Log::open(settings);
  EXPECT_TRUE(log) << (log ? "" : log::text_of(log.error()));
  return std::move(log).value();
}

// The entries of kind `decision` as values.
std::vector<Value> decisions_in(const LogSettings& settings, Arena& arena) {
  std::vector<Value> decisions;
  for (const std::string& text : log::entries_of(settings.log)) {
    const auto entry = value_from_json(text, arena);
    EXPECT_TRUE(entry) << text;
    if (entry && entry.value().get("kind").as_string() == "decision") {
      decisions.push_back(entry.value());
    }
  }
  return decisions;
}

std::string read_of(const Value& entry) { return json_from_value(entry.get("read")); }

// --- what an entry says --------------------------------------------------------------------------

struct Case {
  const char* name;
  const char* policy;
  const char* read;  // of a decision about kRequest
};

constexpr const char* kRequest =
    R"({"user":{"id":"ann","roles":["a rather long name of a role","intern"]},)"
    R"("model":{"stage":"staging"},"request":{"hour":7,"rate":1.5}})";

constexpr Case kCases[] = {
    {"plain", R"(package p
permit a if { "intern" in user.roles; model.stage == "staging"; request.hour > 6; request.rate < 2 })",
     R"({"model.stage":"staging","request.hour":7,"request.rate":1.5,"user.id":"ann",)"
     R"("user.roles":["a rather long name of a role","intern"]})"},
    {"subject_is_read", "package p\npermit a if user.id == \"ann\"", R"({"user.id":"ann"})"},
    {"missing_attribute", "package p\npermit a if user.name == \"ann\"", R"({"user.id":"ann"})"},
    {"overlap", "package p\npermit a if { count(user) > 1; \"intern\" in user.roles }",
     R"({"user":{"id":"ann","roles":["a rather long name of a role","intern"]},"user.id":"ann"})"},
    {"position", "package p\npermit a if user.roles[1] == \"intern\"",
     R"({"user.id":"ann","user.roles":["a rather long name of a role","intern"]})"},
    {"whole", "package p\npermit a if count(input) == 3",
     R"({"input":{"model":{"stage":"staging"},"request":{"hour":7,"rate":1.5},)"
     R"("user":{"id":"ann","roles":["a rather long name of a role","intern"]}},"user.id":"ann"})"},
    {"schema", R"(package p
schema user { id: string, roles: list[string] }
schema model { stage: string }
schema request { hour: int, rate: number }
permit a if request.hour == 7)",
     R"({"request.hour":7,"user.id":"ann"})"},
    {"masks", R"(package p
schema user { id: string @token, roles: list[string] @redact }
schema model { stage: string }
schema request { hour: int, rate: number }
permit a if "intern" in user.roles)",
     nullptr},
};

class Filled : public testing::TestWithParam<std::tuple<Case, log::Mode>> {};

void set_all(Engine& engine, Request& request) {
  const std::string_view roles[] = {"a rather long name of a role", "intern"};
  request.set(engine.slot<std::string_view>("user.id").value(), "ann")
      .set(engine.slot<StringList>("user.roles").value(), StringList(roles))
      .set(engine.slot<std::string_view>("model.stage").value(), "staging")
      .set(engine.slot<std::int64_t>("request.hour").value(), 7)
      .set(engine.slot<double>("request.rate").value(), 1.5);
}

// As a struct of the caller's, with what structs have no member for set beside it.
void lend_all(Engine& engine, Log& log, Request& request) {
  struct Call {
    Symbol id;
    SymbolList roles;
    std::string_view stage;
    std::int64_t hour;
  };
  const Symbol roles[] = {engine.symbol("a rather long name of a role"), engine.symbol("intern")};
  const Call call{engine.symbol("ann"), roles, "staging", 7};
  const auto binding =
      engine.bind(Member{"user.id", &Call::id}, Member{"user.roles", &Call::roles},
                  Member{"model.stage", &Call::stage}, Member{"request.hour", &Call::hour});
  request.reset().lend(binding.value(), call);
  request.set(engine.slot<double>("request.rate").value(), 1.5);
  log.decide(engine, request);
}

TEST_P(Filled, an_entry_says_the_same_however_the_request_was_filled) {
  const auto& [wanted, mode] = GetParam();
  const auto files = std::make_shared<MemoryFiles>();
  const LogSettings settings = settings_of(files, mode);
  Engine engine = engine_of(wanted.policy);
  {
    const auto log = open_log(settings);
    Request request(engine);
    const auto decide = [&] {
      const Decision decision = log->decide(engine, request);
      EXPECT_EQ(decision.cause() == Cause::kError, false) << decision.error();
    };
    set_all(engine, request);
    decide();
    for (int i = 0; i < 3; ++i) {  // later ones are read along a frame
      EXPECT_TRUE(request.parse(kRequest));
      decide();
    }
    request.reset();
    EXPECT_TRUE(request.set_document(value_from_json(kRequest, request.arena()).value()));
    decide();
    lend_all(engine, *log, request);
    // Of another engine: brings its attributes only.
    const Engine other = engine_of(wanted.policy);
    Request foreign(other);
    EXPECT_TRUE(foreign.parse(kRequest));
    log->decide(engine, foreign);
    EXPECT_EQ(log->entries().close(), std::nullopt);
  }
  Arena arena;
  const std::vector<Value> entries = decisions_in(settings, arena);
  ASSERT_EQ(entries.size(), 7U);
  for (const Value& entry : entries) {
    EXPECT_EQ(read_of(entry), wanted.read ? wanted.read : read_of(entries[0]));
    EXPECT_TRUE(entry.get("subject").is_string());
    EXPECT_EQ(json_from_value(entry.get("rules")), json_from_value(entries[0].get("rules")));
  }
  if (wanted.read == nullptr) {
    EXPECT_EQ(read_of(entries[0]).find("ann"), std::string::npos) << read_of(entries[0]);
    EXPECT_EQ(read_of(entries[0]).find("intern"), std::string::npos) << read_of(entries[0]);
  }
}

INSTANTIATE_TEST_SUITE_P(Log, Filled,
                         testing::Combine(testing::ValuesIn(kCases),
                                          testing::Values(log::Mode::kDurable, log::Mode::kAsync)),
                         [](const auto& one) {
                           const bool is_async = std::get<1>(one.param) == log::Mode::kAsync;
                           return std::string(std::get<0>(one.param).name) +
                                  (is_async ? "_async" : "_durable");
                         });

// Texts of all lengths around what is copied at once, with what JSON escapes and what is not ASCII.
std::string odd_text(std::uint64_t& random) {
  constexpr const char* kPieces[] = {"a",    "bc", "\"", "\\", "\n", "\x1f",
                                     "\x7f", "/",  "é",  "€",  "𝄞"};
  std::string text;
  const bool is_plain = log::random_number(random) % 2 == 0;
  for (auto left = log::random_number(random) % 36; left > 0; --left) {
    text += is_plain ? "x" : kPieces[log::random_number(random) % std::size(kPieces)];
  }
  return text;
}

TEST(Log, an_entry_shows_the_canonical_json_of_every_value_however_it_came) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogSettings settings = settings_of(files, log::Mode::kAsync);
  const Engine engine = engine_of(
      "package p\npermit a if { user.name == \"\"; count(user.roles) > 0; user.age > 0; user.mfa "
      "}");
  const auto group = engine
                         .slots<std::string_view, StringList, std::int64_t, bool>(
                             {"user.name", "user.roles", "user.age", "user.mfa"})
                         .value();
  constexpr std::int64_t kNumbers[] = {
      0, 9, -1, 255, 256, 9007199254740992, 9007199254740993, INT64_MAX, INT64_MIN};
  std::vector<std::string> wanted;
  {
    const auto log = open_log(settings);
    Request lent(engine);
    Request of_symbols(engine);
    Request read(engine);
    const auto name_slot = engine.slot<std::string_view>("user.name").value();
    const auto roles_slot = engine.slot<StringList>("user.roles").value();
    const auto age_slot = engine.slot<std::int64_t>("user.age").value();
    const auto mfa_slot = engine.slot<bool>("user.mfa").value();
    std::uint64_t random = 7;
    for (std::size_t i = 0; i < 1500; ++i) {
      const std::string name = odd_text(random);
      std::vector<std::string> roles(i % 97 == 0 ? 4000 : log::random_number(random) % 5);
      for (std::string& role : roles) role = roles.size() > 5 ? "r" : odd_text(random);
      const std::vector<std::string_view> views(roles.begin(), roles.end());
      const std::int64_t age = kNumbers[i % std::size(kNumbers)];
      Arena arena;
      ArrayBuilder array(arena);
      for (const std::string& role : roles) array.add(Value::string(role, arena));
      ObjectBuilder user(arena);
      user.add("age", Value::integer(age));
      user.add("mfa", Value::boolean(i % 2 == 0));
      user.add("name", Value::string(name, arena));
      user.add("roles", array.array());
      const Value value = user.object();
      wanted.push_back("\"read\":{");
      for (const char* const key : {"age", "mfa", "name", "roles"}) {
        wanted.back() += (wanted.back().back() == '{' ? "\"user." : ",\"user.") + std::string(key) +
                         "\":" + log::canonical_json(value.get(key));
      }
      wanted.back() += "},\"revision\"";
      lent.lend(group, name, StringList(views), age, i % 2 == 0);
      log->decide(engine, lent);
      std::vector<Symbol> symbols;
      for (const std::string& role : roles) symbols.push_back(engine.symbol(role));
      of_symbols.reset();
      of_symbols.lend(name_slot, engine.symbol(name)).lend(roles_slot, SymbolList(symbols));
      of_symbols.set(age_slot, age).set(mfa_slot, i % 2 == 0);
      log->decide(engine, of_symbols);
      EXPECT_TRUE(read.parse(R"({"user":)" + json_from_value(value) + "}"));
      log->decide(engine, read);
    }
  }
  std::vector<std::string> texts = log::entries_of(settings.log);
  std::erase_if(texts, [](const std::string& text) {
    return text.find("\"kind\":\"decision\"") == std::string::npos;
  });
  ASSERT_EQ(texts.size(), 3 * wanted.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_NE(texts[i].find(wanted[i / 3]), std::string::npos) << texts[i] << wanted[i / 3];
  }
}

// Of which nothing was in its cell when the graph decided.
TEST(Log, a_struct_that_was_lent_is_logged_as_what_was_set) {
  struct Call {
    Symbol id;
    SymbolList roles;
    std::string_view stage;
  };
  const auto files = std::make_shared<MemoryFiles>();
  const LogSettings settings = settings_of(files, log::Mode::kDurable);
  const Engine engine =
      engine_of("package p\npermit a if { \"intern\" in user.roles; model.stage == \"staging\" }");
  {
    const auto log = open_log(settings);
    const Symbol roles[] = {engine.symbol("intern")};
    const Call call{engine.symbol("ann"), roles, "staging"};
    const auto binding =
        engine.bind(Member{"user.id", &Call::id}, Member{"user.roles", &Call::roles},
                    Member{"model.stage", &Call::stage});
    Request request(engine);
    EXPECT_TRUE(log->decide(engine, request.lend(binding.value(), call)));
    EXPECT_EQ(log->entries().close(), std::nullopt);
  }
  Arena arena;
  const std::vector<Value> entries = decisions_in(settings, arena);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(read_of(entries[0]),
            R"({"model.stage":"staging","user.id":"ann","user.roles":["intern"]})");
}

TEST(Log, of_a_long_request_only_what_is_logged_is_queued) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogSettings settings = settings_of(files, log::Mode::kAsync);
  const Engine engine = engine_of("package p\npermit a if model.id == \"m\"");
  {
    const auto log = open_log(settings);
    Request request(engine);
    const std::string rest(100'000, 'x');
    EXPECT_TRUE(
        request.parse(R"({"model":{"id":"m"},"user":{"id":"ann"},"rest":")" + rest + "\"}"));
    EXPECT_TRUE(log->decide(engine, request));
    EXPECT_LT(log->entries().stats().queued_bytes, 1000U);
    // A key with an escape: what it stands for is not seen in the text.
    EXPECT_TRUE(request.parse(R"({"model":{"id":"m"},"us\u0065r":{"id":"bob"}})"));
    EXPECT_TRUE(log->decide(engine, request));
  }
  Arena arena;
  const std::vector<Value> entries = decisions_in(settings, arena);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(read_of(entries[0]), R"({"model.id":"m","user.id":"ann"})");
  EXPECT_EQ(read_of(entries[1]), R"({"model.id":"m","user.id":"bob"})");
}

TEST(Log, attributes_that_no_policy_reads_are_logged_if_asked_for) {
  const auto files = std::make_shared<MemoryFiles>();
  LogSettings settings = settings_of(files, log::Mode::kAsync);
  settings.also = {"user.group", "model"};
  settings.encrypt = {"user.group"};
  const Engine engine = engine_of("package p\npermit a if model.id == \"m\"");
  {
    const auto log = open_log(settings);
    Request request(engine);
    EXPECT_TRUE(request.parse(R"({"model":{"id":"m","v":2},"user":{"id":"ann","group":"f"}})"));
    EXPECT_TRUE(log->decide(engine, request));
  }
  Arena arena;
  const std::vector<Value> entries = decisions_in(settings, arena);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(json_from_value(entries[0].get("read").get("model")), R"({"id":"m","v":2})");
  EXPECT_TRUE(entries[0].get("read").get("user.group").get("$encrypted").is_string());
}

// --- P17 -----------------------------------------------------------------------------------------

class HitRate : public testing::TestWithParam<int> {};

TEST_P(HitRate, a_cached_decision_is_logged_like_a_fresh_one_and_says_so) {
  const int percent = GetParam();
  constexpr int kDecisions = 4000;
  const auto files = std::make_shared<MemoryFiles>();
  const LogSettings settings = settings_of(files, log::Mode::kAsync);
  EngineOptions options;
  options.cache_bytes = std::size_t{64} << 20;
  options.cache_use = CacheUse::kAlways;
  const Engine engine = engine_of(R"(package p
permit a if { regex.match("^m[0-9]+$", model.id); count(user.roles) > 0 }
forbid b if { endswith(model.id, "7"); "intern" in user.roles })",
                                  options);
  // Of 100 decisions, 100 - percent are about a model that was not asked for before.
  int fresh = 0;
  std::vector<bool> was_cached;
  std::vector<std::string> effects;
  {
    const auto log = open_log(settings);
    Request request(engine);
    for (int i = 0; i < kDecisions; ++i) {
      if (i == 0 || i % 100 >= percent) ++fresh;
      EXPECT_TRUE(request.parse(R"({"user":{"id":"u","roles":["intern"]},"model":{"id":"m)" +
                                std::to_string(fresh) + "\"}}"));
      const Decision decision = log->decide(engine, request);
      was_cached.push_back(decision.is_cached());
      effects.emplace_back(name_of(decision.effect()));
    }
  }
  const auto hits = std::count(was_cached.begin(), was_cached.end(), true);
  EXPECT_EQ(hits, kDecisions - fresh);
  Arena arena;
  const std::vector<Value> entries = decisions_in(settings, arena);
  ASSERT_EQ(entries.size(), static_cast<std::size_t>(kDecisions));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    ASSERT_EQ(entries[i].get("cached").as_bool(), was_cached[i]) << i;
    ASSERT_EQ(entries[i].get("effect").as_string(), effects[i]) << i;
    ASSERT_EQ(entries[i].get("read").size(), 3U) << i;
    ASSERT_EQ(entries[i].get("rules").size(), 1U) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Percent, HitRate, testing::Values(0, 50, 99));

// --- what cannot be logged
// -------------------------------------------------------------------------

constexpr const char* kPersonal = "package p\npermit a if user.sex != \"x\"";

Decision decide_once(Log& log, const Engine& engine, const std::string& json) {
  Request request(engine);
  EXPECT_TRUE(request.parse(json));
  return log.decide(engine, request);
}

class Unlogged : public testing::TestWithParam<log::Mode> {};

TEST_P(Unlogged, a_value_that_cannot_be_hidden_denies_before_the_decision_is_out) {
  const auto files = std::make_shared<MemoryFiles>();
  LogSettings settings = settings_of(files, GetParam());
  settings.encrypt = {"user.sex"};
  const Engine engine = engine_of(kPersonal);
  const std::string ann = R"({"user":{"id":"ann","sex":"f"}})";
  {
    const auto log = open_log(settings);
    {
      const std::lock_guard lock(files->mutex);
      files->intercept = [](MemoryFiles::Call call, const std::string& path) {
        const bool fails = call == MemoryFiles::Call::kWrite && path == "log/subjects";
        return MemoryFiles::Answer{fails ? ENOSPC : 0, SIZE_MAX};
      };
    }
    const Decision denied = decide_once(*log, engine, ann);
    EXPECT_EQ(denied.cause(), Cause::kError);
    EXPECT_NE(denied.error().find("could not be logged: log_full"), std::string::npos)
        << denied.error();
    EXPECT_TRUE(denied.rules().empty());
    {
      const std::lock_guard lock(files->mutex);
      files->intercept = nullptr;
    }
    EXPECT_TRUE(decide_once(*log, engine, ann));
    EXPECT_EQ(log->entries().close(), std::nullopt);
    EXPECT_EQ(log->entries().stats().refused, 1U);
  }
  Arena arena;
  EXPECT_EQ(decisions_in(settings, arena).size(), 1U);
}

TEST_P(Unlogged, an_entry_that_is_too_large_denies_before_the_decision_is_out) {
  const auto files = std::make_shared<MemoryFiles>();
  const LogSettings settings = settings_of(files, GetParam());
  const Engine engine = engine_of("package p\npermit b if count(user.name) > 0");
  const auto request_of = [](std::size_t letters) {
    return R"({"user":{"id":"ann","name":")" + std::string(letters, 'n') + "\"}}";
  };
  {
    const auto log = open_log(settings);
    for (const std::size_t letters : {10'000U, 30'000U, 64'000U}) {
      EXPECT_TRUE(decide_once(*log, engine, request_of(letters))) << letters;
    }
    const Decision denied = decide_once(*log, engine, request_of(70'000));
    EXPECT_EQ(denied.cause(), Cause::kError);
    EXPECT_NE(denied.error().find("log_entry_too_large"), std::string::npos) << denied.error();
    EXPECT_EQ(log->entries().close(), std::nullopt);
    const Decision late = decide_once(*log, engine, request_of(1));
    EXPECT_NE(late.error().find("log_closed"), std::string::npos) << late.error();
  }
  Arena arena;
  EXPECT_EQ(decisions_in(settings, arena).size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(Modes, Unlogged, testing::Values(log::Mode::kDurable, log::Mode::kAsync));

TEST(Log, decisions_of_many_threads_are_all_there_and_those_of_one_in_order) {
  const auto files = std::make_shared<MemoryFiles>();
  LogSettings settings = settings_of(files, log::Mode::kAsync);
  settings.log.queue_bytes = 20'000;
  const Engine engine = engine_of("package p\npermit a if request.number >= 0");
  constexpr int kThreads = 6;
  constexpr int kEach = 2000;
  {
    const auto log = open_log(settings);
    std::vector<std::thread> threads;
    std::atomic<int> permitted{0};
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        Request request(engine);
        const auto user = engine.slot<std::string_view>("user.id").value();
        const auto number = engine.slot<std::int64_t>("request.number").value();
        for (int i = 0; i < kEach; ++i) {
          request.reset().set(user, std::to_string(t)).set(number, i);
          if (log->decide(engine, request)) ++permitted;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(permitted, kThreads * kEach);
  }
  Arena arena;
  const std::vector<Value> entries = decisions_in(settings, arena);
  ASSERT_EQ(entries.size(), static_cast<std::size_t>(kThreads * kEach));
  std::map<std::string, std::int64_t> next;
  for (const Value& entry : entries) {
    const Value read = entry.get("read");
    ASSERT_EQ(read.get("request.number").as_int64(),
              next[std::string(read.get("user.id").as_string())]++);
  }
}

TEST(Log, entries_name_the_program_that_decided_across_reloads_and_logs) {
  const auto files = std::make_shared<MemoryFiles>();
  const auto other_files = std::make_shared<MemoryFiles>();
  const LogSettings settings = settings_of(files, log::Mode::kAsync);
  const LogSettings other_settings = settings_of(other_files, log::Mode::kDurable);
  Engine engine = engine_of("package p\npermit first if user.id == \"ann\"");
  const Engine next = engine_of("package p\npermit second if user.id == \"ann\"");
  const std::string first_revision(engine.program()->revision);
  {
    const auto log = open_log(settings);
    const auto other = open_log(other_settings);
    Request request(engine);
    for (int i = 0; i < 4; ++i) {
      if (i == 2) engine.swap(next.program());
      EXPECT_TRUE(request.parse(R"({"user":{"id":"ann"}})"));
      EXPECT_TRUE(log->decide(engine, request));
      EXPECT_TRUE(other->decide(engine, request));
    }
  }
  for (const LogSettings& one : {settings, other_settings}) {
    Arena arena;
    const std::vector<Value> entries = decisions_in(one, arena);
    ASSERT_EQ(entries.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(entries[i].get("revision").as_string() == first_revision, i < 2);
      EXPECT_EQ(json_from_value(entries[i].get("rules")),
                i < 2 ? R"(["p.first"])" : R"(["p.second"])");
    }
  }
}

}  // namespace
}  // namespace licet
