// Local variables: which name means which variable where.
//
// A body is a scope; comprehensions, `every`, braced `not` and the sides of `and`/`or` open inner
// ones. A name is declared (`some`, `:=`, `every`, parameters) or, as Rego allows, just used; a
// used name belongs to the outermost body that uses it outside of inner scopes.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lang/resolve/core.h"
#include "lang/syntax/ast.h"

namespace licet::lang::resolve {

enum class Origin { kUsed, kParameter, kSome, kAssigned, kEvery };

struct Local {
  core::VariableId id = 0;
  Origin origin = Origin::kUsed;
  Span span;
  bool used = false;        // read after its declaration
  std::uint32_t place = 0;  // where it is told that it is not
};

using SharedNames = std::map<std::string, core::VariableId>;

class Scope {
 public:
  // Whether what was seen or declared around counts for what may be declared here.
  enum class Around { kCounts, kIsUnknown };

  explicit Scope(Scope* outer, Around around = Around::kCounts) : outer_(outer), around_(around) {}

  Scope* outer() const { return outer_; }
  Local* find(const std::string& name);  // here or further out
  Local* find_here(const std::string& name);
  Local& add(const std::string& name, Local local) { return locals_[name] = local; }
  // Remembers that a name was looked up here first, not further out.
  void mark_seen(const std::string& name);
  bool was_seen(const std::string& name) const { return seen_.contains(name); }
  const std::set<std::string>& seen() const { return seen_; }
  const std::map<std::string, Local>& locals() const { return locals_; }
  // Names that mean no rule and no import, even before they are declared: here, and in the scopes
  // inside of this one.
  void hide(std::set<std::string> here, std::set<std::string> inside) {
    hidden_here_ = std::move(here);
    hidden_inside_ = std::move(inside);
  }
  bool hides(const std::string& name) const {
    if (hidden_here_.contains(name)) return true;
    for (const Scope* scope = outer_; scope != nullptr; scope = scope->outer_) {
      if (scope->hidden_inside_.contains(name)) return true;
    }
    return false;
  }
  // Names that have a variable before they are declared here.
  void share(SharedNames names) { shared_ = std::move(names); }
  const core::VariableId* shared(const std::string& name) const {
    const auto found = shared_.find(name);
    return found == shared_.end() ? nullptr : &found->second;
  }

 private:
  Scope* outer_;
  Around around_;
  std::map<std::string, Local> locals_;
  std::set<std::string> seen_;
  SharedNames shared_;
  std::set<std::string> hidden_here_;
  std::set<std::string> hidden_inside_;
};

// Names that stand in a body outside of its inner scopes.
struct BodyNames {
  std::vector<std::pair<std::string, Span>> used;  // in order, with repetitions; no wildcards
  std::set<std::string> declared;                  // by `some` and `:=`
  // Declared here, or in the bodies of `every`, `not`, `and` and `or` inside: in none of them, nor
  // in comprehensions inside, does the name mean a rule or an import.
  std::set<std::string> hiding;
  // Used where Rego would bind them: as an operand in brackets or a side of `=`.
  std::set<std::string> bound;
  bool looks_into_templates = true;
  bool looks_into_bodies = false;  // of `not`, `every`, `and` and `or`
  bool looks_everywhere = false;   // also in comprehensions, and at what is declared inside
  std::set<std::string> shown;     // used in templates
  std::set<std::string> called;    // what functions' names begin with
  // What the names and paths of `with` begin with, of both sides.
  std::set<std::string> replaced;

  bool uses(const std::string& name) const {
    return std::any_of(used.begin(), used.end(),
                       [&](const auto& one) { return one.first == name; });
  }
};

void collect_names(const ast::Body& body, BodyNames& names);
void collect_names(const ast::Term& term, BodyNames& names);
void collect_names(const ast::Logic& logic, BodyNames& names);
// Variables of a pattern on the left of := or after some.
void pattern_names(const ast::Term& pattern, std::vector<std::pair<std::string, Span>>& names);
// Those of `some ... in`, and what it declares of them: a name that its collection uses, if only in
// a comprehension, means what it means there.
std::vector<std::pair<std::string, Span>> names_of(const ast::SomeIn& some);
// All names in its key and value that its collection must not use.
std::vector<std::pair<std::string, Span>> uses_of(const ast::SomeIn& some);
std::vector<std::pair<std::string, Span>> declared_names(const ast::SomeIn& some);

}  // namespace licet::lang::resolve
