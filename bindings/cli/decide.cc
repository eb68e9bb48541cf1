// licet decide: requests in, decisions out.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/cli/arguments.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/decision_output.h"
#include "bindings/cli/log_options.h"
#include "bindings/cli/policies.h"
#include "bindings/cli/progress.h"
#include "bindings/cli/requests.h"
#include "bindings/cli/table.h"
#include "bindings/cli/terminal.h"

namespace licet::cli {
namespace {

constexpr std::string_view kFooter =
    "REQUESTS is one request as a JSON object, a JSON array of requests, or one request a line\n"
    "(JSONL). At a terminal prints a table, else one JSON object a line: line, effect, cause, "
    "rules,\n"
    "message, and where there are any controls, obligations and warnings.\n"
    "\n"
    "A request that cannot be read is a deny with the cause invalid_request; the others go on.\n"
    "\n"
    "Exit codes, one request: 0 permit, 1 deny, 2 it could not be decided (invalid_request, "
    "error).\n"
    "Several: 0 all were decided, 2 some could not. Always 2 if the policies do not compile.\n"
    "\n"
    "Examples:\n"
    "  licet decide -p policies/ request.json && deploy\n"
    "  licet decide -p policies/ -d grants.json week.jsonl\n"
    "  producer | licet decide -p policies/ --package registry -";

struct Arguments {
  std::vector<std::string> policies;
  std::vector<std::string> data;
  std::optional<std::string> requests;
  std::optional<std::string> package;
  bool json = false;
  LogArguments log;
};

struct Tally {
  std::uint64_t permitted = 0;
  std::uint64_t denied = 0;
  std::uint64_t undecided = 0;

  void add(const Decision& decision) {
    if (decision) {
      ++permitted;
    } else if (decision.cause() == Cause::kInvalidRequest || decision.cause() == Cause::kError) {
      ++undecided;
    } else {
      ++denied;
    }
  }
  std::uint64_t total() const { return permitted + denied + undecided; }
};

Decision decide_one(const Engine& engine, Log* log, Request& request, const RequestText& text,
                    const CallOptions& options) {
  // What parse() finds wrong becomes the decision.
  if (text.is_too_long) {
    request.reset().reject(
        {.path = {}, .expected = {}, .found = {}, .message = "the request is longer than 256 MiB"});
  } else {
    request.parse(text.text);
  }
  return log != nullptr ? log->decide(engine, request, options) : engine.decide(request, options);
}

Tally decide_all(const Engine& engine, Log* log, RequestReader& requests,
                 const Arguments& arguments) {
  Tally tally;
  Request request(engine);
  CallOptions options;
  options.package = arguments.package.value_or("");
  Progress progress("decided", requests.total_bytes());
  const bool as_table = output_terminal().is_terminal && !arguments.json;
  Table table(decision_columns(), output_terminal());
  while (const auto text = requests.next()) {
    const Decision decision = decide_one(engine, log, request, *text, options);
    tally.add(decision);
    if (as_table) {
      table.add(decision_row(decision, text->line));
    } else {
      print(json_from_decision(decision, text->line) + "\n");
      if (requests.would_wait()) flush();
    }
    progress.update(tally.total(), requests.bytes_read());
  }
  table.finish();
  return tally;
}

void print_summary(const Tally& tally) {
  const Terminal& terminal = error_terminal();
  if (!terminal.is_terminal || tally.total() < 2) return;
  flush();
  std::string text = counted(tally.total(), "request") + ": " +
                     styled(grouped(tally.permitted) + " permitted", Style::kGreen, terminal) +
                     ", " + styled(grouped(tally.denied) + " denied", Style::kRed, terminal);
  if (tally.undecided > 0) {
    text += ", " + styled(grouped(tally.undecided) + " not decided", Style::kYellow, terminal);
  }
  print_note(text);
}

ExitCode exit_code(const Tally& tally, bool is_alone) {
  if (tally.undecided > 0) return ExitCode::kError;
  return is_alone && tally.denied > 0 ? ExitCode::kNo : ExitCode::kOk;
}

}  // namespace

ExitCode run_decide(std::vector<std::string> words) {
  Arguments arguments;
  CommandLine command_line("decide", "Decides requests: permit or deny, and why.",
                           std::string(kFooter));
  command_line.policy_options(arguments.policies, arguments.data);
  command_line.option("--package", arguments.package, "PACKAGE",
                      "decide with the rules of this package and those below it only");
  command_line.flag("--json", arguments.json, "print JSON lines also at a terminal");
  log_options(command_line, arguments.log);
  command_line.positional("REQUESTS", arguments.requests, "a file; - or nothing: standard input");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  if (const auto stray = stray_log_option(arguments.log)) {
    return command_line.misused(*stray +
                                " says how to log, but nothing is logged without --log DIR");
  }

  auto requests = RequestReader::open(arguments.requests.value_or("-"));
  if (!requests) {
    print_error(requests.error().message, requests.error().help);
    return ExitCode::kError;
  }
  LoadOptions options;
  options.data = arguments.data;
  const auto loaded = load_or_report(arguments.policies, options);
  if (!loaded) return ExitCode::kError;
  const Engine engine(loaded->program, options.engine);
  std::unique_ptr<Log> log;
  if (arguments.log.folder) {
    log = log_or_report(arguments.log);
    if (!log) return ExitCode::kError;
  }
  const Tally tally = decide_all(engine, log.get(), *requests, arguments);
  if (log && !close_or_report(*log)) return ExitCode::kError;
  if (requests->error()) {
    print_error(requests->error()->message, requests->error()->help);
    return ExitCode::kError;
  }
  if (tally.total() == 0 && !requests->is_array()) {
    print_error("there is no request in the input");
    return ExitCode::kError;
  }
  print_summary(tally);
  return exit_code(tally, tally.total() == 1 && !requests->is_array());
}

}  // namespace licet::cli
