#include "tests/differential/places.h"

#include <algorithm>

#include "lang/diagnostic.h"
#include "lang/syntax/format.h"
#include "lang/syntax/parse.h"

namespace licet::differential {

namespace ast = lang::ast;

// Visits a module from its first byte to its last.
class Collector {
 public:
  explicit Collector(Places& places) : places_(places) {}

  void rule(const ast::Rule& rule) {
    rule_ = places_.rules_.size();
    places_.rules_.push_back(&rule);
    if (const auto* reference = std::get_if<ast::Reference>(&rule.head.ref.node)) {
      operands(*reference);
    }
    if (rule.head.arguments) all(*rule.head.arguments);
    optional(rule.head.value);
    body(rule.body);
    for (const ast::Else& clause : rule.elses) {
      optional(clause.value);
      body(clause.body);
    }
  }

 private:
  void body(const ast::Body& body) {
    for (const ast::Literal& literal : body) {
      places_.literals_.push_back({&literal, &body, rule_});
      std::visit([this](const auto& node) { part(node); }, literal.node);
      withs(literal.with);
    }
  }
  void withs(const std::vector<ast::With>& withs) {
    for (const ast::With& with : withs) {
      places_.withs_.push_back(&with);
      term(with.value);
    }
  }

  void part(const ast::Expression& node) { term(node.term); }
  void part(const ast::SomeNames& node) { all(node.names); }
  void part(const ast::SomeIn& node) {
    optional(node.key);
    term(*node.value);
    term(*node.collection);
  }
  void part(const ast::Every& node) {
    optional(node.key);
    term(*node.value);
    term(*node.domain);
    body(node.body);
  }
  void part(const ast::Not& node) { body(node.body); }
  void part(const ast::Logic& node) {
    body(node.left.body);
    body(node.right.body);
  }

  void term(const ast::Term& term) {
    places_.terms_.push_back({&term, rule_});
    std::visit([this](const auto& node) { part(node); }, term.node);
  }
  void optional(const ast::TermPtr& pointer) {
    if (pointer) term(*pointer);
  }
  void all(const std::vector<ast::Term>& terms) {
    for (const ast::Term& one : terms) term(one);
  }
  void operands(const ast::Reference& node) {
    for (const ast::Operand& operand : node.operands) {
      if (!operand.dotted) term(*operand.term);
    }
  }

  void part(const ast::Null&) {}
  void part(const ast::Boolean&) {}
  void part(const ast::Number&) {}
  void part(const ast::String&) {}
  void part(const ast::Variable&) {}
  void part(const ast::TemplateString& node) {
    for (const auto& part : node.parts) {
      const auto* expression = std::get_if<ast::TemplateString::Expression>(&part);
      if (expression == nullptr) continue;
      term(*expression->term);
      withs(expression->with);
    }
  }
  void part(const ast::Reference& node) {
    term(*node.head);
    operands(node);
  }
  void part(const ast::Call& node) { all(node.arguments); }
  void part(const ast::Infix& node) {
    term(*node.left);
    term(*node.right);
  }
  void part(const ast::Negative& node) { term(*node.operand); }
  void part(const ast::Membership& node) {
    optional(node.key);
    term(*node.value);
    term(*node.collection);
  }
  void part(const ast::Array& node) { all(node.elements); }
  void part(const ast::Set& node) { all(node.elements); }
  void part(const ast::Object& node) {
    for (const auto& [key, value] : node.entries) {
      term(key);
      term(value);
    }
  }
  void part(const ast::Comprehension& node) {
    optional(node.key);
    term(*node.head);
    body(node.body);
  }

  Places& places_;
  std::size_t rule_ = 0;
};

std::unique_ptr<Places> Places::of(const std::string& module) {
  std::unique_ptr<Places> places(new Places());
  lang::Diagnostics diagnostics;
  const lang::SourceId source = places->sources_.add("module.rego", module);
  auto parsed = lang::parse_module(places->sources_, source, diagnostics);
  if (!parsed || diagnostics.has_errors()) return nullptr;
  places->module_ = std::move(*parsed);
  Collector collector(*places);
  for (const ast::Declaration& declaration : places->module_.declarations) {
    const auto* rule = std::get_if<ast::Rule>(&declaration);
    if (rule == nullptr) return nullptr;
    collector.rule(*rule);
  }
  return places;
}

std::string Places::formatted() const { return lang::format(module_, sources_); }

std::vector<TermPlace> Places::terms_of(std::size_t rule) const {
  std::vector<TermPlace> found;
  for (const TermPlace& place : terms_) {
    if (place.rule == rule) found.push_back(place);
  }
  return found;
}

std::string edited(std::string_view text, std::vector<Edit> edits) {
  std::vector<Edit> apart;
  for (Edit& edit : edits) {
    const bool overlaps = std::any_of(apart.begin(), apart.end(), [&](const Edit& other) {
      return edit.span.begin < other.span.end && other.span.begin < edit.span.end;
    });
    if (!overlaps) apart.push_back(std::move(edit));
  }
  std::stable_sort(apart.begin(), apart.end(),
                   [](const Edit& a, const Edit& b) { return a.span.begin < b.span.begin; });
  std::string result;
  std::size_t at = 0;
  for (const Edit& edit : apart) {
    result += text.substr(at, edit.span.begin - at);
    result += edit.by;
    at = edit.span.end;
  }
  return result + std::string(text.substr(at));
}

std::string name_of(const ast::RuleHead& head) {
  const ast::Term* term = &head.ref;
  if (const auto* reference = std::get_if<ast::Reference>(&term->node)) {
    term = reference->head.get();
  }
  const auto* variable = std::get_if<ast::Variable>(&term->node);
  return variable == nullptr ? "" : variable->name;
}

std::string dotted_name(const ast::Term& term) {
  if (const auto* variable = std::get_if<ast::Variable>(&term.node)) return variable->name;
  const auto* reference = std::get_if<ast::Reference>(&term.node);
  if (reference == nullptr) return "";
  std::string name = dotted_name(*reference->head);
  for (const ast::Operand& operand : reference->operands) {
    const auto* text = std::get_if<ast::String>(&operand.term->node);
    if (text == nullptr || name.empty()) return "";
    name += "." + text->value;
  }
  return name;
}

std::string package_path(const ast::Module& module) {
  std::string path = "data";
  for (const ast::Name& name : module.package.path) path += "." + name.text;
  return path;
}

}  // namespace licet::differential
