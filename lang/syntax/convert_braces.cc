// What stands between braces: an object, a set, a comprehension or conditions. The grammar reads
// all of them with one rule, so that nested braces are read once; here it is decided.
//
// `{a | b, c}`: after `a |` the grammar reads conditions, as for a comprehension. The comma says
// that it was a union in a set; then the conditions become its elements.
#include "lang/syntax/convert.h"

namespace licet::lang {

using cst::Kind;

namespace {

ast::TermPtr boxed(ast::Term term) { return std::make_unique<ast::Term>(std::move(term)); }

bool is_looser_than_union(ast::Operator op) {
  switch (op) {
    case ast::Operator::kAdd:
    case ast::Operator::kSubtract:
    case ast::Operator::kMultiply:
    case ast::Operator::kDivide:
    case ast::Operator::kRemainder:
    case ast::Operator::kAnd:
      return false;
    default:
      return true;
  }
}

// The operand on the left of an operator that binds at most as tightly as `|`; null if none.
ast::Term* left_of_loose_operator(ast::Term& term) {
  if (term.parenthesised) return nullptr;
  if (auto* infix = std::get_if<ast::Infix>(&term.node)) {
    return is_looser_than_union(infix->op) ? infix->left.get() : nullptr;
  }
  if (auto* membership = std::get_if<ast::Membership>(&term.node)) {
    return membership->key ? membership->key.get() : membership->value.get();
  }
  return nullptr;
}

bool has_in(cst::View chain, std::string_view text) {
  for (cst::View child : chain) {
    if (child.is(Kind::kOperator) && text[child.begin_offset()] == 'i') return true;
  }
  return false;
}

// The kValue of a literal that is nothing but a value.
std::optional<cst::View> plain_value(cst::View literal) {
  if (!literal.is(Kind::kLiteral) || !literal.has_one_child()) return std::nullopt;
  cst::View expression = literal.first();
  if (!expression.is(Kind::kExpression) || !expression.has_one_child()) return std::nullopt;
  return expression.first();
}

// Where the value at the begin of a condition goes on as no value does: at `:=`, `=` or `with`.
std::optional<std::uint32_t> after_value(cst::View literal) {
  if (!literal.is(Kind::kLiteral) || !literal.first().is(Kind::kExpression)) return std::nullopt;
  cst::View expression = literal.first();
  cst::View parent = expression.has_one_child() ? literal : expression;
  return parent.has_one_child() ? std::nullopt : std::optional((*++parent.begin()).begin_offset());
}

}  // namespace

// A comma in a plain value that is not `k, v in xs` separates elements.
bool Converter::is_list(View bar_body) const {
  if (!bar_body.has_one_child()) return false;
  const auto value = plain_value(bar_body.first());
  if (!value || value->has_one_child()) return false;
  return has_in(value->first(), text_) || !has_in(*++value->begin(), text_);
}

// The values of a literal where only values can stand: one, or two around a comma.
Converter::Terms Converter::elements_of_literal(View literal) {
  const auto value = plain_value(literal);
  if (!value) {
    fail(span(literal), "a value cannot be a condition",
         "conditions stand in the body of a rule, a comprehension or `every`",
         after_value(literal));
  }
  refuse_keyword(value->first());
  Terms terms;
  for (View child : *value) terms.push_back(chain(child));
  return terms;
}

// A value was read as a literal, where any word may begin a reference; in a value it may not.
void Converter::refuse_keyword(View chain) const {
  View operand = chain.first();
  if (!operand.is(Kind::kPostfix) || !operand.first().is(Kind::kVariable)) return;
  const std::string_view word = text_of(operand.first());
  if (word == "contains" || !is_rego_keyword(word)) return;
  fail(operand.first(), "unexpected keyword `" + std::string(word) + "`",
       "a reference here begins with a name");
}

// head | rest, where `rest` was read without knowing what stands before it: the union goes to the
// left end of `rest`, below the operators that bind at most as tightly.
ast::Term Converter::union_of(ast::Term head, ast::Term rest) const {
  ast::Term* place = &rest;
  while (ast::Term* left = left_of_loose_operator(*place)) {
    place->span.begin = head.span.begin;
    place = left;
  }
  const auto bar = static_cast<std::uint32_t>(text_.find('|', head.span.end));
  *place = infix("|", {source_, bar, bar + 1}, std::move(head), std::move(*place));
  return rest;
}

// The last element is the left side of a union, `bar_body` holds its right side and perhaps one
// more element.
void Converter::union_elements(Terms& elements, View bar_body) {
  if (!bar_body.has_one_child()) fail(bar_body, "unexpected `,` after a comprehension");
  Terms more = elements_of_literal(bar_body.first());
  elements.back() = union_of(std::move(elements.back()), std::move(more.front()));
  if (more.size() == 2) elements.push_back(std::move(more.back()));
}

ast::Term Converter::comprehension(ast::ComprehensionKind kind, Span where, ast::TermPtr key,
                                   ast::Term head, View bar_body) {
  return {ast::Comprehension{kind, std::move(key), boxed(std::move(head)), literals_in(bar_body)},
          where};
}

Converter::BraceKind Converter::kind_of(View brace) const {
  if (brace.is_leaf()) return BraceKind::kObject;
  auto it = ++brace.begin();
  if (it == brace.end()) return BraceKind::kSetOrBody;
  if ((*it).is(Kind::kColon)) return BraceKind::kObject;
  if (!(*it).is(Kind::kBarBody)) return BraceKind::kSetOrBody;
  const bool is_last = ++View::Iterator(it) == brace.end();
  return is_last && !is_list(*it) ? BraceKind::kComprehension : BraceKind::kSetOrBody;
}

ast::Term Converter::brace(View view) {
  return kind_of(view) == BraceKind::kObject ? object(view) : set_or_comprehension(view);
}

ast::Term Converter::set_or_comprehension(View view) {
  Terms elements;
  const bool is_comprehension = kind_of(view) == BraceKind::kComprehension;
  for (View child : view) {
    if (child.is(Kind::kLiteral)) {
      if (!elements.empty()) {
        fail(span(child), "expected `,` or `}`", "a set separates its elements by `,`",
             next_token(text_, elements.back().span.end));
      }
      elements = elements_of_literal(child);
    } else if (child.is(Kind::kChain)) {
      elements.push_back(chain(child));
    } else if (child.is(Kind::kBarBody)) {
      if (is_comprehension) {
        return comprehension(ast::ComprehensionKind::kSet, span(view), nullptr,
                             std::move(elements.front()), child);
      }
      union_elements(elements, child);
    }
  }
  return {ast::Set{std::move(elements)}, span(view)};
}

ast::Term Converter::object(View view) {
  ast::Object object;
  Terms keys;  // the key that waits for its value; empty after it
  for (auto it = view.begin(); it != view.end(); ++it) {
    View child = *it;
    if (child.is(Kind::kLiteral)) {
      keys = elements_of_literal(child);
      if (keys.size() > 1) {
        fail(span(child), "a key cannot hold a `,`", "", next_token(text_, child.end_offset()));
      }
    } else if (child.is(Kind::kChain) && keys.empty()) {
      keys.push_back(chain(child));
    } else if (child.is(Kind::kChain)) {
      object.entries.push_back({std::move(keys.front()), chain(child)});
      keys.clear();
    } else if (child.is(Kind::kBarBody)) {
      auto& [key, head] = object.entries.back();
      if (++View::Iterator(it) == view.end()) {
        return comprehension(ast::ComprehensionKind::kObject, span(view), boxed(std::move(key)),
                             std::move(head), child);
      }
      Terms values;
      values.push_back(std::move(head));
      union_elements(values, child);
      head = std::move(values.front());
      if (values.size() == 2) keys.push_back(std::move(values.back()));
    }
  }
  if (!keys.empty()) fail(keys.front().span, "expected `:` after the key");
  return {std::move(object), span(view)};
}

// Braces that turned out to hold the conditions of a body.
ast::Body Converter::brace_as_body(View view) {
  ast::Body body;
  if (kind_of(view) == BraceKind::kObject) fail(view, "expected conditions, found an object");
  for (View child : view) {
    if (child.is(Kind::kLiteral)) {
      body.push_back(literal(child));
    } else if (child.is(Kind::kBarBody)) {
      ast::Body rest = literals_in(child);
      auto* head = std::get_if<ast::Expression>(&body.front().node);
      auto* first = std::get_if<ast::Expression>(&rest.front().node);
      if (head == nullptr || first == nullptr) {
        fail(view, "expected conditions, found a comprehension");
      }
      first->term = union_of(std::move(head->term), std::move(first->term));
      rest.front().span.begin = body.front().span.begin;
      body = std::move(rest);
    } else {
      fail(child, "unexpected `,` between conditions",
           "conditions stand on lines of their own or are separated by `;`");
    }
  }
  return body;
}

}  // namespace licet::lang
