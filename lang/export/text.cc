#include "lang/export/text.h"

#include <algorithm>
#include <cctype>

#include "eval/value_json.h"
#include "lang/resolve/resolver.h"

namespace licet::lang::exporting {
namespace {

constexpr std::string_view kKeywords[] = {
    "as",   "default", "else",  "false", "import",   "package", "not",  "null", "true", "with",
    "some", "in",      "every", "if",    "contains", "input",   "data", "and",  "or"};
// Words that only Licet reads otherwise, where a variable has their name.
constexpr std::string_view kLicetWords[] = {"user",   "model",  "dataset", "request", "permit",
                                            "forbid", "schema", "type",    "meter",   "set"};

// Of a callee that Rego writes between its operands.
std::string_view infix_of(const core::Callee& callee) {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&callee);
  if (builtin == nullptr) return {};
  const BuiltinInfo& info = all_builtins()[static_cast<std::size_t>(builtin->id)];
  return info.name == "internal.member_2" ? "in" : info.infix;
}

}  // namespace

bool is_name(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0])) != 0) return false;
  return std::all_of(
             text.begin(), text.end(),
             [](unsigned char c) { return c < 0x80 && (std::isalnum(c) != 0 || c == '_'); }) &&
         std::find(std::begin(kKeywords), std::end(kKeywords), text) == std::end(kKeywords);
}

std::string name_step(const std::string& name) {
  if (is_name(name)) return "." + name;
  std::string text = "[";
  append_json_string(name, text);
  return text + "]";
}

std::string data_text(const core::Path& path) {
  std::string text = "data";
  for (const std::string& name : path) text += name_step(name);
  return text;
}

TakenNames::TakenNames(const core::Policy& policy) {
  names_.insert(std::begin(kKeywords), std::end(kKeywords));
  names_.insert(std::begin(kLicetWords), std::end(kLicetWords));
  for (const BuiltinInfo& builtin : all_builtins()) {
    names_.emplace(builtin.name.substr(0, builtin.name.find('.')));
  }
  for (const core::Rule& rule : policy.rules) {
    for (const std::string& name : rule.path) names_.insert(name);
  }
}

Text::Text(const TakenNames& taken, const std::vector<core::VariableInfo>& variables) {
  std::set<std::string> used;
  for (std::size_t id = 0; id < variables.size(); ++id) {
    const core::VariableInfo& info = variables[id];
    const bool keeps = !info.generated && is_name(info.name) && info.name != "_" &&
                       !info.name.starts_with("licet_") && !taken.contains(info.name);
    std::string name = keeps ? info.name : "t" + std::to_string(id);
    while (taken.contains(name) || !used.insert(name).second) name += "_" + std::to_string(id);
    names_.push_back(std::move(name));
  }
}

std::string joined(const Lines& lines, std::string_view between) {
  std::string text;
  for (const std::string& line : lines) {
    if (!text.empty()) text += between;
    text += line;
  }
  return text;
}

std::string none(const std::string& inline_body) { return "count([1 | " + inline_body + "]) == 0"; }
std::string some(const std::string& inline_body) { return "count([1 | " + inline_body + "]) > 0"; }

std::string Text::list(const std::vector<core::Term>& terms) const {
  std::string text;
  for (const core::Term& t : terms) text += (text.empty() ? "" : ", ") + term(t);
  return text;
}

std::string Text::reference(const core::Reference& reference) const {
  std::string text = reference.root == core::Root::kInput  ? "input"
                     : reference.root == core::Root::kData ? "data"
                                                           : term(*reference.base);
  for (const core::Term& operand : reference.operands) {
    const auto* constant = std::get_if<core::Constant>(&operand.node);
    if (constant != nullptr && constant->value.is_string()) {
      text += name_step(std::string(constant->value.as_string()));
    } else {
      text += "[" + term(operand) + "]";
    }
  }
  return text;
}

std::string Text::comprehension(const core::Comprehension& c) const {
  if (enter) enter(c);
  const std::string body = " | " + inline_body(c.body);
  const std::string key = c.key ? term(*c.key) + ": " : "";
  const std::string head = term(*c.head);
  if (leave) leave(c);
  const bool array = c.kind == ast::ComprehensionKind::kArray;
  return (array ? "[" : "{") + key + head + body + (array ? "]" : "}");
}

std::string Text::term(const core::Term& t) const {
  struct Visitor {
    const Text& text;
    std::string operator()(const core::Constant& c) { return rego_text(c.value); }
    std::string operator()(const core::Variable& v) { return text.variable(v.id); }
    std::string operator()(const core::Reference& r) { return text.reference(r); }
    std::string operator()(const core::Array& a) { return "[" + text.list(a.elements) + "]"; }
    std::string operator()(const core::Set& s) {
      return s.elements.empty() ? "set()" : "{" + text.list(s.elements) + "}";
    }
    std::string operator()(const core::Object& o) {
      std::string entries;
      for (const auto& [key, value] : o.entries) {
        entries += (entries.empty() ? "" : ", ") + text.term(key) + ": " + text.term(value);
      }
      return "{" + entries + "}";
    }
    std::string operator()(const core::Comprehension& c) { return text.comprehension(c); }
  };
  return std::visit(Visitor{*this}, t.node);
}

std::string Text::call(const core::Callee& callee, const std::vector<core::Term>& arguments) const {
  const std::string_view infix = infix_of(callee);
  if (!infix.empty() && arguments.size() == 2) {
    return term(arguments[0]) + " " + std::string(infix) + " " + term(arguments[1]);
  }
  const auto* rule = std::get_if<core::RuleCallee>(&callee);
  const std::string name = rule != nullptr ? data_text(rule->path) : resolve::callee_text(callee);
  return name + "(" + list(arguments) + ")";
}

std::string Text::withs(const core::Literal& literal) const {
  std::string text;
  for (const core::With& with : literal.with) {
    std::string target = with.target == core::WithTarget::kInput ? "input" : "data";
    for (const Value& step : with.path) {
      target +=
          step.is_string() ? name_step(std::string(step.as_string())) : "[" + rego_text(step) + "]";
    }
    const auto name = [](const core::Callee& callee) {
      const auto* rule = std::get_if<core::RuleCallee>(&callee);
      return rule != nullptr ? data_text(rule->path) : resolve::callee_text(callee);
    };
    if (with.function) target = name(*with.function);
    text += " with " + target + " as " +
            (with.replacement ? name(*with.replacement) : term(*with.value));
  }
  return text;
}

// `some v in xs` declares v, which is an error where the piece that is printed does not use it.
std::string Text::iteration(const core::SomeIn& some) const {
  const auto* constant = std::get_if<core::Constant>(&some.collection.node);
  if (constant != nullptr && !constant->value.is_composite()) return "false";
  return term(some.value) + " = " + term(some.collection) + "[" +
         (some.key ? term(*some.key) : "_") + "]";
}

std::string Text::literal(const core::Literal& l) const {
  if (special) {
    std::string text = special(l);
    if (!text.empty()) return text + withs(l);
  }
  struct Visitor {
    const Text& text;
    std::string operator()(const core::Test& t) { return text.term(t.term); }
    std::string operator()(const core::Unify& u) {
      return text.term(u.left) + " = " + text.term(u.right);
    }
    std::string operator()(const core::Call& c) {
      const std::string called = text.call(c.callee, c.arguments);
      if (!c.result) return called;
      // An operator that compares is looser than `=`.
      const std::string answer = text.term(*c.result) + " = ";
      return infix_of(c.callee).empty() ? answer + called : answer + "(" + called + ")";
    }
    std::string operator()(const core::SomeIn& s) { return text.iteration(s); }
    std::string operator()(const core::Every& e) {
      const std::string key = e.key ? text.term(*e.key) + ", " : "";
      return "every " + key + text.term(e.value) + " in " + text.term(e.domain) + " { " +
             text.inline_body(e.body) + " }";
    }
    std::string operator()(const core::Not& n) {
      if (n.body.size() == 1 && !n.closure && n.body.front().with.empty()) {
        return "not " + text.literal(n.body.front());
      }
      return none(text.inline_body(n.body));
    }
    std::string operator()(const core::Logic& g) {
      const std::string left = text.inline_body(g.left);
      const std::string right = text.inline_body(g.right);
      if (g.connective == ast::Connective::kAnd)
        return exporting::some(left) + "; " + exporting::some(right);
      return "count(array.concat([1 | " + left + "], [1 | " + right + "])) > 0";
    }
  };
  return std::visit(Visitor{*this}, l.node) + withs(l);
}

Lines Text::lines(const core::Body& body) const {
  Lines result;
  for (const core::Literal& l : body) result.push_back(literal(l));
  return result;
}

std::string Text::inline_body(const core::Body& body) const {
  return body.empty() ? "true" : joined(lines(body), "; ");
}

}  // namespace licet::lang::exporting
