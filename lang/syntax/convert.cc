#include "lang/syntax/convert.h"

namespace licet::lang {

void Converter::fail(Span at, std::string message, std::string help,
                     std::optional<std::uint32_t> place) const {
  throw SyntaxError{Code::kSyntax,   at.begin, at.end, std::move(message), "",
                    std::move(help), place};
}

std::string_view kind_name(const ast::Term& term) {
  struct Names {
    std::string_view operator()(const ast::Null&) { return "null"; }
    std::string_view operator()(const ast::Boolean&) { return "boolean"; }
    std::string_view operator()(const ast::Number&) { return "number"; }
    std::string_view operator()(const ast::String&) { return "string"; }
    std::string_view operator()(const ast::TemplateString&) { return "template string"; }
    std::string_view operator()(const ast::Variable&) { return "variable"; }
    std::string_view operator()(const ast::Reference&) { return "reference"; }
    std::string_view operator()(const ast::Call&) { return "call"; }
    std::string_view operator()(const ast::Infix&) { return "call"; }
    std::string_view operator()(const ast::Negative&) { return "call"; }
    std::string_view operator()(const ast::Membership&) { return "call"; }
    std::string_view operator()(const ast::Array&) { return "array"; }
    std::string_view operator()(const ast::Set&) { return "set"; }
    std::string_view operator()(const ast::Object&) { return "object"; }
    std::string_view operator()(const ast::Comprehension&) { return "comprehension"; }
  };
  return std::visit(Names{}, term.node);
}

bool is_rego_keyword(std::string_view word) {
  for (const std::string_view keyword :
       {"not", "package", "import", "as", "default", "else", "with", "null", "true", "false",
        "some", "if", "contains", "in", "every"}) {
    if (keyword == word) return true;
  }
  return false;
}

namespace {

// Names of a path: variables and constant strings.
std::optional<std::string_view> constant_name(const ast::Operand& operand) {
  const auto* name = std::get_if<ast::String>(&operand.term->node);
  if (name == nullptr) return std::nullopt;
  return name->value;
}

void enable(std::string_view keyword, Keywords& keywords) {
  if (keyword == "and" || keyword.empty()) keywords.and_ = true;
  if (keyword == "or" || keyword.empty()) keywords.or_ = true;
  if (keyword == "not" || keyword.empty()) keywords.braced_not = true;
}

// What is wrong with an import of `future` or `rego`; empty if nothing.
std::string apply_keywords(const std::vector<std::string_view>& path, Keywords& keywords) {
  if (path[0] == "rego") {
    if (path.size() != 2 || (path[1] != "v1" && path[1] != "v2")) {
      return "only `rego.v1` and `rego.v2` can be imported from `rego`";
    }
    if (path[1] == "v2") enable("", keywords);
    return {};
  }
  if (path.size() < 2 || path[1] != "keywords") {
    return "only `future.keywords` can be imported from `future`";
  }
  // OPA takes a longer path for all of them.
  if (path.size() != 3) {
    enable("", keywords);
    return {};
  }
  for (const std::string_view known : {"in", "every", "contains", "if", "and", "or", "not"}) {
    if (path[2] == known) {
      enable(path[2], keywords);
      return {};
    }
  }
  return "there is no keyword `" + std::string(path[2]) + "` to import";
}

}  // namespace

ast::Package Converter::package(View view) {
  ast::Package package;
  package.span = span(view);
  const ast::Term path = postfix(view.first());
  View head = view.first().first();
  package.path.push_back(name(head));
  const auto* reference = std::get_if<ast::Reference>(&path.node);
  if (reference == nullptr) return package;
  for (const ast::Operand& operand : reference->operands) {
    const auto part = constant_name(operand);
    if (!part) fail(operand.term->span, "the name of a package is made of names and strings");
    package.path.push_back({std::string(*part), operand.term->span});
  }
  return package;
}

ast::Import Converter::import(View view, Keywords& keywords) {
  ast::Import import;
  import.span = span(view);
  import.path = postfix(view.first());
  std::vector<std::string_view> path{text_of(view.first().first())};
  if (const auto* reference = std::get_if<ast::Reference>(&import.path.node)) {
    for (const ast::Operand& operand : reference->operands) {
      const auto part = constant_name(operand);
      if (!part) fail(operand.term->span, "the path of an import is made of names and strings");
      path.push_back(*part);
    }
  }
  for (View child : view) {
    if (child.is(cst::Kind::kAlias)) import.alias = name(child);
  }
  const auto refuse = [](Span at, std::string message, std::string help,
                         std::optional<std::uint32_t> place = std::nullopt) {
    throw SyntaxError{Code::kBadImport, at.begin, at.end, std::move(message), "",
                      std::move(help),  place};
  };
  if (import.alias && (import.alias->text == "data" || import.alias->text == "input")) {
    fail(import.alias->span, "`" + import.alias->text + "` cannot be the alias of an import");
  }
  if (path[0] == "rego" || path[0] == "future") {
    std::string problem = apply_keywords(path, keywords);
    if (!problem.empty()) refuse(import.path.span, std::move(problem), "");
    if (import.alias) {
      refuse(import.alias->span, "an import of `" + std::string(path[0]) + "` cannot have an alias",
             "");
    }
    return import;
  }
  if (path[0] != "data" && path[0] != "input") {
    refuse(import.path.span, "an import begins with `data`, `input`, `rego` or `future`",
           "did you mean `data." + std::string(text_of(view.first())) + "`?");
  }
  if (!import.alias && is_rego_keyword(path.back())) {
    refuse(import.path.span,
           "an import cannot end with the keyword `" + std::string(path.back()) + "`",
           "give it another name: `as name`",
           import.path.span.end - static_cast<std::uint32_t>(path.back().size()));
  }
  return import;
}

ast::Literal Converter::literal(View view, const Keywords& keywords) {
  keywords_ = keywords;
  return literal(view);
}

void Converter::declaration(View view, const Keywords& keywords,
                            std::vector<ast::Declaration>& out) {
  keywords_ = keywords;
  switch (view.kind()) {
    case cst::Kind::kRule:
      return rule(view, out);
    case cst::Kind::kDefault:
      out.emplace_back(default_rule(view));
      return;
    case cst::Kind::kDecision:
      out.emplace_back(decision(view));
      return;
    case cst::Kind::kMeter:
      out.emplace_back(meter(view));
      return;
    case cst::Kind::kSchema:
      out.emplace_back(schema(view));
      return;
    default:
      out.emplace_back(type_declaration(view));
      return;
  }
}

}  // namespace licet::lang
