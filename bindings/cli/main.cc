// licet: policies checked, decided, tested and explained from a shell.
#include <csignal>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/cli/allocations.h"
#include "bindings/cli/bench_measure.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/output.h"
#include "lang/diagnostic.h"

namespace licet::cli {
namespace {

constexpr std::string_view kExamples =
    "\n"
    "Examples:\n"
    "  licet check -p policies/\n"
    "  licet decide -p policies/ -d data.json requests.jsonl\n"
    "  echo '{\"user\": {\"roles\": [\"intern\"]}}' | licet decide -p policies/ -\n"
    "  licet eval -p policies/ 'data.registry.permits'\n"
    "  licet test -p policies/ --run intern\n"
    "  licet explain -p policies/ request.json\n"
    "  licet bench -p policies/ requests.jsonl\n"
    "  licet fmt --check policies/\n"
    "\n"
    "`licet COMMAND --help` says what a command takes and what its exit codes mean.\n";

std::string usage() {
  std::string text =
      "licet decides who may do what with models, data sets and decisions\n"
      "Usage: licet COMMAND [OPTIONS]\n"
      "\n"
      "Commands:\n";
  for (const Command& command : all_commands()) {
    std::string line = "  " + std::string(command.name);
    line.resize(12, ' ');
    text += line + std::string(command.summary) + "\n";
  }
  text +=
      "\n"
      "Options:\n"
      "  -h, --help     print this help\n"
      "  -V, --version  print the version\n";
  return text.append(kExamples);
}

ExitCode refuse_unknown(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : all_commands()) names.emplace_back(command.name);
  const std::optional<std::string> nearest = lang::suggestion(name, names);
  print_error((name.starts_with("-") ? "unknown option `" : "unknown command `") + name + "`",
              nearest ? "did you mean `" + *nearest + "`?" : "`licet --help` lists the commands");
  return ExitCode::kError;
}

ExitCode run(std::vector<std::string> arguments) {
  if (arguments.empty()) {
    print_note(usage());
    return ExitCode::kError;
  }
  const std::string name = arguments.front();
  arguments.erase(arguments.begin());
  if (name == "-h" || name == "--help" || name == "help") {
    if (!arguments.empty() && name == "help") return run({arguments.front(), "--help"});
    print(usage());
    return ExitCode::kOk;
  }
  if (name == "-V" || name == "--version") {
    print("licet " LICET_VERSION "\n");
    return ExitCode::kOk;
  }
  for (const Command& command : all_commands()) {
    if (command.name == name) return command.run(std::move(arguments));
  }
  return refuse_unknown(name);
}

}  // namespace
}  // namespace licet::cli

int main(int count, char** values) {
  // A reader that went away is found when writing fails; see output.cc.
  std::signal(SIGPIPE, SIG_IGN);
  licet::cli::count_allocations = licet::cli::allocations_of_this_thread;
  licet::cli::ExitCode code = licet::cli::ExitCode::kError;
  try {
    code = licet::cli::run(std::vector<std::string>(values + 1, values + count));
    licet::cli::flush();
  } catch (const std::bad_alloc&) {
    licet::cli::print_error("out of memory");
    code = licet::cli::ExitCode::kError;
  } catch (const std::exception& error) {
    licet::cli::print_error(std::string("internal error: ") + error.what());
    code = licet::cli::ExitCode::kError;
  }
  return static_cast<int>(code);
}
