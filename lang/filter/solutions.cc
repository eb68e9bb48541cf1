#include "lang/filter/solutions.h"

#include <algorithm>
#include <array>
#include <utility>

#include "eval/builtins.h"
#include "lang/filter/condition.h"

namespace licet::lang::filter {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kComparisons = {{
    {"equal", "=="},
    {"eq", "=="},
    {"neq", "!="},
    {"lt", "<"},
    {"lte", "<="},
    {"gt", ">"},
    {"gte", ">="},
}};

std::string_view name_of_builtin(BuiltinId id) {
  for (const BuiltinInfo& info : all_builtins()) {
    if (info.id == id) return info.name;
  }
  return {};
}

bool is_path(const core::Path& path, const core::Reference& reference) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto* element = std::get_if<core::Constant>(&reference.operands[i].node);
    if (element == nullptr || !element->value.is_string() ||
        element->value.as_string() != path[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

Literals literals_of(const core::Body& body) {
  Literals literals;
  for (const core::Literal& literal : body) literals.push_back(&literal);
  return literals;
}

// Whether the literals from `at` on have a solution.
Filter Solutions::holds(const Literals& body, std::size_t at, Environment environment) {
  constexpr int kMost = 100'000;
  if (at == body.size()) return constant(true);
  const core::Literal& literal = *body[at];
  if (++work_ > kMost) terms_.refuse(literal.span, "the filter would be too large");
  if (!literal.with.empty()) terms_.refuse(literal.span, "`with` is not supported in filters");
  if (const auto* some = std::get_if<core::SomeIn>(&literal.node)) {
    return holds_for_some(*some, literal, body, at, environment);
  }
  Filter first = holds_here(literal, environment);
  if (is(first, Filter::Kind::kFalse)) return first;
  return both(std::move(first), holds(body, at + 1, std::move(environment)));
}

Filter Solutions::holds_here(const core::Literal& literal, Environment& environment) {
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
  terms_.refuse(literal.span, "this form is not supported in filters");
}

Filter Solutions::holds_for_some(const core::SomeIn& some, const core::Literal& literal,
                                 const Literals& body, std::size_t at,
                                 const Environment& environment) {
  const Meaning collection = terms_.meaning_of(some.collection, environment);
  const auto* value = std::get_if<core::Variable>(&some.value.node);
  if (collection.attribute || some.key || value == nullptr || environment.contains(value->id)) {
    terms_.refuse(literal.span, "only `some x in` a known collection is supported in filters");
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

Filter Solutions::holds_test(const core::Term& term, const Environment& environment) {
  if (const core::Path* rule = unknown_rule(term)) return holds_rule(*rule, term.span);
  const Meaning meaning = terms_.meaning_of(term, environment);
  if (meaning.attribute) return attribute(Filter::Kind::kTruthy, *meaning.attribute);
  return constant(meaning.value.is_defined() && !meaning.value.is_false());
}

Filter Solutions::holds_unify(const core::Unify& unify, Environment& environment) {
  for (const auto& [variable, term] :
       {std::pair(&unify.left, &unify.right), std::pair(&unify.right, &unify.left)}) {
    const auto* free = std::get_if<core::Variable>(&variable->node);
    if (free == nullptr || environment.contains(free->id)) continue;
    const Meaning meaning = terms_.meaning_of(*term, environment);
    environment[free->id] = meaning;
    if (meaning.attribute) return attribute(Filter::Kind::kPresent, *meaning.attribute);
    return constant(meaning.value.is_defined());
  }
  return compared("==", terms_.meaning_of(unify.left, environment),
                  terms_.meaning_of(unify.right, environment));
}

Filter Solutions::compared(std::string_view comparison, const Meaning& left,
                           const Meaning& right) const {
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

Filter Solutions::holds_call(const core::Call& call, const core::Literal& literal,
                             const Environment& environment) {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee);
  const std::string_view name =
      builtin == nullptr ? std::string_view() : name_of_builtin(builtin->id);
  const auto comparison = std::find_if(kComparisons.begin(), kComparisons.end(),
                                       [&](const auto& row) { return row.first == name; });
  const bool is_member = name == "internal.member_2";
  if ((comparison == kComparisons.end() && !is_member) || call.arguments.size() != 2) {
    terms_.refuse(literal.span,
                  "a filter can compare and look for members; other calls on what is "
                  "known belong in a rule of their own");
  }
  if (call.result)
    terms_.refuse(literal.span, "the answer of a comparison is not supported in filters");
  const Meaning left = terms_.meaning_of(call.arguments[0], environment);
  const Meaning right = terms_.meaning_of(call.arguments[1], environment);
  if (!is_member) return compared(comparison->second, left, right);
  return member(left, right, literal.span);
}

Filter Solutions::member(const Meaning& element, const Meaning& collection, Span span) const {
  if (element.attribute && collection.attribute) {
    terms_.refuse(span, "membership between two attributes is not supported in filters");
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

// The rule that a term names and that depends on the unknown root; null if it names none.
const core::Path* Solutions::unknown_rule(const core::Term& term) const {
  const auto* reference = std::get_if<core::Reference>(&term.node);
  if (reference == nullptr || reference->root != core::Root::kData) return nullptr;
  if (!terms_.reads_unknown(dependencies_.reads(term))) return nullptr;
  for (const core::Rule& rule : policy_.rules) {
    if (rule.path.size() == reference->operands.size() && is_path(rule.path, *reference)) {
      return &rule.path;
    }
  }
  terms_.refuse(term.span, "only whole rules that are true or not are supported in filters");
}

Filter Solutions::holds_rule(const core::Path& path, Span span) {
  std::vector<Filter> parts;
  for (const core::Rule& rule : policy_.rules) {
    if (rule.path != path) continue;
    const auto* value = std::get_if<core::Constant>(&rule.value.node);
    const bool is_plain = rule.keys.empty() && !rule.parameters && !rule.else_rule &&
                          rule.kind == core::HeadKind::kValue && value != nullptr;
    if (is_plain && rule.is_default && value->value.is_false()) continue;
    if (!is_plain || rule.is_default || !value->value.is_true()) {
      terms_.refuse(span, "only rules that are true or not are supported in filters");
    }
    parts.push_back(holds(literals_of(rule.body), 0, {}));
  }
  return joined(Filter::Kind::kOr, std::move(parts));
}

}  // namespace licet::lang::filter
