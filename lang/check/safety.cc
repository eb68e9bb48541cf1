#include "lang/check/safety.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "lang/check/bindings.h"
#include "lang/check/head_parts.h"
#include "lang/check/needs.h"
#include "lang/check/statements.h"
#include "lang/check/told_places.h"
#include "lang/resolve/variables.h"

namespace licet::lang::check {
namespace {

using core::Depth;
using core::VariableSet;

class Orderer {
 public:
  // `rule`: whose body is ordered; null: the body of something else.
  Orderer(const std::vector<core::VariableInfo>& variables, Diagnostics& diagnostics,
          const core::Rule* rule = nullptr)
      : variables_(variables), needs_(variables), diagnostics_(diagnostics), rule_(rule) {
    if (rule == nullptr) return;
    for (const core::Term& key : rule->keys) heads_.push_back(&key);
    heads_.push_back(&rule->value);
  }

  // Variables of the head that nothing can give a value, as was told.
  void expect_nothing_of(const VariableSet& unknown) { told_ = unknown; }

  // Orders `body`; `safe` grows by what it binds. `visible`: variables of the scopes around.
  //
  // In passes from the first literal to the last, as OPA does, each placing what it can. A literal
  // that cannot be placed waits for the variables that it lacks, or that it would give values too
  // late to use them itself ([x, y] = [y[0], 1]), so that a body in the wrong order costs little
  // more than one in the right order.
  void order(core::Body& body, VariableSet& safe, const VariableSet& visible) {
    VariableSet level = visible;
    core::add_variables(body, Depth::kLevel, level);
    own_ = core::variables_of(body, Depth::kLevel);
    for (const core::Literal& literal : body) needs_.add_implicit_names(literal, own_);
    own_ = own_.without(safe);
    const Statements statements(body, variables_, heads_);
    std::vector<bool> ready(statements.count(), false);
    std::vector<bool> placed(body.size(), false);
    std::vector<std::size_t> order;
    std::map<core::VariableId, std::vector<std::size_t>> waiting;
    std::size_t seen = 0;  // in the first pass, which most bodies need no other than
    std::set<std::size_t> now;
    std::set<std::size_t> next;
    while (seen < body.size() || !now.empty() || !next.empty()) {
      if (seen == body.size() && now.empty()) std::swap(now, next);
      const std::size_t i = seen < body.size() ? seen++ : now.extract(now.begin()).value();
      if (placed[i]) continue;
      if (statements.is_part(i) && !ready[statements.number_of(i)]) {
        const Statements::Statement& statement = statements.of(i);
        if (statement.first != i) continue;
        VariableSet bound;
        VariableSet missing = needs_.lacks_as_a_whole(body, statement, level, safe, bound);
        if (!statement.whole) missing.erase(told_);
        if (!missing.empty()) {
          missing.insert(bound);
          for (const core::VariableId id : missing.ids()) waiting[id].push_back(i);
          continue;
        }
        ready[statements.number_of(i)] = true;
        for (std::size_t part = i + 1; part < statement.end && part < seen; ++part) {
          now.insert(part);
        }
      }
      const VariableSet bound = outputs(body[i], safe);
      if (VariableSet missing = needs_.lacks(body[i], level, safe, bound); !missing.empty()) {
        missing.insert(bound);
        for (const core::VariableId id : missing.ids()) waiting[id].push_back(i);
        continue;
      }
      if (uses_its_keys_inside(body, i)) continue;
      if (names_what_is_inside(body[i], bound)) {
        for (const core::VariableId id : bound.ids()) waiting[id].push_back(i);
        continue;
      }
      close(body[i], safe, level);
      safe.insert(bound);
      for (const core::VariableId id : bound.ids()) {
        const auto woken = waiting.find(id);
        if (woken == waiting.end()) continue;
        for (const std::size_t w : woken->second) {
          if (w < seen) (w > i ? now : next).insert(w);
        }
        waiting.erase(woken);
      }
      order.push_back(i);
      placed[i] = true;
    }
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (placed[i]) continue;
      unplaced_.push_back(&body[i]);
      order.push_back(i);
    }
    if (!unplaced_.empty()) report(body, statements, level, safe);
    if (std::is_sorted(order.begin(), order.end())) return;
    core::Body ordered;
    ordered.reserve(body.size());
    for (const std::size_t i : order) ordered.push_back(std::move(body[i]));
    body = std::move(ordered);
  }

  // The bodies inside a term that is evaluated when `safe` have values.
  void close(core::Term& term, const VariableSet& safe, const VariableSet& visible) {
    if (auto* comprehension = std::get_if<core::Comprehension>(&term.node)) {
      closure(*comprehension, safe, visible);
    } else if (auto* array = std::get_if<core::Array>(&term.node)) {
      for (core::Term& element : array->elements) close(element, safe, visible);
    } else if (auto* set = std::get_if<core::Set>(&term.node)) {
      for (core::Term& element : set->elements) close(element, safe, visible);
    } else if (auto* object = std::get_if<core::Object>(&term.node)) {
      for (auto& [key, value] : object->entries) {
        close(key, safe, visible);
        close(value, safe, visible);
      }
    } else if (auto* reference = std::get_if<core::Reference>(&term.node)) {
      if (reference->base) close(*reference->base, safe, visible);
      for (core::Term& operand : reference->operands) close(operand, safe, visible);
    }
  }

  // The same of a key or the value of a head, which OPA takes for a statement of its own.
  void close_in_head(core::Term& term, const VariableSet& safe, const VariableSet& visible) {
    here_ = term.span.begin;
    close(term, safe, visible);
  }

  // Reports the variables of `term` that have no value after the body.
  void require(const core::Term& term, const VariableSet& safe) {
    for (const core::VariableId id : core::variables_of(term, Depth::kLevel).without(safe).ids()) {
      report_one(id, term.span, Code::kUnsafeVariable, {}, here_);
    }
  }
  // Reports what stands in a head and not in its body, each where it stands. What a head has to
  // look up or to collect is, as in OPA, made at the end of the body, with all that stands beside
  // it: `[input.a, x]`.
  void require_in_head(const VariableSet& unknown, const core::Rule& rule) {
    for (const core::VariableId id : unknown.ids()) {
      const Span own = variables_[id].span;
      const bool is_in_head = is_inside(own, rule.head_span);
      std::optional<std::uint32_t> place;
      for (const core::Term& key : rule.keys) {
        if (is_inside(own, key.span)) place = key.span.begin;
      }
      Code code = Code::kUnsafeHead;
      if (const core::Term* made = made_in_body(rule, id, variables_)) {
        code = Code::kUnsafeVariable;
        place = made->span.begin;
      }
      report_one(id, is_in_head ? own : rule.head_span, code, {}, place);
    }
  }

 private:
  static bool is_inside(Span inner, Span outer) {
    return inner.source == outer.source && inner.begin >= outer.begin && inner.end <= outer.end;
  }
  // The names of this body that stand in bodies inside of a literal.
  VariableSet inner_names(const core::Literal& literal) const {
    VariableSet inner;
    core::add_inner_variables(literal, inner);
    return inner.common(own_);
  }
  // o[x] in [y | some y in x]: where the names that the keys of a call's references or its answer
  // can give values are those that bodies inside of it use, OPA calls them unsafe.
  bool uses_its_keys_inside(const core::Body& body, std::size_t at) {
    const auto* call = std::get_if<core::Call>(&body[at].node);
    if (call == nullptr) return false;
    const VariableSet inner = inner_names(body[at]);
    if (inner.empty()) return false;
    VariableSet keys;
    for (const core::Term& argument : call->arguments) add_keys(argument, keys);
    if (call->result) core::add_variables(*call->result, Depth::kLevel, keys);
    VariableSet open = core::variables_of(body[at], Depth::kLevel);
    for (std::size_t i = at; i-- > 0;) {
      const auto* part = std::get_if<core::Unify>(&body[i].node);
      const auto* name = part == nullptr ? nullptr : std::get_if<core::Variable>(&part->left.node);
      if (name == nullptr || !variables_[name->id].of_reference || !open.contains(name->id)) break;
      core::add_variables(part->right, Depth::kLevel, open);
      add_keys(part->right, keys);
    }
    VariableSet named;
    for (const core::VariableId id : keys.ids()) {
      if (!variables_[id].of_reference) named.insert(id);
    }
    if (!(inner.contains_all(named) && named.contains_all(inner))) return false;
    for (const core::VariableId id : inner.ids()) {
      report_one(id, body[at].place, Code::kUnsafeVariable,
                 "OPA takes no key of a reference that is used inside, too: give the reference a "
                 "name before");
    }
    return true;
  }
  // v = [x | v = [x]]: as in OPA what gives values to just those names that bodies inside of it use
  // waits for others to do so.
  bool names_what_is_inside(const core::Literal& literal, const VariableSet& bound) const {
    if (std::holds_alternative<core::Call>(literal.node) || bound.empty()) return false;
    const VariableSet inner = inner_names(literal);
    return inner.contains_all(bound) && bound.contains_all(inner);
  }
  static void add_keys(const core::Term& term, VariableSet& keys) {
    const auto* reference = std::get_if<core::Reference>(&term.node);
    if (reference == nullptr) return;
    for (const core::Term& operand : reference->operands) {
      core::add_variables(operand, Depth::kLevel, keys);
    }
  }
  // A literal with bodies inside that use names of this one is, for OPA, safe as soon as those have
  // values: it forgets all others of that literal.
  void report_forgotten(const core::Body& body, const Statements& statements,
                        const VariableSet& level, const VariableSet& safe) {
    const auto forgotten = [&](const core::Literal* literal) {
      const VariableSet inner = inner_names(*literal);
      if (inner.empty() || !inner.without(safe).empty()) return false;
      // What `every` goes over is made before it, and x = f(y) is f(y) and then x = _, as literals
      // with the same `with`.
      const auto* every = std::get_if<core::Every>(&literal->node);
      if (every != nullptr && !core::has_variables_of(safe, every->domain)) return false;
      const auto* call = std::get_if<core::Call>(&literal->node);
      const bool are_two = every != nullptr || (call != nullptr && needs_.gives_a_name(*call));
      if (are_two && !with_variables(*literal).without(safe).empty()) return false;
      for (const core::VariableId id : needs_.needed(*literal, level).without(safe).ids()) {
        if (!variables_[id].generated)
          report_one(id, place_in(*literal, id), Code::kUnsafeBesideBody);
      }
      return true;
    };
    std::set<std::uint32_t> origins;
    std::erase_if(unplaced_, [&](const core::Literal* literal) {
      if (!forgotten(literal)) return false;
      origins.insert(literal->origin);
      return true;
    });
    // So are the references that are a part of it.
    std::erase_if(unplaced_, [&](const core::Literal* literal) {
      const auto at = static_cast<std::size_t>(literal - body.data());
      const std::optional<std::size_t> whole = statements.of(at).whole;
      const bool is_part =
          literal->negated ||
          (whole && whole != at && !std::holds_alternative<core::Every>(body[*whole].node));
      if (!is_part || !origins.contains(literal->origin)) return false;
      for (const core::VariableId id : needs_.needed(*literal, level).without(safe).ids()) {
        if (!variables_[id].generated)
          report_one(id, place_in(*literal, id), Code::kUnsafeBesideBody);
      }
      return true;
    });
  }

  void closure(core::Comprehension& c, const VariableSet& safe, const VariableSet& visible) {
    VariableSet inner = safe;
    VariableSet level = visible;
    if (c.key) core::add_variables(*c.key, Depth::kLevel, level);
    core::add_variables(*c.head, Depth::kLevel, level);
    const std::size_t before = diagnostics_.error_count();
    std::vector<const core::Term*> heads;
    if (c.key) heads.push_back(c.key.get());
    heads.push_back(c.head.get());
    nested(c.body, inner, level, std::move(heads));
    // What stands in a body with a mistake is not told again.
    if (diagnostics_.error_count() > before) core::add_variables(c.body, Depth::kLevel, inner);
    if (c.key) {
      require(*c.key, inner);
      close(*c.key, inner, level);
    }
    require(*c.head, inner);
    close(*c.head, inner, level);
  }
  void nested(core::Body& body, VariableSet& safe, const VariableSet& visible,
              std::vector<const core::Term*> heads = {}) {
    Orderer inner(variables_, diagnostics_);
    inner.heads_ = std::move(heads);
    inner.prints_ = prints_;
    inner.order(body, safe, visible);
  }
  void nested_copy(core::Body& body, VariableSet safe, const VariableSet& visible) {
    nested(body, safe, visible);
  }

  void close(core::Literal& literal, const VariableSet& safe, const VariableSet& level) {
    struct Visitor {
      Orderer& o;
      const VariableSet& safe;
      const VariableSet& level;
      void operator()(core::Test& t) { o.close(t.term, safe, level); }
      void operator()(core::Unify& u) {
        o.close(u.left, safe, level);
        o.close(u.right, safe, level);
      }
      void operator()(core::Call& c) {
        const bool outer = std::exchange(o.prints_, is_print(c));
        for (core::Term& argument : c.arguments) o.close(argument, safe, level);
        o.prints_ = outer;
        if (c.result) o.close(*c.result, safe, level);
      }
      void operator()(core::SomeIn& s) { o.close(s.collection, safe, level); }
      void operator()(core::Every& e) {
        o.close(e.domain, safe, level);
        VariableSet inner = safe;
        if (e.key) core::add_variables(*e.key, Depth::kLevel, inner);
        core::add_variables(e.value, Depth::kLevel, inner);
        o.nested(e.body, inner, level);
      }
      void operator()(core::Not& n) { o.nested_copy(n.body, safe, level); }
      void operator()(core::Logic& l) {
        o.nested_copy(l.left, safe, level);
        o.nested_copy(l.right, safe, level);
      }
    };
    here_ = literal.place.begin;
    const bool outer = std::exchange(prints_, false);
    std::visit(Visitor{*this, safe, level}, literal.node);
    prints_ = outer;
  }

  // Reports the causes, not what follows from them: variables that no literal would bind even if
  // all others had values.
  void report(const core::Body& body, const Statements& statements, const VariableSet& level,
              const VariableSet& safe) {
    report_forgotten(body, statements, level, safe);
    const std::size_t before = diagnostics_.error_count();
    enum class Tell { kRoots, kNamed, kAll };
    for (const Tell tell : {Tell::kRoots, Tell::kNamed, Tell::kAll}) {
      std::map<core::VariableId, const core::Literal*> first;  // by place
      for (const core::Literal* literal : unplaced_) {
        if (diagnostics_.are_full()) return;
        VariableSet after = safe;
        after.insert(outputs(*literal, safe));
        VariableSet missing = needs_.needed(*literal, level).without(after);
        if (missing.empty()) missing = needs_.lacks(*literal, level, safe, after);
        const VariableSet gives = after.without(safe);
        if (missing.empty() && names_what_is_inside(*literal, gives)) missing = gives;
        const VariableSet causes = lacked_by_statement(body, statements, *literal, level, safe);
        if (!missing.common(causes).empty()) missing = missing.common(causes);
        for (const core::VariableId id : missing.ids()) {
          const auto found = first.find(id);
          if (found != first.end()) {
            const bool is_before =
                place_in(*literal, id).begin < place_in(*found->second, id).begin;
            if (is_before) found->second = literal;
            continue;
          }
          if (tell == Tell::kRoots && derivable(id, level)) continue;
          if (tell != Tell::kAll && variables_[id].generated) continue;
          first[id] = literal;
        }
      }
      for (const auto& [id, literal] : first) report_in(*literal, id);
      if (diagnostics_.error_count() > before) return;
    }
    // What has no place in the order must not be evaluated, whatever keeps it from one.
    for (const core::Literal* literal : unplaced_) {
      for (const core::VariableId id : needs_.needed(*literal, level).ids()) {
        report_in(*literal, id);
      }
    }
  }
  // What keeps the statement that a literal is a part of from its place.
  VariableSet lacked_by_statement(const core::Body& body, const Statements& statements,
                                  const core::Literal& literal, const VariableSet& level,
                                  const VariableSet& safe) const {
    const auto at = static_cast<std::size_t>(&literal - body.data());
    if (!statements.is_part(at)) return {};
    VariableSet bound;
    return needs_.lacks_as_a_whole(body, statements.of(at), level, safe, bound);
  }
  bool derivable(core::VariableId id, const VariableSet& level) {
    VariableSet others = level;
    VariableSet self;
    self.insert(id);
    others = others.without(self);
    // In a body with very many causes, what is not found after this many looks is called one.
    constexpr std::size_t kMostLooks = 200;
    constexpr std::size_t kMostLooksInAll = 10'000;
    for (std::size_t i = 0; i < unplaced_.size() && i < kMostLooks; ++i) {
      if (++looks_ > kMostLooksInAll) return false;
      if (copies_a_name(*unplaced_[i])) continue;
      if (outputs(*unplaced_[i], others).contains(id)) return true;
    }
    return false;
  }
  // _ = x of what a template shows: it gives x no value.
  bool copies_a_name(const core::Literal& literal) const {
    const auto* copy = std::get_if<core::Unify>(&literal.node);
    const auto* name = copy == nullptr ? nullptr : std::get_if<core::Variable>(&copy->left.node);
    return name != nullptr && variables_[name->id].generated &&
           std::holds_alternative<core::Variable>(copy->right.node);
  }
  // A print is told apart by its arguments: each stands in the place of what it shows.
  void report_in(const core::Literal& literal, core::VariableId id) {
    if (const auto* made = rule_ == nullptr ? nullptr : made_in_body(*rule_, id, variables_)) {
      return report_one(id, place_in(literal, id), Code::kUnsafeVariable, {}, made->span.begin);
    }
    const auto* call = std::get_if<core::Call>(&literal.node);
    if (call == nullptr || !is_print(*call)) {
      return report_one(id, place_in(literal, id));
    }
    const bool outer = std::exchange(prints_, true);
    const auto* shown = std::get_if<core::Array>(&call->arguments[0].node);
    for (const core::Term& part : shown->elements) {
      if (core::variables_of(part, Depth::kAll).contains(id)) report_one(id, part.span);
    }
    prints_ = outer;
  }
  void report_one(core::VariableId id, Span span, Code code = Code::kUnsafeVariable,
                  std::string help = {}, std::optional<std::uint32_t> place = std::nullopt) {
    if (diagnostics_.are_full()) return;
    const core::VariableInfo& variable = variables_[id];
    if (prints_) return report_undeclared(variable, span);
    // A query has no answer because what it asks for has no value, and that is said.
    if (variable.name == core::kAnswer) return;
    Diagnostic diagnostic{code,
                          span,
                          "var " + variable.name + " is unsafe",
                          "`" + variable.name + "` has no value here",
                          {},
                          help.empty() ? help_for(id) : std::move(help),
                          place};
    if (variable.span != span) {
      diagnostic.notes.push_back({variable.span, "it appears here"});
    }
    diagnostics_.add(std::move(diagnostic));
  }

  // A likely typo of a root or of another variable.
  std::string help_for(core::VariableId id) const {
    std::vector<std::string> candidates{"input", "data", "user", "model", "dataset", "request"};
    for (core::VariableId other = 0; other < variables_.size(); ++other) {
      const core::VariableInfo& variable = variables_[other];
      const bool is_name = variable.name != core::kAnswer && variable.name != "_";
      if (variable.generated || !is_name || other == id) continue;
      candidates.push_back(variable.name);
    }
    const auto near = suggestion(variables_[id].name, candidates);
    return near && *near != variables_[id].name ? "did you mean `" + *near + "`?" : "";
  }

  // What print shows may be undefined, but its names must mean something.
  void report_undeclared(const core::VariableInfo& variable, Span span) {
    if (variable.generated) return;
    diagnostics_.add({Code::kUndeclaredVariable,
                      span,
                      "var " + variable.name + " is undeclared",
                      "nothing gives `" + variable.name + "` a value",
                      {},
                      {}});
  }

  const std::vector<core::VariableInfo>& variables_;
  Needs needs_;
  Diagnostics& diagnostics_;
  const core::Rule* rule_;
  std::vector<const core::Term*> heads_;  // see Statements
  VariableSet own_;   // of the body's own level, without those of the scopes around
  VariableSet told_;  // of the head
  std::vector<const core::Literal*> unplaced_;
  std::size_t looks_ = 0;
  bool prints_ = false;  // inside the arguments of a print
  // Of the literal or part of a head whose inner bodies are looked at.
  std::optional<std::uint32_t> here_;
};

void order_rule(core::Rule& rule, Diagnostics& diagnostics) {
  VariableSet parameters;
  if (rule.parameters) {
    for (const core::Term& parameter : *rule.parameters) {
      core::add_variables(parameter, Depth::kLevel, parameters);
    }
  }
  if (rule.parameters) {
    Orderer orderer(rule.variables, diagnostics);
    for (core::Term& parameter : *rule.parameters) {
      orderer.close_in_head(parameter, parameters, parameters);
    }
  }
  for (core::Rule* branch = &rule; branch != nullptr; branch = branch->else_rule.get()) {
    Orderer orderer(rule.variables, diagnostics, branch);
    const VariableSet in_head = head_variables(*branch);
    VariableSet known = parameters;
    core::add_variables(branch->body, Depth::kLevel, known);
    const VariableSet unknown = in_head.without(known);
    orderer.require_in_head(unknown, *branch);
    orderer.expect_nothing_of(unknown);
    VariableSet visible = parameters;
    visible.insert(in_head);
    VariableSet safe = parameters;
    const std::size_t before = diagnostics.error_count();
    orderer.order(branch->body, safe, visible);
    if (diagnostics.error_count() > before) continue;  // the head would only repeat it
    safe.insert(in_head);
    for (core::Term& key : branch->keys) orderer.close_in_head(key, safe, visible);
    orderer.close_in_head(branch->value, safe, visible);
  }
}

void order_clause(std::optional<core::DecisionBody::Clause>& clause, const core::Rule& rule,
                  const VariableSet& bound, Diagnostics& diagnostics) {
  if (!clause) return;
  Orderer orderer(rule.variables, diagnostics);
  VariableSet safe = bound;
  VariableSet visible = bound;
  core::add_variables(clause->term, Depth::kLevel, visible);
  orderer.order(clause->hoisted, safe, visible);
  orderer.require(clause->term, safe);
  orderer.close_in_head(clause->term, safe, visible);
}

}  // namespace

void order_bodies(core::Policy& policy, Diagnostics& diagnostics) {
  for (core::Rule& rule : policy.rules) order_rule(rule, diagnostics);
  for (core::DecisionBody& decision : policy.decisions) {
    order_rule(decision.rule, diagnostics);
    const VariableSet bound = core::variables_of(decision.rule.body, Depth::kLevel);
    order_clause(decision.because, decision.rule, bound, diagnostics);
    order_clause(decision.controls, decision.rule, bound, diagnostics);
    order_clause(decision.obliges, decision.rule, bound, diagnostics);
  }
  if (policy.query) {
    Orderer orderer(policy.query->variables, diagnostics);
    VariableSet safe;
    orderer.order(policy.query->body, safe, {});
  }
}

}  // namespace licet::lang::check
