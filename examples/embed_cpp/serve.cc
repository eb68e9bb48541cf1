// A serving loop in C++: several threads decide about requests with typed slots while the policies
// change under them.
//
// usage: serve OPEN_POLICY STRICT_POLICY
#include <licet/licet.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kThreads = 4;
constexpr std::int64_t kRequestsOfAThread = 20'000;

// Handles of the attributes that this program sets; checked against the schema, once.
struct Slots {
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
  return {.department = slot_or_exit<std::string_view>(engine, "user.department"),
          .roles = slot_or_exit<licet::StringList>(engine, "user.roles"),
          .action = slot_or_exit<std::string_view>(engine, "request.action"),
          .rows = slot_or_exit<std::int64_t>(engine, "request.rows")};
}

struct Counts {
  std::atomic<std::int64_t> permitted{0};
  std::atomic<std::int64_t> denied{0};
  std::atomic<std::int64_t> wrong{0};
};

// What both policies agree on; between 100 and 1000 rows they do not.
void check(const licet::Decision& decision, bool is_intern, std::int64_t rows, Counts& counts) {
  const bool is_permit = static_cast<bool>(decision);
  ++(is_permit ? counts.permitted : counts.denied);
  const bool must_deny = is_intern || rows > 1000;
  const bool must_permit = !is_intern && rows <= 100;
  if ((must_deny && is_permit) || (must_permit && !is_permit)) ++counts.wrong;
}

// One thread of the server: a request of its own, reused.
void serve(const licet::Engine& engine, const Slots& slots, Counts& counts) {
  licet::Request request(engine);
  const std::array<std::string_view, 2> intern = {"intern", "analyst"};
  const std::array<std::string_view, 1> analyst = {"analyst"};
  for (std::int64_t i = 0; i < kRequestsOfAThread; ++i) {
    const bool is_intern = i % 5 == 0;
    const std::int64_t rows = i % 1200;
    request.reset()
        .set(slots.department, "risk")
        .set(slots.roles, is_intern ? licet::StringList(intern) : licet::StringList(analyst))
        .set(slots.action, "predict")
        .set(slots.rows, rows);
    check(engine.decide(request), is_intern, rows, counts);
  }
}

// Puts one policy in force after the other while the threads decide. A broken one changes nothing.
bool reload_meanwhile(licet::Engine& engine, const std::string& open, const std::string& strict) {
  for (int turn = 0; turn < 20; ++turn) {
    if (const auto error = licet::reload(engine, {turn % 2 == 0 ? strict : open})) {
      std::fprintf(stderr, "error: %s\n", error->message.c_str());
      return false;
    }
  }
  return licet::reload(engine, {"no/such/policy"}).has_value();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: serve OPEN_POLICY STRICT_POLICY\n");
    return 2;
  }
  auto loaded = licet::load(arguments[1]);
  if (!loaded) {
    std::fprintf(stderr, "error: %s\n%s", loaded.error().message.c_str(),
                 loaded.error().text.c_str());
    return 2;
  }
  licet::Engine engine = std::move(loaded).value();
  const Slots slots = slots_of(engine);
  Counts counts;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] { serve(engine, slots, counts); });
  }
  const bool reloaded = reload_meanwhile(engine, arguments[1], arguments[2]);
  for (std::thread& thread : threads) thread.join();

  std::printf("%lld permitted, %lld denied, %lld wrong; policies in force at the end: %s\n",
              static_cast<long long>(counts.permitted), static_cast<long long>(counts.denied),
              static_cast<long long>(counts.wrong), engine.program()->revision.c_str());
  const bool all =
      counts.permitted + counts.denied == static_cast<std::int64_t>(kThreads) * kRequestsOfAThread;
  return reloaded && all && counts.wrong == 0 ? 0 : 1;
}
