#include "tests/property/compiled.h"

#include <stdexcept>

#include "eval/program/image.h"
#include "eval/value_json.h"

namespace licet::property {
namespace {

// Random text runs into these; every other error is a mistake of somebody.
bool is_expected(lang::Code code) {
  switch (code) {
    case lang::Code::kArgumentType:
    case lang::Code::kNeverEqual:
    case lang::Code::kReferencedAbove:
    case lang::Code::kUnusedDeclaration:
    case lang::Code::kUnsafeVariable:  // literals are shuffled
      return true;
    default:
      return false;
  }
}

EngineOptions patient_options() {
  EngineOptions options;
  options.limits.time = std::chrono::minutes(1);  // a slow machine is no failure
  return options;
}

}  // namespace

Compiled::Compiled(std::shared_ptr<const Program> program)
    : engine_(std::move(program), patient_options()) {}

std::optional<Compiled> Compiled::of(const std::vector<lang::SourceText>& sources,
                                     const nlohmann::json& data, std::string* problem) {
  Arena arena;
  const lang::Compilation compilation =
      lang::compile(sources, value_from_json(data.dump(), arena).value());
  if (compilation.program) return Compiled(compilation.program);
  for (const lang::Diagnostic& diagnostic : compilation.diagnostics.all()) {
    if (info(diagnostic.code).severity == lang::Severity::kWarning) continue;
    if (problem != nullptr && !is_expected(diagnostic.code)) {
      *problem += text_of(diagnostic.code) + ": " + diagnostic.message + "\n";
    }
  }
  return std::nullopt;
}

Compiled Compiled::through_image() const {
  auto read = program::program_from_image(program::image_from_program(*engine_.program()));
  if (!read) throw std::runtime_error(read.error().message);
  return Compiled(std::move(read).value());
}

Verdicts Compiled::decide(const nlohmann::json& request) const {
  const Decision decision = engine_.decide_json(request.dump());
  Verdicts verdicts{decision.effect(), decision.cause(), {}};
  for (const DeterminingRule& rule : decision.rules()) {
    verdicts.rules.insert((rule.verdict == Verdict::kForbid ? "forbid " : "permit ") + rule.name);
  }
  return verdicts;
}

std::string Compiled::document(const std::string& rule, const nlohmann::json& input) const {
  Arena arena;
  const auto answer = engine_.query("data.t." + rule, value_from_json(input.dump(), arena).value());
  if (answer)
    return answer.value().value.is_defined() ? rego_text(answer.value().value) : "undefined";
  return answer.error().code == EvalErrorCode::kConflict ? "conflict"
                                                         : licet::text_of(answer.error());
}

}  // namespace licet::property
