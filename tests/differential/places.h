// Where the parts of a module stand in its text: what a mutation can take hold of.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/source.h"
#include "lang/syntax/ast.h"

namespace licet::differential {

struct TermPlace {
  const lang::ast::Term* term;
  std::size_t rule;
};
struct LiteralPlace {
  const lang::ast::Literal* literal;
  const lang::ast::Body* body;
  std::size_t rule;
};

// A module with its text, its tree, and lists of what the tree holds.
class Places {
 public:
  // Null if it cannot be parsed, or declares more than rules.
  static std::unique_ptr<Places> of(const std::string& module);

  std::string_view text() const { return sources_[lang::SourceId{0}].text(); }
  std::string text_of(const lang::Span& span) const { return std::string(sources_.text_of(span)); }
  std::string text_of(const lang::ast::Term& term) const { return text_of(term.span); }
  // As `licet fmt` writes it.
  std::string formatted() const;

  const lang::ast::Module& module() const { return module_; }
  // Parts of heads and bodies that a term may stand for: not the name of a rule, of a function or
  // what `with` replaces.
  const std::vector<TermPlace>& terms() const { return terms_; }
  const std::vector<LiteralPlace>& literals() const { return literals_; }
  const std::vector<const lang::ast::Rule*>& rules() const { return rules_; }
  const std::vector<const lang::ast::With*>& withs() const { return withs_; }
  std::vector<TermPlace> terms_of(std::size_t rule) const;

  // Those of one kind of node.
  template <class Node>
  std::vector<TermPlace> of_kind() const {
    std::vector<TermPlace> found;
    for (const TermPlace& place : terms_) {
      if (std::holds_alternative<Node>(place.term->node)) found.push_back(place);
    }
    return found;
  }

 private:
  friend class Collector;
  Places() = default;

  lang::SourceSet sources_;
  lang::ast::Module module_;
  std::vector<TermPlace> terms_;
  std::vector<LiteralPlace> literals_;
  std::vector<const lang::ast::Rule*> rules_;
  std::vector<const lang::ast::With*> withs_;
};

struct Edit {
  lang::Span span;
  std::string by;
};
// The text with each span replaced; of two that overlap, the first in the list.
std::string edited(std::string_view text, std::vector<Edit> edits);

// The first name of a head: `p` of p.q[x]; empty if there is none.
std::string name_of(const lang::ast::RuleHead& head);
// `a.b` of a name of a function or a document written with dots; empty: it is none.
std::string dotted_name(const lang::ast::Term& term);
// `data.a.b` of the package of a module.
std::string package_path(const lang::ast::Module& module);

}  // namespace licet::differential
