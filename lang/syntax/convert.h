// Concrete syntax -> syntax tree, and what the grammar leaves open: precedence, what braces and
// parentheses hold, which terms may be the head of a rule. Throws SyntaxError.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/syntax/ast.h"
#include "lang/syntax/cst.h"
#include "lang/syntax/state.h"

namespace licet::lang {

bool is_rego_keyword(std::string_view word);

class Converter {
 public:
  Converter(std::string_view text, SourceId source) : text_(text), source_(source) {}

  ast::Package package(cst::View view);
  ast::Import import(cst::View view, Keywords& keywords);
  // A rule with several bodies is several rules.
  void declaration(cst::View view, const Keywords& keywords, std::vector<ast::Declaration>& out);
  ast::Literal literal(cst::View view, const Keywords& keywords);

 private:
  using View = cst::View;
  using Terms = std::vector<ast::Term>;

  // --- convert.cc: spans and errors
  Span span(View view) const { return {source_, view.begin_offset(), view.end_offset()}; }
  std::string_view text_of(View view) const {
    return text_.substr(view.begin_offset(), view.end_offset() - view.begin_offset());
  }
  ast::Name name(View view) const { return {std::string(text_of(view)), span(view)}; }
  [[noreturn]] void fail(Span at, std::string message, std::string help = {},
                         std::optional<std::uint32_t> place = std::nullopt) const;
  [[noreturn]] void fail(View at, std::string message, std::string help = {}) const {
    fail(span(at), std::move(message), std::move(help));
  }

  // --- convert_scalars.cc
  ast::Term::Node constant(View view) const;
  ast::Number number(View view) const;
  ast::String string(View view) const;
  ast::TemplateString template_string(View view);
  ast::TemplateString::Expression template_expression(View view);
  // `offset`: of the body, `begin`: of the string that it is of.
  std::string unescaped(std::string_view body, std::uint32_t offset, std::uint32_t begin) const;
  [[noreturn]] void fail_string(std::uint32_t offset, std::string message,
                                std::uint32_t begin) const;

  // --- convert_terms.cc
  ast::Term value(View view);
  ast::Term chain(View view);
  ast::Term operand(View view);
  ast::Term postfix(View view);
  ast::Term primary(View view);
  ast::Term array(View view);
  ast::Term paren(View view);
  Terms arguments(View view);
  ast::Term with_suffix(ast::Term head, View suffix);
  ast::Term called(ast::Term function, View arguments);
  ast::Term infix(std::string_view op, Span op_span, ast::Term left, ast::Term right) const;
  ast::Term negative(View view);
  ast::Term keyed(ast::Term key, ast::Term membership, View at) const;

  // --- convert_braces.cc
  enum class BraceKind { kObject, kComprehension, kSetOrBody };
  BraceKind kind_of(View brace) const;
  ast::Term brace(View view);
  ast::Term set_or_comprehension(View view);
  ast::Term object(View view);
  ast::Body brace_as_body(View view);
  void union_elements(Terms& elements, View bar_body);
  ast::Term union_of(ast::Term head, ast::Term rest) const;
  ast::Term comprehension(ast::ComprehensionKind kind, Span where, ast::TermPtr key, ast::Term head,
                          View bar_body);
  Terms elements_of_literal(View literal);
  void refuse_keyword(View chain) const;
  bool is_list(View bar_body) const;

  // --- convert_literals.cc
  ast::Literal literal(View view);
  ast::Literal statement(View view);
  ast::Literal expression(View view);
  ast::Literal negated(View view);
  ast::Literal::Node some(View view);
  ast::Every every(View view);
  ast::With with(View view);
  ast::Body block(View view);
  ast::Body literals_in(View view);
  ast::Body if_body(View literal);

  // --- convert_logic.cc
  std::optional<View> sole_brace(View expression) const;
  std::optional<View> group_in(View expression) const;
  bool opens_with_brace(View expression) const;
  ast::Literal logic(View view);
  void refuse_iteration(View logic) const;
  ast::Logic::Side side(View operand, bool is_first);
  void check_side(const ast::Logic::Side& side, View operand) const;

  // --- convert_rules.cc
  struct RuleParts;
  RuleParts parts_of(View view) const;
  ast::RuleHead head(const RuleParts& parts);
  void set_head_reference(ast::RuleHead& head, View name);
  void rule(View view, std::vector<ast::Declaration>& out);
  ast::Else else_clause(View view);
  ast::Rule default_rule(View view);
  void check_without_body(const RuleParts& parts, const ast::RuleHead& head) const;
  void check_else(View view, const ast::RuleHead& head) const;
  void check_default(const ast::Rule& rule) const;

  // --- convert_declarations.cc
  ast::DecisionRule decision(View view);
  void clause(View view, ast::DecisionRule& rule);
  ast::Meter meter(View view);
  ast::Schema schema(View view);
  ast::TypeDeclaration type_declaration(View view);
  ast::Type type(View view);
  ast::Type type_member(View view);
  ast::RecordType record(View view);
  ast::Field field(View view);

  std::string_view text_;
  SourceId source_;
  Keywords keywords_;
};

// The kind of a term in the words of a message: "string", "array" ...
std::string_view kind_name(const ast::Term& term);

}  // namespace licet::lang
