#include "bindings/cli/commands.h"

#include <array>

namespace licet::cli {
namespace {

constexpr std::array kCommands = {
    Command{"check", "compile policies and report what is wrong with them", run_check},
    Command{"decide", "decide requests: permit or deny, and why", run_decide},
    Command{"eval", "evaluate a Rego query", run_eval},
    Command{"test", "run the test_ rules of policies", run_test},
    Command{"explain", "show what decides one request, part by part", run_explain},
    Command{"bench", "measure what deciding requests costs", run_bench},
    Command{"fmt", "format policies", run_fmt},
    Command{"log", "read, check, replay and export decision logs", run_log},
    Command{"report", "make a page about a decision log", run_report},
    Command{"export", "write policies as plain Rego that decides the same", run_export},
    Command{"disasm", "print the bytecode of policies", run_disasm},
};

}  // namespace

std::span<const Command> all_commands() { return kCommands; }

}  // namespace licet::cli
