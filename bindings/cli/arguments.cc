#include "bindings/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "bindings/cli/terminal.h"
#include "lang/diagnostic.h"

namespace licet::cli {
namespace {

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

}  // namespace

CommandLine::CommandLine(std::string_view name, std::string summary, std::string footer)
    : name_(name),
      app_(std::make_unique<CLI::App>(std::move(summary), "licet " + std::string(name))) {
  app_->footer("\n" + std::move(footer));
  app_->set_help_flag("-h,--help", "print this help");
  app_->get_formatter()->column_width(28);
  app_->get_formatter()->label("REQUIRED", "(required)");
}

CommandLine::~CommandLine() = default;

void CommandLine::flag(const std::string& names, bool& value, const std::string& help) {
  app_->add_flag(names, value, help);
}

void CommandLine::option(const std::string& names, std::optional<std::string>& value,
                         const std::string& type, const std::string& help) {
  app_->add_option(names, value, help)->type_name(type);
}

void CommandLine::option(const std::string& names, std::vector<std::string>& values,
                         const std::string& type, const std::string& help, Presence presence) {
  // One value each time: the next word may be a positional argument.
  app_->add_option(names, values, help)
      ->type_name(type)
      ->allow_extra_args(false)
      ->required(presence == Presence::kRequired);
}

void CommandLine::positional(const std::string& name, std::optional<std::string>& value,
                             const std::string& help, Presence presence) {
  app_->add_option(name, value, help)->type_name("")->required(presence == Presence::kRequired);
}

void CommandLine::positional(const std::string& name, std::vector<std::string>& values,
                             const std::string& help) {
  app_->add_option(name, values, help)->type_name("");
}

void CommandLine::policy_options(std::vector<std::string>& policies, std::vector<std::string>& data,
                                 Presence presence) {
  option("-p,--policy", policies, "PATH",
         "a policy file, a folder of .licet and .rego files, or "
         "a compiled image; repeatable",
         presence);
  option("-d,--data", data, "FILE", "a data file, JSON or YAML; repeatable, merged key by key");
}

std::optional<ExitCode> CommandLine::parse(std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app_->parse(std::move(arguments));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    print(app_->help());
    return ExitCode::kOk;
  } catch (const CLI::ExtrasError&) {
    return unexpected(app_->remaining());
  } catch (const CLI::ParseError& error) {
    return misused(lower_first(error.what()));  // CLI11 begins its sentences with a capital
  }
}

ExitCode CommandLine::unexpected(const std::vector<std::string>& words) const {
  const std::string word = words.empty() ? std::string() : words.front();
  if (!word.starts_with("-")) return misused("unexpected argument `" + word + "`");
  const auto nearest = lang::suggestion(word, option_names(*app_));
  if (!nearest) return misused("unknown option `" + word + "`");
  print_error("unknown option `" + word + "`", "did you mean `" + *nearest + "`?");
  return ExitCode::kError;
}

ExitCode CommandLine::misused(std::string_view message) const {
  print_error(message, "`licet " + name_ + " --help` lists the options");
  return ExitCode::kError;
}

}  // namespace licet::cli
