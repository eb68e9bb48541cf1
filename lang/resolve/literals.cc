// Literals: statements of a body, and the scopes that they open.
#include <algorithm>
#include <utility>

#include "lang/resolve/resolve.h"
#include "lang/resolve/resolver.h"
#include "lang/resolve/variables.h"

namespace licet::lang::resolve {

core::Literal literal_of(const Sink& sink, core::Literal::Node node) {
  core::Literal literal{std::move(node), {},           sink.span,
                        sink.origin,     sink.negated, sink.place.value_or(sink.span)};
  literal.is_placeless = sink.is_placeless && std::holds_alternative<core::Call>(literal.node);
  if (sink.with != nullptr) {
    for (const core::With& with : *sink.with) literal.with.push_back(clone(with));
  }
  return literal;
}

std::uint32_t place_in(const Sink& sink) {
  return sink.is_placeless ? Diagnostic::kNoPlace : sink.place.value_or(sink.span).begin;
}

void flush(Sink& sink) {
  if (sink.waiting == nullptr) return;
  for (core::Literal& literal : *sink.waiting) sink.out->push_back(std::move(literal));
  sink.waiting->clear();
}

void emit(Sink& sink, core::Literal::Node node) {
  flush(sink);
  sink.out->push_back(literal_of(sink, std::move(node)));
}

void Resolver::open(Scope& scope, const BodyNames& names) {
  // What is declared here is used above as what it means otherwise, and that is told.
  std::set<std::string> here = names.hiding;
  for (const std::string& name : names.declared) here.erase(name);
  scope.hide(std::move(here), names.hiding);
  for (const auto& [name, span] : names.used) {
    if (scope.find(name) != nullptr || names.declared.contains(name)) continue;
    const bool means_something = context_.imports.find(name) != nullptr || name == "input" ||
                                 name == "data" ||
                                 context_.globals.has_rule(context_.package, name) ||
                                 (context_.globals.is_root(name) && !names.bound.contains(name));
    if (means_something && !scope.hides(name)) continue;
    scope.add(name, {fresh(name, span, false), Origin::kUsed, span, true});
  }
}

// As in OPA, once something inside is unused what is around is not looked at.
void Resolver::close(const Scope& scope) {
  if (tells_unused_) return;
  for (const auto& [name, local] : scope.locals()) {
    const bool declared = local.origin == Origin::kSome || local.origin == Origin::kEvery ||
                          (local.origin == Origin::kAssigned && context_.is_strict);
    if (!declared || local.used) continue;
    tells_unused_ = true;
    report_unused(name, local);
  }
}

void Resolver::report_unused(const std::string& name, const Local& local) const {
  std::string message = "declared var " + name + " unused";
  if (local.origin == Origin::kAssigned) message = "assigned var " + name + " unused";
  if (local.origin == Origin::kParameter) message = "unused argument " + name;
  context_.diagnostics.add({Code::kUnusedDeclaration,
                            local.span,
                            std::move(message),
                            "nothing uses it",
                            {},
                            name == "_" ? "remove it" : "remove it, or write `_`",
                            local.place});
}

core::VariableId Resolver::declare(const std::string& name, Span span, Origin origin, Scope& scope,
                                   std::uint32_t place) {
  const auto report = [&](Code code, const std::string& message) {
    context_.diagnostics.add(
        {code, span, message, "declared here", {}, "give it another name", place});
  };
  const bool is_root = name == "input" || name == "data";
  if (is_root && origin == Origin::kParameter) {
    report(Code::kRootParameter,
           "args must not shadow " + name + " (use a different variable name)");
  } else if (is_root && origin == Origin::kAssigned) {
    report(Code::kRootAssigned,
           "variables must not shadow " + name + " (use a different variable name)");
    if (scope.was_seen(name)) report(Code::kReferencedAbove, "var " + name + " referenced above");
  } else if (const Local* local = scope.find_here(name)) {
    if (local->origin == Origin::kParameter) {
      report(Code::kDeclaredAbove, "arg " + name + " redeclared");
    } else if (local->origin == Origin::kAssigned) {
      report(Code::kAssignedAbove, "var " + name + " assigned above");
    } else if (local->origin != Origin::kUsed) {
      report(Code::kDeclaredAbove, "var " + name + " declared above");
    } else {
      report(Code::kReferencedAbove, "var " + name + " referenced above");
    }
    return local->id;
  }
  const bool seen = scope.was_seen(name);
  if (seen && (!is_root || origin == Origin::kSome)) {
    report(Code::kReferencedAbove, "var " + name + " referenced above");
  }
  const core::VariableId* shared = scope.shared(name);
  const core::VariableId id = shared != nullptr ? *shared : fresh(name, span, false);
  scope.add(name, {id, origin, span, seen, place});
  return id;
}

// One statement. `target` takes the literal itself, `hoist` what must be evaluated before it:
// the same body except under `not`.
class LiteralResolver {
 public:
  LiteralResolver(Resolver& resolver, Scope& scope, Sink& target, Sink& hoist)
      : r_(resolver), scope_(scope), target_(target), hoist_(hoist) {}

  void operator()(const ast::Expression& e) {
    const ast::Term& t = e.term;
    const auto equation = equation_of(t);
    if (equation && !r_.is_renamed(equation->op, scope_)) {
      r_.unify(*equation, scope_, target_, hoist_);
    } else if (is_call(t)) {
      statement_call(t);
    } else {
      emit(target_, core::Test{r_.term(t, scope_, hoist_)});
    }
  }
  void operator()(const ast::SomeNames& s) {
    for (const ast::Term& name : s.names) {
      const auto* variable = std::get_if<ast::Variable>(&name.node);
      if (variable == nullptr) continue;
      if (variable->name == "_") {
        r_.report_unused("_", {0, Origin::kSome, name.span, false, target_.span.begin});
      } else {
        r_.declare(variable->name, name.span, Origin::kSome, scope_, target_.span.begin);
      }
    }
  }
  void operator()(const ast::SomeIn& s) {
    const bool has_declared = std::exchange(r_.has_declared_, false);
    // A template is a call also where its text is known: there is nothing to go over.
    const bool folds = std::exchange(r_.folds_templates_, false);
    core::Term collection = r_.term(*s.collection, scope_, hoist_);
    r_.folds_templates_ = folds;
    const bool refused = refuses_own_domain(*s.collection, uses_of(s));
    if (!has_declared && !refused) {
      r_.declare_some(declared_names(s), scope_, target_.span.begin);
    }
    const bool in_pattern = std::exchange(r_.in_pattern_, true);
    core::SomeIn some{std::nullopt, r_.part(*s.value, scope_, hoist_), std::move(collection)};
    if (s.key) some.key = r_.part(*s.key, scope_, hoist_);
    r_.in_pattern_ = in_pattern;
    emit(target_, std::move(some));
  }
  void operator()(const ast::Every& e) {
    Scope inner(&scope_);
    inner.share(std::exchange(r_.shared_names_, {}));
    core::Every every;
    std::vector<std::pair<std::string, Span>> bound;
    if (e.key) pattern_names(*e.key, bound);
    pattern_names(*e.value, bound);
    {
      const At at_domain(hoist_, e.domain->place());
      every.domain = domain(e, bound);
      // Domains one after the other: the choice is made before.
      if (iterates(every.domain)) every.domain = r_.hoist(std::move(every.domain), hoist_);
    }
    BodyNames names;
    collect_names(e.body, names);
    for (const auto& [name, span] : bound) {
      r_.declare(name, span, Origin::kEvery, inner, span.begin);
      // OPA tells of an unused one where the body begins.
      if (!e.body.empty()) inner.find_here(name)->place = e.body.front().span.begin;
    }
    r_.open(inner, names);
    if (e.key) every.key = loop_variable(*e.key, inner);
    every.value = loop_variable(*e.value, inner);
    every.body = r_.body(e.body, inner);
    refuse_own_names(*e.domain, inner);
    refuse_own_calls(*e.domain, inner);
    refuse_own_values(e.body);
    core::note_inside(every);
    r_.close(inner);
    emit(target_, std::move(every));
  }
  void operator()(const ast::Not& n) {
    core::Not result;
    if (!n.braced && refuses_assignment(n.body, "negated expression", target_.span.begin)) return;
    if (n.braced || r_.nested_not_ == NestedNot::kInside) {
      result.closure = true;
      result.implicit = !n.braced && r_.context_.imports.binds_not();
      result.body = n.braced ? closure(n.body) : inside(n.body);
      if (n.braced) refuse_own_values(n.body);
      core::note_inside(result);
    } else {
      Sink inner{&result.body, nullptr, target_.span, target_.origin};
      Sink before = hoist_;
      before.negated = true;
      for (const ast::Literal& literal : n.body) {
        std::visit(LiteralResolver(r_, scope_, inner, before), literal.node);
      }
    }
    emit(target_, std::move(result));
  }
  void operator()(const ast::Logic& l) {
    const std::string where = std::string("implicit ") +
                              (l.connective == ast::Connective::kOr ? "or" : "and") + " operand";
    const bool refused = (!l.left.braced && refuses_assignment(l.left.body, where)) ||
                         (!l.right.braced && refuses_assignment(l.right.body, where));
    if (refused) return;
    core::Logic logic;
    logic.connective = l.connective;
    logic.implicit_left = !l.left.braced;
    logic.implicit_right = !l.right.braced;
    if (&l != r_.operand_) see_names(l);
    logic.left = operand(l.left);
    logic.right = operand(l.right);
    core::note_inside(logic);
    emit(target_, std::move(logic));
  }

 private:
  // `every x in x { ... }`: OPA takes a name in what `every` goes over, if nothing declares it
  // around, for one that `every` or its body declares, and that has no value there.
  void refuse_own_names(const ast::Term& domain, Scope& inner) {
    BodyNames inside;
    collect_names(domain, inside);
    for (const auto& [name, span] : inside.used) {
      const Local* own = inner.find_here(name);
      const Local* around = scope_.find(name);
      if (own == nullptr || own->origin == Origin::kUsed || around == nullptr ||
          around->origin != Origin::kUsed) {
        continue;
      }
      refuse_own_name(name, span, target_.span);
    }
  }
  // `x := x` inside of `every` and `not { ... }`: OPA takes the second one for the first if nothing
  // declares it around.
  void refuse_own_values(const ast::Body& body) {
    for (const ast::Literal& literal : body) {
      const auto* expression = std::get_if<ast::Expression>(&literal.node);
      const auto equation = expression == nullptr ? std::nullopt : equation_of(expression->term);
      if (!equation || equation->op != ast::Operator::kAssign) continue;
      std::vector<std::pair<std::string, Span>> names;
      pattern_names(*equation->left, names);
      std::erase_if(names, [&](const auto& name) {
        const Local* around = scope_.find(name.first);
        return around == nullptr || around->origin != Origin::kUsed;
      });
      if (names.empty()) continue;
      BodyNames inside;
      inside.looks_everywhere = true;
      collect_names(*equation->right, inside);
      for (const ast::With& with : literal.with) collect_names(with.value, inside);
      for (const auto& [name, span] : names) {
        if (inside.uses(name)) refuse_own_name(name, span, literal.span);
      }
    }
  }
  void refuse_own_name(const std::string& name, Span span, Span where) {
    r_.context_.diagnostics.add({Code::kUnsafeVariable,
                                 where,
                                 "var " + name + " is unsafe",
                                 "`" + name + "` has no value here",
                                 {{span, "it appears here"}},
                                 "declared inside, it means that here, too: rename one of both"});
  }
  // What refuse_own_names refuses, of the names of functions.
  void refuse_own_calls(const ast::Term& domain, Scope& inner) {
    BodyNames inside;
    collect_names(domain, inside);
    for (const std::string& name : inside.called) {
      const Local* own = inner.find_here(name);
      if (own == nullptr || own->origin == Origin::kUsed) continue;
      r_.context_.diagnostics.add({Code::kShadowedFunction,
                                   domain.span,
                                   "called function " + name + " shadowed",
                                   "`" + name + "` is a variable here",
                                   {{own->span, "it is declared here"}},
                                   "give the variable another name"});
    }
  }
  // The names that `some ... in` declares must not stand in what it iterates over, whatever they
  // mean there. True: reported.
  bool refuses_own_domain(const ast::Term& domain,
                          const std::vector<std::pair<std::string, Span>>& names) {
    bool refused = false;
    BodyNames inside;
    collect_names(domain, inside);
    for (const auto& [name, span] : names) {
      if (!inside.uses(name)) continue;
      r_.context_.diagnostics.add({Code::kReferencedAbove,
                                   span,
                                   "var " + name + " assigned before",
                                   "declared here",
                                   {},
                                   "give it another name",
                                   target_.span.begin});
      refused = true;
    }
    return refused;
  }
  // What an `every` goes over: its own names mean no rules there, and have no values.
  core::Term domain(const ast::Every& e, const std::vector<std::pair<std::string, Span>>& own) {
    Scope around(&scope_);
    std::set<std::string> hidden;
    for (const auto& [name, span] : own) hidden.insert(name);
    around.hide(hidden, hidden);
    core::Term result = r_.term(*e.domain, around, hoist_);
    for (const std::string& name : around.seen()) scope_.mark_seen(name);
    return result;
  }
  static bool iterates(const core::Term& term) {
    const auto* reference = std::get_if<core::Reference>(&term.node);
    return reference != nullptr &&
           !std::all_of(reference->operands.begin(), reference->operands.end(),
                        [](const core::Term& operand) {
                          return std::holds_alternative<core::Constant>(operand.node);
                        });
  }
  // A name given a value where nothing else could see it. True: reported.
  bool refuses_assignment(const ast::Body& body, const std::string& where,
                          std::optional<std::uint32_t> place = std::nullopt) {
    for (const ast::Literal& literal : body) {
      const auto* expression = std::get_if<ast::Expression>(&literal.node);
      if (expression == nullptr) continue;
      const auto equation = equation_of(expression->term);
      if (!equation || equation->op != ast::Operator::kAssign) continue;
      r_.context_.diagnostics.add({Code::kAssignedInside,
                                   literal.span,
                                   "cannot assign vars inside " + where,
                                   "its names end here",
                                   {},
                                   "compare with `==`, or assign before it",
                                   place});
      return true;
    }
    return false;
  }
  core::Term loop_variable(const ast::Term& t, Scope& inner) {
    const auto* variable = std::get_if<ast::Variable>(&t.node);
    const Local* local = variable == nullptr ? nullptr : inner.find_here(variable->name);
    if (local != nullptr) return {core::Variable{local->id}, t.span};
    return {core::Variable{r_.fresh("_", t.span, false)}, t.span};
  }
  core::Body closure(const ast::Body& body) {
    Scope inner(&scope_);
    inner.share(std::exchange(r_.shared_names_, {}));
    BodyNames names;
    collect_names(body, names);
    r_.open(inner, names);
    core::Body result = r_.body(body, inner);
    r_.close(inner);
    return result;
  }
  // What stands in an operand without braces is seen with what it is an operand of.
  core::Body operand(const ast::Logic::Side& side) {
    if (!side.braced) r_.operand_ = std::get_if<ast::Logic>(&side.body.front().node);
    return closure(side.body);
  }
  // What `and` and `or` use and do not declare themselves cannot be declared below.
  void see_names(const ast::Logic& logic) {
    BodyNames names;
    names.looks_into_bodies = true;
    collect_names(logic, names);
    for (const auto& [name, span] : names.used) scope_.mark_seen(name);
    for (const auto* more : {&names.shown, &names.called}) {
      for (const std::string& name : *more) {
        if (name != "data" && name != "input") scope_.mark_seen(name);
      }
    }
  }
  core::Body inside(const ast::Body& body) {
    core::Body result;
    core::Body waiting;
    Sink inner{&result, nullptr, target_.span, target_.origin, false, &waiting};
    for (const ast::Literal& literal : body) {
      std::visit(LiteralResolver(r_, scope_, inner, inner), literal.node);
    }
    flush(inner);
    return result;
  }
  void statement_call(const ast::Term& t) {
    const bool named = std::holds_alternative<ast::Call>(t.node);
    if (named) r_.last_argument_ = Resolver::LastArgument::kMayBeAnswer;
    r_.call_place_ = CallPlace::kStatement;
    r_.called_value_ = std::nullopt;
    auto call = r_.call_of(t, scope_, hoist_);
    if (!call) {
      // What its `with` replace is checked all the same.
      auto value = std::exchange(r_.called_value_, std::nullopt);
      return emit(target_, core::Test{value ? std::move(*value)
                                            : r_.constant(Value::boolean(true), t.span)});
    }
    // f(x, y): the last argument of one too many is unified with the answer.
    if (named) {
      std::size_t arity = call->arguments.size();
      if (const auto* b = std::get_if<core::BuiltinCallee>(&call->callee)) {
        arity = all_builtins()[static_cast<std::size_t>(b->id)].arity;
      } else if (const auto* f = std::get_if<core::RuleCallee>(&call->callee)) {
        arity = r_.context_.globals.function_arity(f->path).value_or(arity);
      } else if (const auto* omitted = std::get_if<core::OmittedCallee>(&call->callee)) {
        arity = arity_of_omitted(omitted->name);
      }
      if (call->arguments.size() == arity + 1 && !is_eq(call->callee)) {
        call->result = std::move(call->arguments.back());
        call->arguments.pop_back();
        call->answer_is_argument = true;
      }
    }
    emit(target_, std::move(*call));
  }

  Resolver& r_;
  Scope& scope_;
  Sink& target_;
  Sink& hoist_;
};

void Resolver::declare_some(const std::vector<std::pair<std::string, Span>>& names, Scope& scope,
                            std::uint32_t place) {
  std::set<std::string> here;
  for (const auto& [name, span] : names) {
    if (!here.insert(name).second) continue;
    declare(name, span, Origin::kSome, scope, place);
    scope.find_here(name)->used = true;
  }
}

core::Body Resolver::body(const ast::Body& body, Scope& scope) {
  core::Body result;
  for (const ast::Literal& literal : body) {
    core::Body waiting;
    Sink sink{&result, nullptr, literal.span, literals_++, false, &waiting};
    const std::vector<core::With> with = withs_of(literal, scope, sink);
    flush(sink);
    sink.with = with.empty() ? nullptr : &with;
    std::visit(LiteralResolver(*this, scope, sink, sink), literal.node);
    flush(sink);
  }
  return result;
}

}  // namespace licet::lang::resolve
