// licet log export: entries for other programs.
#include "bindings/cli/log_formats.h"
#include "eval/path_text.h"

namespace licet::cli {
namespace {

std::string footer() {
  std::string text = "FORMAT is one of\n";
  for (const LogFormat& format : log_formats()) {
    std::string line = "  " + std::string(format.name);
    line.resize(14, ' ');
    text += line + std::string(format.summary) + "\n";
  }
  return text +
         "  tiles       C2SP tlog-tiles in a folder (-o), for other verifiers\n"
         "\n"
         "Decisions only, one a line; jsonl and tiles have every entry. The output is not "
         "encrypted:\n"
         "what the log hides stays hidden, everything else is there to read.\n"
         "\n"
         "Exit codes: 0 written, 2 the log cannot be read.";
}

const LogFormat* format_named(const std::string& name) {
  for (const LogFormat& format : log_formats()) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace

ExitCode run_log_export(std::vector<std::string> words) {
  LogPlace place;
  std::optional<std::string> to;
  std::optional<std::string> folder;
  std::optional<std::string> user, resource, action, ip;
  CommandLine command_line("log export", "Writes the decisions of a log in another format.",
                           footer());
  log_place_options(command_line, place);
  command_line.option("--to", to, "FORMAT", "see below");
  command_line.option("-o,--output", folder, "DIR", "the folder for tiles");
  command_line.option("--user", user, "PATH", "the attribute that is the user; default user.id");
  command_line.option("--resource", resource, "PATH", "default model.id");
  command_line.option("--action", action, "PATH", "default request.action");
  command_line.option("--ip", ip, "PATH", "default request.ip");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  if (!to) return command_line.misused("--to is required");
  const LogFormat* const format = format_named(*to);
  if (format == nullptr && *to != "tiles") {
    return command_line.misused("unknown format `" + *to + "`");
  }
  if (*to == "tiles" && !folder) return command_line.misused("tiles need -o DIR");
  for (const auto* path : {&user, &resource, &action, &ip}) {
    if (*path && !path_from_text(**path)) {
      return command_line.misused("`" + **path + "` is not the path of an attribute");
    }
  }
  const auto reader = reader_or_report(place);
  if (!reader) return ExitCode::kError;
  if (format == nullptr) {
    const auto error = log::export_tiles(*reader, *folder);
    if (error) print_log_error(*error);
    return error ? ExitCode::kError : ExitCode::kOk;
  }
  Roles roles;
  roles.user = user.value_or(roles.user);
  roles.resource = resource.value_or(roles.resource);
  roles.action = action.value_or(roles.action);
  roles.ip = ip.value_or(roles.ip);
  if (!format->header.empty()) print(std::string(format->header) + "\n");
  return for_each_entry(*reader, "exported", [&](const EntryView& entry) {
    if (entry.kind() != "decision" && format->name != "jsonl") return true;
    print(format->line(entry, *reader, roles) + "\n");
    return true;
  });
}

}  // namespace licet::cli
