// Random Rego with data and inputs, the same for the same choices on every machine.
#pragma once

#include <optional>

#include "tests/differential/question.h"
#include "tests/property/generate.h"
#include "tests/property/random.h"

namespace licet::differential {

using property::Random;

enum class Style {
  kTyped,      // terms have the type that is wanted: most modules compile and mean something
  kWild,       // anything may stand anywhere: unsafe variables, wrong types, conflicts, recursion
  kProperty,   // what tests/property compares with its reference evaluator
  kDecisions,  // permits and forbids of tests/property, exported to Rego
  kRegistry,   // the requests of examples/registry, decided by its policies and their export
  kMutated,    // policies that people wrote, changed here and there
};

struct Generated {
  Question question;
  std::optional<property::Case> reference_case{};  // of kProperty
  // Of kDecisions and kRegistry: the policies that the modules were exported from. The document is
  // then the decision.
  std::vector<lang::SourceText> exported_from{};
};

Generated generate(Style style, Random& random);

}  // namespace licet::differential
