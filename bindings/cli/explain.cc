// licet explain: one request, and what each part of the rules came to.
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bindings/cli/arguments.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/explanation_output.h"
#include "bindings/cli/index_output.h"
#include "bindings/cli/policies.h"
#include "bindings/cli/requests.h"
#include "eval/value_json.h"

namespace licet::cli {
namespace {

constexpr std::string_view kFooter =
    "Shows the rules that decide, and of a deny the permits that are nearest: which part held "
    "(✓),\n"
    "which failed (✗) and on which values, and what is unknown (?).\n"
    "\n"
    "With --index: by which attributes each rule is found, and why some are tried each time; with "
    "a\n"
    "request, what is looked up for it, found and skipped.\n"
    "\n"
    "Exit codes: 0 permit, 1 deny, 2 the request could not be decided or read; with --index 0 and "
    "2.\n"
    "\n"
    "Examples:\n"
    "  licet explain -p policies/ request.json\n"
    "  licet explain -p policies/ --line 149 week.jsonl\n"
    "  licet explain --index -p policies/ request.json";

struct Arguments {
  std::vector<std::string> policies;
  std::vector<std::string> data;
  std::optional<std::string> request;
  std::optional<std::string> line;
  std::optional<std::string> package;
  bool json = false;
  bool all = false;
  bool index = false;
};

std::optional<std::uint64_t> number_from(const std::string& text) {
  if (text.empty() || text.size() > 18 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return std::stoull(text);
}

// The only request of the input, or the one of a line. nullopt: what is wrong was printed.
std::optional<std::string> read_request(const Arguments& arguments) {
  auto requests = RequestReader::open(arguments.request.value_or("-"));
  if (!requests) {
    print_error(requests.error().message, requests.error().help);
    return std::nullopt;
  }
  const std::optional<std::uint64_t> wanted =
      arguments.line ? number_from(*arguments.line) : std::nullopt;
  std::optional<std::string> found;
  while (const auto request = requests->next()) {
    if (wanted && request->line != *wanted) continue;
    if (found) {
      print_error("there is more than one request in the input", "pick one with --line N");
      return std::nullopt;
    }
    found = std::string(request->text);
    if (wanted) break;
  }
  if (found) return found;
  if (requests->error()) {
    print_error(requests->error()->message, requests->error()->help);
  } else {
    print_error(wanted ? "the input has no request at line " + *arguments.line
                       : "there is no request in the input");
  }
  return std::nullopt;
}

// A decision that a forbid settles never looks at the permits. This does, package by package.
void add_permits(const Engine& engine, const std::string& request, const CallOptions& options,
                 Explanation& explanation) {
  Arena arena;
  const auto input = value_from_json(request, arena);
  if (!input) return;
  std::set<std::string> packages;
  for (const DecisionRule& rule : engine.program()->decision_rules) {
    if (rule.verdict != Verdict::kPermit) continue;
    packages.emplace(rule.package);
  }
  for (const std::string& package : packages) {
    const auto answer = engine.query("data." + package + ".permits", input.value(), options);
    if (!answer) continue;
    for (std::size_t i = 0; i < explanation.size(); ++i) {
      const ExplainedLiteral& literal = answer.value().explanation[i];
      if (explanation[i].begun == 0 && literal.begun > 0) explanation[i] = literal;
    }
  }
}

ExplainedDecision explain(const Engine& engine, const std::string& text,
                          const Arguments& arguments) {
  CallOptions options;
  options.explain = Explain::kYes;
  options.package = arguments.package.value_or("");
  Request request(engine);
  request.parse(text);
  ExplainedDecision explained{engine.decide(request, options), {}};
  Explanation explanation = explained.decision.explanation();
  const Cause cause = explained.decision.cause();
  if (cause == Cause::kInvalidRequest || cause == Cause::kError) return explained;
  if (cause == Cause::kForbidden || cause == Cause::kIndeterminate) {
    options.now_ns = explained.decision.now_ns();
    options.seed = explained.decision.seed();
    add_permits(engine, text, options, explanation);
  }
  explained.rules =
      explained_rules(*engine.program(), explained.decision, explanation, options.package);
  return explained;
}

ExitCode exit_code(const Decision& decision) {
  if (decision) return ExitCode::kOk;
  const bool is_undecided =
      decision.cause() == Cause::kInvalidRequest || decision.cause() == Cause::kError;
  return is_undecided ? ExitCode::kError : ExitCode::kNo;
}

ExitCode explain_indexes(const Arguments& arguments) {
  LoadOptions options;
  options.data = arguments.data;
  const auto loaded = load_or_report(arguments.policies, options);
  if (!loaded) return ExitCode::kError;
  Arena arena;
  Value input;
  if (arguments.request) {
    const std::optional<std::string> text = read_request(arguments);
    if (!text) return ExitCode::kError;
    const auto value = value_from_json(*text, arena);
    if (!value) {
      print_error(value.error().message);
      return ExitCode::kError;
    }
    input = value.value();
  }
  const IndexReport report = report_indexes(*loaded->program, input);
  print(arguments.json
            ? json_from_indexes(report)
            : text_from_indexes(report, arguments.all ? Detail::kAll : Detail::kNearest));
  return ExitCode::kOk;
}

}  // namespace

ExitCode run_explain(std::vector<std::string> words) {
  Arguments arguments;
  CommandLine command_line("explain", "Shows what decides one request, part by part.",
                           std::string(kFooter));
  command_line.policy_options(arguments.policies, arguments.data);
  command_line.option("--line", arguments.line, "N", "of several requests, the one of this line");
  command_line.option("--package", arguments.package, "PACKAGE",
                      "decide with the rules of this package and those below it only");
  command_line.flag("--all", arguments.all, "show all rules");
  command_line.flag("--index", arguments.index, "show how the rules for a request are found");
  command_line.flag("--json", arguments.json, "print JSON");
  command_line.positional("REQUEST", arguments.request, "a file; - or nothing: standard input");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  if (arguments.line && !number_from(*arguments.line)) {
    return command_line.misused("--line needs a number, not `" + *arguments.line + "`");
  }
  if (arguments.index) return explain_indexes(arguments);
  LoadOptions options;
  options.data = arguments.data;
  options.explanations = Explanations::kYes;
  const auto loaded = load_or_report(arguments.policies, options);
  if (!loaded) return ExitCode::kError;
  const std::optional<std::string> request = read_request(arguments);
  if (!request) return ExitCode::kError;
  const Engine engine(loaded->program, options.engine);
  const ExplainedDecision explained = explain(engine, *request, arguments);
  print(arguments.json
            ? json_from_explanation(explained)
            : text_from_explanation(explained, arguments.all ? Detail::kAll : Detail::kNearest));
  return exit_code(explained.decision);
}

}  // namespace licet::cli
