// The options with which a command writes a decision log.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/cli/arguments.h"
#include "licet/log.h"

namespace licet::cli {

struct LogArguments {
  std::optional<std::string> folder;
  std::optional<std::string> key;
  std::optional<std::string> origin;
  std::optional<std::string> mode;
  std::optional<std::string> witness;
  std::optional<std::string> subject;
  std::vector<std::string> also;
  std::vector<std::string> encrypt;
};

void log_options(CommandLine& command_line, LogArguments& arguments);
// An option that says how to log, where nothing says that there is to be a log.
std::optional<std::string> stray_log_option(const LogArguments& arguments);
// nullptr: what is wrong was printed.
std::unique_ptr<Log> log_or_report(const LogArguments& arguments);
// False: what is wrong was printed.
bool close_or_report(Log& log);

}  // namespace licet::cli
