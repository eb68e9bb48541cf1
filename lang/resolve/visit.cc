#include "lang/resolve/visit.h"

namespace licet::lang::core {
namespace {

struct Walk {
  const Visitor& visitor;
  Span span{};
  const Literal* literal = nullptr;

  void term(const Term& t) {
    const Span outer = span;
    span = t.span;
    std::visit(*this, t.node);
    span = outer;
  }
  void terms(const std::vector<Term>& all) {
    for (const Term& t : all) term(t);
  }
  void body(const Body& b) {
    for (const Literal& l : b) visit_literal(l);
  }
  void visit_literal(const Literal& l) {
    const Literal* outer = literal;
    literal = &l;
    if (visitor.enter) visitor.enter(l);
    std::visit(*this, l.node);
    for (const With& with : l.with) {
      if (with.value) term(*with.value);
    }
    if (visitor.leave) visitor.leave(l);
    literal = outer;
  }

  void operator()(const Constant&) {}
  void operator()(const Variable& v) {
    if (visitor.variable) visitor.variable(v);
  }
  void operator()(const Reference& r) {
    if (visitor.reference) visitor.reference(r, span);
    if (r.base) term(*r.base);
    terms(r.operands);
  }
  void operator()(const Array& a) { terms(a.elements); }
  void operator()(const Set& s) { terms(s.elements); }
  void operator()(const Object& o) {
    for (const auto& [key, value] : o.entries) {
      term(key);
      term(value);
    }
  }
  void operator()(const Comprehension& c) {
    if (visitor.enter_comprehension) visitor.enter_comprehension(c);
    if (!visitor.opens_comprehensions || visitor.opens_comprehensions()) {
      if (c.key) term(*c.key);
      term(*c.head);
      body(c.body);
    }
    if (visitor.leave_comprehension) visitor.leave_comprehension(c);
  }
  void operator()(const Test& t) { term(t.term); }
  void operator()(const Unify& u) {
    term(u.left);
    term(u.right);
  }
  void operator()(const Call& c) {
    if (visitor.call) visitor.call(c, *literal);
    terms(c.arguments);
    if (c.result) term(*c.result);
  }
  void operator()(const SomeIn& s) {
    if (s.key) term(*s.key);
    term(s.value);
    term(s.collection);
  }
  void operator()(const Every& e) {
    term(e.domain);
    body(e.body);
  }
  void operator()(const Not& n) { body(n.body); }
  void operator()(const Logic& l) {
    body(l.left);
    body(l.right);
  }
};

}  // namespace

void visit(const Term& term, const Visitor& visitor) { Walk{visitor}.term(term); }
void visit(const Literal& literal, const Visitor& visitor) { Walk{visitor}.visit_literal(literal); }
void visit(const Body& body, const Visitor& visitor) { Walk{visitor}.body(body); }

void visit(const Rule& rule, const Visitor& visitor) {
  for (const Rule* branch = &rule; branch != nullptr; branch = branch->else_rule.get()) {
    visit_branch(*branch, visitor);
  }
}

void visit_branch(const Rule& branch, const Visitor& visitor) {
  Walk walk{visitor};
  if (branch.parameters) walk.terms(*branch.parameters);
  walk.body(branch.body);
  walk.terms(branch.keys);
  walk.term(branch.value);
}

void visit(const DecisionBody& decision, const Visitor& visitor) {
  Walk walk{visitor};
  walk.body(decision.rule.body);
  for (const auto* clause : {&decision.because, &decision.controls, &decision.obliges}) {
    if (!*clause) continue;
    walk.body((*clause)->hoisted);
    walk.term((*clause)->term);
  }
}

}  // namespace licet::lang::core
