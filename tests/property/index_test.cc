// With indexes and without them, policies answer the same: values, undefined, conflicts, errors,
// warnings, decisions and their messages.
#include <gtest/gtest.h>

#include "eval/program/image.h"
#include "eval/value_json.h"
#include "tests/property/cases.h"
#include "tests/property/compiled.h"

namespace licet::property {
namespace {

std::shared_ptr<const Program> program_of(const Case& c, lang::Indexing indexing) {
  Arena arena;
  lang::CompileOptions options;
  options.indexing = indexing;
  return lang::compile(c.sources(), value_from_json(c.data.dump(), arena).value(), options).program;
}

std::string text_of_warnings(const std::vector<std::string>& warnings) {
  std::string text;
  for (const std::string& warning : warnings) text += "\n  " + warning;
  return text;
}

std::string everything(const Decision& decision) {
  std::string text =
      std::string(name_of(decision.effect())) + " " + std::string(name_of(decision.cause()));
  for (const DeterminingRule& rule : decision.rules()) text += " " + std::string(rule.name);
  for (const auto& message : decision.messages()) text += " '" + std::string(message) + "'";
  std::vector<std::string> warnings;
  for (const auto& warning : decision.warnings()) warnings.emplace_back(warning);
  return text + text_of_warnings(warnings);
}

std::string everything(const Result<Answer, EvalError>& answer) {
  if (!answer) return text_of(answer.error());
  const Value& value = answer.value().value;
  std::vector<std::string> warnings;
  for (const EvalError& warning : answer.value().warnings) warnings.push_back(text_of(warning));
  return (value.is_defined() ? rego_text(value) : "undefined") + text_of_warnings(warnings);
}

EngineOptions options_with(BuiltinErrors errors) {
  EngineOptions options;
  options.limits.time = std::chrono::minutes(1);  // a slow machine is no failure
  options.builtin_errors = errors;
  return options;
}

// What `engine` says to all that can be asked of a case.
std::map<std::string, std::string> answers(const Engine& engine, const Case& c) {
  std::map<std::string, std::string> all;
  all["decision"] = everything(engine.decide_json(c.request.dump()));
  Arena arena;
  const Value input = value_from_json(c.request.dump(), arena).value();
  for (const EntryPoint& entry : engine.program()->entry_points) {
    const std::string path(entry.path);
    // Names of decision rules; what `licet.decision` holds is asked above.
    if (path.starts_with("t.")) all[path] = everything(engine.query("data." + path, input));
  }
  return all;
}

Finding compare(const Case& c, BuiltinErrors errors) {
  const auto plain = program_of(c, lang::Indexing::kNo);
  const auto indexed = program_of(c, lang::Indexing::kYes);
  if (!plain || !indexed) {
    return {Checked::kSkipped, !plain && !indexed ? "" : "one of the two does not compile"};
  }
  auto read = program::program_from_image(program::image_from_program(*indexed));
  if (!read) return {Checked::kYes, read.error().message};
  const auto expected = answers(Engine(plain, options_with(errors)), c);
  for (const auto& program : {indexed, read.value()}) {
    const auto got = answers(Engine(program, options_with(errors)), c);
    for (const auto& [what, answer] : expected) {
      if (got.at(what) == answer) continue;
      return {Checked::kYes,
              what + "\nwithout indexes: " + answer + "\nwith indexes: " + got.at(what)};
    }
  }
  return {};
}

Finding check_lenient(const Case& c) { return compare(c, BuiltinErrors::kUndefined); }
Finding check_strict(const Case& c) { return compare(c, BuiltinErrors::kFail); }

TEST(Indexes, change_nothing_in_policies_made_for_them) {
  check_cases(1, case_count(2500), generate_indexed, check_lenient);
}

TEST(Indexes, change_nothing_where_builtin_errors_end_the_evaluation) {
  check_cases(50'000, case_count(1500), generate_indexed, check_strict);
}

TEST(Indexes, change_nothing_in_any_policy) {
  check_cases(1, case_count(600), generate_decisions, check_lenient);
  check_cases(1, case_count(600), generate_rego, check_lenient);
}

TEST(Indexes, are_there_in_policies_made_for_them) {
  std::size_t indexes = 0;
  std::set<IndexTest> tests;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto program = program_of(generate_indexed(seed), lang::Indexing::kYes);
    if (!program) continue;
    indexes += program->body_indexes.size();
    for (const BodyIndex& index : program->body_indexes) {
      for (const IndexGroup& group : index.groups) {
        for (const IndexKey& key : group.keys) tests.insert(key.test);
      }
    }
  }
  EXPECT_GT(indexes, 100U);
  EXPECT_GE(tests.size(), 6U);
}

}  // namespace
}  // namespace licet::property
