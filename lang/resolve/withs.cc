// `with`: what is replaced, and by what.
#include <algorithm>

#include "lang/resolve/resolver.h"
#include "lang/syntax/equation.h"

namespace licet::lang::resolve {
namespace {

bool is_assignment(const ast::Literal& literal) {
  const auto* expression = std::get_if<ast::Expression>(&literal.node);
  const auto equation = expression == nullptr ? std::nullopt : equation_of(expression->term);
  return equation && equation->op == ast::Operator::kAssign;
}

}  // namespace

core::With clone(const core::With& with) {
  core::With copy{with.target,  with.path, with.function,   with.replacement,
                  std::nullopt, with.span, with.target_span};
  if (with.value) copy.value = clone(*with.value);
  return copy;
}

// Builtins that no `with` may replace. True: reported.
bool Resolver::refuses_replacement(BuiltinId id, Span span) const {
  const BuiltinInfo& info = all_builtins()[static_cast<std::size_t>(id)];
  const bool relation = info.trait == BuiltinTrait::kRelation;
  const bool part_of_language =
      info.name == "eq" || info.name == "print" || info.name.starts_with("internal.");
  if (part_of_language) refuse_part_of_language(info.name, span);
  if (!relation || part_of_language) return part_of_language;
  context_.diagnostics.add(
      {Code::kRelationReplaced,
       span,
       "with keyword replacing built-in function: target must not be a relation",
       "gives many answers",
       {},
       {}});
  return true;
}

void Resolver::refuse_part_of_language(std::string_view name, Span span) const {
  context_.diagnostics.add({Code::kRelationReplaced,
                            span,
                            "with keyword replacing built-in function: replacement of \"" +
                                std::string(name) + "\" invalid",
                            "a part of the language",
                            {},
                            {}});
}

// Reports an element of a path to replace that is no constant.
void Resolver::refuse_target(const core::Term& element, Span span, std::uint32_t place) const {
  const auto* variable = std::get_if<core::Variable>(&element.node);
  const bool unsafe = variable != nullptr && !variables_[variable->id].generated &&
                      variables_[variable->id].span == element.span;
  context_.diagnostics.add({unsafe ? Code::kUnsafeVariable : Code::kBadWithTarget,
                            span,
                            unsafe ? "var " + variables_[variable->id].name + " is unsafe"
                                   : "with keyword target must be ground",
                            "cannot be replaced",
                            {},
                            "replace a path of constants",
                            unsafe ? std::optional(place) : std::nullopt});
}

std::optional<core::With> Resolver::with(const ast::With& w, Scope& targets, Scope& scope,
                                         Sink& sink) {
  core::With result;
  result.span = w.span;
  result.target_span = w.target.span;
  const auto bad_target = [&](const std::string& message) {
    see_names(w.value, scope);
    context_.diagnostics.add({Code::kBadWithTarget,
                              w.target.span,
                              message,
                              "cannot be replaced",
                              {},
                              "replace `input`, `data`, a path below them, or a function"});
    return std::nullopt;
  };
  const auto names = constant_path(w.target);
  const std::string dotted_name = names ? dotted(*names) : "";
  std::optional<core::Callee> function;
  const std::string head = names ? names->front() : "";
  const bool is_document = head == "input" || head == "data";
  if (names && !is_document) targets.mark_seen(head);
  if (names && targets.find(head) == nullptr && !is_document) {
    if (const BuiltinInfo* info = find_builtin(dotted_name)) {
      if (!document_name(head, w.target.span)) function = core::BuiltinCallee{info->id};
    } else if (find_omitted_builtin(dotted_name) != nullptr) {
      function = core::OmittedCallee{dotted_name};
    }
  }
  if (!function) {
    core::Term target = term(w.target, targets, sink);
    const auto* reference = std::get_if<core::Reference>(&target.node);
    if (reference == nullptr || reference->root == core::Root::kTerm) {
      return bad_target("with keyword target must reference existing input, data, or a function");
    }
    core::Path text_path;
    for (const core::Term& o : reference->operands) {
      const auto* c = std::get_if<core::Constant>(&o.node);
      if (c == nullptr) {
        refuse_target(o, w.target.span, place_in(sink));
        return std::nullopt;
      }
      result.path.push_back(c->value);
      if (c->value.is_string()) text_path.emplace_back(c->value.as_string());
    }
    result.target =
        reference->root == core::Root::kInput ? core::WithTarget::kInput : core::WithTarget::kData;
    if (result.target == core::WithTarget::kData && context_.globals.function_arity(text_path)) {
      function = core::RuleCallee{text_path};
    }
  }
  const auto* builtin = function ? std::get_if<core::BuiltinCallee>(&*function) : nullptr;
  if (builtin != nullptr && refuses_replacement(builtin->id, w.target.span)) return std::nullopt;
  if (dotted_name == "rego.metadata.chain" || dotted_name == "rego.metadata.rule") {
    refuse_part_of_language(dotted_name, w.target.span);
    return std::nullopt;
  }
  if (function) {
    result.target = core::WithTarget::kFunction;
    result.path.clear();
    result.function = std::move(function);
    const auto value_names = constant_path(w.value);
    const bool local = value_names && scope.find(value_names->front()) != nullptr;
    if (value_names && !local) {
      const std::string text = dotted(*value_names);
      scope.mark_seen(value_names->front());
      const bool hidden = scope.hides(value_names->front());
      const auto document =
          hidden ? std::nullopt : document_name(value_names->front(), w.value.span);
      if (!document && find_builtin(text) != nullptr) {
        result.replacement = core::BuiltinCallee{find_builtin(text)->id};
        return result;
      }
      if (!document && find_omitted_builtin(text) != nullptr) {
        result.replacement = core::OmittedCallee{text};
        return result;
      }
      if (document) {
        const auto& reference = std::get<core::Reference>(document->node);
        core::Path path;
        for (const core::Term& o : reference.operands) {
          path.emplace_back(std::get<core::Constant>(o.node).value.as_string());
        }
        path.insert(path.end(), value_names->begin() + 1, value_names->end());
        const bool is_data = reference.root == core::Root::kData;
        if (is_data && context_.globals.function_arity(path)) {
          result.replacement = core::RuleCallee{std::move(path)};
          return result;
        }
        if (is_data && context_.globals.has_document(path)) {
          result.value = path_reference(reference.root, path, w.value.span, context_.arena);
          return result;
        }
      }
    }
  }
  // OPA reads the name of a builtin, which is no value, as a reference.
  const auto* written = std::get_if<ast::Variable>(&w.value.node);
  const Local* local = written == nullptr ? nullptr : scope.find(written->name);
  const bool names_builtin = written != nullptr && find_builtin(written->name) != nullptr &&
                             (local == nullptr || local->origin == Origin::kUsed);
  core::Term value = term(w.value, scope, sink);
  const bool simple = std::holds_alternative<core::Constant>(value.node) ||
                      std::holds_alternative<core::Variable>(value.node);
  if (simple && !names_builtin) {
    result.value = std::move(value);
    return result;
  }
  // OPA makes references before, and keeps what is made of parts.
  const bool is_reference = names_builtin || std::holds_alternative<core::Reference>(value.node);
  const At at_value(sink, is_reference ? w.value.place() : sink.place.value_or(sink.span));
  result.value = hoist(std::move(value), sink);
  return result;
}

// `targets`: where the names of what is replaced are looked up.
std::vector<core::With> Resolver::withs(const std::vector<ast::With>& written, Scope& targets,
                                        Scope& scope, Sink& sink) {
  std::vector<core::With> result;
  for (const ast::With& w : written) {
    if (auto one = with(w, targets, scope, sink)) result.push_back(std::move(*one));
  }
  return result;
}

// The names that a literal declares are, as in OPA, those of its own `with`. `every` and `not { ...
// }` are scopes of their own, which their bodies and their `with` share: what a `with` uses may be
// declared inside, and has only the value that the `with` itself gives it, or below, and is then
// another name.
std::vector<core::With> Resolver::withs_of(const ast::Literal& literal, Scope& scope, Sink& sink) {
  if (literal.with.empty()) return {};
  std::vector<std::pair<std::string, Span>> names;
  if (const auto* some = std::get_if<ast::SomeIn>(&literal.node)) {
    declare_some(declared_names(*some), scope, literal.span.begin);
    has_declared_ = true;
    return withs(literal.with, scope, scope, sink);
  }
  if (is_assignment(literal)) {
    // As in OPA what it replaces is no use of a name, which may be declared in it or below.
    Scope aside(&scope);
    return withs(literal.with, aside, scope, sink);
  }
  const auto* every = std::get_if<ast::Every>(&literal.node);
  const auto* negation = std::get_if<ast::Not>(&literal.node);
  if (every == nullptr && (negation == nullptr || !negation->braced)) {
    return withs(literal.with, scope, scope, sink);
  }
  if (every != nullptr && every->key) pattern_names(*every->key, names);
  if (every != nullptr) pattern_names(*every->value, names);
  BodyNames inside;
  collect_names(every != nullptr ? every->body : negation->body, inside);
  for (const std::string& name : inside.declared) names.emplace_back(name, literal.span);
  Scope own(&scope);
  for (const auto& [name, span] : names) {
    own.add(name, {fresh(name, span, false), Origin::kSome, span, false});
  }
  std::vector<core::With> result = withs(literal.with, own, own, sink);
  for (const auto& [name, local] : own.locals()) {
    if (local.used) shared_names_[name] = local.id;
  }
  return result;
}

}  // namespace licet::lang::resolve
