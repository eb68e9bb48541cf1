// Bodies: solving literals in whatever order works.
#include <algorithm>

#include "eval/builder.h"
#include "tests/property/evaluator.h"

namespace licet::property {
namespace {

// `base` with `value` at the end of the path; what is no object on the way becomes one.
Value put(const Value& base, std::span<const Value> path, const Value& value, Arena& arena) {
  if (path.empty()) return value;
  ObjectBuilder object(arena);
  Value inner;
  if (base.is_object()) {
    for (const Entry& entry : base.entries()) object.add(entry.key, entry.value);
    inner = base.get(path.front());
  }
  object.add(path.front(), put(inner, path.subspan(1), value, arena));
  return object.object();
}

// [x, 1] = [y, f(z)]: x has its value though f fails.
bool binds_a_pattern(const ast::Literal& l) {
  const auto* e = std::get_if<ast::Expression>(&l.node);
  const ast::Infix* infix = e == nullptr ? nullptr : assignment_in(e->term);
  return infix != nullptr && !std::holds_alternative<ast::Variable>(infix->left->node);
}

}  // namespace

Scope Evaluator::enter(const ast::Body& body, const Scope& scope) const {
  Scope inner = scope;
  for (const std::string& name : declared_names(body)) inner.bound.erase(name);
  inner.names.merge(level_names(body, negation_of(scope)));
  return inner;
}

void Evaluator::body(const ast::Body& b, const Scope& scope, const Next& next) {
  const Kept exact(passing_, Passing::kNone);
  Literals literals;
  for (const ast::Literal& l : b) literals.push_back(&l);
  solve(literals, enter(b, scope), next);
}

bool Evaluator::has_solution(const ast::Body& b, const Scope& scope) {
  bool found = false;
  const Kept outer(late_);
  body(b, scope, [&](const Scope&) {
    found = true;
    late_ = outer.value() + 1;
  });
  return found;
}

void Evaluator::solve(const Literals& literals, const Scope& scope, const Next& next) {
  count_step();
  if (literals.empty()) return next(scope);
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (!is_ready(*literals[i], scope)) continue;
    Literals rest = literals;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    // Of the literal itself; what comes after it is not its failure.
    std::uint64_t errors = 0;
    std::uint64_t absences = 0;
    std::uint64_t errors_before = errors_;
    std::uint64_t absences_before = absences_;
    literal(*literals[i], scope, [&](const Scope& inner) {
      errors += errors_ - errors_before;
      absences += absences_ - absences_before;
      solve(rest, inner, next);
      errors_before = errors_;
      absences_before = absences_;
    });
    errors += errors_ - errors_before;
    absences += absences_ - absences_before;
    if (passing_ == Passing::kNone || errors == 0) return;
    // What is false of a part may come before what fails, or give names their values.
    if (absences > 0 || binds_a_pattern(*literals[i])) throw Ambiguous();
    solve(rest, scope, next);
    return;
  }
  if (passing_ != Passing::kNone) {  // they wait for one that failed
    const std::uint64_t absences = absences_;
    for (const ast::Literal* l : literals) {
      for (const ast::Term* part : parts_of(*l).terms) look_at_parts(*part, scope);
    }
    if (absences_ == absences) next(scope);
    return;
  }
  throw Unsupported("literals that wait for one another");
}

void Evaluator::literal(const ast::Literal& l, const Scope& scope, const Next& next) {
  if (l.with.empty()) return statement(l, scope, next);
  with(l.with, scope, *scope.world, [&](const World& changed) {
    Scope inside = scope;
    inside.world = &changed;
    statement(l, inside, [&](const Scope& solution) {
      Scope outside = solution;
      outside.world = scope.world;
      next(outside);
    });
  });
}

void Evaluator::with(std::span<const ast::With> withs, const Scope& scope, World world,
                     const std::function<void(const World&)>& use) {
  if (withs.empty()) return use(world);
  term(withs.front().value, scope, [&](const Value& value, const Scope&) {
    World changed = world;
    replace(withs.front().target, value, scope, changed);
    with(withs.subspan(1), scope, std::move(changed), use);
  });
}

void Evaluator::replace(const ast::Term& target, const Value& value, const Scope& scope,
                        World& world) {
  const auto* reference = std::get_if<ast::Reference>(&target.node);
  const ast::Term& head = reference == nullptr ? target : *reference->head;
  std::string name = std::get<ast::Variable>(head.node).name;
  std::vector<Value> path;
  if (policy_.is_rule(*scope.package, name)) {
    for (const std::string& part : *scope.package) path.push_back(Value::string(part, arena_));
    path.push_back(Value::string(name, arena_));
    name = "data";
  } else if (policy_.is_root(name)) {
    path.push_back(Value::string(name, arena_));
    name = "input";
  }
  if (reference != nullptr) {
    for (const ast::Operand& operand : reference->operands) {
      term(*operand.term, scope, [&](const Value& key, const Scope&) { path.push_back(key); });
    }
  }
  if (name == "input") {
    world.input = put(world.input, path, value, arena_);
    return;
  }
  Path names;
  for (const Value& part : path) names.emplace_back(part.as_string());
  if (policy_.rules.contains(names)) {
    world.replaced[names] = value;
  } else if (policy_.is_package(names)) {
    throw Unsupported("with on a package");
  } else {
    world.data = put(world.data, path, value, arena_);
  }
}

void Evaluator::statement(const ast::Literal& l, const Scope& scope, const Next& next) {
  if (const auto* e = std::get_if<ast::Expression>(&l.node)) {
    return expression(e->term, scope, next);
  }
  if (std::holds_alternative<ast::SomeNames>(l.node)) return next(scope);
  if (const auto* some = std::get_if<ast::SomeIn>(&l.node)) return some_in(*some, scope, next);
  if (const auto* e = std::get_if<ast::Every>(&l.node)) return every(*e, scope, next);
  if (const auto* n = std::get_if<ast::Not>(&l.node)) {
    if (scope.logic == Logic::kRego) return rego_not(*n, scope, next);
    return if_true([&] { return this->negation(*n, scope); }, scope, next);
  }
  throw Unsupported("and, or");
}

void Evaluator::expression(const ast::Term& t, const Scope& scope, const Next& next) {
  if (const ast::Infix* infix = assignment_in(t)) {
    return unify(*infix->left, *infix->right, scope, next);
  }
  term(t, scope, [&](const Value& value, const Scope& inner) {
    if (!value.is_false()) next(inner);
  });
}

void Evaluator::unify(const ast::Term& left, const ast::Term& right, const Scope& scope,
                      const Next& next) {
  const auto matches = [&](const ast::Term& pattern, const ast::Term& of) {
    term(of, scope,
         [&](const Value& value, const Scope& inner) { match(pattern, value, inner, next); });
  };
  if (closes(right, scope)) return matches(left, right);
  if (closes(left, scope)) return matches(right, left);
  // Both have variables to be bound: part by part, as in [x, 1] = [2, y].
  const Terms lefts = parts_of(left).terms;
  const Terms rights = parts_of(right).terms;
  std::function<void(std::size_t, const Scope&)> next_part = [&](std::size_t i, const Scope& s) {
    if (i == lefts.size()) return next(s);
    unify(*lefts[i], *rights[i], s, [&](const Scope& inner) { next_part(i + 1, inner); });
  };
  next_part(0, scope);
}

void Evaluator::some_in(const ast::SomeIn& some, const Scope& scope, const Next& next) {
  term(*some.collection, scope, [&](const Value& collection, const Scope& inner) {
    for (const Entry& entry : entries_of(collection)) {
      match(*some.value, entry.value, inner, [&](const Scope& with_value) {
        if (!some.key) return next(with_value);
        match(*some.key, entry.key, with_value, next);
      });
    }
  });
}

Scope Evaluator::element_scope(const ast::Every& every, const Entry& entry, const Scope& scope) {
  Scope element = scope;
  if (every.key) element.bound[std::get<ast::Variable>(every.key->node).name] = entry.key;
  element.bound[std::get<ast::Variable>(every.value->node).name] = entry.value;
  return element;
}

// What failed on the way to a truth that is certain does not count.
void Evaluator::if_true(const std::function<Truth()>& truth_of, const Scope& scope,
                        const Next& next) {
  const std::uint64_t errors = errors_;
  const std::uint64_t late_errors = late_errors_;
  const Truth truth = truth_of();
  if (truth == Truth::kUnknown) return;
  errors_ = errors;
  late_errors_ = late_errors;
  if (truth == Truth::kTrue) next(scope);
}

void Evaluator::every(const ast::Every& every, const Scope& scope, const Next& next) {
  if (scope.logic == Logic::kKleene) {
    return if_true([&] { return kleene_every(every, scope); }, scope, next);
  }
  term(*every.domain, scope, [&](const Value& domain, const Scope& inner) {
    if (!domain.is_composite()) return;
    bool holds = true;
    {
      const Kept outer(late_);
      for (const Entry& entry : entries_of(domain)) {
        holds = has_solution(every.body, element_scope(every, entry, inner)) && holds;
        if (!holds) late_ = outer.value() + 1;
      }
    }
    if (holds) next(inner);
  });
}

// Rego's `not`. What is nested in the expression (calls, and the references that are arguments) is
// evaluated before it: if that has no value, the body fails. Only the expression itself may have
// none.
void Evaluator::rego_not(const ast::Not& negation, const Scope& scope, const Next& next) {
  if (negation.braced) {
    if (!has_solution(negation.body, scope)) next(scope);
    return;
  }
  const auto* e = std::get_if<ast::Expression>(&negation.body.front().node);
  if (e == nullptr || negation.body.size() != 1) throw Unsupported("not");
  terms(nested_in(e->term), scope, [&](const std::vector<Value>&, const Scope& inner) {
    bool holds = false;
    expression(e->term, inner, [&](const Scope&) { holds = true; });
    if (!holds) next(inner);
  });
}

// What must have a value before an expression under `not` is asked for. References that are a side
// of == or = belong to the expression, but not their operands.
Evaluator::Terms Evaluator::nested_in(const ast::Term& t) {
  const auto* infix = std::get_if<ast::Infix>(&t.node);
  const bool equality = infix != nullptr &&
                        (infix->op == ast::Operator::kEqual || infix->op == ast::Operator::kUnify);
  if (std::holds_alternative<ast::Variable>(t.node)) return {};
  Terms nested = parts_of(t).terms;
  if (std::holds_alternative<ast::Reference>(t.node)) {
    if (std::holds_alternative<ast::Variable>(nested.front()->node)) nested.erase(nested.begin());
    return nested;
  }
  if (!equality) return nested;
  nested.clear();
  for (const ast::Term* side : {infix->left.get(), infix->right.get()}) {
    const bool belongs = std::holds_alternative<ast::Reference>(side->node) ||
                         std::holds_alternative<ast::Variable>(side->node);
    const Terms before = belongs ? nested_in(*side) : Terms{side};
    nested.insert(nested.end(), before.begin(), before.end());
  }
  return nested;
}

}  // namespace licet::property
