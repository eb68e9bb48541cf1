#include "lang/resolve/scope.h"

#include <algorithm>
#include <iterator>

#include "lang/resolve/globals.h"
#include "lang/syntax/equation.h"

namespace licet::lang::resolve {
namespace {

class Collector {
 public:
  explicit Collector(BodyNames& names) : names_(names) {}

  void body(const ast::Body& body) {
    for (const ast::Literal& literal : body) {
      span_ = literal.span;
      std::visit(*this, literal.node);
      for (const ast::With& with : literal.with) {
        // A bare name or path may be that of a function: Resolver::with decides.
        const bool path = std::holds_alternative<ast::Variable>(with.value.node) ||
                          std::holds_alternative<ast::Reference>(with.value.node);
        if (!path) term(with.value);
        for (const ast::Term* side : {&with.target, &with.value}) {
          if (const auto names = constant_path(*side)) names_.replaced.insert(names->front());
        }
      }
    }
  }

  void term(const ast::Term& t) {
    const Span outer = span_;
    span_ = t.span;
    std::visit(*this, t.node);
    span_ = outer;
  }

  void operator()(const ast::Expression& e) {
    const auto equation = equation_of(e.term);
    if (!equation) return term(e.term);
    if (equation->op == ast::Operator::kAssign) {
      declare(*equation->left);
    } else {
      bind(*equation->left);
      bind(*equation->right);
      term(*equation->left);
    }
    term(*equation->right);
  }
  void operator()(const ast::SomeNames& s) {
    for (const ast::Term& name : s.names) declare(name);
  }
  void operator()(const ast::SomeIn& s) {
    for (const auto& [name, span] : declared_names(s)) names_.declared.insert(name);
    for (const auto& [name, span] : names_of(s)) {
      if (names_.declared.contains(name) && !names_.looks_everywhere) continue;
      names_.used.emplace_back(name, span);
      names_.bound.insert(name);
    }
    term(*s.collection);
  }
  void operator()(const ast::Every& e) {
    term(*e.domain);
    if (names_.looks_everywhere) {
      if (e.key) term(*e.key);
      term(*e.value);
      return body(e.body);
    }
    std::vector<std::pair<std::string, Span>> own;
    if (e.key) pattern_names(*e.key, own);
    pattern_names(*e.value, own);
    inner_body(e.body, own);
  }
  void operator()(const ast::Not& n) { n.braced ? inner_body(n.body, {}) : body(n.body); }
  void operator()(const ast::Logic& l) {
    if (!names_.looks_into_bodies && !names_.looks_everywhere) return;
    for (const auto* side : {&l.left, &l.right}) {
      side->braced ? inner_body(side->body, {}) : body(side->body);
    }
  }

  void operator()(const ast::Null&) {}
  void operator()(const ast::Boolean&) {}
  void operator()(const ast::Number&) {}
  void operator()(const ast::String&) {}
  // Each expression of a template is a comprehension of its own.
  void operator()(const ast::TemplateString& t) {
    if (!names_.looks_into_templates) return;
    for (const auto& part : t.parts) {
      const auto* expression = std::get_if<ast::TemplateString::Expression>(&part);
      if (expression == nullptr) continue;
      if (names_.looks_everywhere) {
        term(*expression->term);
        continue;
      }
      BodyNames inside;
      Collector(inside).term(*expression->term);
      for (const auto& [name, span] : inside.used) names_.shown.insert(name);
      names_.shown.merge(inside.shown);
      names_.called.merge(inside.called);
    }
  }
  void operator()(const ast::Variable& v) {
    if (v.name != "_") names_.used.emplace_back(v.name, span_);
  }
  void operator()(const ast::Reference& r) {
    term(*r.head);
    for (const ast::Operand& operand : r.operands) {
      bind(*operand.term);
      term(*operand.term);
    }
  }
  void operator()(const ast::Call& c) {
    if (const auto path = constant_path(*c.function)) names_.called.insert(path->front());
    for (const ast::Term& argument : c.arguments) term(argument);
  }
  void operator()(const ast::Infix& i) {
    term(*i.left);
    term(*i.right);
  }
  void operator()(const ast::Negative& n) { term(*n.operand); }
  void operator()(const ast::Membership& m) {
    if (m.key) term(*m.key);
    term(*m.value);
    term(*m.collection);
  }
  void operator()(const ast::Array& a) {
    for (const ast::Term& element : a.elements) term(element);
  }
  void operator()(const ast::Set& s) {
    for (const ast::Term& element : s.elements) term(element);
  }
  void operator()(const ast::Object& o) {
    for (const auto& [key, value] : o.entries) {
      term(key);
      term(value);
    }
  }
  void operator()(const ast::Comprehension& c) {
    if (!names_.looks_everywhere) return;
    if (c.key) term(*c.key);
    term(*c.head);
    body(c.body);
  }

 private:
  // What a body inside of this one uses and does not declare itself.
  void inner_body(const ast::Body& body, const std::vector<std::pair<std::string, Span>>& own) {
    if (names_.looks_everywhere) return this->body(body);
    if (!names_.looks_into_bodies) return;
    BodyNames inside;
    inside.looks_into_bodies = true;
    for (const auto& [name, span] : own) inside.declared.insert(name);
    Collector(inside).body(body);
    const auto is_outer = [&](const std::string& name) { return !inside.declared.contains(name); };
    for (auto& [name, span] : inside.used) {
      if (is_outer(name)) names_.used.emplace_back(name, span);
    }
    std::copy_if(inside.shown.begin(), inside.shown.end(),
                 std::inserter(names_.shown, names_.shown.end()), is_outer);
    std::copy_if(inside.called.begin(), inside.called.end(),
                 std::inserter(names_.called, names_.called.end()), is_outer);
  }
  void declare(const ast::Term& pattern) {
    std::vector<std::pair<std::string, Span>> declared;
    pattern_names(pattern, declared);
    for (auto& [name, span] : declared) names_.declared.insert(name);
  }
  void bind(const ast::Term& pattern) {
    std::vector<std::pair<std::string, Span>> bound;
    pattern_names(pattern, bound);
    for (auto& [name, span] : bound) names_.bound.insert(name);
  }

  BodyNames& names_;
  Span span_{};
};

}  // namespace

Local* Scope::find_here(const std::string& name) {
  const auto found = locals_.find(name);
  return found == locals_.end() ? nullptr : &found->second;
}

Local* Scope::find(const std::string& name) {
  for (Scope* scope = this; scope != nullptr; scope = scope->outer_) {
    if (Local* local = scope->find_here(name)) return local;
  }
  return nullptr;
}

void Scope::mark_seen(const std::string& name) {
  // What was seen or declared around means the same here, and may be declared here again: x := x.
  for (Scope* scope = this; scope != nullptr; scope = scope->outer_) {
    const Local* local = scope->find_here(name);
    const bool is_declared = local != nullptr && local->origin != Origin::kUsed;
    if (is_declared || scope->was_seen(name)) return;
    if (scope->around_ == Around::kIsUnknown) break;
  }
  seen_.insert(name);
}

namespace {

void add_hiding(const ast::Body& body, std::set<std::string>& hiding);

struct Hiding {
  std::set<std::string>& hiding;

  void operator()(const ast::Expression& e) const {
    const auto equation = equation_of(e.term);
    if (equation && equation->op == ast::Operator::kAssign) pattern(*equation->left);
  }
  void operator()(const ast::SomeNames& s) const {
    for (const ast::Term& name : s.names) pattern(name);
  }
  void operator()(const ast::SomeIn& s) const {
    for (const auto& [name, span] : names_of(s)) hiding.insert(name);
  }
  void operator()(const ast::Every& e) const { add_hiding(e.body, hiding); }
  void operator()(const ast::Not& n) const { add_hiding(n.body, hiding); }
  void operator()(const ast::Logic& l) const {
    add_hiding(l.left.body, hiding);
    add_hiding(l.right.body, hiding);
  }

  void pattern(const ast::Term& term) const {
    std::vector<std::pair<std::string, Span>> names;
    pattern_names(term, names);
    for (const auto& [name, span] : names) hiding.insert(name);
  }
};

// All names in a pattern but those that are keys of objects, begin a reference, or stand in a
// comprehension or template.
struct PatternUses {
  std::vector<std::pair<std::string, Span>>& names;

  void of(const ast::Term& term) const {
    if (const auto* variable = std::get_if<ast::Variable>(&term.node)) {
      names.emplace_back(variable->name, term.span);
    } else if (const auto* reference = std::get_if<ast::Reference>(&term.node)) {
      for (const ast::Operand& operand : reference->operands) of(*operand.term);
    } else if (const auto* call = std::get_if<ast::Call>(&term.node)) {
      all(call->arguments);
    } else if (const auto* infix = std::get_if<ast::Infix>(&term.node)) {
      of(*infix->left);
      of(*infix->right);
    } else if (const auto* negative = std::get_if<ast::Negative>(&term.node)) {
      of(*negative->operand);
    } else if (const auto* array = std::get_if<ast::Array>(&term.node)) {
      all(array->elements);
    } else if (const auto* set = std::get_if<ast::Set>(&term.node)) {
      all(set->elements);
    } else if (const auto* object = std::get_if<ast::Object>(&term.node)) {
      for (const auto& [key, value] : object->entries) of(value);
    }
  }
  void all(const std::vector<ast::Term>& terms) const {
    for (const ast::Term& term : terms) of(term);
  }
};

void add_hiding(const ast::Body& body, std::set<std::string>& hiding) {
  for (const ast::Literal& literal : body) std::visit(Hiding{hiding}, literal.node);
}

}  // namespace

void collect_names(const ast::Body& body, BodyNames& names) {
  Collector(names).body(body);
  add_hiding(body, names.hiding);
  names.hiding.erase("input");
  names.hiding.erase("data");
}
void collect_names(const ast::Term& term, BodyNames& names) { Collector(names).term(term); }
void collect_names(const ast::Logic& logic, BodyNames& names) {
  Collector collector(names);
  collector(logic);
}

void pattern_names(const ast::Term& pattern, std::vector<std::pair<std::string, Span>>& names) {
  if (const auto* variable = std::get_if<ast::Variable>(&pattern.node)) {
    if (variable->name != "_") names.emplace_back(variable->name, pattern.span);
  } else if (const auto* array = std::get_if<ast::Array>(&pattern.node)) {
    for (const ast::Term& element : array->elements) pattern_names(element, names);
  } else if (const auto* object = std::get_if<ast::Object>(&pattern.node)) {
    for (const auto& [key, value] : object->entries) pattern_names(value, names);
  }
}

// `input` and `data` are the documents there.
std::vector<std::pair<std::string, Span>> names_of(const ast::SomeIn& some) {
  std::vector<std::pair<std::string, Span>> names;
  if (some.key) pattern_names(*some.key, names);
  pattern_names(*some.value, names);
  std::erase_if(names,
                [](const auto& name) { return name.first == "input" || name.first == "data"; });
  return names;
}

std::vector<std::pair<std::string, Span>> uses_of(const ast::SomeIn& some) {
  std::vector<std::pair<std::string, Span>> names;
  if (some.key) PatternUses{names}.of(*some.key);
  PatternUses{names}.of(*some.value);
  std::erase_if(names, [](const auto& name) {
    return name.first == "_" || name.first == "input" || name.first == "data";
  });
  return names;
}

std::vector<std::pair<std::string, Span>> declared_names(const ast::SomeIn& some) {
  std::vector<std::pair<std::string, Span>> names = names_of(some);
  BodyNames inside;
  inside.looks_everywhere = true;
  collect_names(*some.collection, inside);
  std::erase_if(names, [&](const auto& name) {
    return inside.uses(name.first) || inside.declared.contains(name.first);
  });
  return names;
}

}  // namespace licet::lang::resolve
