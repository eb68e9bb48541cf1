// The planned rules -> bytecode.
#pragma once

#include "eval/program.h"
#include "lang/diagnostic.h"
#include "lang/lower/decisions.h"
#include "lang/plan/dependencies.h"
#include "lang/plan/presence.h"
#include "lang/plan/rule_tree.h"
#include "lang/resolve/core.h"
#include "lang/source.h"

namespace licet::lang {

enum class TracePoints { kNo, kYes };
enum class BodyIndexes { kNo, kYes };

struct EmitInput {
  const core::Policy& policy;
  const std::vector<lower::DecisionGroup>& decisions;
  const plan::RuleTree& tree;
  const plan::Dependencies& dependencies;
  const plan::Presence& presence;
  const SourceSet& sources;
  TracePoints trace = TracePoints::kNo;
  BodyIndexes indexes = BodyIndexes::kNo;
};

// Adds code, tables, documents, decision rules, tests and entry points to `program`.
void emit_program(const EmitInput& input, Program& program, Diagnostics& diagnostics);

}  // namespace licet::lang
