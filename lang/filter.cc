#include "lang/filter.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "eval/builtins.h"
#include "lang/check/canonical.h"
#include "lang/check/safety.h"
#include "lang/check/schema.h"
#include "lang/lower/decisions.h"
#include "lang/plan/dependencies.h"
#include "lang/plan/presence.h"
#include "lang/plan/rule_tree.h"
#include "lang/resolve/resolve.h"
#include "lang/resolve/variables.h"
#include "lang/syntax/parse.h"

namespace licet::lang {
namespace {

// Conditions that say the same with less.
Filter constant(bool holds) {
  Filter filter;
  filter.kind = holds ? Filter::Kind::kTrue : Filter::Kind::kFalse;
  return filter;
}

bool is(const Filter& filter, Filter::Kind kind) { return filter.kind == kind; }

Filter joined(Filter::Kind kind, std::vector<Filter> parts) {
  const bool is_and = kind == Filter::Kind::kAnd;
  const Filter::Kind neutral = is_and ? Filter::Kind::kTrue : Filter::Kind::kFalse;
  const Filter::Kind decisive = is_and ? Filter::Kind::kFalse : Filter::Kind::kTrue;
  Filter all;
  all.kind = kind;
  for (Filter& part : parts) {
    if (is(part, decisive)) return constant(!is_and);
    if (!is(part, neutral)) all.parts.push_back(std::move(part));
  }
  if (all.parts.empty()) return constant(is_and);
  if (all.parts.size() == 1) return Filter(all.parts.front());
  return all;
}

Filter both(Filter a, Filter b) {
  std::vector<Filter> parts;
  parts.push_back(std::move(a));
  parts.push_back(std::move(b));
  return joined(Filter::Kind::kAnd, std::move(parts));
}

Filter negated(Filter filter) {
  if (is(filter, Filter::Kind::kTrue)) return constant(false);
  if (is(filter, Filter::Kind::kFalse)) return constant(true);
  Filter negation;
  negation.kind = Filter::Kind::kNot;
  negation.parts.push_back(std::move(filter));
  return negation;
}

Filter attribute(Filter::Kind kind, std::vector<std::string> path) {
  Filter filter;
  filter.kind = kind;
  filter.path = std::move(path);
  return filter;
}

// What a term stands for: a value, an attribute of the unknown root, or nothing.
struct Meaning {
  std::optional<std::vector<std::string>> attribute;
  Value value;  // undefined: there is none
};

using Literals = std::vector<const core::Literal*>;

Literals literals_of(const core::Body& body) {
  Literals literals;
  for (const core::Literal& literal : body) literals.push_back(&literal);
  return literals;
}

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

using Environment = std::map<core::VariableId, Meaning>;

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kComparisons = {{
    {"equal", "=="},
    {"eq", "=="},
    {"neq", "!="},
    {"lt", "<"},
    {"lte", "<="},
    {"gt", ">"},
    {"gte", ">="},
}};

bool holds_of(std::string_view comparison, int order) {
  if (comparison == "==") return order == 0;
  if (comparison == "!=") return order != 0;
  if (comparison == "<") return order < 0;
  if (comparison == "<=") return order <= 0;
  return comparison == ">" ? order > 0 : order >= 0;
}

// a OP b is b MIRRORED(OP) a.
std::string mirrored(std::string_view comparison) {
  if (comparison == "<") return ">";
  if (comparison == "<=") return ">=";
  if (comparison == ">") return "<";
  if (comparison == ">=") return "<=";
  return std::string(comparison);
}

class PartialEvaluator {
 public:
  PartialEvaluator(const core::Policy& policy, const plan::Dependencies& dependencies,
                   const Schema& schema, const SourceSet& sources, const FilterQuestion& question,
                   Arena& arena)
      : policy_(policy),
        dependencies_(dependencies),
        presence_(schema),
        sources_(sources),
        question_(question),
        arena_(arena) {}

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
        permits.push_back(holds(literals_of(body), 0, {}));
      }
    }
    conditions.push_back(joined(Filter::Kind::kOr, std::move(permits)));
    return joined(Filter::Kind::kAnd, std::move(conditions));
  }

 private:
  [[noreturn]] void refuse(Span span, const std::string& why) const {
    const Position at = sources_.begin_of(span);
    throw FilterRefusal{why, std::string(sources_.text_of(span)), sources_[span.source].name(),
                        at.line};
  }

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
      bool reads = reads_unknown(dependencies_.reads((*clause)->term));
      for (const core::Literal& literal : (*clause)->hoisted) {
        reads |= reads_unknown(dependencies_.reads(literal));
      }
      if (reads) refuse((*clause)->term.span, "what a permit says depends on the unknown root");
    }
  }

  bool reads_unknown(const plan::ReadSet& paths) const {
    return std::any_of(paths.begin(), paths.end(), [&](const plan::InputPath& path) {
      return path.empty() || !path.front().is_string() ||
             path.front().as_string() == question_.unknown;
    });
  }

  // --- forbids: false, in Kleene's sense ---------------------------------------------------------

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
        refuse(first.span, "`and` and `or` in a forbid are not supported in filters");
      }
    }
    plan::ReadSet reads;
    for (const core::Literal* literal : component) reads.merge(dependencies_.reads(*literal));
    return both(present(reads, first.span), negated(holds(component, 0, {})));
  }

  // What is under a `not` is true for certain.
  Filter true_inside(const core::Not& negation) {
    Filter inner = holds(literals_of(negation.body), 0, {});
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
      if (!names || names->empty()) refuse(span, "the request is read as a whole");
      if (names->front() == question_.unknown) {
        parts.push_back(attribute(Filter::Kind::kPresent, {names->begin() + 1, names->end()}));
        if (names->size() == 1) refuse(span, "the unknown root is read as a whole");
      } else {
        parts.push_back(constant(known_at(*names).is_defined()));
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

  Value known_at(const std::vector<std::string>& names) const {
    Value value = question_.known;
    for (const std::string& name : names) value = value.get(name);
    return value;
  }

  // --- what holds --------------------------------------------------------------------------------

  // Whether the literals from `at` on have a solution.
  Filter holds(const Literals& body, std::size_t at, Environment environment) {
    constexpr int kMost = 100'000;
    if (at == body.size()) return constant(true);
    const core::Literal& literal = *body[at];
    if (++work_ > kMost) refuse(literal.span, "the filter would be too large");
    if (!literal.with.empty()) refuse(literal.span, "`with` is not supported in filters");
    if (const auto* some = std::get_if<core::SomeIn>(&literal.node)) {
      return holds_for_some(*some, literal, body, at, environment);
    }
    Filter first = holds_here(literal, environment);
    if (is(first, Filter::Kind::kFalse)) return first;
    return both(std::move(first), holds(body, at + 1, std::move(environment)));
  }

  Filter holds_here(const core::Literal& literal, Environment& environment) {
    if (const auto* test = std::get_if<core::Test>(&literal.node)) {
      return holds_test(test->term, environment);
    }
    if (const auto* unify = std::get_if<core::Unify>(&literal.node)) {
      return holds_unify(*unify, environment);
    }
    if (const auto* call = std::get_if<core::Call>(&literal.node)) {
      return holds_call(*call, literal, environment);
    }
    if (const auto* negation = std::get_if<core::Not>(&literal.node)) {
      return negated(holds(literals_of(negation->body), 0, environment));
    }
    if (const auto* logic = std::get_if<core::Logic>(&literal.node)) {
      std::vector<Filter> parts;
      parts.push_back(holds(literals_of(logic->left), 0, environment));
      parts.push_back(holds(literals_of(logic->right), 0, environment));
      const bool is_and = logic->connective == ast::Connective::kAnd;
      return joined(is_and ? Filter::Kind::kAnd : Filter::Kind::kOr, std::move(parts));
    }
    refuse(literal.span, "this form is not supported in filters");
  }

  Filter holds_for_some(const core::SomeIn& some, const core::Literal& literal,
                        const Literals& body, std::size_t at, const Environment& environment) {
    const Meaning collection = meaning_of(some.collection, environment);
    const auto* value = std::get_if<core::Variable>(&some.value.node);
    if (collection.attribute || some.key || value == nullptr || environment.contains(value->id)) {
      refuse(literal.span, "only `some x in` a known collection is supported in filters");
    }
    std::vector<Filter> parts;
    const auto add = [&](const Value& element) {
      Environment inner = environment;
      inner[value->id] = Meaning{.attribute = {}, .value = element};
      parts.push_back(holds(body, at + 1, std::move(inner)));
    };
    const Value& all = collection.value;
    if (all.is_array() || all.is_set()) {
      for (const Value& element : all.elements()) add(element);
    } else if (all.is_object()) {
      for (const Entry& entry : all.entries()) add(entry.value);
    }
    return joined(Filter::Kind::kOr, std::move(parts));
  }

  Filter holds_test(const core::Term& term, const Environment& environment) {
    if (const core::Path* rule = unknown_rule(term)) return holds_rule(*rule, term.span);
    const Meaning meaning = meaning_of(term, environment);
    if (meaning.attribute) return attribute(Filter::Kind::kTruthy, *meaning.attribute);
    return constant(meaning.value.is_defined() && !meaning.value.is_false());
  }

  Filter holds_unify(const core::Unify& unify, Environment& environment) {
    for (const auto& [variable, term] :
         {std::pair(&unify.left, &unify.right), std::pair(&unify.right, &unify.left)}) {
      const auto* free = std::get_if<core::Variable>(&variable->node);
      if (free == nullptr || environment.contains(free->id)) continue;
      const Meaning meaning = meaning_of(*term, environment);
      environment[free->id] = meaning;
      if (meaning.attribute) return attribute(Filter::Kind::kPresent, *meaning.attribute);
      return constant(meaning.value.is_defined());
    }
    return compared("==", meaning_of(unify.left, environment),
                    meaning_of(unify.right, environment));
  }

  Filter compared(std::string_view comparison, const Meaning& left, const Meaning& right) const {
    if (!left.attribute && !right.attribute) {
      return constant(left.value.is_defined() && right.value.is_defined() &&
                      holds_of(comparison, compare(left.value, right.value)));
    }
    if (!left.attribute) return compared(mirrored(comparison), right, left);
    if (!right.attribute && right.value.is_undefined()) return constant(false);
    Filter filter = attribute(Filter::Kind::kCompare, *left.attribute);
    filter.comparison = comparison;
    if (right.attribute) {
      filter.other = *right.attribute;
    } else {
      filter.value = copy(right.value, arena_);
    }
    return filter;
  }

  Filter holds_call(const core::Call& call, const core::Literal& literal,
                    Environment& environment) {
    const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee);
    const std::string_view name =
        builtin == nullptr ? std::string_view() : name_of_builtin(builtin->id);
    const auto comparison = std::find_if(kComparisons.begin(), kComparisons.end(),
                                         [&](const auto& row) { return row.first == name; });
    const bool is_member = name == "internal.member_2";
    if ((comparison == kComparisons.end() && !is_member) || call.arguments.size() != 2) {
      refuse(literal.span,
             "a filter can compare and look for members; other calls on what is "
             "known belong in a rule of their own");
    }
    if (call.result) refuse(literal.span, "the answer of a comparison is not supported in filters");
    const Meaning left = meaning_of(call.arguments[0], environment);
    const Meaning right = meaning_of(call.arguments[1], environment);
    if (!is_member) return compared(comparison->second, left, right);
    return member(left, right, literal.span);
  }

  Filter member(const Meaning& element, const Meaning& collection, Span span) const {
    if (element.attribute && collection.attribute) {
      refuse(span, "membership between two attributes is not supported in filters");
    }
    if (!element.attribute && !collection.attribute) {
      return constant(element.value.is_defined() && collection.value.contains(element.value));
    }
    if (collection.attribute) {
      if (element.value.is_undefined()) return constant(false);
      Filter filter = attribute(Filter::Kind::kContains, *collection.attribute);
      filter.value = copy(element.value, arena_);
      return filter;
    }
    const Value& all = collection.value;
    if (!all.is_array() && !all.is_set()) return constant(false);
    if (all.size() == 0) return constant(false);
    Filter filter = attribute(Filter::Kind::kIn, *element.attribute);
    filter.value = Value::array(all.elements(), arena_);
    filter.value = copy(filter.value, arena_);
    return filter;
  }

  static std::string_view name_of_builtin(BuiltinId id) {
    for (const BuiltinInfo& info : all_builtins()) {
      if (info.id == id) return info.name;
    }
    return {};
  }

  // --- rules -------------------------------------------------------------------------------------

  // The rule that a term names and that depends on the unknown root; null if it names none.
  const core::Path* unknown_rule(const core::Term& term) const {
    const auto* reference = std::get_if<core::Reference>(&term.node);
    if (reference == nullptr || reference->root != core::Root::kData) return nullptr;
    if (!reads_unknown(dependencies_.reads(term))) return nullptr;
    for (const core::Rule& rule : policy_.rules) {
      if (rule.path.size() == reference->operands.size() && is_path(rule.path, *reference)) {
        return &rule.path;
      }
    }
    refuse(term.span, "only whole rules that are true or not are supported in filters");
  }

  static bool is_path(const core::Path& path, const core::Reference& reference) {
    for (std::size_t i = 0; i < path.size(); ++i) {
      const auto* element = std::get_if<core::Constant>(&reference.operands[i].node);
      if (element == nullptr || !element->value.is_string() ||
          element->value.as_string() != path[i]) {
        return false;
      }
    }
    return true;
  }

  Filter holds_rule(const core::Path& path, Span span) {
    std::vector<Filter> parts;
    for (const core::Rule& rule : policy_.rules) {
      if (rule.path != path) continue;
      const auto* value = std::get_if<core::Constant>(&rule.value.node);
      const bool is_plain = rule.keys.empty() && !rule.parameters && !rule.else_rule &&
                            rule.kind == core::HeadKind::kValue && value != nullptr;
      if (is_plain && rule.is_default && value->value.is_false()) continue;
      if (!is_plain || rule.is_default || !value->value.is_true()) {
        refuse(span, "only rules that are true or not are supported in filters");
      }
      parts.push_back(holds(literals_of(rule.body), 0, {}));
    }
    return joined(Filter::Kind::kOr, std::move(parts));
  }

  // --- terms -------------------------------------------------------------------------------------

  Meaning meaning_of(const core::Term& term, const Environment& environment) const {
    if (const auto* value = std::get_if<core::Constant>(&term.node)) {
      return {.attribute = {}, .value = value->value};
    }
    if (const auto* variable = std::get_if<core::Variable>(&term.node)) {
      const auto found = environment.find(variable->id);
      if (found == environment.end()) refuse(term.span, "a search for values is not supported");
      return found->second;
    }
    if (const auto* reference = std::get_if<core::Reference>(&term.node)) {
      return meaning_of(*reference, term, environment);
    }
    refuse(term.span, "this form is not supported in filters");
  }

  Meaning meaning_of(const core::Reference& reference, const core::Term& term,
                     const Environment& environment) const {
    std::vector<Value> keys;
    for (const core::Term& operand : reference.operands) {
      const Meaning key = meaning_of(operand, environment);
      if (key.attribute) refuse(term.span, "a key that is not known is not supported in filters");
      if (key.value.is_undefined()) return {};
      keys.push_back(key.value);
    }
    switch (reference.root) {
      case core::Root::kInput:
        return input_at(keys, term);
      case core::Root::kTerm: {
        const Meaning base = meaning_of(*reference.base, environment);
        if (!base.attribute) return {.attribute = {}, .value = walked(base.value, keys, 0)};
        return {.attribute = extended(*base.attribute, keys, 0, term), .value = {}};
      }
      case core::Root::kData:
        break;
    }
    if (reads_unknown(dependencies_.reads(term))) {
      refuse(term.span,
             "a rule that depends on the unknown root can only be asked whether it holds");
    }
    return {.attribute = {}, .value = data_at(keys, term)};
  }

  Meaning input_at(const std::vector<Value>& keys, const core::Term& term) const {
    if (keys.empty()) refuse(term.span, "the request is read as a whole");
    if (keys.front().is_string() && keys.front().as_string() == question_.unknown) {
      if (keys.size() == 1) refuse(term.span, "the unknown root is read as a whole");
      return {.attribute = extended({}, keys, 1, term), .value = {}};
    }
    return {.attribute = {}, .value = walked(question_.known, keys, 0)};
  }

  std::vector<std::string> extended(std::vector<std::string> path, const std::vector<Value>& keys,
                                    std::size_t from, const core::Term& term) const {
    for (std::size_t i = from; i < keys.size(); ++i) {
      if (!keys[i].is_string()) {
        refuse(term.span, "a position in a list is not supported in filters");
      }
      path.emplace_back(keys[i].as_string());
    }
    return path;
  }

  static Value walked(Value value, const std::vector<Value>& keys, std::size_t from) {
    for (std::size_t i = from; i < keys.size() && value.is_defined(); ++i)
      value = value.get(keys[i]);
    return value;
  }

  Value data_at(const std::vector<Value>& keys, const core::Term& term) const {
    std::vector<std::string> path;
    std::size_t names = 0;
    for (; names < keys.size() && keys[names].is_string(); ++names) {
      path.emplace_back(keys[names].as_string());
    }
    if (path.empty()) refuse(term.span, "all of data is read");
    return walked(question_.known_data(path), keys, names);
  }

  const core::Policy& policy_;
  const plan::Dependencies& dependencies_;
  plan::Presence presence_;
  const SourceSet& sources_;
  const FilterQuestion& question_;
  Arena& arena_;
  int work_ = 0;
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
  const plan::RuleTree tree(policy, decisions, diagnostics);
  const plan::Dependencies dependencies(tree, decisions, diagnostics);
  if (diagnostics.has_errors()) {
    return Failure{FilterRefusal{"the policies do not compile", {}, {}, 0}};
  }
  try {
    return PartialEvaluator(policy, dependencies, schema, sources, question, arena).permits();
  } catch (const FilterRefusal& refusal) {
    return Failure{refusal};
  }
}

}  // namespace licet::lang
