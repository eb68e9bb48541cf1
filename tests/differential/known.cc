#include "tests/differential/known.h"

#include <algorithm>
#include <regex>
#include <sstream>
#include <string>
#include <utility>

#include "tests/differential/rewrite.h"

namespace licet::differential {
namespace {

bool is_of_evaluation(const Outcome& outcome) { return outcome.error.starts_with("eval_"); }

bool say_the_same(const Outcome& a, const Outcome& b) {
  return a.error == b.error && a.value == b.value;
}

// OPA's time ran out, it refused to go on, or its answer is no JSON: to_number("01") gives 01.
bool opa_gave_up(const Comparison& c) {
  const std::string& error = c.opa_says().error;
  return error == "eval_cancel_error" || error == "oracle_panic" || error == "unmarshalable_result";
}

Outcome opa_about(const Comparison& c, std::vector<std::string> modules) {
  Question question = c.generated.question;
  question.modules = std::move(modules);
  question.documents = {question.documents[c.document]};
  return c.oracle.ask({question}).front().front();
}

// OPA's index rules a body out by any of its literals, before it evaluates the first one. Where
// that one fails, only Licet says so. Without the index OPA does, too.
bool ruled_out_by_index(const Comparison& c) {
  if (!is_of_evaluation(c.licet_says()) || c.opa_says().error.starts_with("rego_")) return false;
  return say_the_same(c.licet_says(), opa_about(c, without_index(c.generated.question.modules)));
}

// Two failures in one evaluation: which comes first is a question of order. OPA meets the one that
// Licet tells, too, in another document.
bool another_failure_first(const Comparison& c) {
  if (!is_of_evaluation(c.licet_says()) || !is_of_evaluation(c.opa_says())) return false;
  if (c.generated.question.strict_errors) return true;  // any failing call ends the query
  return std::any_of(c.opa.begin(), c.opa.end(),
                     [&](const Outcome& outcome) { return outcome.error == c.licet_says().error; });
}

// What stands before the first colon: m0.rego of m0.rego:3: eval_conflict_error: ...
std::string file_of(const Outcome& error) {
  return error.message.substr(0, error.message.find(':'));
}

std::string package_of(const std::string& module) {
  const std::string_view word = "package ";
  const std::size_t begin = module.find(word) + word.size();
  return module.substr(begin, module.find('\n', begin) - begin);
}

// Asked for one key of an object, OPA looks at nothing else; Licet makes all of it, and fails where
// another key has two values or its builtin fails. So does OPA when it is asked for the package.
bool failure_at_another_key(const Comparison& c) {
  const Question& question = c.generated.question;
  const Outcome licet = compiled_outcomes(question)[c.document];
  if (!is_of_evaluation(licet) || !c.opa_says().error.empty()) return false;
  Question whole = question;
  whole.documents.clear();
  for (const std::string& module : question.modules) {
    whole.documents.push_back("data." + package_of(module));
  }
  const Outcomes answers = c.oracle.ask({whole}).front();
  return std::any_of(answers.begin(), answers.end(), [&](const Outcome& outcome) {
    return outcome.error == licet.error && file_of(outcome) == file_of(licet);
  });
}

bool mentions(const Comparison& c, std::string_view word) {
  for (const std::string& module : c.generated.question.modules) {
    if (module.find(word) != std::string::npos) return true;
  }
  return false;
}

// A builtin that would take OPA longer than its time has; Licet refuses at once. Without its index
// OPA runs out of time. Or a shift that makes a number of more than a megabyte: OPA makes it.
bool too_much_work(const Comparison& c) {
  if (c.licet_says().error != "eval_cancel_error" || !c.opa_says().error.empty()) return false;
  const bool shifts = c.licet_says().message.ends_with("the result of a builtin is too large") &&
                      mentions(c, "bits.lsh(");
  return shifts ||
         opa_about(c, without_index(c.generated.question.modules)).error == "eval_cancel_error";
}

// OPA keeps the text of a number: 1.0 and 1e3 print as they were written, and some builtins do not
// take them for integers. Written as 1 and 1000 they are what they are in Licet.
bool text_of_a_number(const Comparison& c) {
  Question question = c.generated.question;
  for (std::string& module : question.modules) module = with_plain_numbers(module);
  question.data = with_plain_numbers(question.data);
  question.input = with_plain_numbers(question.input);
  if (question.text() == c.generated.question.text()) return false;
  return say_the_same(c.licet_says(), c.oracle.ask({question}).front()[c.document]);
}

// OPA cuts characters of several bytes apart: replace("é", "", "a").
bool text_that_is_no_utf8(const Comparison& c) {
  return c.licet_says().error.empty() && c.opa_says().value.find("\\x") != std::string::npos;
}

// With the input hidden by a local name, which other mistakes are told differs.
bool shadowed_input(const Comparison& c) {
  const std::vector<std::string>& codes = c.licet_says().codes;
  return c.opa_says().message.find("must not shadow input") != std::string::npos &&
         std::find(codes.begin(), codes.end(), "rego_compile_error") != codes.end();
}

// OPA calls a name unsafe that has a value, if one expression uses it as the only key of references
// and in a comprehension: `o[x] in [y | some y in x]`.
bool key_and_comprehension(const Comparison& c) {
  if (c.opa_says().error != "rego_unsafe_var_error" || c.licet_says().error.starts_with("rego_")) {
    return false;
  }
  static const std::regex place(
      "m(\\d+)\\.rego:(\\d+): rego_unsafe_var_error: var (\\w+) is unsafe");
  std::smatch found;
  if (!std::regex_search(c.opa_says().message, found, place)) return false;
  std::istringstream module(c.generated.question.modules[std::stoul(found[1])]);
  std::string line;
  for (std::size_t row = std::stoul(found[2]); row > 0; --row) std::getline(module, line);
  const std::size_t bar = line.find(" | ");
  return bar != std::string::npos && line.find("[" + found[3].str() + "]") != std::string::npos &&
         line.find(found[3].str(), bar) != std::string::npos;
}

// OPA drops a body that is nothing but `not true` or `true with ...`, as if it were `true`, where
// the head has something to evaluate.
bool body_of_true(const Comparison& c) {
  const std::vector<std::string>& modules = c.generated.question.modules;
  std::vector<std::string> others = without_true(modules);
  return others != modules && say_the_same(c.licet_says(), opa_about(c, std::move(others)));
}

// A conflict of two values ends the query of plain Rego; in a decision it is a warning, and what
// asked for the value does not hold.
bool conflict_ends_export(const Comparison& c) {
  return !c.generated.exported_from.empty() && c.licet_says().error.empty() &&
         c.opa_says().error == "eval_conflict_error";
}

}  // namespace

const std::vector<KnownDifference>& known_differences() {
  static const std::vector<KnownDifference> all = {
      {"OPA gave up", opa_gave_up},
      {"ruled out by OPA's index", ruled_out_by_index},
      {"another failure first", another_failure_first},
      {"failure at another key", failure_at_another_key},
      {"too much work", too_much_work},
      {"text of a number", text_of_a_number},
      {"text that is no UTF-8", text_that_is_no_utf8},
      {"shadowed input", shadowed_input},
      {"key and comprehension", key_and_comprehension},
      {"body of true", body_of_true},
      {"conflict ends the export's query", conflict_ends_export},
  };
  return all;
}

std::optional<std::string_view> explanation_of(const Comparison& comparison) {
  for (const KnownDifference& known : known_differences()) {
    if (known.explains(comparison)) return known.name;
  }
  return std::nullopt;
}

}  // namespace licet::differential
