#include "lang/check/templates.h"

#include "eval/builtins.h"
#include "lang/check/bindings.h"
#include "lang/check/needs.h"

namespace licet::lang::check {
namespace {

using core::Depth;
using core::VariableSet;

bool is_template(const core::Call& call) {
  static const BuiltinId id = find_builtin("internal.template_string")->id;
  const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee);
  return builtin != nullptr && builtin->id == id;
}

// _ = x: a name may have no value, and is shown as undefined.
bool shows_a_name(const core::Comprehension& part) {
  if (part.body.size() != 1) return false;
  const auto* copy = std::get_if<core::Unify>(&part.body.front().node);
  return copy != nullptr && std::holds_alternative<core::Variable>(copy->right.node);
}

class Templates {
 public:
  Templates(const std::vector<core::VariableInfo>& variables, Diagnostics& diagnostics)
      : variables_(variables), diagnostics_(diagnostics) {}

  // What has a value in all of what is looked at next.
  void know(const VariableSet& variables) {
    known_.insert(variables);
    visible_.insert(variables);
  }

  void body(const core::Body& body) {
    // What is visible inside only can stand nowhere else: it may stay.
    core::add_variables(body, Depth::kLevel, visible_);
    VariableSet own;
    for (const core::Literal& literal : body) {
      if (!with_variables(literal).without(known_).without(own).empty()) continue;
      add_outputs(literal, known_, own);
    }
    own = own.without(known_);
    known_.insert(own);
    inside(body);
    known_.erase(own);
  }

 private:
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
      if (part == nullptr || shows_a_name(*part)) continue;
      const VariableSet shown = core::variables_of(part->body, Depth::kLevel).common(visible_);
      for (const core::VariableId id : shown.without(known_).ids()) report(id, part->head->span);
    }
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
  VariableSet known_;    // have values
  VariableSet visible_;  // stand in the body or around it
};

void check_rule(const core::Rule& rule, Diagnostics& diagnostics) {
  VariableSet parameters;
  if (rule.parameters) {
    for (const core::Term& parameter : *rule.parameters) {
      core::add_variables(parameter, Depth::kLevel, parameters);
    }
  }
  for (const core::Rule* branch = &rule; branch != nullptr; branch = branch->else_rule.get()) {
    Templates templates(rule.variables, diagnostics);
    templates.know(parameters);
    templates.body(branch->body);
  }
}

}  // namespace

void check_templates(const core::Policy& policy, Diagnostics& diagnostics) {
  for (const core::Rule& rule : policy.rules) check_rule(rule, diagnostics);
}

}  // namespace licet::lang::check
