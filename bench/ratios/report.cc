#include "bench/ratios/report.h"

#include <cstdio>

namespace licet::bench {
namespace {

template <class... Arguments>
std::string formatted(const char* format, Arguments... arguments) {
  const int size = std::snprintf(nullptr, 0, format, arguments...);
  std::string text(static_cast<std::size_t>(size), '\0');
  std::snprintf(text.data(), text.size() + 1, format, arguments...);
  return text;
}

std::string verdict(const Comparison& comparison) {
  if (!comparison.is_within_bar()) return "over";
  return comparison.ratio() <= comparison.bar.aim ? "aim" : "ok";
}

std::string json_of(const Comparison& comparison) {
  return formatted(
      "{\"form\":\"%s\",\"baseline\":\"%s\",\"licet_ns\":%.1f,\"baseline_ns\":%.1f,"
      "\"ratio\":%.3f,\"limit\":%.2f,\"aim\":%.2f,\"enough_ns\":%.0f,\"within_limit\":%s,"
      "\"allocations\":%.2f,\"verified\":%zu}",
      comparison.licet.name.c_str(), comparison.baseline.name.c_str(),
      median(comparison.licet.nanoseconds), median(comparison.baseline.nanoseconds),
      comparison.ratio(), comparison.bar.limit, comparison.bar.aim,
      comparison.bar.enough_nanoseconds, comparison.is_within_bar() ? "true" : "false",
      comparison.licet.allocations, comparison.licet.verified);
}

std::string json_of(const ProgramCost& program) {
  return formatted(
      "{\"form\":\"%s\",\"compile_ms\":%.3f,\"load_ms\":%.3f,\"image_bytes\":%zu,\"text_bytes\":%"
      "zu,"
      "\"resident_bytes\":%zu}",
      program.form.c_str(), program.compile_ms, program.load_ms, program.image_bytes,
      program.text_bytes, program.resident_bytes);
}

std::string json_of(const WorkloadResult& result);

template <class T>
std::string json_array(const std::vector<T>& items) {
  std::string text = "[";
  for (const T& item : items) text += (text.size() > 1 ? ",\n" : "") + json_of(item);
  return text + "]";
}

std::string json_of(const WorkloadResult& result) {
  return formatted(
      "{\"workload\":\"%s\",\"rules\":%zu,\"requests\":%zu,\"comparisons\":%s,"
      "\"programs\":%s}",
      result.name.c_str(), result.rule_count, result.request_count,
      json_array(result.comparisons).c_str(), json_array(result.programs).c_str());
}

}  // namespace

std::string table_head() {
  return formatted("%-16s %-18s %10s %-18s %10s %8s %6s %5s %7s\n", "workload", "licet", "ns",
                   "baseline", "ns", "ratio", "limit", "", "allocs");
}

std::string table_rows(const WorkloadResult& result) {
  std::string text;
  for (const Comparison& comparison : result.comparisons) {
    text += formatted("%-16s %-18s %10.0f %-18s %10.1f %8.2f %6.1f %5s %7.1f", result.name.c_str(),
                      comparison.licet.name.c_str(), median(comparison.licet.nanoseconds),
                      comparison.baseline.name.c_str(), median(comparison.baseline.nanoseconds),
                      comparison.ratio(), comparison.bar.limit, verdict(comparison).c_str(),
                      comparison.licet.allocations);
    if (comparison.licet.verified < result.request_count) {
      text += formatted("  (%zu of %zu decisions verified)", comparison.licet.verified,
                        result.request_count);
    }
    text += "\n";
  }
  return text;
}

std::string program_rows(const WorkloadResult& result) {
  std::string text;
  for (const ProgramCost& program : result.programs) {
    const auto a_rule = [&](std::size_t bytes) {
      return static_cast<double>(bytes) / static_cast<double>(result.rule_count);
    };
    text += formatted(
        "%-16s %-18s compile %9.1f ms   load %8.1f ms   bytes a rule: text %.0f, image %.0f, "
        "in memory %.0f\n",
        result.name.c_str(), program.form.c_str(), program.compile_ms, program.load_ms,
        a_rule(program.text_bytes), a_rule(program.image_bytes), a_rule(program.resident_bytes));
  }
  return text;
}

std::string json_of_results(const std::vector<WorkloadResult>& results) {
  return json_array(results) + "\n";
}

}  // namespace licet::bench
