// Rules, decision rules and the query: heads, scopes, else-chains.
#include <algorithm>
#include <set>

#include "lang/resolve/operators.h"
#include "lang/resolve/resolve.h"
#include "lang/resolve/resolver.h"

namespace licet::lang {
namespace resolve {
namespace {

std::string shown(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ".") + name;
  return text;
}

// Reports what no parameter can be: what has to be computed, and parts of what is no parameter.
class ParameterCheck {
 public:
  ParameterCheck(const std::set<std::string>& names, Diagnostics& diagnostics)
      : names_(names), diagnostics_(diagnostics) {}

  void term(const ast::Term& t) {
    if (is_call(t)) {
      const auto* negative = std::get_if<ast::Negative>(&t.node);
      const bool number =
          negative != nullptr && std::holds_alternative<ast::Number>(negative->operand->node);
      if (!number) report(Code::kCallInParameter, t.span, "rule arguments cannot contain calls");
    } else if (const auto* array = std::get_if<ast::Array>(&t.node)) {
      for (const ast::Term& element : array->elements) term(element);
    } else if (const auto* object = std::get_if<ast::Object>(&t.node)) {
      for (const auto& [key, value] : object->entries) term(value);
    } else if (const auto* reference = std::get_if<ast::Reference>(&t.node)) {
      for (const ast::Operand& operand : reference->operands) term(*operand.term);
      const auto* head = std::get_if<ast::Variable>(&reference->head->node);
      if (head == nullptr) return term(*reference->head);
      if (names_.contains(head->name)) return;
      report(Code::kUnsafeHead, head_span(*reference), "var " + head->name + " is unsafe");
    }
  }

 private:
  static Span head_span(const ast::Reference& reference) { return reference.head->span; }
  void report(Code code, Span span, const std::string& message) {
    diagnostics_.add(
        {code, span, message, "no pattern", {}, "take a name, and compare it in the body"});
  }

  const std::set<std::string>& names_;
  Diagnostics& diagnostics_;
};

// Names in references of a parameter. They are declared, too, but a call gives them no value.
void reference_names(const ast::Term& term, std::vector<std::pair<std::string, Span>>& names) {
  if (const auto* array = std::get_if<ast::Array>(&term.node)) {
    for (const ast::Term& element : array->elements) reference_names(element, names);
  } else if (const auto* object = std::get_if<ast::Object>(&term.node)) {
    for (const auto& [key, value] : object->entries) reference_names(value, names);
  } else if (const auto* reference = std::get_if<ast::Reference>(&term.node)) {
    for (const ast::Operand& operand : reference->operands) {
      pattern_names(*operand.term, names);
      reference_names(*operand.term, names);
    }
  }
}

// The wildcards of a parameter list and the names it declares.
void declare_parameters(const ast::Rule& rule, Resolver& resolver, Scope& scope,
                        Diagnostics& diagnostics) {
  const std::vector<ast::Term>& parameters = *rule.head.arguments;
  const std::uint32_t place = rule.span.begin;
  std::vector<std::pair<std::string, Span>> names;
  for (const ast::Term& parameter : parameters) pattern_names(parameter, names);
  std::set<std::string> declared;
  for (const auto& [name, span] : names) declared.insert(name);
  for (const ast::Term& parameter : parameters) {
    ParameterCheck(declared, diagnostics).term(parameter);
  }
  for (const ast::Term& parameter : parameters) reference_names(parameter, names);
  for (const auto& [name, span] : names) {
    if (scope.find_here(name) != nullptr) continue;  // f(x, x): both must be equal
    resolver.declare(name, span, Origin::kParameter, scope, place);
  }
}

class RuleResolver {
 public:
  RuleResolver(ModuleContext& context, bool nested_inside)
      : context_(context), nested_not_(nested_inside ? NestedNot::kInside : NestedNot::kHoist) {}

  core::Rule rule(const ast::Rule& rule) {
    Resolver resolver(context_, nested_not_);
    Scope outer(nullptr);
    core::Rule result;
    if (has_parameters(rule.head)) {
      declare_parameters(rule, resolver, outer, context_.diagnostics);
      result.parameters.emplace();
    }
    head_path(rule, result);
    branch(rule, resolver, outer, result);
    add_elses(rule, resolver, outer, result);
    if (context_.is_strict) report_unused_parameters(outer, resolver);
    result.is_default = rule.is_default;
    if (rule.is_default) check_default(rule, result);
    result.span = rule.span;
    result.head_span = rule.head.span;
    result.package_span = context_.package_span;
    result.literal_count = resolver.literal_count();
    result.variables = std::move(resolver.variables());
    return result;
  }

  core::DecisionBody decision(const ast::DecisionRule& rule) {
    if (rule.uses_protected_because) {
      context_.diagnostics.add({Code::kNotAvailable,
                                rule.uses_protected_because->span,
                                "`uses protected` is not available in this version",
                                "no attribute can be protected yet",
                                {},
                                "remove the clause"});
    }
    Resolver resolver(context_,
                      rule.verdict == ast::Verdict::kForbid ? NestedNot::kInside : nested_not_);
    Scope scope(nullptr);
    BodyNames names;
    collect_names(rule.body, names);
    resolver.open(scope, names);
    core::DecisionBody result;
    result.verdict =
        rule.verdict == ast::Verdict::kForbid ? core::Verdict::kForbid : core::Verdict::kPermit;
    result.package = context_.package;
    result.name = rule.name.text;
    result.name_span = rule.name.span;
    result.rule.body = resolver.body(rule.body, scope);
    result.because = clause(rule.because, resolver, scope);
    result.controls = clause(rule.controls, resolver, scope);
    result.obliges = clause(rule.obliges, resolver, scope);
    resolver.close(scope);
    result.rule.path = context_.package;
    result.rule.package_size = context_.package.size();
    result.rule.value = resolver.constant(Value::boolean(true), rule.span);
    result.rule.span = rule.span;
    result.rule.head_span = rule.name.span;
    result.rule.shown_name = rule.name.text;
    result.rule.literal_count = resolver.literal_count();
    result.rule.variables = std::move(resolver.variables());
    return result;
  }

 private:
  // Everything of the head but the terms that need the body's scope.
  void head_path(const ast::Rule& rule, core::Rule& result) {
    const ast::RuleHead& head = rule.head;
    const std::vector<std::string> names = head_names(head.ref);
    result.path = context_.package;
    result.package_size = context_.package.size();
    result.path.insert(result.path.end(), names.begin(), names.end());
    if (names.size() > kMaxPath) {
      too_long(head.ref.span, context_.diagnostics);
      result.path.resize(result.package_size + kMaxPath);
    }
    result.shown_name = shown(names);
    if (!names.empty() && (names[0] == "input" || names[0] == "data")) {
      context_.diagnostics.add(
          {Code::kRootAssigned,
           head.ref.span,
           "rules must not shadow " + names[0] + " (use a different rule name)",
           "the name of a document",
           {},
           "give it another name",
           rule.span.begin});
    }
    result.kind =
        head.kind == ast::HeadKind::kContains ? core::HeadKind::kMember : core::HeadKind::kValue;
  }

  void branch(const ast::Rule& rule, Resolver& resolver, Scope& outer, core::Rule& result) {
    Scope scope = body_scope(outer);
    BodyNames names;
    collect_names(rule.body, names);
    resolver.begin_branch(names);
    collect_names(rule.head.ref, names);
    if (rule.head.value) collect_names(*rule.head.value, names);
    resolver.open(scope, without_rule_name(rule, names));
    result.body = resolver.body(rule.body, scope);
    resolver.begin_head();
    core::Body waiting;
    Sink tail{&result.body, nullptr, rule.head.span, resolver.literal_count(), false, &waiting};
    const std::size_t before_keys = result.body.size();
    keys(rule.head.ref, resolver, scope, tail, result);
    if (result.body.size() > before_keys && !rule.elses.empty()) refuse_computed_keys(rule);
    result.value_begin = result.body.size();
    if (rule.head.value) tail.span = rule.head.value->span;
    result.value = rule.head.value ? resolver.head_value(*rule.head.value, scope, tail)
                                   : resolver.constant(Value::boolean(true), rule.head.span);
    flush(tail);
    note_used(scope, outer);
    if (!result.parameters) return resolver.close(scope);
    tail.span = rule.head.span;
    parameters(*rule.head.arguments, resolver, scope, tail, result);
    resolver.close(scope);
  }

  // A parameter is used if one branch uses it.
  static void note_used(const Scope& branch, Scope& outer) {
    for (const auto& [name, local] : branch.locals()) {
      Local* parameter = local.used ? outer.find_here(name) : nullptr;
      if (parameter != nullptr) parameter->used = true;
    }
  }
  static void report_unused_parameters(const Scope& outer, const Resolver& resolver) {
    for (const auto& [name, local] : outer.locals()) {
      if (!local.used) resolver.report_unused(name, local);
    }
  }

  // Parameters belong to the scope of each body: a body cannot declare them again.
  static Scope body_scope(Scope& outer) {
    Scope scope(&outer);
    for (const auto& [name, local] : outer.locals()) scope.add(name, local).used = false;
    return scope;
  }

  // The head's own name is no variable.
  static BodyNames without_rule_name(const ast::Rule& rule, BodyNames names) {
    const std::vector<std::string> head = head_names(rule.head.ref);
    if (!head.empty()) {
      const Span head_span = rule.head.ref.span;
      std::erase_if(names.used, [&](const auto& use) {
        return use.first == head.front() && use.second.begin == head_span.begin;
      });
    }
    return names;
  }

  // As in OPA rules and imports have no names in parameters, only paths.
  void parameters(const std::vector<ast::Term>& parameters, Resolver& resolver, Scope& scope,
                  Sink& tail, core::Rule& result) {
    for (const ast::Term& parameter : parameters) {
      result.parameters->push_back(resolver.parameter(parameter, scope, tail));
      flush(tail);
    }
  }

  void keys(const ast::Term& ref, Resolver& resolver, Scope& scope, Sink& tail,
            core::Rule& result) {
    const auto* reference = std::get_if<ast::Reference>(&ref.node);
    if (reference == nullptr) return;
    const std::size_t fixed = head_names(ref).size() - 1;
    for (std::size_t i = fixed; i < reference->operands.size(); ++i) {
      const At at_key(tail, reference->operands[i].term->place());
      result.keys.push_back(resolver.argument(*reference->operands[i].term, scope, tail));
      flush(tail);
    }
  }

  void add_elses(const ast::Rule& rule, Resolver& resolver, Scope& outer, core::Rule& result) {
    core::Rule* last = &result;
    for (const ast::Else& e : rule.elses) {
      auto next = std::make_unique<core::Rule>();
      Scope scope = body_scope(outer);
      BodyNames names;
      collect_names(e.body, names);
      resolver.begin_branch(names);
      if (e.value) collect_names(*e.value, names);
      resolver.open(scope, names);
      next->body = resolver.body(e.body, scope);
      resolver.begin_head();
      const Span place = e.value ? e.value->span : e.span;
      next->value_begin = next->body.size();
      core::Body waiting;
      Sink tail{&next->body, nullptr, place, resolver.literal_count(), false, &waiting};
      next->value = e.value ? resolver.head_value(*e.value, scope, tail)
                            : resolver.constant(Value::boolean(true), e.span);
      flush(tail);
      note_used(scope, outer);
      resolver.close(scope);
      next->span = e.span;
      next->head_span = e.span;
      last->else_rule = std::move(next);
      last = last->else_rule.get();
    }
  }

  // As in OPA, which makes the keys for the first branch only, and knows no place of the mistake.
  void refuse_computed_keys(const ast::Rule& rule) {
    context_.diagnostics.add({Code::kUnsafeHead,
                              rule.head.ref.span,
                              "a key of a rule with `else` is unsafe",
                              "not a constant",
                              {},
                              "give the key a name in a rule without `else`",
                              Diagnostic::kNoPlace});
  }

  // What comes before the value was made of the keys.
  void check_default(const ast::Rule& rule, const core::Rule& result) {
    if (result.value_begin == 0) return;
    context_.diagnostics.add({Code::kDefaultValue,
                              rule.head.ref.span,
                              "illegal default rule (key cannot contain ref)",
                              "not a constant",
                              {},
                              "give constant keys"});
  }

  std::optional<core::DecisionBody::Clause> clause(const ast::TermPtr& term, Resolver& resolver,
                                                   Scope& scope) {
    if (!term) return std::nullopt;
    core::DecisionBody::Clause result;
    Sink sink{&result.hoisted, nullptr, term->span, resolver.literal_count()};
    result.term = resolver.argument(*term, scope, sink);
    return result;
  }

  ModuleContext& context_;
  NestedNot nested_not_;
};

// A query that is a bare term shows its value, in a column of its own; if wanted, a bare call too.
void show_value(const QueryText& text, Resolver& resolver, core::Query& query) {
  if (text.body.size() != 1 || query.body.empty()) return;
  core::Literal& last = query.body.back();
  auto* test = std::get_if<core::Test>(&last.node);
  auto* call = std::get_if<core::Call>(&last.node);
  const bool bare_term = test != nullptr && (last.with.empty() || text.shows_call);
  const bool bare_call = call != nullptr && !call->result && text.shows_call;
  if (!bare_term && !bare_call) return;
  const Span span = last.span;
  const core::VariableId id = resolver.fresh(core::kAnswer, span, false);
  query.names.emplace_back(core::kAnswer, id);
  if (bare_call) {
    call->result = core::Term{core::Variable{id}, span};
  } else {
    last.node = core::Unify{{core::Variable{id}, span}, std::move(test->term)};
  }
}

void resolve_query(const QueryText& text, const Globals& globals, Arena& arena,
                   Diagnostics& diagnostics, core::Policy& policy) {
  ast::Module empty;
  Imports imports(empty, diagnostics);
  ModuleContext context{
      globals,     imports, text.package, arena,
      diagnostics, {},      false,        renames_operators(text.package, globals, imports)};
  Resolver resolver(context, NestedNot::kHoist);
  Scope scope(nullptr);
  BodyNames names;
  collect_names(text.body, names);
  resolver.open(scope, names);
  core::Query query;
  query.body = resolver.body(text.body, scope);
  show_value(text, resolver, query);
  for (const auto& [name, local] : scope.locals()) query.names.emplace_back(name, local.id);
  query.variables = std::move(resolver.variables());
  query.literal_count = resolver.literal_count();
  policy.query = std::move(query);
}

}  // namespace
}  // namespace resolve

core::Policy resolve_names(const std::vector<ast::Module>& modules, const QueryText* query,
                           Arena& arena, const ResolveOptions& options, Diagnostics& diagnostics) {
  const resolve::Globals globals(modules);
  core::Policy policy;
  policy.packages = globals.packages();
  for (const ast::Module& module : modules) {
    resolve::Imports imports(module, diagnostics);
    const core::Path package = resolve::package_path(module);
    if (module.package.path.size() > resolve::kMaxPath) {
      resolve::too_long(module.package.span, diagnostics);
    }
    resolve::ModuleContext context{globals,        imports,
                                   package,        arena,
                                   diagnostics,    module.package.span,
                                   options.strict, renames_operators(package, globals, imports)};
    resolve::RuleResolver resolver(context, imports.binds_not());
    for (const ast::Declaration& declaration : module.declarations) {
      if (const auto* rule = std::get_if<ast::Rule>(&declaration)) {
        policy.rules.push_back(resolver.rule(*rule));
      } else if (const auto* decision = std::get_if<ast::DecisionRule>(&declaration)) {
        policy.decisions.push_back(resolver.decision(*decision));
      } else if (const auto* meter = std::get_if<ast::Meter>(&declaration)) {
        diagnostics.add({Code::kNotAvailable,
                         meter->span,
                         "meters are not available in this version",
                         "declares a meter",
                         {},
                         "count in the caller and pass the number in the request"});
      }
    }
    if (options.strict) imports.report_unused(diagnostics);
  }
  if (query != nullptr) resolve::resolve_query(*query, globals, arena, diagnostics, policy);
  return policy;
}

}  // namespace licet::lang
