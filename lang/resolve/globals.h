// What names mean outside of any rule: packages, the rules in them, imports.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/resolve/core.h"
#include "lang/syntax/ast.h"

namespace licet::lang::resolve {

// A reference by constants only: input.user, data.lib.f.
struct AbsolutePath {
  core::Root root = core::Root::kData;
  core::Path path;
};

// Longer packages, rule heads and references are errors: nobody needs them, and what walks paths
// may recurse on them.
inline constexpr std::size_t kMaxPath = 500;

// data.a["b-c"] as text, for messages.
std::string path_text(const core::Path& path);
// One step of that: .a or ["b-c"].
std::string path_step_text(const std::string& element);

// All modules of one compilation together.
class Globals {
 public:
  explicit Globals(const std::vector<ast::Module>& modules);

  // The first name of a rule of a package: `p` of p.q.r := 1.
  bool has_rule(const core::Path& package, const std::string& name) const;
  // Number of parameters of the function at a path; nullopt: no function there.
  std::optional<std::size_t> function_arity(const core::Path& path) const;
  // Whether rules without parameters are at just this path.
  bool is_value(const core::Path& path) const;
  // Whether any rule or package lies at or below a path.
  bool is_root(const std::string& name) const { return roots_.contains(name); }
  const std::vector<core::Path>& packages() const { return packages_; }
  // Whether a package, the rules of a name, or some below lie at a path.
  bool has_document(const core::Path& path) const;
  // Names of functions in a package, for suggestions.
  std::vector<std::string> function_names(const core::Path& package) const;

 private:
  void add_rule(const core::Path& package, const ast::Rule& rule);
  void add_documents(const core::Path& path);

  struct Place {
    std::map<std::string, std::unique_ptr<Place>> below;
  };

  std::vector<core::Path> packages_;
  std::unordered_map<std::string, std::unordered_set<std::string>> rules_;  // by path text
  std::unordered_map<std::string, std::size_t> arities_;
  std::unordered_set<std::string> values_;  // by path text
  Place documents_;                         // all, and what lies above them
  std::map<core::Path, std::set<std::string>> functions_;
  std::set<std::string> roots_{"user", "model", "dataset", "request"};
};

// The imports of one module by the name they go by.
class Imports {
 public:
  Imports(const ast::Module& module, Diagnostics& diagnostics);

  const AbsolutePath* find(const std::string& name) const;
  void mark_used(const std::string& name) { used_.insert(name); }
  // Strict mode: imports that nothing used.
  void report_unused(Diagnostics& diagnostics) const;
  bool binds_not() const { return binds_not_; }

 private:
  struct Entry {
    AbsolutePath target;
    Span span;
    std::string text;
  };
  void add(const ast::Import& import, Diagnostics& diagnostics);

  std::map<std::string, Entry> entries_;
  std::map<std::string, std::string> names_;  // of all imports, as OPA counts them; the first one
  std::unordered_set<std::string> used_;
  bool binds_not_ = false;
};

// The constant strings of a Variable or Reference; nullopt if another operand occurs.
std::optional<std::vector<std::string>> constant_path(const ast::Term& term);

// How many leading elements of a rule head's reference are names: p.q[x] has 2.
std::vector<std::string> head_names(const ast::Term& ref);

core::Path package_path(const ast::Module& module);

}  // namespace licet::lang::resolve
