#include "tests/differential/decision_side.h"

#include <algorithm>
#include <functional>
#include <regex>
#include <set>
#include <span>

#include "eval/builder.h"
#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/compile.h"
#include "lang/rego_export.h"

namespace licet::differential {
namespace {

CallOptions call() {
  CallOptions options;
  options.now_ns = kOraclesTime;
  options.seed = 1;
  return options;
}

// The decision as the exported policies write it.
std::string exported_text(const Decision& decision, const std::string& document) {
  if (decision.cause() != Cause::kInvalidRequest) return document;
  return R"({"cause": "invalid_request", "controls": [], "effect": "deny", "messages": [], )"
         R"("obligations": {}, "rules": []})";
}

// Of a decision document what does not depend on how it was compiled.
Value without_revision(const Value& document, Arena& arena) {
  ObjectBuilder builder(arena);
  for (const Entry& entry : document.entries()) {
    const std::string_view key = entry.key.as_string();
    if (key != "revision" && key != "warnings") builder.add(key, entry.value);
  }
  return builder.object();
}

Outcome told(const Decision& decision) {
  std::string text(name_of(decision.cause()));
  for (const DeterminingRule& rule : decision.rules()) {
    text += " rule " + rule.package + "." + rule.name;
  }
  for (const std::string& message : decision.messages()) text += " message " + message;
  for (const std::string& control : decision.controls()) text += " control " + control;
  for (const Obligation& obligation : decision.obligations()) {
    text += " obligation " + obligation.key;
    for (const std::string& value : obligation.values) text += "=" + value;
  }
  return {std::move(text), "", "", {}};
}

// Whether rules of the policies are in conflict, as a warning of the decision says or, of rules
// that the decision did not come to, their package.
bool tells_of_conflict(const Generated& generated, const Engine& engine, const Decision& decision,
                       const Value& input) {
  const auto& warnings = decision.warnings();
  const bool warned = std::any_of(warnings.begin(), warnings.end(), [](const std::string& warning) {
    return warning.find("eval_conflict_error") != std::string::npos;
  });
  if (warned) return true;
  return std::any_of(generated.exported_from.begin(), generated.exported_from.end(),
                     [&](const lang::SourceText& source) {
                       const auto rules =
                           engine.query("data." + package_of(source.text), input, call());
                       return !rules && licet::text_of(rules.error().code) == "eval_conflict_error";
                     });
}

// The same decision by a program without indexes, and with a cache that is cold and then warm.
void compare_configurations(const Generated& generated, const Value& data,
                            const std::shared_ptr<const Program>& program, const Outcome& plain,
                            LicetAnswers& answers) {
  const std::string& input = generated.question.input;
  const auto compare = [&](const char* name, const Decision& decision) {
    ++answers.configurations;
    const Outcome other = told(decision);
    if (other.value == plain.value) return;
    answers.disagreements.push_back({"the decision", "policies", name, plain, other});
  };
  lang::CompileOptions options;
  options.indexing = lang::Indexing::kNo;
  const lang::Compilation unindexed = lang::compile(generated.exported_from, data, options);
  compare("without indexes", Engine(unindexed.program).decide_json(input, call()));
  EngineOptions caching;
  caching.cache_bytes = std::size_t{1} << 20;
  caching.cache_use = CacheUse::kAlways;
  const Engine remembering(program, caching);
  compare("cold cache", remembering.decide_json(input, call()));
  compare("warm cache", remembering.decide_json(input, call()));
}

enum class Keep { kFirst, kLast };

// The names of the attributes that the schemas call maps.
std::set<std::string, std::less<>> maps_of(const Generated& generated) {
  static const std::regex map(R"((\w+)\??: map\[)");
  std::set<std::string, std::less<>> names;
  for (const lang::SourceText& source : generated.exported_from) {
    for (std::sregex_iterator at(source.text.begin(), source.text.end(), map), end; at != end; ++at)
      names.insert((*at)[1]);
  }
  return names;
}

// The value with one element in each list and each map.
Value with_single_elements(const Value& value, Keep keep,
                           const std::set<std::string, std::less<>>& maps, Arena& arena) {
  if (value.is_object()) {
    ObjectBuilder builder(arena);
    for (const Entry& entry : value.entries()) {
      Value of_entry = with_single_elements(entry.value, keep, maps, arena);
      const bool is_map = entry.key.is_string() && maps.contains(entry.key.as_string());
      if (is_map && of_entry.is_object() && of_entry.size() > 1) {
        const auto all = of_entry.entries();
        const Entry kept = keep == Keep::kFirst ? all.front() : all.back();
        of_entry = Value::object(std::span(&kept, 1), arena);
      }
      builder.add(entry.key, of_entry);
    }
    return builder.object();
  }
  if (!value.is_array() || value.size() == 0) return value;
  const auto all = value.elements();
  const Value kept =
      with_single_elements(keep == Keep::kFirst ? all.front() : all.back(), keep, maps, arena);
  return Value::array(std::span(&kept, 1), arena);
}

std::string with_single_elements(const std::string& json, Keep keep,
                                 const std::set<std::string, std::less<>>& maps) {
  Arena arena;
  const auto value = value_from_json(json, arena);
  return value ? json_from_value(with_single_elements(value.value(), keep, maps, arena)) : json;
}

// The same of the lists of constants in a policy.
std::string policy_with_single_elements(const std::string& text, Keep keep) {
  static const std::regex list(R"(\[("[^"]*"|-?\d[\d.]*)(?:, ("[^"]*"|-?\d[\d.]*))+\])");
  return std::regex_replace(text, list, keep == Keep::kFirst ? "[$1]" : "[$2]");
}

Generated with_single_elements(const Generated& generated, Keep keep) {
  const auto maps = maps_of(generated);
  Generated single = generated;
  single.question.input = with_single_elements(generated.question.input, keep, maps);
  single.question.data = with_single_elements(generated.question.data, keep, maps);
  for (lang::SourceText& source : single.exported_from) {
    source.text = policy_with_single_elements(source.text, keep);
  }
  single.question.modules.clear();
  for (const lang::SourceText& module : lang::export_rego(single.exported_from).modules) {
    single.question.modules.push_back(module.text);
  }
  return single;
}

bool is_indeterminate(const Outcome& decision) {
  return decision.value.find("\"cause\": \"indeterminate\"") != std::string::npos;
}

}  // namespace

bool agree_about_single_elements(const Generated& generated) {
  for (const Keep keep : {Keep::kFirst, Keep::kLast}) {
    const Generated single = with_single_elements(generated, keep);
    if (single.question.text() == generated.question.text()) return false;
    const LicetAnswers answers = ask_about_decision(single);
    if (answers.outcomes.empty() || !answers.disagreements.empty()) return false;
  }
  return true;
}

LicetAnswers ask_about_decision(const Generated& generated) {
  const Question& question = generated.question;
  Arena arena;
  const auto data = value_from_json(question.data, arena);
  const lang::Compilation policies = lang::compile(generated.exported_from, data.value());
  LicetAnswers answers;
  if (!policies.program || question.documents.empty()) return answers;
  const Engine engine(policies.program);
  const Decision decision = engine.decide_json(question.input, call());
  compare_configurations(generated, data.value(), policies.program, told(decision), answers);
  const auto input = value_from_json(question.input, arena);
  const auto document = engine.query("data.licet.decision", input.value(), call());
  if (!document || !document.value().value.is_object()) return answers;
  const std::string text = rego_text(without_revision(document.value().value, arena));
  answers.outcomes.push_back({exported_text(decision, text), "", "", {}});
  const Outcome exported = compiled_outcomes(question).front();
  // A conflict of two values ends the query of plain Rego; here it is a warning of the decision.
  // No document shows that a function is in conflict.
  const bool of_function = exported.message.find(" function data.") != std::string::npos;
  if (exported.error == "eval_conflict_error" &&
      (of_function || tells_of_conflict(generated, engine, decision, input.value()))) {
    return answers;
  }
  ++answers.configurations;
  if (exported.error.empty() && exported.value == answers.outcomes.front().value) return answers;
  // An element that makes a forbid fail or hold for another one: see lang/README.md, section 9.
  if (is_indeterminate(exported) && !is_indeterminate(answers.outcomes.front()) &&
      agree_about_single_elements(generated)) {
    return answers;
  }
  answers.disagreements.push_back(
      {question.documents.front(), "policies", "exported", answers.outcomes.front(), exported});
  return answers;
}

}  // namespace licet::differential
