// What Licet says to a question, in every configuration of the engine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/differential/generate.h"
#include "tests/differential/question.h"

namespace licet::differential {

// The answers to the documents of a question, in their order.
using Outcomes = std::vector<Outcome>;

struct Disagreement {
  std::string document;
  std::string left;  // name of the configuration: "compiled"
  std::string right;
  Outcome left_says;
  Outcome right_says;
  // Which differences are the same one while a case is made smaller.
  std::string kind() const;
};

struct LicetAnswers {
  Outcomes outcomes;                        // of a fresh compilation
  std::size_t configurations = 0;           // compared with it
  std::vector<Disagreement> disagreements;  // of other configurations with it
};

LicetAnswers ask_licet(const Generated& generated);

// The documents of a question, by a fresh compilation alone.
Outcomes compiled_outcomes(const Question& question);

// The oracle's clock stands still.
inline constexpr std::int64_t kOraclesTime = 1'700'000'000'000'000'000;

}  // namespace licet::differential
