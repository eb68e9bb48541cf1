// `and`, `or` and the groups around them, where the module imports the words.
#include "lang/syntax/convert.h"

namespace licet::lang {

using cst::Kind;

namespace {

// The node below `view` along only children, if each is of the kind given.
std::optional<cst::View> only_descendant(cst::View view, std::initializer_list<Kind> kinds) {
  for (const Kind kind : kinds) {
    if (!view.has_one_child() || !view.first().is(kind)) return std::nullopt;
    view = view.first();
  }
  return view;
}

bool calls_print(const ast::Literal& literal) {
  const auto* expression = std::get_if<ast::Expression>(&literal.node);
  if (expression == nullptr) return false;
  const auto* call = std::get_if<ast::Call>(&expression->term.node);
  if (call == nullptr) return false;
  const auto* function = std::get_if<ast::Variable>(&call->function->node);
  return function != nullptr && function->name == "print";
}

}  // namespace

// The braces that are all of an expression.
std::optional<cst::View> Converter::sole_brace(View expression) const {
  return only_descendant(expression, {Kind::kValue, Kind::kChain, Kind::kPostfix, Kind::kBrace});
}

// What is in the parentheses that are all of an expression, if it is more than a value.
std::optional<cst::View> Converter::group_in(View expression) const {
  if (!keywords_.logic()) return std::nullopt;
  auto paren =
      only_descendant(expression, {Kind::kValue, Kind::kChain, Kind::kPostfix, Kind::kParen});
  while (paren) {
    View literal = paren->first();
    if (!literal.first().is(Kind::kExpression) && !literal.first().is(Kind::kNot)) {
      return std::nullopt;
    }
    if (!literal.has_one_child() || literal.first().is(Kind::kNot)) return literal;
    paren = only_descendant(literal.first(),
                            {Kind::kValue, Kind::kChain, Kind::kPostfix, Kind::kParen});
  }
  return std::nullopt;
}

bool Converter::opens_with_brace(View expression) const {
  return text_[expression.begin_offset()] == '{';
}

// `and` binds tighter than `or`; both are left associative.
void Converter::refuse_iteration(View logic) const {
  View operand = logic.first();
  if (!operand.is(Kind::kSome) && !operand.is(Kind::kEvery)) return;
  fail(span(operand), "`some` and `every` cannot be operands of `and` and `or`",
       "put them into braces: `{ some x in xs }`", (*++logic.begin()).begin_offset());
}

ast::Literal Converter::logic(View view) {
  struct Operand {
    ast::Logic::Side side;
    Span span;
  };
  const auto join = [&](ast::Connective connective, Operand& left, Operand right) {
    left.span.end = right.span.end;
    ast::Literal literal;
    literal.node = ast::Logic{connective, std::move(left.side), std::move(right.side)};
    literal.span = left.span;
    left.side = {};
    left.side.body.push_back(std::move(literal));
  };
  std::vector<Operand> alternatives;  // sides of `or`
  bool joins = false;                 // the next operand follows `and`
  std::vector<ast::With> withs;
  refuse_iteration(view);
  for (View child : view) {
    if (child.is(Kind::kWith)) {
      withs.push_back(with(child));
    } else if (child.is(Kind::kLogicOp)) {
      if (!withs.empty()) {
        fail(withs.back().span, "`with` cannot stand before `" + std::string(text_of(child)) + "`",
             "put the operand into parentheses, or move `with` behind the last one");
      }
      joins = text_of(child) == "and";
    } else {
      Operand operand{side(child, alternatives.empty()), span(child)};
      if (joins) {
        join(ast::Connective::kAnd, alternatives.back(), std::move(operand));
      } else {
        alternatives.push_back(std::move(operand));
      }
    }
  }
  for (std::size_t i = 1; i < alternatives.size(); ++i) {
    join(ast::Connective::kOr, alternatives[0], std::move(alternatives[i]));
  }
  ast::Literal literal = std::move(alternatives[0].side.body.front());
  literal.with = std::move(withs);
  literal.span = span(view);
  return literal;
}

ast::Logic::Side Converter::side(View operand, bool is_first) {
  ast::Logic::Side side;
  if (operand.is(Kind::kBlock)) {
    side.braced = true;
    side.body = block(operand);
  } else if (operand.is(Kind::kNot)) {
    side.body.push_back(negated(operand));
  } else if (const auto brace = is_first ? sole_brace(operand) : std::nullopt) {
    if (brace->is_leaf()) fail(operand, "the body is empty");
    side.braced = true;
    side.body = brace_as_body(*brace);
  } else if (is_first && opens_with_brace(operand)) {
    fail(operand, "an operand cannot begin with `{` unless the braces hold a body",
         "put the value into parentheses");
  } else {
    side.parenthesised = group_in(operand).has_value();
    side.body.push_back(expression(operand));
  }
  check_side(side, operand);
  return side;
}

void Converter::check_side(const ast::Logic::Side& side, View operand) const {
  const auto* first = std::get_if<ast::Expression>(&side.body.front().node);
  if (side.braced && first != nullptr) {
    const auto* infix = std::get_if<ast::Infix>(&first->term.node);
    if (infix != nullptr && infix->op == ast::Operator::kOr && !first->term.parenthesised &&
        text_[first->term.span.begin] != '(') {
      fail(operand, "`{ a | b }` as an operand may be a union or a comprehension",
           "put the union or the comprehension into parentheses");
    }
  }
  for (const ast::Literal& literal : side.body) {
    if (!calls_print(literal)) return;
  }
  fail(operand, "an operand of `and` and `or` cannot only print", "`print` always holds");
}

}  // namespace licet::lang
