#include "tests/differential/licet_side.h"

#include <algorithm>

#include "eval/engine.h"
#include "eval/image.h"
#include "eval/value_json.h"
#include "lang/compile.h"
#include "tests/differential/decision_side.h"
#include "tests/property/reference.h"

namespace licet::differential {
namespace {

using Program = std::shared_ptr<const licet::Program>;

enum class ModuleOrder { kAsWritten, kReversed };

struct Built {
  Program program;
  Outcome refusal;  // without a program
};

Built build(const Question& question, ModuleOrder order, const lang::CompileOptions& options) {
  std::vector<lang::SourceText> sources;
  for (const std::string& module : question.modules) {
    sources.push_back({"m" + std::to_string(sources.size()) + ".rego", module});
  }
  if (order == ModuleOrder::kReversed) std::reverse(sources.begin(), sources.end());
  Arena arena;
  const auto data = value_from_json(question.data, arena);
  if (!data) return {nullptr, {"", "bad_data", data.error().message, {}}};
  const lang::Compilation compilation = lang::compile(sources, data.value(), options);
  Built result{compilation.program, {}};
  for (const lang::Diagnostic& diagnostic : compilation.diagnostics.all()) {
    const lang::CodeInfo& info = lang::info(diagnostic.code);
    if (info.severity != lang::Severity::kError) continue;
    if (result.refusal.error.empty()) {
      result.refusal.error = info.rego_code;
      result.refusal.message = lang::text_of(diagnostic.code) + ": " + diagnostic.message;
    }
    result.refusal.codes.emplace_back(info.rego_code);
  }
  return result;
}

class Evaluation {
 public:
  Evaluation(Program program, const Question& question)
      : engine_(std::move(program), options_of(question)) {
    if (question.input.empty()) return;
    const auto input = value_from_json(question.input, arena_);
    if (input) input_ = input.value();
  }

  Outcome document(const std::string& path) const {
    const auto answer = engine_.query(path, input_, call());
    if (!answer) return failure(answer.error());
    return value(answer.value().value);
  }
  Outcome query() const {
    const auto rows = engine_.run_query(input_, call());
    if (!rows) return failure(rows.error());
    if (rows.value().rows.empty()) return {};
    return value(rows.value().rows.front().front());
  }

 private:
  static EngineOptions options_of(const Question& question) {
    EngineOptions options;
    options.limits.time = std::chrono::minutes(1);  // a slow machine is no difference
    if (question.strict_errors) options.builtin_errors = BuiltinErrors::kFail;
    return options;
  }
  static CallOptions call() {
    CallOptions options;
    options.now_ns = kOraclesTime;
    options.seed = 1;
    return options;
  }
  static Outcome failure(const EvalError& error) {
    return {"", std::string(licet::text_of(error.code)), licet::text_of(error), {}};
  }
  static Outcome value(const Value& value) {
    return {value.is_undefined() ? "" : rego_text(value), "", "", {}};
  }

  Engine engine_;
  Arena arena_;
  Value input_ = Value::undefined();
};

Outcomes documents(const Built& built, const Question& question) {
  Outcomes outcomes;
  if (!built.program) return Outcomes(question.documents.size(), built.refusal);
  const Evaluation evaluation(built.program, question);
  for (const std::string& path : question.documents) outcomes.push_back(evaluation.document(path));
  return outcomes;
}

Outcomes through_image(const Built& built, const Question& question) {
  if (!built.program) return documents(built, question);
  auto read = program_from_image(image_from_program(*built.program));
  if (read) return documents({std::move(read).value(), {}}, question);
  return Outcomes(question.documents.size(), {"", "image_refused", read.error(), {}});
}

// As `licet eval` asks, with the query compiled along with the modules; the first document only.
Outcomes as_query(const Question& question) {
  lang::CompileOptions options;
  options.query = question.documents.front();
  const Built built = build(question, ModuleOrder::kAsWritten, options);
  if (!built.program) return {built.refusal};
  return {Evaluation(built.program, question).query()};
}

// What the reference evaluator says; nullopt where it has no answer.
std::optional<Outcomes> reference(const Generated& generated) {
  if (!generated.reference_case) return std::nullopt;
  const auto reference = property::Reference::of(*generated.reference_case);
  if (!reference) return std::nullopt;
  Outcomes outcomes;
  try {
    const auto values = reference->documents();
    for (const std::string& path : generated.question.documents) {
      const std::string& text = values.at(path.substr(std::string("data.t.").size()));
      if (text == "conflict") {
        outcomes.push_back({"", "eval_conflict_error", "", {}});
      } else {
        outcomes.push_back({text == "undefined" ? "" : text, "", "", {}});
      }
    }
  } catch (const property::Unsupported&) {
    return std::nullopt;
  }
  return outcomes;
}

bool same(const Outcome& a, const Outcome& b) {
  if (a.error.empty() || b.error.empty()) return a.error == b.error && a.value == b.value;
  if (a.error == b.error) return true;
  // Several errors of a compilation are reported file by file.
  return std::find(b.codes.begin(), b.codes.end(), a.error) != b.codes.end();
}

}  // namespace

std::string Disagreement::kind() const {
  return left + " " + left_says.kind() + ", " + right + " " + right_says.kind();
}

Outcomes compiled_outcomes(const Question& question) {
  return documents(build(question, ModuleOrder::kAsWritten, {}), question);
}

LicetAnswers ask_licet(const Generated& generated) {
  if (!generated.exported_from.empty()) return ask_about_decision(generated);
  const Question& question = generated.question;
  const Built fresh = build(question, ModuleOrder::kAsWritten, {});
  LicetAnswers answers{documents(fresh, question), 0, {}};
  const auto compare = [&](const char* name, const Outcomes& other) {
    ++answers.configurations;
    for (std::size_t i = 0; i < other.size(); ++i) {
      if (same(answers.outcomes[i], other[i])) continue;
      answers.disagreements.push_back(
          {question.documents[i], "compiled", name, answers.outcomes[i], other[i]});
    }
  };
  if (question.documents.empty()) return answers;
  compare("as image", through_image(fresh, question));
  if (question.modules.size() > 1) {
    compare("modules reversed", documents(build(question, ModuleOrder::kReversed, {}), question));
  }
  lang::CompileOptions without_indexes;
  without_indexes.indexing = lang::Indexing::kNo;
  compare("without indexes",
          documents(build(question, ModuleOrder::kAsWritten, without_indexes), question));
  lang::CompileOptions traced;
  traced.trace = lang::Trace::kYes;
  compare("with traces", documents(build(question, ModuleOrder::kAsWritten, traced), question));
  compare("as query", as_query(question));
  if (!fresh.program) return answers;  // the reference evaluator compiles nothing
  if (auto others = reference(generated)) {
    // It evaluates all bodies, in the order of the text. The machine stops where a constant settles
    // a rule, and makes the calls of a literal first: it may meet other conflicts, as OPA does.
    const auto conflicts = [](const Outcome& o) { return o.error == "eval_conflict_error"; };
    for (std::size_t i = 0; i < others->size(); ++i) {
      Outcome& its = (*others)[i];
      if (conflicts(its) || conflicts(answers.outcomes[i])) its = answers.outcomes[i];
    }
    compare("reference", *others);
  }
  return answers;
}

}  // namespace licet::differential
