#include "lang/filter.h"

#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "lang/check/canonical.h"
#include "lang/check/safety.h"
#include "lang/check/schema.h"
#include "lang/filter/condition.h"
#include "lang/filter/solutions.h"
#include "lang/filter/terms.h"
#include "lang/lower/decisions.h"
#include "lang/plan/dependencies.h"
#include "lang/plan/presence.h"
#include "lang/plan/rule_conflicts.h"
#include "lang/plan/rule_tree.h"
#include "lang/resolve/resolve.h"
#include "lang/resolve/variables.h"
#include "lang/syntax/parse.h"

namespace licet::lang {
namespace {

using filter::attribute;
using filter::both;
using filter::constant;
using filter::joined;
using filter::Literals;
using filter::negated;

// Literals that share a local variable, directly or in a chain.
std::vector<Literals> components_of(const core::Body& body) {
  std::vector<std::size_t> group(body.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto root = [&](std::size_t i) {
    while (group[i] != i) i = group[i];
    return i;
  };
  std::map<core::VariableId, std::size_t> first_use;
  for (std::size_t i = 0; i < body.size(); ++i) {
    for (const core::VariableId id : core::variables_of(body[i], core::Depth::kAll).ids()) {
      const auto [at, added] = first_use.try_emplace(id, i);
      if (!added) group[root(i)] = root(at->second);
    }
  }
  std::map<std::size_t, Literals> parts;
  for (std::size_t i = 0; i < body.size(); ++i) parts[root(i)].push_back(&body[i]);
  std::vector<Literals> components;
  for (auto& [first, literals] : parts) components.push_back(std::move(literals));
  return components;
}

// Of all decision rules: when no forbid holds or is unknown, and some permit holds.
class PermitCondition {
 public:
  PermitCondition(const core::Policy& policy, const plan::Dependencies& dependencies,
                  const Schema& schema, const SourceSet& sources, const FilterQuestion& question,
                  Arena& arena)
      : policy_(policy),
        dependencies_(dependencies),
        presence_(schema),
        question_(question),
        terms_(dependencies, sources, question),
        solutions_(policy, dependencies, terms_, arena) {}

  // Throws FilterRefusal.
  Filter permits() {
    std::vector<Filter> conditions;
    std::vector<Filter> permits;
    for (const core::DecisionBody& decision : policy_.decisions) {
      if (!takes_part(decision.package)) continue;
      const core::Body& body = decision.rule.body;
      if (decision.verdict == core::Verdict::kForbid) {
        conditions.push_back(is_false(body));
      } else {
        refuse_clauses(decision);
        permits.push_back(solutions_.holds(body));
      }
    }
    conditions.push_back(joined(Filter::Kind::kOr, std::move(permits)));
    return joined(Filter::Kind::kAnd, std::move(conditions));
  }

 private:
  bool takes_part(const core::Path& package) const {
    std::string name;
    for (const std::string& element : package) name += (name.empty() ? "" : ".") + element;
    const std::string& prefix = question_.package;
    return prefix.empty() || name == prefix || name.starts_with(prefix + ".");
  }

  // A permit whose obligations cannot be told is none.
  void refuse_clauses(const core::DecisionBody& decision) const {
    for (const auto* clause : {&decision.because, &decision.controls, &decision.obliges}) {
      if (!*clause) continue;
      bool reads = terms_.reads_unknown(dependencies_.reads((*clause)->term));
      for (const core::Literal& literal : (*clause)->hoisted) {
        reads |= terms_.reads_unknown(dependencies_.reads(literal));
      }
      if (reads)
        terms_.refuse((*clause)->term.span, "what a permit says depends on the unknown root");
    }
  }

  // A body is false if one of its components is.
  Filter is_false(const core::Body& body) {
    std::vector<Filter> parts;
    for (const Literals& component : components_of(body)) parts.push_back(false_part(component));
    return joined(Filter::Kind::kOr, std::move(parts));
  }

  Filter false_part(const Literals& component) {
    const core::Literal& first = *component.front();
    if (component.size() == 1) {
      if (const auto* negation = std::get_if<core::Not>(&first.node)) return true_inside(*negation);
      if (std::holds_alternative<core::Logic>(first.node)) {
        terms_.refuse(first.span, "`and` and `or` in a forbid are not supported in filters");
      }
    }
    plan::ReadSet reads;
    for (const core::Literal* literal : component) reads.merge(dependencies_.reads(*literal));
    return both(present(reads, first.span), negated(solutions_.holds(component)));
  }

  // What is under a `not` is true for certain.
  Filter true_inside(const core::Not& negation) {
    Filter inner = solutions_.holds(negation.body);
    for (const core::Literal& literal : negation.body) {
      if (const auto doubtful = dependencies_.doubtful_reads(literal)) {
        inner = both(std::move(inner), present(*doubtful, literal.span));
      }
    }
    return inner;
  }

  Filter present(const plan::ReadSet& paths, Span span) const {
    std::vector<Filter> parts;
    for (const plan::InputPath& path : paths) {
      if (!presence_.should_be_there(path)) continue;
      const auto names = names_of(path);
      if (!names || names->empty()) terms_.refuse(span, "the request is read as a whole");
      if (names->front() == question_.unknown) {
        parts.push_back(attribute(Filter::Kind::kPresent, {names->begin() + 1, names->end()}));
        if (names->size() == 1) terms_.refuse(span, "the unknown root is read as a whole");
      } else {
        parts.push_back(constant(terms_.known_at(*names).is_defined()));
      }
    }
    return joined(Filter::Kind::kAnd, std::move(parts));
  }

  static std::optional<std::vector<std::string>> names_of(const plan::InputPath& path) {
    std::vector<std::string> names;
    for (const Value& element : path) {
      if (!element.is_string()) return std::nullopt;
      names.emplace_back(element.as_string());
    }
    return names;
  }

  const core::Policy& policy_;
  const plan::Dependencies& dependencies_;
  plan::Presence presence_;
  const FilterQuestion& question_;
  filter::Terms terms_;
  filter::Solutions solutions_;
};

}  // namespace

Result<Filter, FilterRefusal> filter_of(const std::vector<SourceText>& texts,
                                        const FilterQuestion& question, Arena& arena) {
  SourceSet sources;
  Diagnostics diagnostics;
  std::vector<ast::Module> modules;
  for (const SourceText& text : texts) {
    const SourceId id = sources.add(text.name, text.text);
    if (auto module = parse_module(sources, id, diagnostics)) modules.push_back(std::move(*module));
  }
  const Schema schema = check::build_schema(modules, arena, diagnostics);
  core::Policy policy = resolve_names(modules, nullptr, arena, {}, diagnostics);
  for (core::DecisionBody& decision : policy.decisions) {
    if (decision.verdict == core::Verdict::kForbid) {
      check::order_canonically(decision.rule.body, sources);
    }
  }
  check::order_bodies(policy, diagnostics);
  const std::vector<lower::DecisionGroup> decisions = lower::group_decisions(policy, diagnostics);
  plan::check_rule_conflicts(policy, diagnostics);
  const plan::RuleTree tree(policy, decisions);
  const plan::Dependencies dependencies(tree, decisions, diagnostics);
  if (diagnostics.has_errors()) {
    return Failure{FilterRefusal{"the policies do not compile", {}, {}, 0}};
  }
  try {
    return PermitCondition(policy, dependencies, schema, sources, question, arena).permits();
  } catch (const FilterRefusal& refusal) {
    return Failure{refusal};
  }
}

}  // namespace licet::lang
