#include "bindings/cli/bench_output.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "bindings/cli/json_text.h"
#include "bindings/cli/terminal.h"

namespace licet::cli {
namespace {

std::string fixed(double number, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, number);
  return text.data();
}

// 512 ns, 1.2 us, 3.4 ms
std::string duration_text(double nanoseconds) {
  if (nanoseconds < 1000) return fixed(nanoseconds, 0) + " ns";
  if (nanoseconds < 1e6) return fixed(nanoseconds / 1e3, 1) + " us";
  if (nanoseconds < 1e9) return fixed(nanoseconds / 1e6, 1) + " ms";
  return fixed(nanoseconds / 1e9, 1) + " s";
}

std::string padded(std::string text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string row(const std::string& name, const std::vector<std::string>& cells) {
  std::string text = name;
  text.resize(12, ' ');
  for (const std::string& cell : cells) text += padded(cell, 12);
  return text + "\n";
}

std::string row(const std::string& name, const Times& times) {
  return row(name, {grouped(static_cast<std::uint64_t>(std::llround(times.decisions_per_second))),
                    duration_text(times.p50), duration_text(times.p90), duration_text(times.p99),
                    duration_text(times.p999), duration_text(times.max),
                    times.allocations ? fixed(*times.allocations, 2) : "-"});
}

std::string cache_text(const CacheGain& cache) {
  const double ratio = cache.without_ns / cache.with_ns;
  std::string text = fixed(100 * cache.hit_rate, 1) + " % hit; " + duration_text(cache.without_ns) +
                     " without, " + duration_text(cache.with_ns) + " with: ";
  text += ratio >= 1 ? fixed(ratio, 1) + " times as fast" : fixed(1 / ratio, 1) + " times as slow";
  if (cache.statistics.bypasses > 0) {
    text += "; " + grouped(cache.statistics.bypasses) + " could not be looked up";
  }
  if (cache.statistics.evictions > 0) {
    text += "; " + grouped(cache.statistics.evictions) + " evicted";
  }
  return text + "\n";
}

std::string text_of_cache(const Measurement& m) {
  const std::string in_order = m.cache_in_order ? cache_text(*m.cache_in_order)
                                                : "too few requests to say; it takes " +
                                                      std::to_string(kFewestInOrder) +
                                                      ", as they come one after the other\n";
  return "cache, always looked into:\n  requests in their order:  " + in_order +
         "  all decided before:       " + cache_text(m.cache_again);
}

std::string json_of(const Times& times) {
  JsonObject object;
  object.raw("decisions_per_second", fixed(times.decisions_per_second, 0))
      .raw("p50_ns", fixed(times.p50, 0))
      .raw("p90_ns", fixed(times.p90, 0))
      .raw("p99_ns", fixed(times.p99, 0))
      .raw("p999_ns", fixed(times.p999, 0))
      .raw("max_ns", fixed(times.max, 0));
  if (times.allocations) object.raw("allocations", fixed(*times.allocations, 3));
  return object.text();
}

std::string json_of(const CacheGain& cache) {
  return JsonObject()
      .raw("hit_rate", fixed(cache.hit_rate, 4))
      .raw("without_ns", fixed(cache.without_ns, 1))
      .raw("with_ns", fixed(cache.with_ns, 1))
      .number("hits", cache.statistics.hits)
      .number("misses", cache.statistics.misses)
      .number("bypasses", cache.statistics.bypasses)
      .number("evictions", cache.statistics.evictions)
      .number("bytes", cache.statistics.bytes)
      .text();
}

std::string text_of_indexes(const Measurement& m) {
  if (m.indexes.empty()) return "indexes: none is looked up in; `licet explain --index` says why\n";
  std::string text =
      "indexes, for " +
      (m.index_requests == 1 ? "one request" : "one of " + counted(m.index_requests, "request")) +
      ":\n";
  for (const IndexUse& use : m.indexes) {
    text += "  " + use.name + ": " + fixed(use.tried, 1) + " of " + grouped(use.bodies) +
            (use.bodies == 1 ? " body" : " bodies") + " tried\n";
  }
  return text;
}

std::string json_of_indexes(const std::vector<IndexUse>& indexes) {
  std::string text;
  for (const IndexUse& use : indexes) {
    text += (text.empty() ? "" : ",") + JsonObject()
                                            .string("name", use.name)
                                            .number("bodies", use.bodies)
                                            .raw("tried", fixed(use.tried, 2))
                                            .text();
  }
  return "[" + text + "]";
}

}  // namespace

std::string text_of_measurement(const Measurement& m, const Program& program) {
  std::string text = counted(program.decision_rules.size(), "decision rule") + ", " +
                     counted(m.request_count, "request");
  for (const auto& [cause, count] : m.causes) text += ", " + grouped(count) + " " + cause;
  text += "\n\n";
  text += row("", {"decisions/s", "p50", "p90", "p99", "p99.9", "max", "allocations"});
  text += row("ready", m.ready);
  text += row("from JSON", m.json);
  text += "\nsteps of the machine: " + fixed(m.mean_steps, 1) + " a decision, at most " +
          grouped(m.max_steps) + "\n";
  return text + text_of_cache(m) + text_of_indexes(m);
}

std::string json_of_measurement(const Measurement& m, const Program& program) {
  JsonObject causes;
  for (const auto& [cause, count] : m.causes) causes.number(cause, count);
  return JsonObject()
             .string("revision", program.revision)
             .number("rules", program.decision_rules.size())
             .number("requests", m.request_count)
             .raw("causes", causes.text())
             .raw("ready", json_of(m.ready))
             .raw("json", json_of(m.json))
             .raw("mean_steps", fixed(m.mean_steps, 1))
             .number("max_steps", m.max_steps)
             .raw("cache_in_order", m.cache_in_order ? json_of(*m.cache_in_order) : "null")
             .raw("cache_again", json_of(m.cache_again))
             .raw("indexes", json_of_indexes(m.indexes))
             .text() +
         "\n";
}

}  // namespace licet::cli
