#include "lang/check/templates.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "eval/builtins.h"
#include "lang/check/bindings.h"
#include "lang/check/needs.h"
#include "lang/resolve/visit.h"

namespace licet::lang::check {
namespace {

using core::Depth;
using core::VariableSet;

bool is_template(const core::Call& call) {
  static const BuiltinId id = find_builtin("internal.template_string")->id;
  const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee);
  return builtin != nullptr && builtin->id == id;
}

// [x] = $"...": as in OPA a template that is matched gives no value, unless to a name.
bool matches_a_template(const core::Literal& literal) {
  const auto* call = std::get_if<core::Call>(&literal.node);
  return call != nullptr && is_template(*call) && call->result &&
         !std::holds_alternative<core::Variable>(call->result->node);
}

// _ = x: a name may have no value, and is shown as undefined.
bool shows_a_name(const core::Comprehension& part) {
  if (part.body.size() != 1) return false;
  const auto* copy = std::get_if<core::Unify>(&part.body.front().node);
  return copy != nullptr && std::holds_alternative<core::Variable>(copy->right.node);
}

// What a literal makes for another one of its statement; null: nothing.
const core::Variable* made_by(const core::Literal& literal,
                              const std::vector<core::VariableInfo>& variables) {
  const core::Variable* name = nullptr;
  if (const auto* part = std::get_if<core::Unify>(&literal.node)) {
    name = std::get_if<core::Variable>(&part->left.node);
  } else if (const auto* call = std::get_if<core::Call>(&literal.node)) {
    if (call->result) name = std::get_if<core::Variable>(&call->result->node);
  }
  return name != nullptr && variables[name->id].generated ? name : nullptr;
}

// `with f as count`: OPA takes the name of a builtin for a variable without a value there.
bool replaces_by_builtin(const core::Literal& literal) {
  return std::any_of(literal.with.begin(), literal.with.end(), [](const core::With& with) {
    const auto* builtin =
        with.replacement ? std::get_if<core::BuiltinCallee>(&*with.replacement) : nullptr;
    return builtin != nullptr && all_builtins()[static_cast<std::size_t>(builtin->id)].name.find(
                                     '.') == std::string_view::npos;
  });
}

// The literals that were made of one statement. OPA looks at it before it is taken apart: a
// reference into what is written there, {"a": input.xs[x]}[key], gives nothing a value, neither
// outside of the braces nor inside, unless all that stands inside had values before.
class Statement {
 public:
  using Literals = std::span<const core::Literal>;

  Statement(Literals literals, const std::vector<core::VariableInfo>& variables)
      : literals_(literals) {
    for (std::size_t i = 0; i < literals.size(); ++i) {
      if (const auto* name = made_by(literals[i], variables)) makers_.emplace(name->id, i);
    }
  }

  // The literals that give nothing a value, where those in `safe` and `own` have one.
  std::set<std::size_t> silent(const VariableSet& safe, const VariableSet& own) const {
    std::set<std::size_t> result;
    const auto add_head = [&](const core::Term& head) {
      std::set<std::size_t> inside;
      const bool known = has_values(core::variables_of(head, Depth::kLevel), safe, own, inside);
      if (!known) result.merge(inside);
      return known;
    };
    for (std::size_t i = 0; i < literals_.size(); ++i) {
      core::Visitor visitor;
      visitor.reference = [&](const core::Reference& r, Span) {
        if (r.base && is_made(*r.base)) add_head(*r.base);
      };
      // What a comprehension looks into is made in its own body.
      visitor.opens_comprehensions = [] { return false; };
      core::visit(literals_[i], visitor);
      const auto* some = std::get_if<core::SomeIn>(&literals_[i].node);
      const bool written =
          some != nullptr && !std::holds_alternative<core::Reference>(some->collection.node);
      if (written && !add_head(some->collection)) result.insert(i);
    }
    return result;
  }

 private:
  bool is_made(const core::Term& term) const {
    const auto* name = std::get_if<core::Variable>(&term.node);
    return name != nullptr && makers_.contains(name->id);
  }
  // Also of what other literals make for it, which are added to `inside`.
  bool has_values(const VariableSet& variables, const VariableSet& safe, const VariableSet& own,
                  std::set<std::size_t>& inside) const {
    bool all = true;
    for (const core::VariableId id : variables.ids()) {
      const auto maker = makers_.find(id);
      if (maker == makers_.end()) {
        all = all && (safe.contains(id) || own.contains(id));
      } else if (inside.insert(maker->second).second) {
        const VariableSet more = core::variables_of(literals_[maker->second], Depth::kLevel);
        all = has_values(more, safe, own, inside) && all;
      }
    }
    return all;
  }

  Literals literals_;
  std::map<core::VariableId, std::size_t> makers_;
};

class Templates {
 public:
  Templates(const std::vector<core::VariableInfo>& variables, Diagnostics& diagnostics)
      : variables_(variables), diagnostics_(diagnostics) {}

  // What has a value in all of what is looked at next.
  void know(const VariableSet& variables) { known_.insert(variables); }

  void body(const core::Body& body) {
    const VariableSet own = know_outputs(body);
    inside(body);
    known_.erase(own);
  }

  // The body of a rule, and its value, which comes after it and gives the body nothing.
  void branch(const core::Rule& rule) {
    const VariableSet own =
        know_outputs(std::span(rule.body).first(std::min(rule.value_begin, rule.body.size())));
    inside(rule.body);
    Inside in_head{*this};
    in_head.terms(rule.keys);
    in_head.term(rule.value);
    known_.erase(own);
  }

 private:
  // What was not known before.
  VariableSet know_outputs(Statement::Literals body) {
    VariableSet own;
    for (std::size_t next = 0; next < body.size();) {
      const std::size_t first = next;
      while (next < body.size() && body[next].origin == body[first].origin) ++next;
      add_outputs_of(body.subspan(first, next - first), own);
    }
    own = own.without(known_);
    known_.insert(own);
    return own;
  }
  void add_outputs_of(Statement::Literals literals, VariableSet& own) const {
    std::set<std::size_t> silent;
    if (literals.size() > 1 || std::holds_alternative<core::SomeIn>(literals.front().node)) {
      silent = Statement(literals, variables_).silent(known_, own);
    }
    for (std::size_t i = 0; i < literals.size(); ++i) {
      if (silent.contains(i)) continue;
      if (!with_variables(literals[i]).without(known_).without(own).empty()) continue;
      if (replaces_by_builtin(literals[i]) || matches_a_template(literals[i])) continue;
      add_outputs(literals[i], known_, own);
    }
  }

  void inside(const core::Body& body) {
    for (const core::Literal& literal : body) std::visit(Inside{*this}, literal.node);
  }

  struct Inside {
    Templates& templates;

    void term(const core::Term& t) { std::visit(*this, t.node); }
    void terms(const std::vector<core::Term>& all) {
      for (const core::Term& t : all) term(t);
    }
    void operator()(const core::Constant&) {}
    void operator()(const core::Variable&) {}
    void operator()(const core::Reference& r) {
      if (r.base) term(*r.base);
      terms(r.operands);
    }
    void operator()(const core::Array& a) { terms(a.elements); }
    void operator()(const core::Set& s) { terms(s.elements); }
    void operator()(const core::Object& o) {
      for (const auto& [key, value] : o.entries) {
        term(key);
        term(value);
      }
    }
    void operator()(const core::Comprehension& c) { templates.body(c.body); }
    void operator()(const core::Test& t) { term(t.term); }
    void operator()(const core::Unify& u) {
      term(u.left);
      term(u.right);
    }
    void operator()(const core::Call& c) {
      if (is_template(c)) templates.parts(c.arguments.front());
      terms(c.arguments);
    }
    void operator()(const core::SomeIn& s) { term(s.collection); }
    void operator()(const core::Every& e) {
      term(e.domain);
      VariableSet own;
      if (e.key) core::add_variables(*e.key, Depth::kLevel, own);
      core::add_variables(e.value, Depth::kLevel, own);
      templates.know(own);
      templates.body(e.body);
      templates.known_.erase(own);
    }
    // What these bodies give values counts for nothing in OPA.
    void operator()(const core::Not& n) { templates.inside(n.body); }
    void operator()(const core::Logic& l) {
      templates.inside(l.left);
      templates.inside(l.right);
    }
  };

  void parts(const core::Term& all) {
    const auto* array = std::get_if<core::Array>(&all.node);
    if (array == nullptr) return;
    for (const core::Term& term : array->elements) {
      const auto* part = std::get_if<core::Comprehension>(&term.node);
      if (part == nullptr || is_written(*part) || shows_a_name(*part)) continue;
      for (const core::VariableId id : shown_by(part->body).without(known_).ids())
        report(id, part->head->span);
    }
  }
  // What exported policies call themselves, with comprehensions of their own: {t | t = input.a}.
  bool is_written(const core::Comprehension& part) const {
    const auto* name = std::get_if<core::Variable>(&part.head->node);
    return name == nullptr || !variables_[name->id].generated;
  }
  // Without what only its `with` use, and what was told before, for which a `some` stands.
  static VariableSet shown_by(const core::Body& part) {
    VariableSet shown;
    VariableSet told;
    for (const core::Literal& literal : part) {
      shown.insert(core::variables_of(literal, Depth::kLevel).without(with_variables(literal)));
      const auto* some = std::get_if<core::SomeIn>(&literal.node);
      if (some != nullptr) core::add_variables(some->value, Depth::kLevel, told);
    }
    return shown.without(told);
  }
  void report(core::VariableId id, Span span) {
    const core::VariableInfo& variable = variables_[id];
    if (variable.generated) return;
    diagnostics_.add({Code::kUndeclaredVariable,
                      span,
                      "var " + variable.name + " is undeclared",
                      "nothing before gives `" + variable.name + "` a value",
                      {},
                      {},
                      span.begin});
  }

  const std::vector<core::VariableInfo>& variables_;
  Diagnostics& diagnostics_;
  VariableSet known_;  // have values
};

bool has_templates(const core::Rule& rule) {
  bool any = false;
  core::Visitor visitor;
  visitor.call = [&any](const core::Call& call, const core::Literal&) {
    any = any || is_template(call);
  };
  core::visit(rule, visitor);
  return any;
}

void check_rule(const core::Rule& rule, Diagnostics& diagnostics) {
  if (!has_templates(rule)) return;
  VariableSet parameters;
  if (rule.parameters) {
    for (const core::Term& parameter : *rule.parameters) {
      core::add_variables(parameter, Depth::kLevel, parameters);
    }
  }
  for (const core::Rule* branch = &rule; branch != nullptr; branch = branch->else_rule.get()) {
    Templates templates(rule.variables, diagnostics);
    templates.know(parameters);
    templates.branch(*branch);
  }
}

}  // namespace

void check_templates(const core::Policy& policy, Diagnostics& diagnostics) {
  for (const core::Rule& rule : policy.rules) check_rule(rule, diagnostics);
}

}  // namespace licet::lang::check
