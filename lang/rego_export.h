// Policies as plain Rego, for engines that know no decisions.
#pragma once

#include <vector>

#include "lang/compile.h"

namespace licet::lang {

// Policies as plain Rego v1 that reaches the same decisions: a module per package, and the package
// `licet` with the rule `decision`. No modules if there was an error.
struct RegoExport {
  SourceSet sources;
  Diagnostics diagnostics;
  std::vector<SourceText> modules;
};
RegoExport export_rego(const std::vector<SourceText>& texts);

}  // namespace licet::lang
