// licet log: reading, checking and exporting decision logs. One row and one file for each command.
#include <array>
#include <optional>

#include "bindings/cli/commands.h"
#include "bindings/cli/log_common.h"
#include "lang/diagnostic.h"

namespace licet::cli {
namespace {

constexpr std::array kLogCommands = {
    Command{"verify", "check every byte, signature and checkpoint", run_log_verify},
    Command{"show", "print entries", run_log_show},
    Command{"grep", "print the entries that match", run_log_grep},
    Command{"tail", "print the last entries", run_log_tail},
    Command{"stats", "count entries by kind, effect, cause and rule", run_log_stats},
    Command{"prove", "print a proof that an entry is in the log", run_log_prove},
    Command{"verify-proof", "check such a proof, without the log", run_log_verify_proof},
    Command{"replay", "decide logged requests again, with the same or other policies",
            run_log_replay},
    Command{"export", "write entries in other programs' formats", run_log_export},
    Command{"outcome", "log what followed from a decision", run_log_outcome},
    Command{"erase", "destroy the key of a data subject", run_log_erase},
    Command{"rotate-keys", "wrap the keys anew and begin new segment keys", run_log_rotate},
    Command{"key", "make a key", run_log_key},
};

std::string usage() {
  std::string text =
      "Reads, checks and exports decision logs\nUsage: licet log COMMAND [OPTIONS]\n\n"
      "Commands:\n";
  for (const Command& command : kLogCommands) {
    std::string line = "  " + std::string(command.name);
    line.resize(16, ' ');
    text += line + std::string(command.summary) + "\n";
  }
  return text +
         "\nExamples:\n"
         "  licet log key 2026-11 > log.key\n"
         "  licet decide -p policies/ --log decisions --log-key file:log.key requests.jsonl\n"
         "  licet log verify decisions -k file:log.key --checkpoint kept-elsewhere.note\n"
         "  licet log grep decisions -k file:log.key effect=deny user.id=ann\n"
         "\n`licet log COMMAND --help` says what a command takes and what its exit codes mean.\n";
}

}  // namespace

ExitCode run_log(std::vector<std::string> arguments) {
  if (arguments.empty()) {
    print_note(usage());
    return ExitCode::kError;
  }
  const std::string name = arguments.front();
  arguments.erase(arguments.begin());
  if (name == "-h" || name == "--help") {
    print(usage());
    return ExitCode::kOk;
  }
  std::vector<std::string> names;
  for (const Command& command : kLogCommands) {
    if (command.name == name) return command.run(std::move(arguments));
    names.emplace_back(command.name);
  }
  const std::optional<std::string> nearest = lang::suggestion(name, names);
  print_error("unknown command `log " + name + "`",
              nearest ? "did you mean `" + *nearest + "`?" : "`licet log --help` lists them");
  return ExitCode::kError;
}

}  // namespace licet::cli
