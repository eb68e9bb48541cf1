#include "tests/differential/known.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <sstream>
#include <string>
#include <utility>

#include "tests/differential/decision_side.h"
#include "tests/differential/known_names.h"
#include "tests/differential/rewrite.h"
#include "tests/differential/rewrite_syntax.h"

namespace licet::differential {
namespace {

bool is_of_evaluation(const Outcome& outcome) { return outcome.error.starts_with("eval_"); }

bool is_indeterminate(const Outcome& decision) {
  return decision.value.find("\"cause\": \"indeterminate\"") != std::string::npos;
}

bool say_the_same(const Outcome& a, const Outcome& b) {
  return a.error == b.error && a.value == b.value;
}

Outcome opa_about(const Comparison& c, std::vector<std::string> modules) {
  Question question = c.generated.question;
  question.modules = std::move(modules);
  question.documents = {question.documents[c.document]};
  return c.oracle.ask({question}).front().front();
}

Outcome licet_about(const Comparison& c, std::vector<std::string> modules) {
  Question question = c.generated.question;
  question.modules = std::move(modules);
  question.documents = {question.documents[c.document]};
  return compiled_outcomes(question).front();
}

// Both say the same of the modules written in another way.
bool agree_about(const Comparison& c, const std::vector<std::string>& modules) {
  return modules != c.generated.question.modules &&
         say_the_same(licet_about(c, modules), opa_about(c, modules));
}

// OPA says of the modules written in another way what Licet says of them as they are.
bool opa_agrees_about(const Comparison& c, const std::vector<std::string>& modules) {
  return modules != c.generated.question.modules &&
         say_the_same(c.licet_says(), opa_about(c, modules));
}

std::vector<std::string> unindexed(const Comparison& c) {
  return without_index(c.generated.question.modules, c.generated.question.data);
}

// Where an error is: m0.rego:3 of m0.rego:3: eval_conflict_error: ...
struct Place {
  std::size_t module = 0;
  std::size_t row = 0;
};
std::optional<Place> place_of(const Outcome& error) {
  static const std::regex place("m(\\d+)\\.rego:(\\d+)");
  std::smatch found;
  if (!std::regex_search(error.message, found, place)) return std::nullopt;
  return Place{std::stoul(found[1]), std::stoul(found[2])};
}

// The name of the rule that a place belongs to: r1 of r1["a"] := 2 if {.
std::string rule_at(const Comparison& c, const Place& place) {
  std::istringstream lines(c.generated.question.modules[place.module]);
  std::string name;
  std::string line;
  for (std::size_t row = 0; row < place.row && std::getline(lines, line); ++row) {
    if (!line.empty() && std::isalpha(static_cast<unsigned char>(line.front())) != 0) {
      name = line.substr(0, line.find_first_of(" .[("));
    }
  }
  return name;
}

// Takes out what fails, one by one, until `ask` tells the error `wanted`.
template <class Ask>
bool comes_to(const Comparison& c, const Outcome& first, const std::string& wanted,
              const Ask& ask) {
  constexpr int kMostFailures = 6;
  for (const auto& without : {without_literal, without_body}) {
    std::vector<std::string> modules = c.generated.question.modules;
    Outcome says = first;
    for (int i = 0; i < kMostFailures && is_of_evaluation(says); ++i) {
      const auto place = place_of(says);
      if (!place || place->module >= modules.size()) break;
      std::string& module = modules[place->module];
      std::string other = without(module, place->row);
      if (other == module) break;
      module = std::move(other);
      says = ask(c, modules);
      if (says.error == wanted) return true;
    }
  }
  return false;
}

// OPA's index rules a body out by any of its literals, before it evaluates the first one. Where
// that one fails, only Licet says so. Without the index OPA does, too.
bool ruled_out_by_index(const Comparison& c) {
  if (!is_of_evaluation(c.licet_says()) || c.opa_says().error.starts_with("rego_")) return false;
  return say_the_same(c.licet_says(), opa_about(c, unindexed(c)));
}

// Two failures in one evaluation: which comes first is a question of order. Without its own OPA
// comes to Licet's, or Licet without its own to OPA's.
bool another_failure_first(const Comparison& c) {
  if (!is_of_evaluation(c.licet_says()) || !is_of_evaluation(c.opa_says())) return false;
  return comes_to(c, c.opa_says(), c.licet_says().error, opa_about) ||
         comes_to(c, c.licet_says(), c.opa_says().error, licet_about);
}

// Asked for one key of an object, OPA looks at nothing else; Licet makes all of it, and fails where
// another key has two values or its builtin fails. So does OPA when it is asked for the package, or
// for the object. It may come to a failure elsewhere instead.
bool failure_at_another_key(const Comparison& c) {
  // In a decision that makes a forbid indeterminate; OPA's failures are the export's.
  const bool decides = !c.generated.exported_from.empty();
  if (decides && !(c.opa_says().error.empty() && is_indeterminate(c.licet_says()))) return false;
  const Question& question = c.generated.question;
  const Outcome licet = compiled_outcomes(question)[c.document];
  const bool goes_on = c.opa_says().error.empty() || is_of_evaluation(c.opa_says());
  if (!is_of_evaluation(licet) || !goes_on) return false;
  Question whole = question;
  whole.documents.clear();
  for (const std::string& module : question.modules) {
    whole.documents.push_back("data." + package_of(module));
  }
  Outcomes answers = c.oracle.ask({whole}).front();
  answers.insert(answers.end(), c.opa.begin(), c.opa.end());
  return std::any_of(answers.begin(), answers.end(), [&](const Outcome& outcome) {
    const auto theirs = place_of(outcome);
    const auto ours = place_of(licet);
    const std::size_t modules = question.modules.size();
    return outcome.error == licet.error && theirs && ours && theirs->module == ours->module &&
           ours->module < modules && rule_at(c, *theirs) == rule_at(c, *ours);
  });
}

// A builtin that would take OPA longer than its time has; Licet refuses at once. Without its index
// OPA runs out of time.
bool too_much_work(const Comparison& c) {
  return c.licet_says().error == "eval_cancel_error" && c.opa_says().error.empty() &&
         opa_about(c, unindexed(c)).error == "eval_cancel_error";
}

// A shift that makes a number of more than a megabyte: OPA makes it. Where such a shift has no
// answer both say the same.
bool too_large_a_shift(const Comparison& c) {
  if (!c.licet_says().message.ends_with("the result of a builtin is too large")) return false;
  std::vector<std::string> modules =
      with_word(c.generated.question.modules, "bits.lsh(", "data.shifting.left(");
  if (modules == c.generated.question.modules) return false;
  modules.emplace_back("package shifting\n\nleft(x, n) := bits.lsh(x, n) if n < 1000000\n");
  return agree_about(c, modules);
}

// What to_number() makes of these is no number of JSON, but OPA goes on with it.
std::vector<std::string> with_usual_numbers(std::vector<std::string> modules) {
  static const std::vector<std::pair<std::string, std::string>> kOdd = {
      {"\"1_0\"", "\"10\""}, {"\"01\"", "\"1\""}, {"\"+1\"", "\"1\""}, {"\"1.\"", "\"1\""}};
  for (const auto& [odd, usual] : kOdd) modules = with_word(std::move(modules), odd, usual);
  return modules;
}

// What these builtins answer has as many digits as OPA happens to keep; arithmetic forgets them.
std::vector<std::string> with_plain_answers(const std::vector<std::string>& modules) {
  std::vector<std::string> plain = with_word(modules, "units.parse(", "data.plainly.parsed(");
  plain = with_word(std::move(plain), "to_number(", "data.plainly.number(");
  if (plain != modules) {
    plain.emplace_back(
        "package plainly\n\nparsed(x) := units.parse(x) + 0\n\nnumber(x) := to_number(x) + 0\n");
  }
  return plain;
}

Question plainly_numbered(Question question) {
  question.modules = with_plain_answers(with_usual_numbers(std::move(question.modules)));
  for (std::string& module : question.modules) module = with_plain_numbers(module);
  question.data = with_plain_numbers(question.data);
  question.input = with_plain_numbers(question.input);
  return question;
}

// OPA keeps the text of a number: 1.0 and 1e3 print as they were written, and some builtins do not
// take them for integers. Written as 1 and 1000 they are what they are in Licet.
bool text_of_a_number(const Comparison& c) {
  // sprintf tells 1.0 from 1 where it is written, in Licet, too.
  Question plain = c.generated.question;
  plain.data = with_plain_numbers(plain.data);
  plain.input = with_plain_numbers(plain.input);
  if (plain.text() != c.generated.question.text() &&
      say_the_same(c.licet_says(), c.oracle.ask({plain}).front()[c.document])) {
    return true;
  }
  const Question question = plainly_numbered(c.generated.question);
  if (question.text() == c.generated.question.text()) return false;
  return say_the_same(c.licet_says(), c.oracle.ask({question}).front()[c.document]);
}

// OPA takes a number for a text where it looks up loaded data: data.d.obj[1] is data.d.obj["1"],
// and so is a text that is the index of an array. Of the same data as the value of a rule it does
// not. Licet does so where the number is written.
bool number_as_key(const Comparison& c) {
  return c.licet_says().error.empty() && !c.opa_says().error.starts_with("rego_") &&
         say_the_same(c.licet_says(), opa_about(c, unindexed(c)));
}

// OPA cuts characters of several bytes apart: replace("é", "", "a"). With characters of one byte
// both say the same.
bool text_that_is_no_utf8(const Comparison& c) {
  if (c.opa_says().value.find("\\x") == std::string::npos) return false;
  Question question = c.generated.question;
  question.documents = {question.documents[c.document]};
  for (std::string& module : question.modules) module = with_ascii(module);
  question.data = with_ascii(question.data);
  question.input = with_ascii(question.input);
  return say_the_same(compiled_outcomes(question).front(),
                      c.oracle.ask({question}).front().front());
}

// For its index of comprehensions OPA evaluates them without the variables around, in the order of
// the text, and fails where that is none in which they can be, or where a value around would have
// kept it from what fails. Without that index it does not.
bool index_of_comprehensions(const Comparison& c) {
  if (!c.opa_says().error.starts_with("eval_")) return false;
  std::vector<std::string> modules = c.generated.question.modules;
  for (std::string& module : modules) module = without_comprehension_index(module);
  return modules != c.generated.question.modules &&
         say_the_same(c.licet_says(), opa_about(c, std::move(modules)));
}

// OPA makes the comprehensions of a literal before it looks at its references; Licet makes them
// when it needs them, so that it does not come to a key with two values where a reference has none.
// Of comprehensions with one value for all keys both say the same.
bool comprehension_first(const Comparison& c) {
  static const std::regex entry("\\{([^{}|;]+): ([^{}|;]+) \\| ");
  if (c.opa_says().error != "eval_conflict_error" || !c.licet_says().error.empty()) return false;
  std::vector<std::string> modules = c.generated.question.modules;
  for (std::string& module : modules) {
    module = std::regex_replace(module, entry, "{$1: count([$2]) | ");
  }
  return agree_about(c, modules) && !opa_about(c, modules).error.starts_with("rego_");
}

// Licet takes rules with a constant key that is no text for those of the whole object, so that one
// that reads another key of it is recursive. With texts as keys both say the same.
bool recursion_by_key(const Comparison& c) {
  if (c.licet_says().error != "rego_recursion_error") return false;
  std::vector<std::string> modules = c.generated.question.modules;
  for (std::string& module : modules) module = with_text_keys(module);
  return agree_about(c, modules);
}

// Where one element makes a forbid hold or fail for another one, the export may be indeterminate.
// Of one element each both decide the same.
bool element_for_another(const Comparison& c) {
  return !c.generated.exported_from.empty() && is_indeterminate(c.opa_says()) &&
         say_the_same(compiled_outcomes(c.generated.question)[c.document], c.opa_says()) &&
         agree_about_single_elements(c.generated);
}

// With the input hidden by a local name, which other mistakes are told differs. With the name
// changed both say the same.
bool shadowed_input(const Comparison& c) {
  return c.opa_says().message.find("must not shadow input") != std::string::npos &&
         agree_about(c, with_word(c.generated.question.modules, "input := ", "x79 := "));
}

// OPA takes uses of a rule's name or of an import for each other when it tells where an error is,
// and sorts errors by place. With the documents written out both say the same.
bool place_of_a_name(const Comparison& c) {
  std::vector<std::string> modules = c.generated.question.modules;
  for (std::string& module : modules) module = with_whole_paths(module);
  return c.opa_says().error.starts_with("rego_") && agree_about(c, modules);
}

// Licet refuses a variable without a value that OPA does not see, in a literal with a body inside.
bool forgotten_variable(const Comparison& c) {
  return c.licet_says().message.starts_with("L0304") && !c.opa_says().error.starts_with("rego_");
}

// Right after a literal that gives just the variables of an `every` values OPA calls them unsafe.
// If the `every` uses one more it does not.
bool every_after_an_answer(const Comparison& c) {
  const auto place = place_of(c.opa_says());
  std::vector<std::string> modules = c.generated.question.modules;
  if (c.opa_says().error != "rego_unsafe_var_error" || !place || place->module >= modules.size()) {
    return false;
  }
  std::string& module = modules[place->module];
  module = with_one_more_name(module, place->row);
  return modules != c.generated.question.modules &&
         say_the_same(c.licet_says(), opa_about(c, modules));
}

// What a `with` puts in the place of the input, copied.
std::vector<std::string> with_copies(std::vector<std::string> modules) {
  static const std::regex replaced("with input as (data\\.[a-z0-9_.]+)");
  for (std::string& module : modules) {
    module = std::regex_replace(module, replaced, "with input as json.unmarshal(json.marshal($1))");
  }
  return modules;
}

// `with input as data.x with input.y as z` changes the data of OPA, too, for what comes after.
// Where the value is copied first it does not.
bool with_changes_data(const Comparison& c) {
  std::vector<std::string> modules = with_copies(c.generated.question.modules);
  return modules != c.generated.question.modules &&
         say_the_same(c.licet_says(), opa_about(c, std::move(modules)));
}

// OPA drops a body that is nothing but `not true` or `true with ...`, as if it were `true`, where
// the head has something to evaluate.
bool body_of_true(const Comparison& c) {
  return opa_agrees_about(c, without_true(c.generated.question.modules));
}

// OPA takes a literal that its body has twice for one, and the second one, if the first had to wait
// for another literal, for one with variables that have no value. Of one alone it does not.
bool literal_twice(const Comparison& c) {
  return opa_agrees_about(c, without_repeated_literals(c.generated.question.modules));
}

// OPA tries the answer of a function that is written as its last argument with each rule, and does
// not come to other answers, nor to their conflict. Written in front, it does.
bool answer_as_argument(const Comparison& c) {
  return opa_agrees_about(c, without_answers_as_arguments(c.generated.question.modules));
}

// Of two entries with the same key OPA takes the last one, but where an object has more than a
// dozen it is the order of a sort that is not stable. Without the earlier ones it says what Licet
// says.
bool key_twice(const Comparison& c) {
  return opa_agrees_about(c, without_replaced_entries(c.generated.question.modules));
}

// Where a function is replaced by a document of rules, OPA takes a call of it that is a condition
// for one that holds, whatever the document has. Where the answer is compared it does not.
bool replaced_condition(const Comparison& c) {
  return opa_agrees_about(c, with_conditions_compared(c.generated.question.modules));
}

// The elements of a set that is written where it is gone through come in the order of what stands
// there, {x, "a"} with "a" first, not of what they are. Of a set that was made anew they do.
bool order_of_a_set(const Comparison& c) {
  return opa_agrees_about(c, with_sets_made_anew(c.generated.question.modules));
}

// In a template that is a key OPA takes the names of rules and imports for variables. Where it is
// made in a literal before, it says what Licet says.
bool template_as_key(const Comparison& c) {
  return c.opa_says().error.starts_with("rego_") &&
         opa_agrees_about(c, with_template_keys_before(c.generated.question.modules));
}

// Where assign(x, y) is a value, which Licet refuses, OPA compiles it and has no such builtin when
// it comes there. With a comparison in its place both say the same.
bool assignment_as_a_value(const Comparison& c) {
  return c.licet_says().message.find("`assign` gives no value") != std::string::npos &&
         agree_about(c, with_word(c.generated.question.modules, "assign(", "equal("));
}

// OPA leaves the keys of a default out from the first one on that has to be looked up, and never
// uses it where rules make keys. Licet refuses it. Written so, or without it, OPA says the same.
bool default_of_a_computed_key(const Comparison& c) {
  const std::vector<std::string>& modules = c.generated.question.modules;
  if (!c.licet_says().message.starts_with("L0405")) return false;
  const std::vector<std::string> before = with_default_keys_before(modules);
  return before != modules &&
         (say_the_same(c.opa_says(), opa_about(c, before)) ||
          say_the_same(c.opa_says(), opa_about(c, without_defaults_of_keys(modules))));
}

// OPA panics, its program ends or is ended, or its answer is no JSON: to_number("01") gives 01, and
// data that a `with` changed may contain itself. Without such numbers and with copies it says what
// Licet says. Policies that Licet refuses may end the program where OPA unifies a variable with a
// set of itself.
bool opa_breaks(const Comparison& c) {
  const std::string& error = c.opa_says().error;
  if (error != "oracle_panic" && error != "unmarshalable_result") return false;
  const std::vector<std::string>& modules = c.generated.question.modules;
  // Another document of the question may have been the one.
  if (say_the_same(c.licet_says(), opa_about(c, modules))) return true;
  if (c.licet_says().error.starts_with("rego_") && error == "oracle_panic") return true;
  // What it panics about it tells, and would again.
  if (c.opa_says().message.find("interface conversion") != std::string::npos) return true;
  return agree_about(c, with_copies(modules)) || agree_about(c, with_usual_numbers(modules));
}

// OPA's time runs out. With ten times as much it says the same, does not come to an end either, or
// its program ends.
bool opa_takes_too_long(const Comparison& c) {
  if (c.opa_says().error != "eval_cancel_error") return false;
  Oracle* patient = c.oracle.patient();
  if (patient == nullptr) return false;
  Question question = c.generated.question;
  question.documents = {question.documents[c.document]};
  const Outcome says = patient->ask({question}).front().front();
  return says.error == "eval_cancel_error" || says.error == "oracle_panic" ||
         say_the_same(c.licet_says(), says);
}

// A conflict of two values ends the query of plain Rego; in a decision it is a warning, and what
// asked for the value does not hold. Licet finds the conflict in the exported policies, too: in the
// decision, or, as OPA makes some comprehensions as a whole, in the package that OPA tells.
bool conflict_ends_export(const Comparison& c) {
  const bool conflict = !c.generated.exported_from.empty() && c.licet_says().error.empty() &&
                        c.opa_says().error == "eval_conflict_error";
  const auto place = place_of(c.opa_says());
  if (!conflict || !place || place->module >= c.generated.question.modules.size()) return false;
  Question question = c.generated.question;
  question.documents = {question.documents[c.document],
                        "data." + package_of(question.modules[place->module])};
  const Outcomes outcomes = compiled_outcomes(question);
  return std::any_of(outcomes.begin(), outcomes.end(),
                     [](const Outcome& outcome) { return outcome.error == "eval_conflict_error"; });
}

Question unindexed(Question question) {
  question.modules = without_index(question.modules, question.data);
  return question;
}

Question texts_for_numbers(Question question) {
  for (std::string& module : question.modules) module = with_texts_for_numbers(module);
  return question;
}

// The question written in another way explains a part: Licet says of it what it said, and what OPA
// says of it is explained.
std::optional<std::string_view> explanation_of_rest(const Comparison& c, Question question) {
  if (question.text() == c.generated.question.text()) return std::nullopt;
  Generated rest = c.generated;
  rest.question = std::move(question);
  const Outcomes licet = compiled_outcomes(rest.question);
  if (!say_the_same(licet[c.document], c.licet_says())) return std::nullopt;
  const Outcomes opa = c.oracle.ask({rest.question}).front();
  const Comparison what_is_left{rest, c.document, licet, opa, c.oracle};
  for (const KnownDifference& known : known_differences()) {
    if (known.explains(what_is_left)) return known.name;
  }
  return std::nullopt;
}

}  // namespace

const std::vector<KnownDifference>& known_differences() {
  static const std::vector<KnownDifference> all = {
      {"OPA breaks", opa_breaks},
      {"OPA takes too long", opa_takes_too_long},
      {"ruled out by OPA's index", ruled_out_by_index},
      {"another failure first", another_failure_first},
      {"failure at another key", failure_at_another_key},
      {"too much work", too_much_work},
      {"too large a shift", too_large_a_shift},
      {"text of a number", text_of_a_number},
      {"number as a key of data", number_as_key},
      {"text that is no UTF-8", text_that_is_no_utf8},
      {"index of comprehensions", index_of_comprehensions},
      {"comprehension first", comprehension_first},
      {"recursion by key", recursion_by_key},
      {"one element for another", element_for_another},
      {"shadowed input", shadowed_input},
      {"place of a name", place_of_a_name},
      {"forgotten variable", forgotten_variable},
      {"every after an answer", every_after_an_answer},
      {"unseen variable", unseen_variable},
      {"key twice in an object", key_twice},
      {"condition replaced by a document", replaced_condition},
      {"order of a set", order_of_a_set},
      {"template as a key", template_as_key},
      {"assignment as a value", assignment_as_a_value},
      {"default of a computed key", default_of_a_computed_key},
      {"literal twice", literal_twice},
      {"answer as an argument", answer_as_argument},
      {"with changes data", with_changes_data},
      {"body of true", body_of_true},
      {"conflict ends the export's query", conflict_ends_export},
  };
  return all;
}

std::optional<std::string_view> explanation_of(const Comparison& comparison) {
  for (const KnownDifference& known : known_differences()) {
    if (known.explains(comparison)) return known.name;
  }
  // Two may meet in one document.
  const Question& question = comparison.generated.question;
  const bool decides = !comparison.generated.exported_from.empty();
  for (const auto& rewritten :
       {plainly_numbered(question), unindexed(question), texts_for_numbers(question)}) {
    if (decides) break;
    if (const auto name = explanation_of_rest(comparison, rewritten)) return name;
  }
  return std::nullopt;
}

}  // namespace licet::differential
