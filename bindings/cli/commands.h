// The commands of `licet`: one row each in commands.cc, one file each.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/cli/output.h"

namespace licet::cli {

struct Command {
  std::string_view name;
  std::string_view summary;  // one line
  // `arguments` are those after the command's name.
  ExitCode (*run)(std::vector<std::string> arguments);
};

std::span<const Command> all_commands();

ExitCode run_check(std::vector<std::string> arguments);
ExitCode run_decide(std::vector<std::string> arguments);
ExitCode run_eval(std::vector<std::string> arguments);
ExitCode run_test(std::vector<std::string> arguments);
ExitCode run_explain(std::vector<std::string> arguments);
ExitCode run_bench(std::vector<std::string> arguments);
ExitCode run_fmt(std::vector<std::string> arguments);
ExitCode run_log(std::vector<std::string> arguments);
ExitCode run_report(std::vector<std::string> arguments);
ExitCode run_export(std::vector<std::string> arguments);
ExitCode run_disasm(std::vector<std::string> arguments);

}  // namespace licet::cli
