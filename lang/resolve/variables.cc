#include "lang/resolve/variables.h"

namespace licet::lang::core {
namespace {

struct Walker {
  Depth depth;
  VariableSet& set;
  VariableSet* inner = nullptr;  // takes what stands in the outermost inner bodies

  void terms(const std::vector<Term>& terms) {
    for (const Term& t : terms) term(t);
  }
  void term(const Term& t) { std::visit(*this, t.node); }
  void body(const Body& b) {
    for (const Literal& l : b) literal(l);
  }
  // What is iterated over is made before: it holds no inner bodies of the literal.
  void apart(const Term& t) { Walker{depth, set}.term(t); }
  void closure(const VariableSet& inside) {
    if (depth != Depth::kLevel) set.insert(inside);
    if (inner != nullptr) inner->insert(inside);
  }
  void literal(const Literal& l) {
    std::visit(*this, l.node);
    for (const With& with : l.with) {
      if (with.value) term(*with.value);
    }
  }

  void operator()(const Constant&) {}
  void operator()(const Variable& v) { set.insert(v.id); }
  void operator()(const Reference& r) {
    if (r.base) term(*r.base);
    if (depth == Depth::kAllButKeys) return Walker{Depth::kLevel, set}.terms(r.operands);
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
  void operator()(const Comprehension& c) { closure(c.inside); }
  void operator()(const Test& t) { term(t.term); }
  void operator()(const Unify& u) {
    term(u.left);
    term(u.right);
  }
  void operator()(const Call& c) {
    terms(c.arguments);
    if (c.result) term(*c.result);
  }
  void operator()(const SomeIn& s) {
    if (s.key) term(*s.key);
    term(s.value);
    apart(s.collection);
  }
  void operator()(const Every& e) {
    apart(e.domain);
    closure(e.inside);
    if (depth == Depth::kLevel) return;
    if (e.key) term(*e.key);
    term(e.value);
  }
  void operator()(const Not& n) {
    if (n.closure) {
      closure(n.inside);
    } else {
      body(n.body);
    }
  }
  void operator()(const Logic& l) { closure(l.inside); }
};

}  // namespace

void add_variables(const Term& term, Depth depth, VariableSet& set) {
  Walker{depth, set}.term(term);
}
void add_variables(const Literal& literal, Depth depth, VariableSet& set) {
  Walker{depth, set}.literal(literal);
}
void add_variables(const Body& body, Depth depth, VariableSet& set) {
  Walker{depth, set}.body(body);
}
void note_inside(Comprehension& comprehension) {
  Walker walker{Depth::kAll, comprehension.inside};
  if (comprehension.key) walker.term(*comprehension.key);
  walker.term(*comprehension.head);
  walker.body(comprehension.body);
}
void note_inside(Every& every) { Walker{Depth::kAll, every.inside}.body(every.body); }
void note_inside(Not& negation) { Walker{Depth::kAll, negation.inside}.body(negation.body); }
void note_inside(Logic& logic) {
  Walker walker{Depth::kAll, logic.inside};
  walker.body(logic.left);
  walker.body(logic.right);
}
void add_inner_variables(const Literal& literal, VariableSet& set) {
  VariableSet level;
  Walker{Depth::kLevel, level, &set}.literal(literal);
}

bool same_key(const Term& a, const Term& b) {
  const auto* constant = std::get_if<Constant>(&a.node);
  const auto* other = std::get_if<Constant>(&b.node);
  if (constant != nullptr && other != nullptr) return constant->value == other->value;
  const auto* variable = std::get_if<Variable>(&a.node);
  const auto* other_variable = std::get_if<Variable>(&b.node);
  return variable != nullptr && other_variable != nullptr && variable->id == other_variable->id;
}

bool has_variables_of(const VariableSet& set, const Term& term) {
  return has_variables_of(set, {}, term);
}

bool has_variables_of(const VariableSet& set, const VariableSet& other, const Term& term) {
  const auto has = [&](const Term& part) { return has_variables_of(set, other, part); };
  const auto has_all = [&](const std::vector<Term>& parts) {
    return std::all_of(parts.begin(), parts.end(), has);
  };
  if (const auto* variable = std::get_if<Variable>(&term.node)) {
    return set.contains(variable->id) || other.contains(variable->id);
  }
  if (const auto* reference = std::get_if<Reference>(&term.node)) {
    return (!reference->base || has(*reference->base)) && has_all(reference->operands);
  }
  if (const auto* array = std::get_if<Array>(&term.node)) return has_all(array->elements);
  if (const auto* braces = std::get_if<Set>(&term.node)) return has_all(braces->elements);
  if (const auto* object = std::get_if<Object>(&term.node)) {
    return std::all_of(object->entries.begin(), object->entries.end(),
                       [&](const auto& entry) { return has(entry.key) && has(entry.value); });
  }
  return true;  // constants; comprehensions have a level of their own
}

VariableSet variables_of(const Term& term, Depth depth) {
  VariableSet set;
  add_variables(term, depth, set);
  return set;
}
VariableSet variables_of(const Literal& literal, Depth depth) {
  VariableSet set;
  add_variables(literal, depth, set);
  return set;
}
VariableSet variables_of(const Body& body, Depth depth) {
  VariableSet set;
  add_variables(body, depth, set);
  return set;
}

}  // namespace licet::lang::core
