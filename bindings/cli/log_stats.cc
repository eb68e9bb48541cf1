// licet log stats: how much of what is in a log.
#include <algorithm>
#include <map>

#include "bindings/cli/json_text.h"
#include "bindings/cli/log_common.h"
#include "bindings/cli/terminal.h"

namespace licet::cli {
namespace {

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

struct Stats {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t lost = 0;
  std::string first_time;
  std::string last_time;
  Counts kinds, effects, causes, rules, controls, revisions;

  void add(const EntryView& entry) {
    ++entries;
    bytes += entry.text.size();
    ++kinds[std::string(entry.kind())];
    if (entry.kind() == "gap" && entry.value.get("lost").is_int64()) {
      lost += static_cast<std::uint64_t>(entry.value.get("lost").as_int64());
    }
    if (entry.kind() != "decision") return;
    const std::string time(entry.member("time"));
    if (first_time.empty() || time < first_time) first_time = time;
    last_time = std::max(last_time, time);
    ++effects[std::string(entry.member("effect"))];
    ++causes[std::string(entry.member("cause"))];
    ++revisions[std::string(entry.member("revision"))];
    count(entry.value.get("rules"), rules);
    count(entry.value.get("controls"), controls);
  }

  static void count(const Value& texts, Counts& counts) {
    if (!texts.is_array()) return;
    for (const Value& text : texts.elements()) ++counts[text_of_value(text)];
  }
};

std::string json_from_counts(const Counts& counts) {
  JsonObject object;
  for (const auto& [name, count] : counts) object.number(name, count);
  return object.text();
}

void print_counts(std::string_view title, const Counts& counts) {
  if (counts.empty()) return;
  std::vector<std::pair<std::uint64_t, std::string>> sorted;
  for (const auto& [name, count] : counts) sorted.emplace_back(count, name);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  print(std::string(title) + "\n");
  for (const auto& [count, name] : sorted) {
    std::string number = grouped(count);
    number.insert(0, number.size() < 12 ? 12 - number.size() : 0, ' ');
    print(number + "  " + printable(name) + "\n");
  }
}

}  // namespace

ExitCode run_log_stats(std::vector<std::string> words) {
  LogPlace place;
  bool json = false;
  CommandLine command_line("log stats", "Counts what is in a log.",
                           "Exit codes: 0 read, 2 the log cannot be read.");
  log_place_options(command_line, place);
  command_line.flag("--json", json, "print one JSON object");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  const auto reader = reader_or_report(place);
  if (!reader) return ExitCode::kError;
  Stats stats;
  const ExitCode code = for_each_entry(*reader, "counted", [&](const EntryView& entry) {
    stats.add(entry);
    return true;
  });
  if (code != ExitCode::kOk) return code;
  if (json) {
    print(JsonObject()
              .number("entries", stats.entries)
              .number("bytes", stats.bytes)
              .number("lost", stats.lost)
              .string("first_time", stats.first_time)
              .string("last_time", stats.last_time)
              .raw("kinds", json_from_counts(stats.kinds))
              .raw("effects", json_from_counts(stats.effects))
              .raw("causes", json_from_counts(stats.causes))
              .raw("rules", json_from_counts(stats.rules))
              .raw("controls", json_from_counts(stats.controls))
              .raw("revisions", json_from_counts(stats.revisions))
              .text() +
          "\n");
    return ExitCode::kOk;
  }
  print(entries_text(stats.entries) + ", " + grouped(stats.bytes) + " bytes of JSON; " +
        (stats.lost > 0 ? grouped(stats.lost) + " decisions lost" : "no gaps") + "\n" +
        stats.first_time + " to " + stats.last_time + "\n");
  print_counts("kinds", stats.kinds);
  print_counts("effects", stats.effects);
  print_counts("causes", stats.causes);
  print_counts("rules", stats.rules);
  print_counts("controls", stats.controls);
  print_counts("revisions", stats.revisions);
  return ExitCode::kOk;
}

}  // namespace licet::cli
