// licet log key, rotate-keys, erase, outcome: what changes a log or its keys.
#include "bindings/cli/log_common.h"
#include "bindings/cli/terminal.h"
#include "eval/log.h"
#include "eval/value_json.h"

namespace licet::cli {
namespace {

std::unique_ptr<log::DecisionLog> writer_or_report(const LogPlace& place) {
  log::LogOptions options;
  options.folder = *place.folder;
  options.keys = keys_or_report(place);
  if (!options.keys) return nullptr;
  // Looked at before it is opened, because opening would make it.
  auto reader = log::LogReader::open(options.folder, options.keys);
  if (!reader) {
    print_log_error(reader.error());
    return nullptr;
  }
  auto log = log::DecisionLog::open(options);
  if (log) return std::move(log).value();
  print_log_error(log.error());
  return nullptr;
}

// The id of a decision of the log, named by it or by the index of its entry; nullopt: there is
// none, and that was printed.
std::optional<std::string> decision_or_report(const LogPlace& place, const std::string& name) {
  const auto reader = reader_or_report(place);
  const auto found = reader ? find_entry(*reader, name) : std::nullopt;
  if (!found) return std::nullopt;
  if (found->decision_id.empty()) {
    print_error("entry `" + name + "` is no decision");
    return std::nullopt;
  }
  return found->decision_id;
}

ExitCode close_or_report(log::DecisionLog& log) {
  if (const auto error = log.close()) {
    print_log_error(*error);
    return ExitCode::kError;
  }
  return ExitCode::kOk;
}

}  // namespace

ExitCode run_log_key(std::vector<std::string> words) {
  std::optional<std::string> name;
  CommandLine command_line("log key", "Makes a key for a key file: a line NAME BASE64.",
                           "To rotate, put the new line before the old ones and run "
                           "`licet log rotate-keys`.\n\n"
                           "Example:\n"
                           "  licet log key 2026-11 > log.key && chmod 400 log.key");
  command_line.positional("NAME", name, "what to call it", Presence::kRequired);
  if (const auto code = command_line.parse(std::move(words))) return *code;
  const std::string line = log::new_key_line(*name);
  if (!log::key_provider_from_text(line, *name)) {
    return command_line.misused("a name has no blanks, `+` or `:`");
  }
  print(line);
  return ExitCode::kOk;
}

ExitCode run_log_rotate(std::vector<std::string> words) {
  LogPlace place;
  CommandLine command_line("log rotate-keys",
                           "Wraps a log's keys under the provider's current key.",
                           "Exit codes: 0 done and logged, 2 not.");
  log_place_options(command_line, place);
  if (const auto code = command_line.parse(std::move(words))) return *code;
  const auto log = writer_or_report(place);
  if (!log) return ExitCode::kError;
  if (const auto error = log->rotate_keys()) {
    print_log_error(*error);
    return ExitCode::kError;
  }
  return close_or_report(*log);
}

ExitCode run_log_erase(std::vector<std::string> words) {
  LogPlace place;
  std::optional<std::string> subject;
  CommandLine command_line(
      "log erase", "Destroys the key of a data subject; the log still verifies.",
      "What was encrypted for the subject cannot be read any more. Backups of the log's folder "
      "hold\n"
      "the key too: erase there as well. The log must not be open for writing elsewhere.\n"
      "\n"
      "Exit codes: 0 destroyed and logged, 1 there was no key, 2 an error.\n"
      "\n"
      "Example:\n"
      "  licet log erase decisions -k file:log.key --subject ann");
  log_place_options(command_line, place);
  command_line.option("--subject", subject, "ID", "the subject's id, as in requests");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  if (!subject) return command_line.misused("--subject is required");
  const auto log = writer_or_report(place);
  if (!log) return ExitCode::kError;
  Arena arena;
  const auto count = log->erase_subject(Value::string(*subject, arena));
  if (!count) {
    print_log_error(count.error());
    return ExitCode::kError;
  }
  print_note(counted(count.value(), "key") + " destroyed");
  const ExitCode code = close_or_report(*log);
  return code == ExitCode::kOk && count.value() == 0 ? ExitCode::kNo : code;
}

ExitCode run_log_outcome(std::vector<std::string> words) {
  LogPlace place;
  std::optional<std::string> id;
  std::optional<std::string> outcome;
  std::optional<std::string> group;
  CommandLine command_line("log outcome", "Logs what followed from a decision.",
                           "OUTCOME is JSON, or else a string. It is not masked.\n"
                           "The log is read to see that it has the decision.\n"
                           "\n"
                           "Exit codes: 0 logged, 2 not.");
  log_place_options(command_line, place);
  command_line.positional("ID", id, "the decision's id, or the index of its entry",
                          Presence::kRequired);
  command_line.positional("OUTCOME", outcome, "what followed", Presence::kRequired);
  command_line.option("--group", group, "NAME", "whose outcome rate it counts for");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  const auto decision = decision_or_report(place, *id);
  const auto log = decision ? writer_or_report(place) : nullptr;
  if (!log) return ExitCode::kError;
  Arena arena;
  const auto value = value_from_json(*outcome, arena);
  const auto error = log->append_outcome(
      *decision, value ? value.value() : Value::string(*outcome, arena), group.value_or(""));
  if (error) {
    print_log_error(*error);
    return ExitCode::kError;
  }
  return close_or_report(*log);
}

}  // namespace licet::cli
