// Terms: operators with their precedence, references, calls, collections.
#include "lang/syntax/convert.h"

namespace licet::lang {

namespace {

using ast::Operator;

int precedence(std::string_view op) {
  if (op == "in") return 1;
  switch (op.front()) {
    case '|':
      return 3;
    case '&':
      return 4;
    case '+':
    case '-':
      return 5;
    case '*':
    case '/':
    case '%':
      return 6;
    default:
      return 2;  // comparisons
  }
}

Operator operator_of(std::string_view text) {
  if (text == ":=") return Operator::kAssign;
  if (text == "=") return Operator::kUnify;
  if (text == "==") return Operator::kEqual;
  if (text == "!=") return Operator::kNotEqual;
  if (text == "<=") return Operator::kLessEqual;
  if (text == ">=") return Operator::kGreaterEqual;
  switch (text.front()) {
    case '<':
      return Operator::kLess;
    case '>':
      return Operator::kGreater;
    case '+':
      return Operator::kAdd;
    case '-':
      return Operator::kSubtract;
    case '*':
      return Operator::kMultiply;
    case '/':
      return Operator::kDivide;
    case '%':
      return Operator::kRemainder;
    case '&':
      return Operator::kAnd;
    default:
      return Operator::kOr;
  }
}

ast::TermPtr boxed(ast::Term term) { return std::make_unique<ast::Term>(std::move(term)); }

bool is_open_membership(const ast::Term& term) {
  return std::holds_alternative<ast::Membership>(term.node) && !term.parenthesised;
}

// A reference in parentheses cannot go on; `data` and `input` alone are references in Rego.
bool can_be_indexed(const ast::Term& term) {
  if (std::holds_alternative<ast::Reference>(term.node)) return !term.parenthesised;
  if (const auto* variable = std::get_if<ast::Variable>(&term.node)) {
    return !term.parenthesised || (variable->name != "data" && variable->name != "input");
  }
  return !std::holds_alternative<ast::Null>(term.node) &&
         !std::holds_alternative<ast::Boolean>(term.node) &&
         !std::holds_alternative<ast::Number>(term.node) &&
         !std::holds_alternative<ast::String>(term.node) &&
         !std::holds_alternative<ast::TemplateString>(term.node);
}

}  // namespace

ast::Term Converter::infix(std::string_view op, Span op_span, ast::Term left,
                           ast::Term right) const {
  const Span where{source_, left.span.begin, right.span.end};
  const std::uint32_t first = left.place().begin;
  if (op == "in") {
    return {ast::Membership{nullptr, boxed(std::move(left)), boxed(std::move(right))}, where, false,
            first};
  }
  return {ast::Infix{operator_of(op), op_span, boxed(std::move(left)), boxed(std::move(right))},
          where, false, first};
}

// All operators are left associative: what waits on the stack and binds as tightly goes first.
ast::Term Converter::chain(View view) {
  Terms operands;
  std::vector<View> operators;
  const auto reduce = [&] {
    ast::Term right = std::move(operands.back());
    operands.pop_back();
    operands.back() = infix(text_of(operators.back()), span(operators.back()),
                            std::move(operands.back()), std::move(right));
    operators.pop_back();
  };
  for (View child : view) {
    if (!child.is(cst::Kind::kOperator)) {
      operands.push_back(operand(child));
      continue;
    }
    while (!operators.empty() &&
           precedence(text_of(operators.back())) >= precedence(text_of(child))) {
      reduce();
    }
    operators.push_back(child);
  }
  while (!operators.empty()) reduce();
  return std::move(operands.front());
}

ast::Term Converter::value(View view) {
  ast::Term first = chain(view.first());
  if (view.has_one_child()) return first;
  View second = *++view.begin();
  return keyed(std::move(first), chain(second), second);
}

// `key, value in collection` was read as two chains.
ast::Term Converter::keyed(ast::Term key, ast::Term membership, View at) const {
  if (!is_open_membership(membership) || is_open_membership(key)) {
    fail({source_, key.span.end, at.begin_offset()}, "unexpected `,`",
         "`key, value in collection` is the only place for a comma outside of brackets");
  }
  ast::Term* inner = &membership;
  for (;;) {
    inner->span.begin = key.span.begin;
    inner->first = key.place().begin;
    auto& node = std::get<ast::Membership>(inner->node);
    if (!is_open_membership(*node.value)) {
      node.key = boxed(std::move(key));
      return membership;
    }
    inner = node.value.get();
  }
}

ast::Term Converter::operand(View view) {
  return view.is(cst::Kind::kNegative) ? negative(view) : postfix(view);
}

ast::Term Converter::negative(View view) {
  return {ast::Negative{boxed(postfix(view.first()))}, span(view)};
}

ast::Term Converter::postfix(View view) {
  auto it = view.begin();
  ast::Term term = primary(*it);
  bool after_call = false;
  for (++it; it != view.end(); ++it) {
    const bool is_call = (*it).is(cst::Kind::kArguments);
    if (is_call && after_call) fail(*it, "the result of a call cannot be called");
    term = with_suffix(std::move(term), *it);
    after_call = is_call;
  }
  return term;
}

ast::Term Converter::with_suffix(ast::Term head, View suffix) {
  if (!can_be_indexed(head)) {
    fail(head.span, "a " + std::string(kind_name(head)) + " cannot be indexed or called",
         head.parenthesised ? "leave the parentheses out" : "");
  }
  if (suffix.is(cst::Kind::kArguments)) return called(std::move(head), suffix);
  ast::Operand operand;
  operand.dotted = suffix.is(cst::Kind::kDot);
  operand.term = boxed(
      operand.dotted ? ast::Term{ast::String{std::string(text_of(suffix)), false}, span(suffix)}
                     : value(suffix.first()));
  if (!std::holds_alternative<ast::Reference>(head.node)) {
    const Span where = head.span;
    const std::uint32_t first = head.place().begin;
    head = {ast::Reference{boxed(std::move(head)), {}}, where, false, first};
  }
  head.span.end = suffix.end_offset();
  std::get<ast::Reference>(head.node).operands.push_back(std::move(operand));
  return head;
}

ast::Term Converter::called(ast::Term function, View view) {
  const Span where{source_, function.span.begin, view.end_offset()};
  const auto* variable = std::get_if<ast::Variable>(&function.node);
  if (variable == nullptr && !std::holds_alternative<ast::Reference>(function.node)) {
    throw SyntaxError{Code::kUnknownFunction,
                      function.span.begin,
                      function.span.end,
                      "only a function can be called",
                      "",
                      ""};
  }
  Terms given = arguments(view);
  if (variable != nullptr && variable->name == "set" && given.empty()) {
    return {ast::Set{}, where};
  }
  return {ast::Call{boxed(std::move(function)), std::move(given)}, where};
}

Converter::Terms Converter::arguments(View view) {
  Terms terms;
  for (View child : view) {
    if (child.is(cst::Kind::kChain)) terms.push_back(chain(child));
  }
  return terms;
}

ast::Term Converter::primary(View view) {
  using cst::Kind;
  switch (view.kind()) {
    case Kind::kVariable:
      return {ast::Variable{std::string(text_of(view))}, span(view)};
    case Kind::kConstant:
      return {constant(view), span(view)};
    case Kind::kNumber:
      return {number(view), span(view)};
    case Kind::kString:
    case Kind::kRawString:
      return {string(view), span(view)};
    case Kind::kTemplate:
    case Kind::kRawTemplate:
      return {template_string(view), span(view)};
    case Kind::kArray:
      return array(view);
    case Kind::kBrace:
      return brace(view);
    default:
      return paren(view);
  }
}

ast::Term Converter::paren(View view) {
  Terms terms = elements_of_literal(view.first());
  ast::Term term = terms.size() == 1 ? std::move(terms.front())
                                     : keyed(std::move(terms[0]), std::move(terms[1]), view);
  term.parenthesised = true;
  term.first = term.place().begin;
  term.span = span(view);
  return term;
}

ast::Term Converter::array(View view) {
  Terms elements;
  for (auto it = view.begin(); it != view.end(); ++it) {
    View child = *it;
    if (child.is(cst::Kind::kChain)) elements.push_back(chain(child));
    if (!child.is(cst::Kind::kBarBody)) continue;
    if (++View::Iterator(it) == view.end() && !is_list(child)) {
      return comprehension(ast::ComprehensionKind::kArray, span(view), nullptr,
                           std::move(elements.front()), child);
    }
    union_elements(elements, child);
  }
  return {ast::Array{std::move(elements)}, span(view)};
}

}  // namespace licet::lang
