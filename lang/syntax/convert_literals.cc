// Conditions: expressions, some, every, not, with.
#include "lang/syntax/convert.h"

namespace licet::lang {

using cst::Kind;

namespace {

ast::TermPtr boxed(ast::Term term) { return std::make_unique<ast::Term>(std::move(term)); }

// `input` and `data` are documents.
bool is_new_name(const ast::Term& term) {
  const auto* variable = std::get_if<ast::Variable>(&term.node);
  return variable != nullptr && variable->name != "input" && variable->name != "data";
}

bool has_logic(cst::View literal) {
  for (cst::View child : literal) {
    if (child.is(Kind::kLogicOp)) return true;
  }
  return false;
}

}  // namespace

ast::Body Converter::literals_in(View view) {
  ast::Body body;
  for (View child : view) body.push_back(literal(child));
  return body;
}

ast::Body Converter::block(View view) { return literals_in(view); }

ast::Literal Converter::literal(View view) {
  if (has_logic(view)) return logic(view);
  ast::Literal literal = statement(view.first());
  for (View child : view) {
    if (child.is(Kind::kWith)) literal.with.push_back(with(child));
  }
  if (std::holds_alternative<ast::SomeNames>(literal.node) && !literal.with.empty()) {
    fail(literal.with.front().span, "`with` cannot follow names that are only declared",
         "write it after the condition that it is for");
  }
  literal.span = span(view);
  return literal;
}

ast::Literal Converter::statement(View view) {
  switch (view.kind()) {
    case Kind::kSome:
      return {some(view), {}, span(view)};
    case Kind::kEvery:
      return {every(view), {}, span(view)};
    case Kind::kNot:
      return negated(view);
    default:
      break;
  }
  const auto group = group_in(view);
  if (group && !has_logic(*group) && !group->first().is(Kind::kNot)) {
    fail(*group, "`with` cannot stand in parentheses here", "leave the parentheses out");
  }
  return expression(view);
}

// What stands after `if`. Braces that can be conditions are conditions: a set would always hold.
ast::Body Converter::if_body(View view) {
  if (view.is(Kind::kBlock)) return block(view);
  const bool is_logic = has_logic(view);
  const auto brace = view.first().is(Kind::kExpression) ? sole_brace(view.first()) : std::nullopt;
  ast::Body body;
  if (!brace || is_logic || kind_of(*brace) != BraceKind::kSetOrBody) {
    body.push_back(literal(view));
    return body;
  }
  if (!view.has_one_child()) {
    fail(*++view.begin(), "`with` cannot follow the body of a rule",
         "write it after the condition that it is for, inside the braces");
  }
  return brace_as_body(*brace);
}

ast::Literal Converter::expression(View view) {
  if (const auto group = group_in(view)) return literal(*group);
  auto it = view.begin();
  ast::Term term = value(*it);
  if (++it != view.end()) {
    View op = *it;
    term = infix(text_of(op), span(op), std::move(term), value(*++it));
  }
  return {ast::Expression{std::move(term)}, {}, span(view)};
}

ast::Literal Converter::negated(View view) {
  ast::Not node;
  View operand = view.first();
  node.braced = operand.is(Kind::kBlock);
  if (node.braced) {
    node.body = block(operand);
  } else if (!keywords_.braced_not && group_in(operand)) {
    fail(operand, "`not` of a group needs an import", "add `import future.keywords.not`");
  } else {
    node.body.push_back(expression(operand));
  }
  return {std::move(node), {}, span(view)};
}

ast::Literal::Node Converter::some(View view) {
  Terms terms;
  for (View child : view) terms.push_back(chain(child));
  auto* membership = std::get_if<ast::Membership>(&terms.back().node);
  if (membership == nullptr) {
    ast::SomeNames names;
    for (ast::Term& term : terms) {
      const auto* variable = std::get_if<ast::Variable>(&term.node);
      if (variable == nullptr || variable->name == "contains" || term.parenthesised) {
        const auto* reference = std::get_if<ast::Reference>(&term.node);
        const bool is_call = std::holds_alternative<ast::Call>(term.node) ||
                             std::holds_alternative<ast::Infix>(term.node);
        const Span read = reference != nullptr ? reference->head->span : term.span;
        fail(term.span, "`some` declares variables", "write `some x` or `some x in collection`",
             is_call || reference != nullptr ? next_token(text_, read.end) : term.span.begin);
      }
      names.names.push_back(std::move(term));
    }
    return names;
  }
  if (terms.size() > 2) {
    fail(span(view), "`some ... in` takes at most a key and a value", "",
         next_token(text_, membership->value->span.end));
  }
  if (terms.size() == 2 && std::holds_alternative<ast::Membership>(terms.front().node)) {
    fail(terms.front().span, "unexpected `in` before the `,`", "",
         next_token(text_, terms.front().span.end));
  }
  ast::SomeIn result;
  if (terms.size() == 2) result.key = boxed(std::move(terms.front()));
  if (membership->key) result.key = std::move(membership->key);
  result.value = std::move(membership->value);
  result.collection = std::move(membership->collection);
  return result;
}

ast::Every Converter::every(View view) {
  auto it = view.begin();
  ast::Term term = value(*it);
  auto* membership = std::get_if<ast::Membership>(&term.node);
  if (membership == nullptr) {
    fail(term.span, "expected `x in collection` after `every`",
         "write `every x in collection { ... }` or `every k, v in collection { ... }`",
         (*++it).begin_offset());
  }
  for (const ast::TermPtr* variable : {&membership->key, &membership->value}) {
    if (*variable && !is_new_name(**variable)) {
      fail((*variable)->span, "`every` takes variables only", "", (*++it).begin_offset());
    }
  }
  return {std::move(membership->key), std::move(membership->value),
          std::move(membership->collection), block(*++it)};
}

ast::With Converter::with(View view) {
  auto it = view.begin();
  ast::Term target = postfix(*it);
  const auto* variable = std::get_if<ast::Variable>(&target.node);
  const bool is_reference = std::holds_alternative<ast::Reference>(target.node);
  if ((variable == nullptr && !is_reference) || text_of((*it).first()) == "contains") {
    fail(target.span, "`with` cannot replace this",
         "`with` replaces input, data or a function: `with input.user as {...}`",
         next_token(text_, target.span.end));
  }
  return {std::move(target), value(*++it), span(view)};
}

}  // namespace licet::lang
