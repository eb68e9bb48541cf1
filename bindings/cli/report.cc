// licet report: a log as one page for people.
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "bindings/cli/commands.h"
#include "bindings/cli/log_common.h"
#include "bindings/cli/report_page.h"
#include "bindings/cli/terminal.h"

namespace licet::cli {
namespace {

constexpr std::string_view kFooter =
    "One HTML file that needs no network: decisions over time, denials by rule and control, users\n"
    "and models, anomalies, the integrity of the log, outcome rates by group, and a search box "
    "from\n"
    "a decision id to its entry and its proof. The page shows what the log shows: it is as\n"
    "confidential as the log.\n"
    "\n"
    "Anomalies are what --anomaly says (filters as of `licet log grep`); without it: decisions "
    "that\n"
    "could not be made, and those with a control of MITRE ATLAS.\n"
    "\n"
    "Exit codes: 0 written, 1 written, and the log is BROKEN, 2 the log cannot be read.\n"
    "\n"
    "Example:\n"
    "  licet report decisions -k file:log.key -o report.html --checkpoint monday.note";

bool write_page(const std::string& path, const std::string& page) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    print_error("cannot write `" + path + "`: " + lower_first(std::strerror(errno)));
    return false;
  }
  const bool is_written = std::fwrite(page.data(), 1, page.size(), file) == page.size();
  const bool is_closed = std::fclose(file) == 0;
  if (!is_written || !is_closed) print_error("cannot write `" + path + "`");
  return is_written && is_closed;
}

std::optional<log::VerifyReport> integrity_of(const LogPlace& place,
                                              const std::vector<std::string>& checkpoints) {
  log::VerifyOptions options;
  options.keys = keys_or_report(place);
  if (!options.keys) return std::nullopt;
  if (!read_anchors(checkpoints, options.anchors)) return std::nullopt;
  auto report = log::verify_log(*place.folder, options);
  if (report) return std::move(report).value();
  print_log_error(report.error());
  return std::nullopt;
}

}  // namespace

ExitCode run_report(std::vector<std::string> words) {
  LogPlace place;
  std::optional<std::string> output, user, resource, count;
  std::vector<std::string> checkpoints;
  ReportOptions options;
  CommandLine command_line("report", "Makes a page about a decision log.", std::string(kFooter));
  log_place_options(command_line, place);
  command_line.option("-o,--output", output, "FILE", "the page; default report.html");
  command_line.option("--checkpoint", checkpoints, "FILE",
                      "a signed checkpoint that was kept outside; repeatable");
  command_line.option("--user", user, "PATH", "the attribute that is the user; default user.id");
  command_line.option("--model", resource, "PATH",
                      "the attribute that is the model; default model.id");
  command_line.option("--anomaly", options.anomalies, "FILTER", "what to list; repeatable");
  command_line.option("--good", options.good_outcomes, "OUTCOME",
                      "outcomes that count as good; repeatable; default approved");
  command_line.option("--search", count, "COUNT",
                      "how many decisions the search box has; default 5000");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  if (count) {
    const char* const end = count->data() + count->size();
    const auto [at, error] = std::from_chars(count->data(), end, options.search_entries);
    if (error != std::errc() || at != end) return command_line.misused("--search takes a number");
  }
  if (options.good_outcomes.empty()) options.good_outcomes = {"approved"};
  options.roles.user = user.value_or(options.roles.user);
  options.roles.resource = resource.value_or(options.roles.resource);
  const auto reader = reader_or_report(place);
  if (!reader) return ExitCode::kError;
  const auto integrity = integrity_of(place, checkpoints);
  if (!integrity) return ExitCode::kError;
  ReportData data;
  const ExitCode read = collect_report(*reader, options, data);
  const bool is_broken = integrity->verdict == log::Verdict::kBroken;
  // Of a broken log the page tells what can be read, and that it is broken.
  if (read != ExitCode::kOk && !is_broken) return read;
  const std::string page = report_page(data, *integrity, log::text_of(reader->verifier()));
  if (!write_page(output.value_or("report.html"), page)) return ExitCode::kError;
  if (!is_broken) return ExitCode::kOk;
  print_warning("the log is BROKEN: the page says where, and tells only what could be read");
  return ExitCode::kNo;
}

}  // namespace licet::cli
