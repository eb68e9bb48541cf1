// licet bench: what deciding one's own requests costs.
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "bindings/cli/arguments.h"
#include "bindings/cli/bench_measure.h"
#include "bindings/cli/bench_output.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/policies.h"
#include "bindings/cli/requests.h"

namespace licet::cli {
namespace {

constexpr std::string_view kFooter =
    "REQUESTS is one request as a JSON object, a JSON array of requests, or one request a line\n"
    "(JSONL). They are decided again and again, one after the other, on one thread.\n"
    "\n"
    "`ready` is a request whose attributes are set one by one, `from JSON` includes reading its "
    "text.\n"
    "Percentiles are of wall time, without the look at the clock; `max` is often a pause of the\n"
    "machine's. decisions/s and the times of the cache are of CPU time, so that a busy machine\n"
    "changes them little. `cache` is what EngineOptions::cache_bytes would bring: for the "
    "requests\n"
    "in this order with nothing remembered at first, and for requests that were all decided "
    "before.\n"
    "\n"
    "Exit codes: 0 measured, 2 an error.\n"
    "\n"
    "Examples:\n"
    "  licet bench -p policies/ week.jsonl\n"
    "  licet bench -p policies/ -d grants.json --seconds 5 --json requests.jsonl";

struct Arguments {
  std::vector<std::string> policies;
  std::vector<std::string> data;
  std::optional<std::string> requests;
  std::optional<std::string> package;
  std::optional<std::string> seconds;
  std::optional<std::string> cache;
  bool json = false;
};

// In a range, and nothing but a number.
template <class Number>
std::optional<Number> number_from_text(const std::string& text, Number least, Number most) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!(number >= least && number <= most)) return std::nullopt;
  return number;
}

// nullopt: what is wrong was printed.
std::optional<std::vector<std::string>> read_requests(const std::string& path) {
  auto reader = RequestReader::open(path);
  if (!reader) {
    print_error(reader.error().message, reader.error().help);
    return std::nullopt;
  }
  std::vector<std::string> requests;
  while (const auto request = reader->next()) {
    if (request->is_too_long) {
      print_error("request " + std::to_string(request->line) + " is longer than 256 MiB");
      return std::nullopt;
    }
    requests.emplace_back(request->text);
  }
  if (reader->error()) {
    print_error(reader->error()->message, reader->error()->help);
    return std::nullopt;
  }
  if (requests.empty()) {
    print_error("there is no request in the input");
    return std::nullopt;
  }
  return requests;
}

void warn_of_refused(const Measurement& measurement) {
  const auto refused = measurement.causes.find("invalid_request");
  if (refused == measurement.causes.end()) return;
  print_warning(std::to_string(refused->second) + " of " +
                std::to_string(measurement.request_count) +
                " requests cannot be decided; `licet decide` says why");
}

}  // namespace

ExitCode run_bench(std::vector<std::string> words) {
  Arguments arguments;
  CommandLine command_line("bench", "Measures what deciding requests costs.", std::string(kFooter));
  command_line.policy_options(arguments.policies, arguments.data);
  command_line.option("--package", arguments.package, "PACKAGE",
                      "decide with the rules of this package and those below it only");
  command_line.option("--seconds", arguments.seconds, "N", "of each part; 1 if not given");
  command_line.option("--cache-mib", arguments.cache, "N", "memory of the cache; 64 if not given");
  command_line.flag("--json", arguments.json, "print JSON");
  command_line.positional("REQUESTS", arguments.requests, "a file; - or nothing: standard input");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  const auto seconds = number_from_text(arguments.seconds.value_or("1"), 0.001, 3600.0);
  if (!seconds) return command_line.misused("--seconds takes a number from 0.001 to 3600");
  const auto mebibytes = number_from_text<std::size_t>(arguments.cache.value_or("64"), 1, 1 << 20);
  if (!mebibytes) return command_line.misused("--cache-mib takes a number from 1 to 1048576");

  const auto requests = read_requests(arguments.requests.value_or("-"));
  if (!requests) return ExitCode::kError;
  LoadOptions options;
  options.data = arguments.data;
  const auto loaded = load_or_report(arguments.policies, options);
  if (!loaded) return ExitCode::kError;
  if (loaded->program->decision_rules.empty()) {
    print_error("the policies have no `permit` and no `forbid`: there is nothing to decide");
    return ExitCode::kError;
  }
  MeasureOptions measure;
  measure.package = arguments.package.value_or("");
  measure.time = std::chrono::milliseconds(std::llround(*seconds * 1000));
  measure.cache_bytes = *mebibytes << 20;
  const Measurement measurement =
      measure_decisions(loaded->program, options.engine, *requests, measure);
  warn_of_refused(measurement);
  print(arguments.json ? json_of_measurement(measurement, *loaded->program)
                       : text_of_measurement(measurement, *loaded->program));
  return ExitCode::kOk;
}

}  // namespace licet::cli
