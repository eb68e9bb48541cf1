// Terms, and how collections are laid out.
#include "lang/syntax/formatter.h"
#include "lang/syntax/operators.h"
#include "lang/syntax/quote.h"

namespace licet::lang {

namespace {

std::vector<Span> spans_of(const std::vector<ast::Term>& terms) {
  std::vector<Span> spans;
  spans.reserve(terms.size());
  for (const ast::Term& term : terms) spans.push_back(term.span);
  return spans;
}

}  // namespace

const ast::Infix* Formatter::leading_union(const ast::Term& term) {
  if (term.parenthesised) return nullptr;
  if (const auto* infix = std::get_if<ast::Infix>(&term.node)) {
    if (const ast::Infix* found = leading_union(*infix->left)) return found;
    const bool is_leftmost =
        infix->left->parenthesised || (!std::holds_alternative<ast::Infix>(infix->left->node) &&
                                       !std::holds_alternative<ast::Membership>(infix->left->node));
    return infix->op == ast::Operator::kOr && is_leftmost ? infix : nullptr;
  }
  if (const auto* membership = std::get_if<ast::Membership>(&term.node)) {
    return leading_union(membership->key ? *membership->key : *membership->value);
  }
  return nullptr;
}

struct Formatter::TermVisitor {
  Formatter& f;
  Span span;

  void operator()(const ast::Null&) { f.printer_.write("null"); }
  void operator()(const ast::Boolean& node) { f.printer_.write(node.value ? "true" : "false"); }
  void operator()(const ast::Number& node) { f.printer_.write(node.text); }
  void operator()(const ast::String& node) {
    f.printer_.write(node.raw ? "`" + node.value + "`" : quoted(node.value));
  }
  void operator()(const ast::TemplateString& node) { f.template_string(node); }
  void operator()(const ast::Variable& node) { f.printer_.write(node.name); }
  void operator()(const ast::Reference& node) { f.reference(node); }
  void operator()(const ast::Call& node) {
    f.term(*node.function);
    f.collection("(", node.arguments, ")", node.function->span.end);
  }
  void operator()(const ast::Infix& node) { f.infix(node); }
  void operator()(const ast::Negative& node) {
    f.printer_.write("-");
    f.term(*node.operand);
  }
  void operator()(const ast::Membership& node) { f.membership(node); }
  void operator()(const ast::Array& node) { f.collection("[", node.elements, "]", span.begin); }
  void operator()(const ast::Set& node) {
    if (node.elements.empty()) {
      f.printer_.write("set()");
    } else {
      f.collection("{", node.elements, "}", span.begin);
    }
  }
  void operator()(const ast::Object& node) { f.object(node, span.begin); }
  void operator()(const ast::Comprehension& node) { f.comprehension(node, span.begin); }
};

void Formatter::term(const ast::Term& term) {
  if (term.parenthesised) printer_.write("(");
  std::visit(TermVisitor{*this, term.span}, term.node);
  if (term.parenthesised) printer_.write(")");
}

void Formatter::optional_assignment(const ast::TermPtr& value, ast::Operator op) {
  if (!value) return;
  printer_.write(" ");
  printer_.write(text_of(op));
  printer_.write(" ");
  term(*value);
}

void Formatter::reference(const ast::Reference& node) {
  term(*node.head);
  for (const ast::Operand& operand : node.operands) {
    if (operand.dotted) {
      printer_.write("." + std::get<ast::String>(operand.term->node).value);
    } else {
      printer_.write("[");
      term(*operand.term);
      printer_.write("]");
    }
  }
}

// Goes on with what stands at `offset` on a line of its own, one level in until the next outdent.
void Formatter::break_line(std::uint32_t offset) {
  printer_.indent();
  printer_.must_break(offset);
  printer_.join();
  printer_.begin_line(offset);
}

// An operator at the end of its line stays there.
bool Formatter::operand_break(std::uint32_t left_end, std::uint32_t right_begin) {
  if (!printer_.breaks_between(left_end, right_begin)) {
    printer_.write(" ");
    return false;
  }
  printer_.reached(left_end);
  break_line(right_begin);
  return true;
}

void Formatter::infix(const ast::Infix& node) {
  const bool needs_parentheses = &node == parenthesised_;
  if (needs_parentheses) printer_.write("(");
  term(*node.left);
  printer_.write(" ");
  printer_.write(text_of(node.op));
  bool broken = false;
  if (node.op == ast::Operator::kAssign || node.op == ast::Operator::kUnify) {
    printer_.write(" ");
  } else {
    broken = operand_break(node.left->span.end, node.right->span.begin);
  }
  term(*node.right);
  if (broken) printer_.outdent();
  if (needs_parentheses) printer_.write(")");
}

void Formatter::membership(const ast::Membership& node) {
  if (node.key) {
    term(*node.key);
    printer_.write(", ");
  }
  term(*node.value);
  printer_.write(" in ");
  term(*node.collection);
}

void Formatter::template_string(const ast::TemplateString& node) {
  const std::string_view quote = node.raw ? "`" : "\"";
  printer_.write("$");
  printer_.write(quote);
  for (const auto& part : node.parts) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      printer_.write(node.raw ? raw_template_text(*text) : template_text(*text));
      continue;
    }
    const auto& expression = std::get<ast::TemplateString::Expression>(part);
    printer_.write("{");
    term(*expression.term);
    for (const ast::With& with : expression.with) {
      printer_.write(" with ");
      term(with.target);
      printer_.write(" as ");
      term(with.value);
    }
    printer_.write("}");
  }
  printer_.write(quote);
}

// Several lines, if the text broke a line before an item.
Formatter::Layout Formatter::layout_of(char open, std::uint32_t begin,
                                       const std::vector<Span>& items) const {
  Layout layout;
  layout.open = printer_.find(open, begin);
  std::uint32_t end = layout.open + 1;
  for (const Span& item : items) {
    layout.broken = layout.broken || printer_.breaks_between(end, item.begin);
    end = item.end;
  }
  layout.close = printer_.token_after(end);
  if (layout.close < printer_.source().size() && printer_.source()[layout.close] == ',') {
    layout.close = printer_.token_after(layout.close + 1);
  }
  return layout;
}

void Formatter::open(std::string_view sign, const Layout& layout) {
  printer_.write(sign);
  printer_.reached(layout.open + 1);
  if (!layout.broken) return;
  printer_.indent();
  printer_.join();
}

void Formatter::item(const Layout& layout, std::uint32_t begin, std::string_view separator) {
  if (layout.broken) {
    printer_.begin_line(begin);
  } else {
    printer_.write(separator);
  }
}

void Formatter::close(std::string_view sign, const Layout& layout) {
  if (layout.broken) {
    printer_.must_break(layout.close);
    printer_.outdent();
    printer_.join();
    printer_.begin_line(layout.close);
  }
  printer_.write(sign);
  printer_.reached(layout.close + 1);
}

void Formatter::element(const ast::Term& term, bool is_first) {
  if (is_first) parenthesised_ = leading_union(term);
  this->term(term);
}

void Formatter::collection(std::string_view open, const std::vector<ast::Term>& elements,
                           std::string_view close, std::uint32_t begin) {
  const Layout layout = layout_of(open.front(), begin, spans_of(elements));
  this->open(open, layout);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    item(layout, elements[i].span.begin, i > 0 ? ", " : "");
    element(elements[i], i == 0 && open != "(");
    if (layout.broken) printer_.write(",");
    printer_.reached(elements[i].span.end);
  }
  this->close(close, layout);
}

void Formatter::object(const ast::Object& object, std::uint32_t begin) {
  std::vector<Span> items;
  items.reserve(object.entries.size());
  for (const auto& [key, value] : object.entries) {
    items.push_back({key.span.source, key.span.begin, value.span.end});
  }
  const Layout layout = layout_of('{', begin, items);
  open("{", layout);
  for (std::size_t i = 0; i < items.size(); ++i) {
    item(layout, items[i].begin, i > 0 ? ", " : "");
    element(object.entries[i].key, i == 0);
    printer_.write(": ");
    element(object.entries[i].value, i == 0);
    if (layout.broken) printer_.write(",");
    printer_.reached(items[i].end);
  }
  close("}", layout);
}

void Formatter::comprehension(const ast::Comprehension& node, std::uint32_t begin) {
  const bool is_array = node.kind == ast::ComprehensionKind::kArray;
  const std::uint32_t open = printer_.find(is_array ? '[' : '{', begin);
  printer_.write(is_array ? "[" : "{");
  if (node.key) {
    term(*node.key);
    printer_.write(": ");
  }
  term(*node.head);
  printer_.write(" |");
  printer_.reached(open + 1);
  const Layout layout = layout_of_body(node.body, node.head->span.end);
  if (layout.broken) {
    printer_.reached(node.head->span.end);
    body_lines(node.body);
    printer_.must_break(layout.close);
    printer_.join();
    printer_.begin_line(layout.close);
  } else {
    for (std::size_t i = 0; i < node.body.size(); ++i) {
      printer_.write(i == 0 ? " " : "; ");
      literal(node.body[i]);
    }
  }
  printer_.write(is_array ? "]" : "}");
  printer_.reached(layout.close + 1);
}

}  // namespace licet::lang
