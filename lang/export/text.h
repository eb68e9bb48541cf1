// The core as Rego text: terms, literals, bodies of one rule.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lang/resolve/core.h"

namespace licet::lang::exporting {

// data.a["b-c"]
std::string data_text(const core::Path& path);
// b, or ["b-c"] where it is no name; in a rule head after the first name.
std::string name_step(const std::string& name);
bool is_name(std::string_view text);

// Names that variables must not have, as they mean something else: rules, builtins, keywords.
class TakenNames {
 public:
  explicit TakenNames(const core::Policy& policy);
  bool contains(const std::string& name) const { return names_.contains(name); }

 private:
  std::set<std::string> names_;
};

using Lines = std::vector<std::string>;

// Prints pieces of one rule; variables keep their names where these are still free.
class Text {
 public:
  Text(const TakenNames& taken, const std::vector<core::VariableInfo>& variables);

  std::string variable(core::VariableId id) const { return names_[id]; }
  std::string term(const core::Term& term) const;
  std::string call(const core::Callee& callee, const std::vector<core::Term>& arguments) const;
  std::string literal(const core::Literal& literal) const;
  std::string withs(const core::Literal& literal) const;
  // What iterates: v = xs[k].
  std::string iteration(const core::SomeIn& some) const;
  Lines lines(const core::Body& body) const;
  std::string inline_body(const core::Body& body) const;

  // How a literal is printed that has a meaning of its own where it stands (`not` in a forbid);
  // empty: as it is.
  std::function<std::string(const core::Literal&)> special;
  // Called before and after what is inside of a comprehension; may be empty.
  std::function<void(const core::Comprehension&)> enter;
  std::function<void(const core::Comprehension&)> leave;

 private:
  std::string reference(const core::Reference& reference) const;
  std::string comprehension(const core::Comprehension& c) const;
  std::string list(const std::vector<core::Term>& terms) const;

  std::vector<std::string> names_;
};

// a; b; c
std::string joined(const Lines& lines, std::string_view between);
// No solution of the literals, and one.
std::string none(const std::string& inline_body);
std::string some(const std::string& inline_body);

}  // namespace licet::lang::exporting
