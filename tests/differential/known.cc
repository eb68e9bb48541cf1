#include "tests/differential/known.h"

#include <algorithm>
#include <string>

namespace licet::differential {
namespace {

bool is_of_compiler(const Outcome& outcome) { return outcome.error.starts_with("rego_"); }

bool is_of_evaluation(const Outcome& outcome) {
  return outcome.error == "eval_conflict_error" || outcome.error == "eval_builtin_error" ||
         outcome.error == "eval_type_error";
}

// Of several errors in one policy the two report another one first.
bool another_error_first(const Comparison& c) {
  const std::vector<std::string>& codes = c.licet_says().codes;
  return is_of_compiler(c.licet_says()) && is_of_compiler(c.opa_says()) &&
         std::find(codes.begin(), codes.end(), c.opa_says().error) != codes.end();
}

// OPA's time ran out, or it refused to go on.
bool opa_gave_up(const Comparison& c) {
  return c.opa_says().error == "eval_cancel_error" || c.opa_says().error == "oracle_panic";
}

bool say_the_same(const Outcome& a, const Outcome& b) {
  return a.error == b.error && a.value == b.value;
}

// A failing builtin ends an evaluation in strict mode only where it is called: whether it is
// depends on the order of literals and on which rules an index skips. Without strict mode both say
// the same.
bool failing_call_not_reached(const Comparison& c) {
  if (!c.generated.question.strict_errors) return false;
  const auto fails = [](const Outcome& outcome) {
    return outcome.error == "eval_builtin_error" || outcome.error == "eval_type_error";
  };
  if (!fails(c.licet_says()) && !fails(c.opa_says())) return false;
  Generated lenient = c.generated;
  lenient.question.strict_errors = false;
  const Outcomes licet = ask_licet(lenient).outcomes;
  const Outcomes opa = c.oracle.ask({lenient.question}).front();
  return say_the_same(licet[c.document], opa[c.document]);
}

// A conflict shows only where the rule is evaluated, and OPA's index skips rules that another
// literal rules out. The rule in conflict is another document, where both see the conflict.
bool conflict_not_reached(const Comparison& c) {
  const bool one_sided = is_of_evaluation(c.licet_says()) != is_of_evaluation(c.opa_says());
  const Outcome& error = c.licet_says().error.empty() ? c.opa_says() : c.licet_says();
  if (!one_sided || error.error != "eval_conflict_error") return false;
  for (std::size_t i = 0; i < c.licet.size(); ++i) {
    if (i != c.document && c.licet[i].error == error.error && c.opa[i].error == error.error) {
      return true;
    }
  }
  return false;
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
      {"another error first", another_error_first},
      {"OPA gave up", opa_gave_up},
      {"failing call not reached", failing_call_not_reached},
      {"conflict not reached", conflict_not_reached},
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
