// Policy files -> an engine that decides. What serving code calls first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eval/engine.h"
#include "eval/program.h"
#include "eval/result.h"
#include "licet/data.h"

namespace licet {

// One thing that the compiler says about a policy.
struct PolicyProblem {
  enum class Severity : std::uint8_t { kError, kWarning };

  std::string code;  // L0203; lang/README.md lists them
  Severity severity = Severity::kError;
  std::string file;
  std::uint32_t line = 0;  // from 1
  std::uint32_t column = 0;
  std::string message;  // unknown attribute `user.deparment`
  std::string help;     // did you mean `department`?; may be empty
};

struct LoadError {
  std::string message;                  // one line
  std::string help;                     // may be empty
  std::vector<PolicyProblem> problems;  // of the compiler; empty if a file cannot be read
  // All problems for people, with the lines of the policies that they are about.
  std::string text;
};

enum class Explanations : std::uint8_t { kNo, kYes };  // kYes: slower; for Explain::kYes

enum class TextStyle : std::uint8_t { kPlain, kColored };  // kColored: for a terminal

struct LoadOptions {
  std::vector<std::string> data;  // JSON and YAML files, merged into one object; see data.h
  EngineOptions engine;
  Explanations explanations = Explanations::kNo;
  // What is likely a mistake, such as an import that nothing uses, is an error too.
  bool strict = false;
  TextStyle text_style = TextStyle::kPlain;  // of LoadError::text and LoadedProgram::warning_text
  // For Engine::run_query: Rego literals, compiled along with the policies. They see the rules of
  // `query_package` by name; it may be empty.
  std::optional<std::string> query;
  std::string query_package;
};

// Compiles policy files and folders (see files.h), or reads one compiled image. Without any path
// there are no rules. Thread-safe.
Result<Engine, LoadError> load(const std::string& path, const LoadOptions& options = {});
Result<Engine, LoadError> load(const std::vector<std::string>& paths,
                               const LoadOptions& options = {});

// Loads again and puts the new policies in force. Calls that are under way end with the old ones;
// every later call sees the new ones. On an error the old ones stay in force.
// `options.engine` is not looked at: limits and clock are the engine's own. Thread-safe.
std::optional<LoadError> reload(Engine& engine, const std::vector<std::string>& paths,
                                const LoadOptions& options = {});

// The program alone, and what the compiler warns of.
struct LoadedProgram {
  std::shared_ptr<const Program> program;
  std::vector<PolicyProblem> warnings;
  std::string warning_text;    // for people, as LoadError::text
  std::size_t file_count = 0;  // of policies
};
Result<LoadedProgram, LoadError> load_program(const std::vector<std::string>& paths,
                                              const LoadOptions& options = {});
// The same from texts. `options.data` are files as ever; `data` is merged with them.
Result<LoadedProgram, LoadError> load_texts(const std::vector<NamedText>& policies,
                                            const std::vector<NamedText>& data,
                                            const LoadOptions& options = {});

}  // namespace licet
