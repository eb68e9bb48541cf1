// licet_threads: how decisions scale over threads, and what they feel of a reload. bench/README.md
// tells how to read what it prints.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "bench/workload.h"
#include "eval/engine.h"
#include "eval/value_json.h"

namespace licet::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLength{2};

[[noreturn]] void give_up(const std::string& message) {
  std::fprintf(stderr, "error: %s\n", message.c_str());
  std::exit(1);
}

double cpu_nanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

// How often this thread has waited for something, such as a lock.
long waits() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nvcsw;
}

struct Reader {
  std::uint64_t decisions = 0;
  double cpu_ns = 0;
  long waits = 0;
  std::vector<double> latencies;  // wall time, microseconds
};

struct Setting {
  std::vector<Value> documents;
  std::vector<bool> wanted;
};

// Decides until told to end. With latencies: looks at the clock around each decision.
void decide_until(const Engine& engine, const Setting& setting, const std::atomic<bool>& is_over,
                  bool with_latencies, Reader& reader) {
  Request request(engine);
  const long waits_before = waits();
  const double cpu_before = cpu_nanoseconds();
  for (std::size_t i = 0; !is_over.load(std::memory_order_relaxed); ++reader.decisions) {
    const auto begin = with_latencies ? Clock::now() : Clock::time_point();
    request.reset();
    request.set_document(setting.documents[i]);
    if (static_cast<bool>(engine.decide(request)) != setting.wanted[i]) give_up("wrong decision");
    if (with_latencies && reader.latencies.size() < reader.latencies.capacity()) {
      reader.latencies.push_back(
          std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
    }
    i = i + 1 == setting.documents.size() ? 0 : i + 1;
  }
  reader.cpu_ns = cpu_nanoseconds() - cpu_before;
  reader.waits = waits() - waits_before;
}

// `meanwhile` runs on the calling thread, again and again, for as long as the threads decide.
template <class Meanwhile>
std::vector<Reader> decide_on_threads(const Engine& engine, const Setting& setting,
                                      std::size_t count, bool with_latencies, Meanwhile meanwhile) {
  constexpr std::size_t kMaxLatencies = 20'000'000;
  std::atomic<bool> is_over{false};
  std::vector<Reader> readers(count);
  std::vector<std::thread> threads;
  for (Reader& reader : readers) {
    if (with_latencies) reader.latencies.reserve(kMaxLatencies);
    threads.emplace_back([&] { decide_until(engine, setting, is_over, with_latencies, reader); });
  }
  const auto end = Clock::now() + kLength;
  while (Clock::now() < end) meanwhile();
  is_over = true;
  for (std::thread& thread : threads) thread.join();
  return readers;
}

void rest() { std::this_thread::sleep_for(std::chrono::milliseconds(10)); }

void show_scaling(const Engine& engine, const Setting& setting) {
  std::printf("%-8s %16s %20s %8s\n", "threads", "decisions/s", "CPU ns a decision", "waits");
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t count = 1; count <= cores; ++count) {
    const auto readers = decide_on_threads(engine, setting, count, false, rest);
    double decisions = 0;
    double cpu = 0;
    long all_waits = 0;
    for (const Reader& reader : readers) {
      decisions += static_cast<double>(reader.decisions);
      cpu += reader.cpu_ns;
      all_waits += reader.waits;
    }
    std::printf("%-8zu %16.0f %20.1f %8ld\n", count,
                decisions / std::chrono::duration<double>(kLength).count(), cpu / decisions,
                all_waits);
  }
}

void show_latencies(const char* what, const std::vector<Reader>& readers, std::uint64_t swaps) {
  std::vector<double> all;
  long all_waits = 0;
  for (const Reader& reader : readers) {
    all.insert(all.end(), reader.latencies.begin(), reader.latencies.end());
    all_waits += reader.waits;
  }
  std::sort(all.begin(), all.end());
  const auto at = [&](double part) {
    return all[std::min(static_cast<std::size_t>(part * static_cast<double>(all.size())),
                        all.size() - 1)];
  };
  std::printf("%-22s %10zu %8lu %9.2f %9.2f %9.2f %9.2f %8ld\n", what, all.size(),
              static_cast<unsigned long>(swaps), at(0.5), at(0.99), at(0.999), all.back(),
              all_waits);
}

// Latencies of one thread: alone, beside a thread that only computes, and beside one that reloads.
void show_reload(const Engine& engine, const Workload& workload, const Setting& setting) {
  std::printf("\n%-22s %10s %8s %9s %9s %9s %9s %8s\n", "one deciding thread", "decisions",
              "reloads", "p50, us", "p99", "p99.9", "max", "waits");
  show_latencies("alone", decide_on_threads(engine, setting, 1, true, rest), 0);
  const auto compiled = [&] {
    std::string error;
    auto program = compile_workload(workload, Form::kLicet, error);
    if (!program) give_up(error);
    return program;
  };
  show_latencies("beside compilations",
                 decide_on_threads(engine, setting, 1, true, [&] { compiled(); }), 0);
  Engine handle = engine;
  std::uint64_t swaps = 0;
  const auto reloaded = decide_on_threads(engine, setting, 1, true, [&] {
    handle.swap(compiled());
    ++swaps;
  });
  show_latencies("beside reloads", reloaded, swaps);
  const auto programs = {compiled(), compiled()};
  swaps = 0;
  const auto flipped = decide_on_threads(engine, setting, 1, true, [&] {
    for (const auto& program : programs) handle.swap(program);
    swaps += programs.size();
  });
  show_latencies("beside constant swaps", flipped, swaps);
}

int run(const std::string& name) {
  const char* const folder = std::getenv("LICET_WORKLOADS");
  if (folder == nullptr) give_up("LICET_WORKLOADS is not set; bench/run sets it");
  const auto read = read_workload(folder, name);
  if (!read) give_up(read.error());
  const Workload& workload = *read.value();
  std::string error;
  const auto program = compile_workload(workload, Form::kLicet, error);
  if (!program) give_up(error);
  const Engine engine(program);
  Arena arena;
  Setting setting;
  setting.wanted = workload.is_permitted;
  for (const std::string& json : workload.requests) {
    setting.documents.push_back(value_from_json(json, arena).value());
  }
  std::printf("%s\n", name.c_str());
  show_scaling(engine, setting);
  show_reload(engine, workload, setting);
  return 0;
}

}  // namespace
}  // namespace licet::bench

int main(int argc, char** argv) { return licet::bench::run(argc > 1 ? argv[1] : "w2.rules"); }
