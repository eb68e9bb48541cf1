#include "lang/check/body_types.h"

#include "lang/check/literal_types.h"
#include "lang/resolve/visit.h"

namespace licet::lang::check {
namespace {

bool prints(const core::Literal& literal) {
  const auto* call = std::get_if<core::Call>(&literal.node);
  return call != nullptr && builtin_name(call->callee) == "internal.print";
}

void append(const Diagnostics& from, Diagnostics& to) {
  for (const Diagnostic& diagnostic : from.all()) to.add(diagnostic);
}

}  // namespace

void BodyTypes::check(const core::Body& body, Diagnostics& out) {
  for (const core::Literal& l : body) literal(l, out);
}

// What is wrong with the parts of a literal comes first; what that leads to is not said again.
void BodyTypes::literal(const core::Literal& literal, Diagnostics& out) {
  if (prints(literal)) return;  // it takes anything, undefined parts included
  const std::size_t covers = replacements_.cover(literal, inference_);
  Diagnostics causes;
  parts(literal, causes);
  mocks(literal, causes);
  Diagnostics own;
  check_literal(literal, inference_, references_, own);
  inference_.uncover(covers);
  append(causes.has_errors() ? causes : own, out);
}

// References and comprehensions. Those in bodies under `not`, `every`, `and` and `or` are checked
// too, and as in OPA nothing else is there.
template <class Piece>
void BodyTypes::parts(const Piece& piece, Diagnostics& out) {
  int inside = 0;  // a comprehension is checked as a whole, with those inside
  core::Visitor visitor;
  visitor.reference = [&](const core::Reference& reference, Span span) {
    if (inside == 0) references_.check(reference, span, out);
  };
  visitor.enter_comprehension = [&](const core::Comprehension& c) {
    if (inside++ == 0) comprehension(c, out);
  };
  visitor.leave_comprehension = [&](const core::Comprehension&) { --inside; };
  core::visit(piece, visitor);
}

void BodyTypes::comprehension(const core::Comprehension& c, Diagnostics& out) {
  const std::size_t mark = inference_.mark();
  Diagnostics inner;
  check(c.body, inner);
  parts(*c.head, inner);
  if (c.key) parts(*c.key, inner);
  inference_.learn_comprehension(c, inner.has_errors() ? nullptr : type_of(c));
  inference_.forget_since(mark);
  append(inner, out);
}

TypePtr BodyTypes::type_of(const core::Comprehension& c) const {
  TypePtr head = inference_.type_of(*c.head);
  switch (c.kind) {
    case ast::ComprehensionKind::kArray:
      return array_type({}, std::move(head));
    case ast::ComprehensionKind::kSet:
      return set_type(std::move(head));
    case ast::ComprehensionKind::kObject:
      return open_object_type({}, inference_.type_of(*c.key), std::move(head));
  }
  return nullptr;
}

// A function can be replaced by one that takes the same arguments, or by a value.
void BodyTypes::mocks(const core::Literal& literal, Diagnostics& out) const {
  for (const core::With& with : literal.with) {
    if (!with.function || !with.replacement) continue;
    const TypePtr target = type_of_callee(*with.function, inference_);
    const TypePtr replacement = type_of_callee(*with.replacement, inference_);
    if (!is_function(target) || !is_function(replacement) || fits(target, replacement)) continue;
    out.add({Code::kMockArguments,
             with.span,
             name_of(*with.function) + ": arity mismatch",
             "takes " + text_of(target) + ", its replacement " + text_of(replacement),
             {},
             "replace it by a function that takes the same arguments, or by a value"});
  }
}

}  // namespace licet::lang::check
