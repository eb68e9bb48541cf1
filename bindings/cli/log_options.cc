#include "bindings/cli/log_options.h"

#include "bindings/cli/log_common.h"
#include "eval/log_witness.h"

namespace licet::cli {
namespace {

struct ModeName {
  std::string_view name;
  log::Mode mode;
  log::WhenFull when_full;
};

constexpr ModeName kModes[] = {
    {"durable", log::Mode::kDurable, log::WhenFull::kBlock},
    {"async", log::Mode::kAsync, log::WhenFull::kBlock},
    {"async-deny", log::Mode::kAsync, log::WhenFull::kDeny},
    {"async-drop", log::Mode::kAsync, log::WhenFull::kDropAndCount},
};

}  // namespace

void log_options(CommandLine& command_line, LogArguments& arguments) {
  command_line.option("--log", arguments.folder, "DIR", "log every decision to this folder");
  command_line.option("--log-key", arguments.key, "URI",
                      "the key over the log's keys, as of `licet log`; default env:LICET_LOG_KEY");
  command_line.option("--log-origin", arguments.origin, "NAME",
                      "what a new log calls itself, as example.org/registry; default licet.log");
  command_line.option("--log-mode", arguments.mode, "MODE",
                      "durable (default), async, async-deny or async-drop");
  command_line.option("--log-witness", arguments.witness, "FILE",
                      "keep the last signed checkpoint here too, away from the log");
  command_line.option("--log-subject", arguments.subject, "PATH",
                      "whose data an entry is about; default user.id");
  command_line.option("--log-also", arguments.also, "PATH",
                      "an attribute to log though no policy reads it; repeatable");
  command_line.option("--log-encrypt", arguments.encrypt, "PATH",
                      "an attribute to encrypt under the subject's key; repeatable");
}

std::optional<std::string> stray_log_option(const LogArguments& arguments) {
  if (arguments.folder) return std::nullopt;
  if (arguments.key) return "--log-key";
  if (arguments.origin) return "--log-origin";
  if (arguments.mode) return "--log-mode";
  if (arguments.witness) return "--log-witness";
  if (arguments.subject) return "--log-subject";
  if (!arguments.also.empty()) return "--log-also";
  if (!arguments.encrypt.empty()) return "--log-encrypt";
  return std::nullopt;
}

std::unique_ptr<Log> log_or_report(const LogArguments& arguments) {
  LogPlace place;
  place.key = arguments.key;
  LogSettings settings;
  settings.log.keys = keys_or_report(place);
  if (!settings.log.keys) return nullptr;
  settings.log.folder = *arguments.folder;
  settings.log.origin = arguments.origin.value_or(settings.log.origin);
  if (arguments.witness) settings.log.witness = log::witness_in_file(*arguments.witness);
  settings.subject = arguments.subject.value_or(settings.subject);
  settings.also = arguments.also;
  settings.encrypt = arguments.encrypt;
  const std::string wanted = arguments.mode.value_or("durable");
  bool is_known = false;
  for (const ModeName& mode : kModes) {
    if (mode.name != wanted) continue;
    is_known = true;
    settings.log.mode = mode.mode;
    settings.log.when_full = mode.when_full;
  }
  if (!is_known) {
    print_error("unknown mode `" + wanted + "` of a log",
                "durable, async, async-deny or async-drop");
    return nullptr;
  }
  auto log = Log::open(std::move(settings));
  if (log) return std::move(log).value();
  print_log_error(log.error());
  return nullptr;
}

bool close_or_report(Log& log) {
  const auto error = log.entries().close();
  if (error) print_log_error(*error);
  return !error;
}

}  // namespace licet::cli
