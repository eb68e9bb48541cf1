// `=` and `:=`: what they declare, and what they are in the core.
#include <utility>

#include "lang/resolve/resolve.h"
#include "lang/resolve/resolver.h"

namespace licet::lang::resolve {
namespace {

std::string kind_text(const ast::Term& term) {
  struct Visitor {
    std::string operator()(const ast::Null&) const { return "null"; }
    std::string operator()(const ast::Boolean&) const { return "boolean"; }
    std::string operator()(const ast::Number&) const { return "number"; }
    std::string operator()(const ast::String&) const { return "string"; }
    std::string operator()(const ast::TemplateString&) const { return "templatestring"; }
    std::string operator()(const ast::Variable&) const { return "var"; }
    std::string operator()(const ast::Reference&) const { return "ref"; }
    std::string operator()(const ast::Call&) const { return "call"; }
    std::string operator()(const ast::Infix&) const { return "call"; }
    std::string operator()(const ast::Negative&) const { return "call"; }
    std::string operator()(const ast::Membership&) const { return "call"; }
    std::string operator()(const ast::Array&) const { return "array"; }
    std::string operator()(const ast::Set&) const { return "set"; }
    std::string operator()(const ast::Object&) const { return "object"; }
    std::string operator()(const ast::Comprehension& c) const {
      switch (c.kind) {
        case ast::ComprehensionKind::kArray:
          return "arraycomprehension";
        case ast::ComprehensionKind::kSet:
          return "setcomprehension";
        case ast::ComprehensionKind::kObject:
          return "objectcomprehension";
      }
      return "";
    }
  };
  return std::visit(Visitor{}, term.node);
}

// Until its end.
class Set {
 public:
  Set(bool& flag, bool value) : flag_(flag), outer_(std::exchange(flag, value)) {}
  ~Set() { flag_ = outer_; }
  Set(const Set&) = delete;
  Set& operator=(const Set&) = delete;

 private:
  bool& flag_;
  bool outer_;
};

bool is_composite(const ast::Term& term) {
  return std::holds_alternative<ast::Array>(term.node) ||
         std::holds_alternative<ast::Object>(term.node);
}

}  // namespace

// Declares the variables of the left side of :=. Anything else in it is an error.
void Resolver::assign_pattern(const ast::Term& pattern, Scope& scope, std::uint32_t place) {
  if (const auto* variable = std::get_if<ast::Variable>(&pattern.node)) {
    if (variable->name == "_") return;
    declare(variable->name, pattern.span, Origin::kAssigned, scope, pattern.span.begin);
    scope.find_here(variable->name)->place = place;
  } else if (const auto* array = std::get_if<ast::Array>(&pattern.node)) {
    for (const ast::Term& element : array->elements) assign_pattern(element, scope, place);
  } else if (const auto* object = std::get_if<ast::Object>(&pattern.node)) {
    for (const auto& [key, value] : object->entries) assign_pattern(value, scope, place);
  } else {
    context_.diagnostics.add({Code::kBadAssignTarget,
                              pattern.span,
                              "cannot assign to " + kind_text(pattern),
                              "not a variable",
                              {},
                              "compare with `==`, or unify with `=`"});
  }
}

// The left side of :=, which is no use of the names that it declares.
core::Term Resolver::assigned(const ast::Term& pattern, Scope& scope, Sink& sink) {
  core::Term result = term(pattern, scope, sink);
  std::vector<std::pair<std::string, Span>> names;
  pattern_names(pattern, names);
  for (const auto& [name, span] : names) scope.find_here(name)->used = false;
  return result;
}

void Resolver::bind_anyway(core::Term pattern, Sink& sink) {
  const Span span = pattern.span;
  emit(sink, core::SomeIn{std::nullopt, std::move(pattern), {core::Constant{Value::null()}, span}});
}

void Resolver::unify(const Equation& equation, Scope& scope, Sink& target, Sink& hoist_sink) {
  // As in OPA a template is a call also where its text is known: [x] = $"a" gives x a value.
  const bool has_pattern = is_composite(*equation.left) || is_composite(*equation.right);
  const Set folds(folds_templates_, folds_templates_ && !has_pattern);
  if (equation.op == ast::Operator::kAssign) {
    // The right side first: it cannot see what the left declares.
    if (is_call(*equation.right)) {
      const At at_hoisted(hoist_sink, equation.right->place());
      const At at_call(target, equation.right->place());
      auto call = call_of(*equation.right, scope, hoist_sink);
      assign_pattern(*equation.left, scope, target.span.begin);
      core::Term left = assigned(*equation.left, scope, hoist_sink);
      if (!call) return bind_anyway(std::move(left), target);
      refuse_print(*call, equation.right->span);
      call->result = std::move(left);
      emit(target, std::move(*call));
      return;
    }
    core::Term right = term(*equation.right, scope, hoist_sink);
    assign_pattern(*equation.left, scope, target.span.begin);
    core::Term left = assigned(*equation.left, scope, hoist_sink);
    emit(target, core::Unify{std::move(left), std::move(right), true});
    return;
  }
  const bool right_calls = is_call(*equation.right);
  const ast::Term& called = right_calls ? *equation.right : *equation.left;
  const ast::Term& other = right_calls ? *equation.left : *equation.right;
  if (!is_call(called)) {
    core::Term left = term(*equation.left, scope, hoist_sink);
    emit(target, core::Unify{std::move(left), term(*equation.right, scope, hoist_sink)});
    return;
  }
  core::Term answer = term(other, scope, hoist_sink);
  if (std::holds_alternative<core::Reference>(answer.node)) {
    // The reference may give the call's arguments values: input.xs[x] = f(x).
    core::Term result = hoisted_call(called, scope, hoist_sink);
    emit(target, core::Unify{std::move(answer), std::move(result)});
    return;
  }
  const At at_hoisted(hoist_sink, called.place());
  const At at_call(target, called.place());
  auto call = call_of(called, scope, hoist_sink);
  if (!call) return bind_anyway(std::move(answer), target);
  refuse_print(*call, called.span);
  call->result = std::move(answer);
  emit(target, std::move(*call));
}

}  // namespace licet::lang::resolve
