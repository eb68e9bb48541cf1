// A serving loop in C++: several threads decide about requests with typed slots while the policies
// change under them, and every decision is on disk before it is acted upon.
//
// usage: serve OPEN_POLICY STRICT_POLICY LOG_FOLDER KEYS
//        KEYS: where the key of the log is, as `env:LICET_LOG_KEY` or `file:log.key`
#include <licet/licet.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t kThreads = 4;
constexpr std::int64_t kRequestsOfAThread = 2'000;
constexpr int kReloads = 20;

// Handles of the attributes that this program sets; checked against the schema, once.
struct Slots {
  licet::Slot<std::string_view> id;
  licet::Slot<std::string_view> department;
  licet::Slot<licet::StringList> roles;
  licet::Slot<std::string_view> action;
  licet::Slot<std::int64_t> rows;
};

template <class T>
licet::Slot<T> slot_or_exit(const licet::Engine& engine, std::string_view path) {
  auto slot = engine.slot<T>(path);
  if (slot) return std::move(slot).value();
  std::fprintf(stderr, "error: %s\n", slot.error().message.c_str());
  std::exit(2);
}

Slots slots_of(const licet::Engine& engine) {
  return {.id = slot_or_exit<std::string_view>(engine, "user.id"),
          .department = slot_or_exit<std::string_view>(engine, "user.department"),
          .roles = slot_or_exit<licet::StringList>(engine, "user.roles"),
          .action = slot_or_exit<std::string_view>(engine, "request.action"),
          .rows = slot_or_exit<std::int64_t>(engine, "request.rows")};
}

struct Counts {
  std::atomic<std::int64_t> permitted{0};
  std::atomic<std::int64_t> denied{0};
  std::atomic<std::int64_t> wrong{0};
  std::atomic<std::int64_t> unlogged{0};
};

// What both policies agree on; between 100 and 1000 rows they do not.
void check(const licet::Decision& decision, bool is_intern, std::int64_t rows, Counts& counts) {
  const bool is_permit = static_cast<bool>(decision);
  ++(is_permit ? counts.permitted : counts.denied);
  const bool must_deny = is_intern || rows > 1000;
  const bool must_permit = !is_intern && rows <= 100;
  if ((must_deny && is_permit) || (must_permit && !is_permit)) ++counts.wrong;
}

// What the thread shares with the others.
struct Server {
  licet::Engine& engine;
  licet::Log& log;
  const Slots& slots;
  Counts& counts;
};

// One thread of the server: a request of its own, reused.
void serve(Server server, const std::string& user) {
  licet::Request request(server.engine);
  const std::array<std::string_view, 2> intern = {"intern", "analyst"};
  const std::array<std::string_view, 1> analyst = {"analyst"};
  for (std::int64_t i = 0; i < kRequestsOfAThread; ++i) {
    const bool is_intern = i % 5 == 0;
    const std::int64_t rows = i % 1200;
    request.reset()
        .set(server.slots.id, user)
        .set(server.slots.department, "risk")
        .set(server.slots.roles, is_intern ? licet::StringList(intern) : licet::StringList(analyst))
        .set(server.slots.action, "predict")
        .set(server.slots.rows, rows);
    // The entry is on disk when this returns; what cannot be logged is a deny.
    const licet::Decision decision = server.log.decide(server.engine, request);
    if (decision.cause() == licet::Cause::kError) ++server.counts.unlogged;
    check(decision, is_intern, rows, server.counts);
    if (decision && i % 100 == 1 && server.log.record_outcome(decision, "predicted")) {
      ++server.counts.unlogged;
    }
  }
}

// Puts one policy in force after the other while the threads decide. A broken one changes nothing.
bool reload_meanwhile(licet::Engine& engine, const std::string& open, const std::string& strict) {
  for (int turn = 0; turn < kReloads; ++turn) {
    if (const auto error = licet::reload(engine, {turn % 2 == 0 ? strict : open})) {
      std::fprintf(stderr, "error: %s\n", error->message.c_str());
      return false;
    }
  }
  return licet::reload(engine, {"no/such/policy"}).has_value();
}

std::unique_ptr<licet::Log> log_or_exit(const std::string& folder, const std::string& keys) {
  auto provider = licet::log::key_provider_from_uri(keys);
  if (provider) {
    auto log = licet::Log::open({.log = {.folder = folder,
                                         .origin = "example.org/embed_cpp",
                                         .keys = provider.value(),
                                         .mode = licet::log::Mode::kDurable}});
    if (log) return std::move(log).value();
    std::fprintf(stderr, "error: %s\n", licet::log::text_of(log.error()).c_str());
  } else {
    std::fprintf(stderr, "error: %s\n", licet::log::text_of(provider.error()).c_str());
  }
  std::exit(2);
}

// Whether it all went as it must.
bool run_server(licet::Engine& engine, licet::Log& log, const std::string& open,
                const std::string& strict) {
  const Slots slots = slots_of(engine);
  Counts counts;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back(serve, Server{engine, log, slots, counts}, "user-" + std::to_string(i));
  }
  const bool reloaded = reload_meanwhile(engine, open, strict);
  for (std::thread& thread : threads) thread.join();
  const licet::log::LogStats stats = log.entries().stats();
  std::printf(
      "%lld permitted, %lld denied, %lld wrong, %lld not logged; %llu entries in %llu syncs\n",
      static_cast<long long>(counts.permitted), static_cast<long long>(counts.denied),
      static_cast<long long>(counts.wrong), static_cast<long long>(counts.unlogged),
      static_cast<unsigned long long>(stats.appended),
      static_cast<unsigned long long>(stats.syncs));
  std::printf("policies in force at the end: %s\n", engine.program()->revision.c_str());
  const bool all =
      counts.permitted + counts.denied == static_cast<std::int64_t>(kThreads) * kRequestsOfAThread;
  return reloaded && all && counts.wrong == 0 && counts.unlogged == 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "usage: serve OPEN_POLICY STRICT_POLICY LOG_FOLDER KEYS\n");
    return 2;
  }
  auto loaded = licet::load(arguments[1]);
  if (!loaded) {
    std::fprintf(stderr, "error: %s\n%s", loaded.error().message.c_str(),
                 loaded.error().text.c_str());
    return 2;
  }
  licet::Engine engine = std::move(loaded).value();
  const auto log = log_or_exit(arguments[3], arguments[4]);
  const bool is_well = run_server(engine, *log, arguments[1], arguments[2]);
  if (const auto error = log->entries().close()) {
    std::fprintf(stderr, "error: %s\n", licet::log::text_of(*error).c_str());
    return 1;
  }
  return is_well ? 0 : 1;
}
