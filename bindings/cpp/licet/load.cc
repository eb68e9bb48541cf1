#include "licet/load.h"

#include <utility>

#include "eval/image.h"
#include "lang/compile.h"
#include "lang/render.h"
#include "licet/data.h"
#include "licet/sources.h"

namespace licet {
namespace {

LoadError error_from(const FileError& error) {
  return {.message = error.message, .help = error.help, .problems = {}, .text = {}};
}

LoadError error_from(const DataError& error) {
  return {.message = error.message, .help = error.help, .problems = {}, .text = {}};
}

PolicyProblem problem_from(const lang::Diagnostic& diagnostic, const lang::SourceSet& sources) {
  const lang::Position at = lang::position_of(diagnostic, sources);
  const bool is_error = lang::info(diagnostic.code).severity == lang::Severity::kError;
  return {
      .code = lang::text_of(diagnostic.code),
      .severity = is_error ? PolicyProblem::Severity::kError : PolicyProblem::Severity::kWarning,
      .file = sources[diagnostic.span.source].name(),
      .line = at.line,
      .column = at.column,
      .message = diagnostic.message,
      .help = diagnostic.help};
}

std::vector<PolicyProblem> problems_of(const lang::Compilation& compilation) {
  std::vector<PolicyProblem> problems;
  for (const lang::Diagnostic& diagnostic : compilation.diagnostics.all()) {
    problems.push_back(problem_from(diagnostic, compilation.sources));
  }
  return problems;
}

lang::CompileOptions compile_options(const LoadOptions& options) {
  lang::CompileOptions compile;
  if (options.explanations == Explanations::kYes) compile.trace = lang::Trace::kYes;
  if (options.strict) compile.lint = lang::Lint::kStrict;
  compile.query = options.query;
  compile.query_package = options.query_package;
  return compile;
}

Result<LoadedProgram, LoadError> compile_sources(const std::vector<lang::SourceText>& sources,
                                                 const Value& data, const LoadOptions& options) {
  lang::Compilation compilation = lang::compile(sources, data, compile_options(options));
  const lang::Color color =
      options.text_style == TextStyle::kColored ? lang::Color::kYes : lang::Color::kNo;
  std::string text = lang::render_text(compilation.sources, compilation.diagnostics, color);
  if (!compilation.program) {
    return Failure{LoadError{
        .message = "the policies do not compile: " + lang::render_summary(compilation.diagnostics),
        .help = {},
        .problems = problems_of(compilation),
        .text = std::move(text)}};
  }
  return LoadedProgram{.program = std::move(compilation.program),
                       .warnings = problems_of(compilation),
                       .warning_text = std::move(text),
                       .file_count = sources.size()};
}

LoadError image_error(const std::string& name, const std::string& message, std::string help = {}) {
  return {
      .message = "`" + name + "` " + message, .help = std::move(help), .problems = {}, .text = {}};
}

// An image is a whole program: it takes no other policies and no data.
Result<LoadedProgram, LoadError> load_image(const std::vector<lang::SourceText>& sources,
                                            const lang::SourceText& image,
                                            const LoadOptions& options) {
  if (sources.size() > 1 || !options.data.empty() || options.query) {
    return Failure{image_error(image.name, "is a compiled image and cannot be compiled again",
                               "give it alone, or the policies that it was made from")};
  }
  auto program = program_from_image(image.text);
  if (!program) return Failure{image_error(image.name, "cannot be loaded: " + program.error())};
  return LoadedProgram{
      .program = std::move(program).value(), .warnings = {}, .warning_text = {}, .file_count = 1};
}

}  // namespace

namespace {

Result<std::vector<NamedText>, FileError> read_texts(const std::vector<std::string>& paths) {
  std::vector<NamedText> texts;
  for (const std::string& path : paths) {
    auto text = read_file(path);
    if (!text) return Failure{text.error()};
    texts.push_back({path, std::move(text).value()});
  }
  return texts;
}

Result<LoadedProgram, LoadError> load_sources(const std::vector<lang::SourceText>& sources,
                                              const std::vector<NamedText>& data_texts,
                                              const LoadOptions& options) {
  for (const lang::SourceText& source : sources) {
    if (is_image(source.text)) return load_image(sources, source, options);
  }
  Arena arena;
  const auto data =
      data_texts.empty() ? read_data(options.data, arena) : data_from_texts(data_texts, arena);
  if (!data) return Failure{error_from(data.error())};
  return compile_sources(sources, data.value(), options);
}

}  // namespace

Result<LoadedProgram, LoadError> load_program(const std::vector<std::string>& paths,
                                              const LoadOptions& options) {
  auto sources = read_sources(paths);
  if (!sources) return Failure{error_from(sources.error())};
  return load_sources(sources.value(), {}, options);
}

Result<LoadedProgram, LoadError> load_texts(const std::vector<NamedText>& policies,
                                            const std::vector<NamedText>& data,
                                            const LoadOptions& options) {
  std::vector<lang::SourceText> sources;
  for (const NamedText& policy : policies) sources.push_back({policy.name, policy.text});
  if (data.empty()) return load_sources(sources, {}, options);
  auto all_data = read_texts(options.data);
  if (!all_data) return Failure{error_from(all_data.error())};
  all_data->insert(all_data->end(), data.begin(), data.end());
  return load_sources(sources, all_data.value(), options);
}

Result<Engine, LoadError> load(const std::vector<std::string>& paths, const LoadOptions& options) {
  auto loaded = load_program(paths, options);
  if (!loaded) return Failure{loaded.error()};
  return Engine(std::move(loaded->program), options.engine);
}

Result<Engine, LoadError> load(const std::string& path, const LoadOptions& options) {
  return load(std::vector{path}, options);
}

std::optional<LoadError> reload(Engine& engine, const std::vector<std::string>& paths,
                                const LoadOptions& options) {
  auto loaded = load_program(paths, options);
  if (!loaded) return loaded.error();
  engine.swap(std::move(loaded->program));
  return std::nullopt;
}

}  // namespace licet
