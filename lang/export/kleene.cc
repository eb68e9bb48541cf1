#include "lang/export/kleene.h"

#include <algorithm>
#include <utility>

#include "lang/plan/components.h"

namespace licet::lang::exporting {

using core::Depth;
using core::VariableSet;

Kleene::Kleene(const Context& context, Failures& failures, Text& text, const core::Path& package,
               std::string name, const std::vector<core::VariableInfo>& variables)
    : context_(context),
      failures_(failures),
      text_(text),
      package_(data_text(package) + "."),
      name_(std::move(name)),
      variables_(variables) {
  text.enter = [this](const core::Comprehension& c) {
    outer_levels_.push_back(level_);
    core::add_variables(c.body, Depth::kLevel, level_);
  };
  text.leave = [this](const core::Comprehension&) {
    level_ = std::move(outer_levels_.back());
    outer_levels_.pop_back();
  };
}

std::string Kleene::head(const std::string& call) const { return call.substr(package_.size()); }

void Kleene::rule(const std::string& call, const Lines& body) {
  if (!call.empty()) rules_ += rule_text(head(call), body);
}

Kleene::Names Kleene::new_names(const VariableSet& used, const VariableSet& bound, bool may_fail) {
  std::string parameters;
  for (const core::VariableId id : used.common(bound).ids()) {
    parameters += (parameters.empty() ? "" : ", ") + text_.variable(id);
  }
  if (!parameters.empty()) parameters = "(" + parameters + ")";
  const std::string base = package_ + name_ + "_" + std::to_string(++number_);
  return {base + "_true" + parameters, base + "_false" + parameters,
          may_fail ? base + "_failed" + parameters : ""};
}

void Kleene::add_presence(const plan::ReadSet& reads, Lines& lines) const {
  for (const plan::InputPath& path : reads) {
    if (!context_.presence.should_be_there(path)) continue;
    core::Reference reference;
    for (const Value& step : path) reference.operands.push_back({core::Constant{step}, {}});
    lines.push_back("_ = " + text_.term({std::move(reference), {}}));
  }
}

// True if all components are, false if one is.
Kleene::Names Kleene::body(const core::Body& body, const VariableSet& bound) {
  std::vector<Names> parts;
  bool may_fail = false;
  for (const Literals& part : plan::components_of(body, bound)) {
    parts.push_back(component(part, bound));
    may_fail = may_fail || !parts.back().failed.empty();
  }
  if (parts.size() == 1) return parts.front();
  const Names names = new_names(core::variables_of(body, Depth::kAll), bound, may_fail);
  Lines all;
  for (const Names& part : parts) {
    all.push_back(part.truth);
    rule(names.falsity, {part.falsity});
    if (!part.failed.empty()) rule(names.failed, {part.failed, "not " + names.falsity});
  }
  rule(names.truth, all);
  return names;
}

Kleene::Names Kleene::component(const Literals& part, const VariableSet& bound) {
  const core::Literal& last = *part.back();
  const bool own_truth = last.with.empty() && (std::holds_alternative<core::Not>(last.node) ||
                                               std::holds_alternative<core::Every>(last.node) ||
                                               std::holds_alternative<core::Logic>(last.node));
  const Literals given(part.begin(), part.end() - 1);
  if (!own_truth || !std::all_of(given.begin(), given.end(), [this](const core::Literal* l) {
        return plan::is_part_of_another(*l, variables_);
      })) {
    return search(part, bound);
  }
  return given.empty() ? own(last, bound) : own_of(given, last, bound);
}

// The same, given attributes that it was written with.
Kleene::Names Kleene::own_of(const Literals& given, const core::Literal& literal,
                             const VariableSet& bound) {
  VariableSet used = core::variables_of(literal, Depth::kAll);
  VariableSet inside = bound;
  Lines lines;
  plan::ReadSet reads;
  for (const core::Literal* l : given) {
    core::add_variables(*l, Depth::kAll, used);
    core::add_variables(*l, Depth::kLevel, inside);
    lines.push_back(text_.literal(*l));
    reads.merge(context_.dependencies.reads(*l));
  }
  const Names inner = own(literal, inside);
  const Names names = new_names(used, bound, !inner.failed.empty());
  const auto with = [&](const std::string& call) {
    Lines all = lines;
    all.push_back(call);
    return all;
  };
  rule(names.truth, with(inner.truth));
  rule(names.falsity, with(inner.falsity));
  Lines absent = {none(joined(lines, "; "))};
  add_presence(reads, absent);
  rule(names.falsity, absent);
  if (!inner.failed.empty()) rule(names.failed, with(inner.failed));
  return names;
}

// One `not`, `every`, `and` or `or`: true, false or unknown as its parts are.
Kleene::Names Kleene::own(const core::Literal& literal, const VariableSet& bound) {
  if (const auto* negation = std::get_if<core::Not>(&literal.node)) {
    negated_ = !negated_;
    Names names = body(negation->body, bound);
    negated_ = !negated_;
    std::swap(names.truth, names.falsity);
    return names;
  }
  if (const auto* every_in = std::get_if<core::Every>(&literal.node)) {
    return every(*every_in, literal, bound);
  }
  return logic(std::get<core::Logic>(literal.node), literal, bound);
}

// What a nested literal of a search is: its parts are helpers of the variables around it.
Kleene::Names Kleene::nested(const core::Literal& literal) {
  const auto found = nested_.find(&literal);
  if (found != nested_.end()) return found->second;
  const bool nests = std::holds_alternative<core::Not>(literal.node) ||
                     std::holds_alternative<core::Every>(literal.node) ||
                     std::holds_alternative<core::Logic>(literal.node);
  if (!nests) return {};
  const VariableSet level = level_;
  const Names names = own(literal, level);
  level_ = level;
  return nested_[&literal] = names;
}

Kleene::Names Kleene::search(const Literals& part, const VariableSet& bound) {
  VariableSet used;
  VariableSet level = bound;
  bool may_fail = false;
  bool doubtful = false;
  plan::ReadSet reads;
  plan::ReadSet doubtful_reads;
  for (const core::Literal* l : part) {
    core::add_variables(*l, Depth::kAll, used);
    core::add_variables(*l, Depth::kLevel, level);
    may_fail = may_fail || failures_.may_fail(*l);
    reads.merge(context_.dependencies.reads(*l));
    auto more = context_.dependencies.doubtful_reads(*l);
    doubtful = doubtful || (negated_ && more.has_value());
    if (more) doubtful_reads.merge(*more);
  }
  const Names names = new_names(used, bound, may_fail);
  const VariableSet outer = level_;
  level_ = level;
  const auto outer_special = text_.special;
  const auto outer_nested = failures_.nested;
  text_.special = [this](const core::Literal& l) { return nested(l).truth; };
  failures_.nested = [this](const core::Literal& l) { return nested(l).failed; };
  Lines lines;
  Lines nothing_failed;
  for (std::size_t i = 0; i < part.size(); ++i) {
    for (const Lines& condition : failures_.conditions(*part[i], text_)) {
      Lines failed = lines;
      failed.insert(failed.end(), condition.begin(), condition.end());
      for (std::string& line : rest_not_false(part, i, bound)) failed.push_back(std::move(line));
      failed.push_back("not " + names.truth);
      rule(names.failed, failed);
      nothing_failed.push_back(none(joined(condition, "; ")));
    }
    lines.push_back(text_.literal(*part[i]));
  }
  text_.special = outer_special;
  failures_.nested = outer_nested;
  level_ = outer;

  Lines absent = {none(joined(lines, "; "))};
  add_presence(reads, absent);
  if (may_fail) absent.push_back("not " + names.failed);
  rule(names.falsity, absent);
  // Under `not` it must not hold only because something is missing or failed.
  if (doubtful) {
    add_presence(doubtful_reads, lines);
    lines.insert(lines.end(), nothing_failed.begin(), nothing_failed.end());
  }
  rule(names.truth, lines);
  return names;
}

// Where something failed in part[at]: lines that say that of the literals behind it, those aside
// that take values from it, none is false.
Lines Kleene::rest_not_false(const Literals& part, std::size_t at, const VariableSet& bound) {
  VariableSet known = bound;
  for (std::size_t i = 0; i < at; ++i) core::add_variables(*part[i], Depth::kLevel, known);
  VariableSet unknown = core::variables_of(*part[at], Depth::kLevel).without(known);
  Literals rest;
  for (std::size_t i = at + 1; i < part.size(); ++i) {
    if (core::variables_of(*part[i], Depth::kAll).intersects(unknown)) {
      unknown.insert(core::variables_of(*part[i], Depth::kLevel).without(known));
    } else {
      core::add_variables(*part[i], Depth::kLevel, known);
      rest.push_back(part[i]);
    }
  }
  known = bound;
  for (std::size_t i = 0; i < at; ++i) core::add_variables(*part[i], Depth::kLevel, known);
  Lines lines;
  for (const Literals& component : plan::components_of(rest, known)) {
    VariableSet used;
    for (const core::Literal* l : component) core::add_variables(*l, Depth::kAll, used);
    const auto key = std::pair(component, used.common(known).ids());
    auto found = rests_.find(key);
    if (found == rests_.end()) found = rests_.emplace(key, this->component(component, known)).first;
    lines.push_back("not " + found->second.falsity);
  }
  return lines;
}

Kleene::Names Kleene::every(const core::Every& every, const core::Literal& literal,
                            const VariableSet& bound) {
  VariableSet inside = bound;
  core::add_variables(every.value, Depth::kAll, inside);
  if (every.key) core::add_variables(*every.key, Depth::kAll, inside);
  const Names element = body(every.body, inside);
  const std::vector<Lines> domain_conditions = failures_.conditions(every.domain, text_);
  const bool domain_fails = !domain_conditions.empty();
  const bool may_fail = domain_fails || !element.failed.empty();
  const Names names = new_names(core::variables_of(literal, Depth::kAll), bound, may_fail);
  const std::string domain_failed =
      domain_fails ? new_names(core::variables_of(literal, Depth::kAll), bound, true).failed : "";
  for (const Lines& condition : domain_conditions) rule(domain_failed, condition);
  const std::string domain = "licet_domain = " + text_.term(every.domain);
  const std::string iterates = text_.term(every.value) + " = licet_domain[" +
                               (every.key ? text_.term(*every.key) : "_") + "]";
  const std::string collection =
      "{is_array(licet_domain), is_object(licet_domain), is_set(licet_domain)}[true]";
  const auto doubtful = context_.dependencies.doubtful_reads(every.domain);
  const auto add_certainty = [&](Lines& lines) {
    add_presence(*doubtful, lines);
    if (domain_fails) lines.push_back("not " + domain_failed);
  };
  Lines all_true = {domain, collection, none(iterates + "; not " + element.truth)};
  if (doubtful && negated_) add_certainty(all_true);
  rule(names.truth, all_true);
  Lines some_false = {domain, iterates, element.falsity};
  if (doubtful) add_certainty(some_false);
  rule(names.falsity, some_false);
  Lines no_domain = {none(domain + "; " + collection)};
  add_presence(context_.dependencies.reads(every.domain), no_domain);
  if (domain_fails) no_domain.push_back("not " + domain_failed);
  rule(names.falsity, no_domain);
  const Lines unsettled = {"not " + names.truth, "not " + names.falsity};
  if (domain_fails) rule(names.failed, {domain_failed, unsettled[0], unsettled[1]});
  if (!element.failed.empty()) {
    rule(names.failed, {domain, iterates, element.failed, unsettled[0], unsettled[1]});
  }
  return names;
}

Kleene::Names Kleene::logic(const core::Logic& logic, const core::Literal& literal,
                            const VariableSet& bound) {
  const Names left = body(logic.left, bound);
  const Names right = body(logic.right, bound);
  const Names names = new_names(core::variables_of(literal, Depth::kAll), bound,
                                !left.failed.empty() || !right.failed.empty());
  const bool conjunction = logic.connective == ast::Connective::kAnd;
  const auto both = [&](const std::string& call, const std::string& a, const std::string& b) {
    rule(call, {a, b});
  };
  const auto either = [&](const std::string& call, const std::string& a, const std::string& b) {
    rule(call, {a});
    rule(call, {b});
  };
  if (conjunction) {
    both(names.truth, left.truth, right.truth);
    either(names.falsity, left.falsity, right.falsity);
  } else {
    either(names.truth, left.truth, right.truth);
    both(names.falsity, left.falsity, right.falsity);
  }
  for (const Names* side : {&left, &right}) {
    if (side->failed.empty()) continue;
    rule(names.failed, {side->failed, "not " + names.truth, "not " + names.falsity});
  }
  return names;
}

}  // namespace licet::lang::exporting
