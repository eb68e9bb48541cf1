// Syntax trees of all modules -> the core (core.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/arena.h"
#include "lang/diagnostic.h"
#include "lang/resolve/core.h"
#include "lang/syntax/ast.h"

namespace licet::lang {

struct QueryText {
  ast::Body body;
  core::Path package;       // whose rules it sees by name
  bool shows_call = false;  // a query that is one call shows its answer
};

struct ResolveOptions {
  bool strict = false;  // report unused imports, assignments and parameters
};

namespace resolve {
// PRECONDITION: `name` is one of the builtins that Licet leaves out.
std::size_t arity_of_omitted(const std::string& name);
}  // namespace resolve

// Constants live in `arena`. Reports what it cannot resolve and goes on with the rest.
core::Policy resolve_names(const std::vector<ast::Module>& modules, const QueryText* query,
                           Arena& arena, const ResolveOptions& options, Diagnostics& diagnostics);

}  // namespace licet::lang
