// Differences between Licet and OPA that are meant, each with a name and a reason; README.md is
// their published table.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "tests/differential/licet_side.h"
#include "tests/differential/oracle.h"

namespace licet::differential {

// One document that the two answer differently, with all that can tell why.
struct Comparison {
  const Generated& generated;
  std::size_t document;  // index
  const Outcomes& licet;
  const Outcomes& opa;
  Oracle& oracle;

  const Outcome& licet_says() const { return licet[document]; }
  const Outcome& opa_says() const { return opa[document]; }
};

struct KnownDifference {
  std::string_view name;
  bool (*explains)(const Comparison& comparison);
};

const std::vector<KnownDifference>& known_differences();

// The name of the first that explains it; nullopt: none does.
std::optional<std::string_view> explanation_of(const Comparison& comparison);

}  // namespace licet::differential
