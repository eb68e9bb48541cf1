#include "licet/filter.h"

#include <optional>

namespace licet {

Result<lang::Filter, lang::FilterRefusal> filter_from_policies(
    const Engine& engine, const std::vector<NamedText>& policies, const std::string& unknown,
    const Value& known, const std::string& package, Arena& arena) {
  std::vector<lang::SourceText> sources;
  for (const NamedText& policy : policies) sources.push_back({policy.name, policy.text});
  std::optional<EvalError> error;
  lang::FilterQuestion question;
  question.unknown = unknown;
  question.known = known;
  question.package = package;
  question.known_data = [&](const std::vector<std::string>& path) {
    auto answer = engine.query(path, known);
    if (answer) return copy(answer->value, arena);
    error = answer.error();
    return Value::undefined();
  };
  auto filter = lang::filter_of(sources, question, arena);
  // What failed is neither true nor false.
  if (filter && error)
    return Failure{lang::FilterRefusal{error->message, {}, error->file, error->line}};
  return filter;
}

}  // namespace licet
