// licet export: policies in another language.
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/cli/arguments.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/terminal.h"
#include "lang/compile.h"
#include "lang/rego_export.h"
#include "lang/render.h"
#include "licet/sources.h"

namespace licet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFooter =
    "Writes the policies as plain Rego v1, a module per package. OPA then answers\n"
    "`data.licet.decision` with the decision that Licet makes: effect, cause, rules, messages,\n"
    "controls and obligations. Without --output the modules are printed, each after a line with "
    "its\n"
    "name.\n"
    "\n"
    "Exit codes: 0 exported, 2 the policies do not compile or a file cannot be read or written.\n"
    "\n"
    "Examples:\n"
    "  licet export --to rego -p policies/ --output exported/\n"
    "  opa eval -d exported/ -d data.json -i request.json data.licet.decision";

bool write_module(const fs::path& folder, const lang::SourceText& module) {
  const fs::path path = folder / module.name;
  std::ofstream file(path, std::ios::binary);
  file << module.text;
  file.close();
  if (!file) print_error("cannot write `" + path.string() + "`", "");
  return static_cast<bool>(file);
}

ExitCode write_modules(const std::string& folder, const std::vector<lang::SourceText>& modules) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    print_error("cannot make the folder `" + folder + "`: " + error.message(), "");
    return ExitCode::kError;
  }
  for (const lang::SourceText& module : modules) {
    if (!write_module(folder, module)) return ExitCode::kError;
    print((fs::path(folder) / module.name).string() + "\n");
  }
  return ExitCode::kOk;
}

}  // namespace

ExitCode run_export(std::vector<std::string> words) {
  std::vector<std::string> policies;
  std::optional<std::string> language;
  std::optional<std::string> output;
  CommandLine command_line("export", "Writes policies in another language.", std::string(kFooter));
  command_line.option("-p,--policy", policies, "PATH", "policy file or folder",
                      Presence::kRequired);
  command_line.option("--to", language, "LANGUAGE", "rego (the only one, and the default)");
  command_line.option("-o,--output", output, "FOLDER", "where the modules are written");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  if (language && *language != "rego") {
    return command_line.misused("policies can be exported to rego only");
  }
  const auto sources = read_sources(policies);
  if (!sources) {
    print_error(sources.error().message, sources.error().help);
    return ExitCode::kError;
  }
  const lang::RegoExport exported = lang::export_rego(sources.value());
  const lang::Color color = error_terminal().has_color ? lang::Color::kYes : lang::Color::kNo;
  print_block(lang::render_text(exported.sources, exported.diagnostics, color));
  if (exported.modules.empty()) return ExitCode::kError;
  if (output) return write_modules(*output, exported.modules);
  for (const lang::SourceText& module : exported.modules) {
    print("# --- " + module.name + "\n" + module.text);
  }
  return ExitCode::kOk;
}

}  // namespace licet::cli
