// From rules to a decision: the only place that knows the table in lang/README.md.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "eval/decision.h"
#include "eval/vm/run.h"

namespace licet::vm {

// Reusable: a second decision allocates nothing unless it has more to say.
struct Outcome {
  Cause cause = Cause::kNoPermit;
  std::vector<std::uint32_t> rules;    // indexes into Program::decision_rules, ascending
  std::vector<std::uint32_t> unknown;  // forbids that are indeterminate
  std::vector<Value> messages;         // distinct
  std::vector<Value> controls;
  std::vector<AskedObligation> obligations;  // distinct; in the end by key
  std::optional<EvalError> error;            // of kError

  void clear();
};

// Which of the rules take part.
struct Selection {
  std::string_view package{};                 // it and those below it; empty: all
  const std::vector<bool>* chosen = nullptr;  // by rule; null: all
  bool is_chosen = true;                      // false: all but the chosen ones
  bool has_permits = true;                    // false: forbids only
};

// Decides with some rules. Errors that do not end the decision become warnings of the run.
void decide(Run& run, const Selection& selection, Outcome& outcome);

// The same as the document data.licet.decision.
Value decision_value(const Program& program, const Outcome& outcome,
                     const std::vector<EvalError>& warnings, Arena& arena);

}  // namespace licet::vm
