// Forbid bodies as Rego: helper rules that say whether a body is true, whether it is false, and
// whether a builtin failed in it. What is neither is unknown. The counterpart of
// lang/emit/kleene.cc, which says what the three values are.
//
// A helper is a function of the variables that have values outside of the piece it speaks of.
// A piece failed that is unknown because a builtin failed: for each call, that everything before it
// holds, it has no answer, and nothing is false of what is behind it and does not need the answer.
// In rules that forbids use, which are plain Rego, that is for each call that everything before it
// holds. Unlike the machine, which stops there at the first solution, this looks at all candidates:
// where one holds and another fails, the rule counts as failed. That can make a forbid
// indeterminate that would be false, never the other way round.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lang/export/text.h"
#include "lang/plan/dependencies.h"
#include "lang/plan/presence.h"
#include "lang/plan/rule_tree.h"
#include "lang/resolve/variables.h"
#include "lang/resolve/visit.h"

namespace licet::lang::exporting {

struct Context {
  const core::Policy& policy;
  const std::vector<lower::DecisionGroup>& decisions;
  const plan::RuleTree& tree;
  const plan::Dependencies& dependencies;
  const plan::Presence& presence;
  const Schema& schema;
  const SourceSet& sources;
  Diagnostics& diagnostics;
};

// Which pieces may fail, and the conditions under which they do.
class Failures {
 public:
  explicit Failures(const Context& context) : context_(context) {}

  bool may_fail(const core::Literal& literal) const;
  bool may_fail(const core::Term& term) const;
  bool may_fail(const plan::Node& node) const;
  // Bodies, each of which holds if a builtin fails at one place of the literals.
  std::vector<Lines> conditions(const core::Literal& literal, const Text& text) const;
  std::vector<Lines> conditions(const std::vector<const core::Literal*>& literals,
                                const Text& text) const;
  std::vector<Lines> conditions(const core::Term& term, const Text& text) const;
  // Rules that say whether anything failed in a node that may fail.
  std::string rules_of(const plan::Node& node, const TakenNames& taken) const;
  // data.p.licet_failed_r
  static std::string name_of(const plan::Node& node);

  // The name of what says whether a nested `not`, `every`, `and`, `or` of a forbid failed; empty:
  // plain Rego.
  std::function<std::string(const core::Literal&)> nested;

 private:
  void of_term(const core::Term& term, const Text& text, const Lines& prefix,
               std::vector<Lines>& out) const;
  void of_parts(const core::Literal& literal, const Text& text, const Lines& prefix,
                std::vector<Lines>& out) const;
  void of_call(const core::Call& call, const Text& text, const Lines& prefix,
               std::vector<Lines>& out) const;
  void of_literal(const core::Literal& literal, const Text& text, const Lines& prefix,
                  std::vector<Lines>& out) const;
  void of_body(const core::Body& body, const Text& text, const Lines& prefix,
               std::vector<Lines>& out) const;

  const Context& context_;
  mutable std::map<const plan::Node*, bool> known_;

  core::Visitor finder(bool& any) const;
};

// The helpers of one body of a forbid.
class Kleene {
 public:
  // `name`: what the helpers' names begin with; `package`: where they stand.
  Kleene(const Context& context, Failures& failures, Text& text, const core::Path& package,
         std::string name, const std::vector<core::VariableInfo>& variables);

  // Calls of three helpers, to be used as literals: data.p.licet_x_1_true.
  struct Names {
    std::string truth;
    std::string falsity;
    std::string failed;  // empty: nothing in it can fail
  };
  Names body(const core::Body& body, const core::VariableSet& bound);
  const std::string& rules() const { return rules_; }

 private:
  using Literals = std::vector<const core::Literal*>;

  Names component(const Literals& part, const core::VariableSet& bound);
  Names search(const Literals& part, const core::VariableSet& bound);
  Lines rest_not_false(const Literals& part, std::size_t at, const core::VariableSet& bound);
  Names own(const core::Literal& literal, const core::VariableSet& bound);
  Names own_of(const Literals& given, const core::Literal& literal, const core::VariableSet& bound);
  Names every(const core::Every& every, const core::Literal& literal,
              const core::VariableSet& bound);
  Names logic(const core::Logic& logic, const core::Literal& literal,
              const core::VariableSet& bound);
  Names nested(const core::Literal& literal);
  Names new_names(const core::VariableSet& used, const core::VariableSet& bound, bool may_fail);
  void rule(const std::string& head, const Lines& body);
  void add_presence(const plan::ReadSet& reads, Lines& lines) const;
  std::string head(const std::string& call) const;

  const Context& context_;
  Failures& failures_;
  Text& text_;
  std::string package_;
  std::string name_;
  const std::vector<core::VariableInfo>& variables_;
  int number_ = 0;
  bool negated_ = false;
  core::VariableSet level_;  // what has values where nested literals are printed
  std::vector<core::VariableSet> outer_levels_;
  std::map<const core::Literal*, Names> nested_;
  // By their literals and the variables that they are given.
  std::map<std::pair<Literals, std::vector<core::VariableId>>, Names> rests_;
  std::string rules_;
};

std::string rule_text(const std::string& head, const Lines& body);

}  // namespace licet::lang::exporting
