// Forbid bodies, word by word after "A forbid fails closed" of the language.
#include <algorithm>
#include <utility>

#include "tests/property/evaluator.h"

namespace licet::property {
namespace {

bool intersects(const Names& a, const Names& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& name) { return b.contains(name); });
}

Value value_along(Value value, const InputPath& path) {
  for (const Value& key : path) value = value.get(key);
  return value;
}

}  // namespace

Truth Evaluator::permit_body(const ast::Body& body, const Path& package, const World& world) {
  const Scope scope{&package, &world, Logic::kRego, false, {}, {}};
  return has_solution(body, scope) ? Truth::kTrue : Truth::kFalse;
}

Truth Evaluator::forbid_body(const ast::Body& body, const Path& package, const World& world) {
  return kleene_body(body, {&package, &world, Logic::kKleene, false, {}, {}});
}

Truth Evaluator::kleene_body(const ast::Body& b, const Scope& scope) {
  const Scope inner = enter(b, scope);
  Truth least = Truth::kTrue;
  bool conflicts = false;
  for (const Literals& literals : components(b, inner)) {
    try {
      least = std::min(least, component(literals, inner));
    } catch (const Conflict&) {
      conflicts = true;
    }
  }
  // The component is unknown, unless something in it that is false was found first.
  if (conflicts && least != Truth::kFalse) throw Ambiguous();
  return least;
}

// Literals that share a variable of this body, directly or in a chain.
std::vector<Evaluator::Literals> Evaluator::components(const ast::Body& b,
                                                       const Scope& scope) const {
  struct Component {
    Names names;
    Literals literals;
  };
  const Names level = level_names(b, Negation::kOwnLevel);
  std::vector<Component> result;
  for (const ast::Literal& l : b) {
    Component joined;
    Names used = level_names(l, Negation::kOwnLevel);
    used.merge(inherited_names(l, Negation::kOwnLevel));
    for (const std::string& name : used) {
      if (level.contains(name) && !scope.bound.contains(name) && !is_global(name, scope)) {
        joined.names.insert(name);
      }
    }
    std::vector<Component> others;
    for (Component& component : result) {
      if (intersects(component.names, joined.names)) {
        joined.names.merge(component.names);
        joined.literals.insert(joined.literals.end(), component.literals.begin(),
                               component.literals.end());
      } else {
        others.push_back(std::move(component));
      }
    }
    joined.literals.push_back(&l);
    result = std::move(others);
    result.push_back(std::move(joined));
  }
  std::vector<Literals> parts;
  for (Component& component : result) parts.push_back(std::move(component.literals));
  return parts;
}

Truth Evaluator::component(const Literals& literals, const Scope& scope) {
  const ast::Literal& only = *literals.front();
  if (literals.size() == 1 && only.with.empty()) {
    if (const auto* negation = std::get_if<ast::Not>(&only.node)) {
      return this->negation(*negation, scope);
    }
    if (const auto* e = std::get_if<ast::Every>(&only.node)) return kleene_every(*e, scope);
  }
  return search(literals, scope);
}

Truth Evaluator::negation(const ast::Not& negation, const Scope& scope) {
  Scope inside = scope;
  inside.negated = !scope.negated;
  switch (kleene_body(negation.body, inside)) {
    case Truth::kFalse:
      return Truth::kTrue;
    case Truth::kTrue:
      return Truth::kFalse;
    case Truth::kUnknown:
      break;
  }
  return Truth::kUnknown;
}

Truth Evaluator::kleene_every(const ast::Every& every, const Scope& scope) {
  bool has_domain = false;
  Truth least = Truth::kTrue;
  const std::uint64_t errors_before = errors_;
  const std::uint64_t late_errors = late_errors_;
  std::vector<Value> domains;
  term(*every.domain, scope, [&](const Value& domain, const Scope&) { domains.push_back(domain); });
  const std::uint64_t errors = errors_ - errors_before;
  if (errors == 0 && late_errors_ > late_errors) throw Ambiguous();
  Reads reads(policy_, arena_);
  reads.term(*every.domain, *scope.package);
  for (const Value& domain : domains) {
    if (!domain.is_composite()) continue;
    has_domain = true;
    for (const Entry& entry : entries_of(domain)) {
      least = std::min(least, kleene_body(every.body, element_scope(every, entry, scope)));
    }
  }
  if (!has_domain) {
    return errors > 0 || misses(reads.paths, *scope.world) ? Truth::kUnknown : Truth::kFalse;
  }
  // With something missing or failed it may be another domain. That must not make the rule false.
  const bool opens = least == (scope.negated ? Truth::kTrue : Truth::kFalse);
  const bool in_doubt = errors > 0 || misses(reads.doubtful_paths, *scope.world);
  return opens && in_doubt ? Truth::kUnknown : least;
}

Truth Evaluator::search(const Literals& literals, const Scope& scope) {
  bool found = false;
  const std::uint64_t errors = errors_;
  const std::uint64_t late_errors = late_errors_;
  {
    const Kept exact(passing_, Passing::kNone);
    const Kept outer(late_);
    solve(literals, scope, [&](const Scope&) {
      found = true;
      late_ = outer.value() + 1;
    });
  }
  Reads reads(policy_, arena_);
  for (const ast::Literal* l : literals) reads.literal(*l, *scope.package);
  if (found && !(scope.negated && reads.has_doubt)) return Truth::kTrue;
  if (misses(found ? reads.doubtful_paths : reads.paths, *scope.world)) return Truth::kUnknown;
  if (found) {
    // What failed may be of another candidate than the one that was found.
    if (errors_ > errors || late_errors_ > late_errors) throw Ambiguous();
    return Truth::kTrue;
  }
  if (fails_alone(literals, scope)) return Truth::kUnknown;
  if (late_errors_ > late_errors) throw Ambiguous();
  return Truth::kFalse;
}

// Whether there is a candidate of which nothing is false: only what failed is in the way.
bool Evaluator::fails_alone(const Literals& literals, const Scope& scope) {
  const Kept passing(passing_, Passing::kFailed);
  const std::uint64_t errors = errors_;
  bool found = false;
  solve(literals, scope, [&](const Scope&) { found = true; });
  errors_ = errors;
  return found;
}

bool Evaluator::misses(const std::vector<InputPath>& paths, const World& world) const {
  return std::any_of(paths.begin(), paths.end(), [&](const InputPath& path) {
    return should_be_there(path, policy_) && value_along(world.input, path).is_undefined();
  });
}

}  // namespace licet::property
