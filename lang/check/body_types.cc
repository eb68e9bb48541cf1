#include "lang/check/body_types.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "lang/check/literal_types.h"
#include "lang/resolve/visit.h"

namespace licet::lang::check {
namespace {

bool prints(const core::Literal& literal) {
  const auto* call = std::get_if<core::Call>(&literal.node);
  return call != nullptr && builtin_name(call->callee) == "internal.print";
}

// A constant, or a part of one.
bool is_written(const core::Term& term) {
  if (std::holds_alternative<core::Constant>(term.node)) return true;
  const auto* reference = std::get_if<core::Reference>(&term.node);
  return reference != nullptr && reference->base && is_written(*reference->base);
}

bool holds_bodies(const core::Literal& literal) {
  const auto* negation = std::get_if<core::Not>(&literal.node);
  return (negation != nullptr && negation->closure) ||
         std::holds_alternative<core::Every>(literal.node) ||
         std::holds_alternative<core::Logic>(literal.node);
}

// The comprehensions inside of others that use variables of those.
template <class Piece>
std::unordered_set<const core::Comprehension*> dependent_comprehensions(const Piece& piece) {
  std::unordered_set<const core::Comprehension*> found;
  std::unordered_map<core::VariableId, int> depth_of;  // where it stands outermost
  int depth = 0;
  int deepest = 0;
  core::Visitor first;
  first.variable = [&](const core::Variable& v) {
    const auto [known, is_new] = depth_of.try_emplace(v.id, depth);
    if (!is_new) known->second = std::min(known->second, depth);
  };
  first.enter_comprehension = [&](const core::Comprehension&) {
    deepest = std::max(deepest, ++depth);
  };
  first.leave_comprehension = [&](const core::Comprehension&) { --depth; };
  core::visit(piece, first);
  if (deepest < 2) return found;
  std::vector<int> outermost{deepest};  // of the variables in each comprehension around
  core::Visitor second;
  second.variable = [&](const core::Variable& v) {
    if (depth_of[v.id] > 0) outermost.back() = std::min(outermost.back(), depth_of[v.id]);
  };
  second.enter_comprehension = [&](const core::Comprehension&) { outermost.push_back(deepest); };
  second.leave_comprehension = [&](const core::Comprehension& c) {
    const int inside = outermost.back();
    outermost.pop_back();
    if (inside < static_cast<int>(outermost.size())) found.insert(&c);
    outermost.back() = std::min(outermost.back(), inside);
  };
  core::visit(piece, second);
  return found;
}

void append(const Diagnostics& from, Diagnostics& to) {
  for (const Diagnostic& diagnostic : from.all()) to.add(diagnostic);
}

}  // namespace

void BodyTypes::check(const core::Body& body, Diagnostics& out) {
  for (const core::Literal& l : body) literal(l, out);
}

// What is wrong with the parts of a literal comes first; what may come of that is not said again.
// Where a function cannot be replaced by another one, nothing is learned from the literal.
void BodyTypes::literal(const core::Literal& literal, Diagnostics& out) {
  if (prints(literal)) return;  // it takes anything, undefined parts included
  const std::size_t covers = replacements_.cover(literal, inference_);
  Diagnostics own;
  mocks(literal, own);
  Diagnostics causes;
  const bool outer = std::exchange(learns_, !own.has_errors());
  parts(literal, causes);
  learns_ = outer;
  Reason reason = Reason::kKnownTypes;
  if (!own.has_errors()) reason = check_literal(literal, inference_, references_, own);
  inference_.uncover(covers);
  append(causes, out);
  if (!causes.has_errors() || reason == Reason::kKnownTypes) append(own, out);
}

// `some x in xs` is the reference xs[_], also in bodies where nothing else is checked.
void BodyTypes::iteration(const core::Literal& literal, Diagnostics& out) {
  const auto* some = std::get_if<core::SomeIn>(&literal.node);
  if (some == nullptr || is_written(some->collection)) return;
  const TypePtr type = references_.checked_type(some->collection);
  if (type == nullptr || is_empty_collection(type)) return;
  if (some->key) {
    references_.check_step(type, *some->key, some->key->span, out);
  } else if (keys_of(type) == nullptr) {
    out.add({Code::kUndefinedReference,
             some->collection.span,
             "undefined ref: nothing to iterate over",
             "a " + text_of(type) + " has no elements",
             {},
             {}});
  }
}

// References and comprehensions. Those in bodies under `not`, `every`, `and` and `or` are checked
// too, and as in OPA nothing else is there: of what is written before the brackets, which OPA gives
// a name, nothing is known there. A comprehension inside of another one is, as in OPA, then checked
// by itself, where nothing is known of the variables of the outer one.
template <class Piece>
void BodyTypes::parts(const Piece& piece, Diagnostics& out) {
  int inside = 0;            // comprehensions around
  std::vector<bool> bodies;  // of the literals around: whether they hold bodies of their own
  core::Visitor visitor;
  visitor.enter = [&](const core::Literal& l) {
    if (inside == 0 && std::find(bodies.begin(), bodies.end(), true) != bodies.end()) {
      iteration(l, out);
    }
    bodies.push_back(holds_bodies(l));
    if (inside == 0) refuse_mocks(l, out);
  };
  visitor.leave = [&](const core::Literal&) { bodies.pop_back(); };
  visitor.reference = [&](const core::Reference& reference, Span span) {
    const bool within =
        bodies.size() > 1 && std::find(bodies.begin(), bodies.end() - 1, true) != bodies.end() - 1;
    const bool written =
        reference.base && std::holds_alternative<core::Constant>(reference.base->node);
    if (inside == 0 && !((within || !learns_) && written)) references_.check(reference, span, out);
  };
  int wrong = 0;  // the depth of the outermost one with a mistake
  std::unordered_set<const core::Comprehension*> dependent;
  if (!is_inside_) dependent = dependent_comprehensions(piece);
  visitor.enter_comprehension = [&](const core::Comprehension& c) {
    ++inside;
    if (wrong != 0 || (inside > 1 && !dependent.contains(&c))) return;
    const std::size_t before = out.error_count();
    comprehension(c, out);
    if (out.error_count() > before) wrong = inside;
  };
  visitor.leave_comprehension = [&](const core::Comprehension&) {
    if (inside-- == wrong) wrong = 0;
  };
  visitor.opens_comprehensions = [&] { return !dependent.empty(); };
  core::visit(piece, visitor);
}

void BodyTypes::comprehension(const core::Comprehension& c, Diagnostics& out) {
  const std::size_t mark = inference_.mark();
  const bool outer = std::exchange(is_inside_, true);
  Diagnostics inner;
  check(c.body, inner);
  parts(*c.head, inner);
  if (c.key) parts(*c.key, inner);
  is_inside_ = outer;
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

// For `every`, `and` and `or` OPA takes the name of a function to replace, and of one that replaces
// it, for a reference.
void BodyTypes::refuse_mocks(const core::Literal& literal, Diagnostics& out) const {
  const bool names_nothing = std::holds_alternative<core::Every>(literal.node) ||
                             std::holds_alternative<core::Logic>(literal.node);
  if (!names_nothing) return;
  for (const core::With& with : literal.with) {
    for (const auto* function : {&with.function, &with.replacement}) {
      if (!*function || !is_function(type_of_callee(**function, inference_))) continue;
      // OPA knows no place of builtins of one word, and tells them last.
      const bool placeless = name_of(**function).find('.') == std::string::npos;
      out.add({placeless ? Code::kMockForBody : Code::kFunctionAsValue,
               with.span,
               "function " + name_of(**function) + " used as reference, not called",
               "functions cannot be replaced for a literal of this kind",
               {},
               "make a rule of it, and replace the function where the rule is asked for"});
    }
  }
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
