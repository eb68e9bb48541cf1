// Rules: heads, bodies, else, default.
#include <algorithm>

#include "eval/builtins.h"
#include "lang/syntax/convert.h"

namespace licet::lang {

using cst::Kind;

namespace {

ast::TermPtr boxed(ast::Term term) { return std::make_unique<ast::Term>(std::move(term)); }

bool is_document(std::string_view name) { return name == "input" || name == "data"; }

// The first part of a term that is not constant; comprehensions count as constant: they have a
// scope of their own. `whole_references`: a reference is variable even if its operands are not.
struct FindVariable {
  bool whole_references;
  bool templates = false;  // count, whatever they show

  const ast::Term* in(const ast::Term& term) const {
    return std::visit([&](const auto& node) { return find(node, term); }, term.node);
  }

  template <typename Node>
  const ast::Term* find(const Node&, const ast::Term&) const {
    return nullptr;  // scalars and comprehensions
  }
  const ast::Term* find(const ast::Variable& variable, const ast::Term& term) const {
    return !whole_references && is_document(variable.name) ? nullptr : &term;
  }
  const ast::Term* find(const ast::Reference& reference, const ast::Term& term) const {
    return whole_references ? &term : in_operands(reference);
  }
  const ast::Term* find(const ast::Call& call, const ast::Term& term) const {
    return whole_references ? &term : in_all(call.arguments);
  }
  const ast::Term* find(const ast::Infix& infix, const ast::Term& term) const {
    if (whole_references) return &term;
    const ast::Term* found = in(*infix.left);
    return found != nullptr ? found : in(*infix.right);
  }
  const ast::Term* find(const ast::Negative&, const ast::Term& term) const { return &term; }
  const ast::Term* find(const ast::Membership&, const ast::Term& term) const { return &term; }
  const ast::Term* find(const ast::Array& array, const ast::Term&) const {
    return in_all(array.elements);
  }
  const ast::Term* find(const ast::Set& set, const ast::Term&) const {
    return in_all(set.elements);
  }
  const ast::Term* find(const ast::Object& object, const ast::Term&) const {
    for (const auto& [key, value] : object.entries) {
      if (const ast::Term* found = in(key)) return found;
      if (const ast::Term* found = in(value)) return found;
    }
    return nullptr;
  }
  const ast::Term* find(const ast::TemplateString& text, const ast::Term& term) const {
    if (templates) return &term;
    for (const auto& part : text.parts) {
      const auto* expression = std::get_if<ast::TemplateString::Expression>(&part);
      if (expression == nullptr) continue;
      if (const ast::Term* found = in(*expression->term)) return found;
    }
    return nullptr;
  }
  const ast::Term* in_operands(const ast::Reference& reference) const {
    for (const ast::Operand& operand : reference.operands) {
      if (const ast::Term* found = in(*operand.term)) return found;
    }
    return nullptr;
  }
  const ast::Term* in_all(const std::vector<ast::Term>& terms) const {
    for (const ast::Term& term : terms) {
      if (const ast::Term* found = in(term)) return found;
    }
    return nullptr;
  }
};

}  // namespace

struct Converter::RuleParts {
  View name;  // with its operands and arguments
  std::optional<View> assignment;
  std::optional<View> value;  // after := or =, or after contains
  std::optional<View> contains;
  std::optional<View> body;
  std::vector<View> elses;
  std::vector<View> more_bodies;
};

Converter::RuleParts Converter::parts_of(View view) const {
  RuleParts parts{view.first(), {}, {}, {}, {}, {}, {}};
  for (View child : view) {
    switch (child.kind()) {
      case Kind::kAssignOp:
        parts.assignment = child;
        break;
      case Kind::kValue:
        parts.value = child;
        break;
      case Kind::kContains:
        parts.contains = child;
        parts.value = child.first();
        break;
      case Kind::kLiteral:
        parts.body = child;
        break;
      case Kind::kElse:
        parts.elses.push_back(child);
        break;
      case Kind::kBlock:
        parts.more_bodies.push_back(child);
        break;
      default:
        break;
    }
  }
  return parts;
}

void Converter::set_head_reference(ast::RuleHead& head, View view) {
  auto it = view.begin();
  head.ref = primary(*it);
  for (++it; it != view.end(); ++it) {
    if (head.arguments) {
      fail(span(*it), "the name of a function ends with its arguments", "", view.begin_offset());
    }
    if ((*it).is(Kind::kArguments)) {
      head.arguments = arguments(*it);
      if (head.arguments->empty() && text_of(view.first()) == "set" && it == ++view.begin()) {
        fail(view, "`set()` is the empty set, and not the name of a rule");
      }
    } else {
      head.ref = with_suffix(std::move(head.ref), *it);
    }
  }
}

ast::RuleHead Converter::head(const RuleParts& parts) {
  ast::RuleHead head;
  set_head_reference(head, parts.name);
  head.span = span(parts.name);
  if (parts.value) {
    head.value = boxed(value(*parts.value));
    head.span.end = parts.value->end_offset();
  }
  if (parts.assignment && text_of(*parts.assignment) == "=") {
    head.assignment = ast::Operator::kUnify;
  }
  if (parts.contains) {
    head.kind = ast::HeadKind::kContains;
    if (head.arguments) {
      fail(span(parts.name), "a function cannot be a set", "leave out `contains`",
           parts.contains->begin_offset());
    }
  }
  return head;
}

// Without `if` a head needs a value, `contains`, or arguments (a function that answers true).
void Converter::check_without_body(const RuleParts& parts, const ast::RuleHead& head) const {
  const auto refuse = [&](std::string message, std::string help) {
    throw SyntaxError{Code::kIncompleteRule,
                      parts.name.begin_offset(),
                      parts.name.end_offset(),
                      std::move(message),
                      "",
                      std::move(help)};
  };
  const std::string name(
      text_.substr(head.ref.span.begin, head.ref.span.end - head.ref.span.begin));
  const std::uint32_t name_end = parts.name.first().end_offset();
  const bool has_gap = name_end < parts.name.end_offset() &&
                       std::string_view(".[(").find(text_[name_end]) == std::string_view::npos;
  if (has_gap && !parts.contains) {
    refuse("rule `" + std::string(text_of(parts.name.first())) + "` needs a value or a body",
           "write `:= value` or `if ...`");
  }
  if (parts.value) return;
  if (!head.arguments) {
    const auto* reference = std::get_if<ast::Reference>(&head.ref.node);
    const auto near =
        suggestion(name, {"because", "controls", "obliges", "schema", "permit", "forbid"});
    const bool is_old_set = reference != nullptr && reference->operands.size() == 1;
    refuse("rule `" + name + "` needs a value or a body",
           is_old_set ? "write `name contains element` for an element of a set"
           : near     ? "did you mean `" + *near + "`?"
                      : "write `:= value` or `if ...`");
  }
  if (head.arguments->empty()) refuse("function `" + name + "` needs a value", "");
  if (find_builtin(name) != nullptr) {
    refuse("`" + name + "` is the name of a builtin function", "");
  }
}

void Converter::check_else(View view, const ast::RuleHead& head) const {
  const auto* reference = std::get_if<ast::Reference>(&head.ref.node);
  bool has_many_values = head.kind == ast::HeadKind::kContains;
  if (reference != nullptr) {
    // p[input.x] counts as a partial object in OPA, p[input.x].y does not.
    const bool is_keyed = reference->operands.size() == 1 && !head.arguments;
    has_many_values = has_many_values ||
                      FindVariable{.whole_references = is_keyed, .templates = true}.in_operands(
                          *reference) != nullptr;
  }
  if (!has_many_values) return;
  fail({source_, view.begin_offset(), view.begin_offset() + 4},
       "`else` cannot follow a rule for many values",
       "`else` is for rules with one value: no `contains` and no variable in the head");
}

void Converter::rule(View view, std::vector<ast::Declaration>& out) {
  const RuleParts parts = parts_of(view);
  ast::Rule rule;
  rule.head = head(parts);
  rule.span = span(view);
  if (!parts.body) check_without_body(parts, rule.head);
  if (parts.body) rule.body = if_body(*parts.body);
  if (!parts.elses.empty()) check_else(parts.elses.front(), rule.head);
  for (std::size_t i = 0; i < parts.elses.size(); ++i) {
    rule.elses.push_back(else_clause(parts.elses[i]));
    if (rule.elses.back().body.empty() && i + 1 < parts.elses.size()) {
      fail(parts.elses[i + 1], "`else` after an `else` that always holds");
    }
  }
  if (!parts.elses.empty() && !parts.more_bodies.empty()) {
    fail(parts.more_bodies[0], "expected `else`, found another body");
  }
  if (!parts.more_bodies.empty()) rule.span.end = parts.body->end_offset();
  out.emplace_back(std::move(rule));
  for (View body : parts.more_bodies) {
    ast::Rule next;
    next.head = head(parts);
    next.body = block(body);
    next.span = span(body);
    out.emplace_back(std::move(next));
  }
}

ast::Else Converter::else_clause(View view) {
  ast::Else result;
  result.span = span(view);
  for (View child : view) {
    if (child.is(Kind::kValue)) result.value = boxed(value(child));
    if (child.is(Kind::kAssignOp) && text_of(child) == "=") {
      result.assignment = ast::Operator::kUnify;
    }
    if (child.is(Kind::kLiteral) || child.is(Kind::kBlock)) result.body = if_body(child);
  }
  return result;
}

ast::Rule Converter::default_rule(View view) {
  const RuleParts parts = parts_of(view);
  ast::Rule rule;
  rule.is_default = true;
  rule.head = head(parts);
  rule.span = span(view);
  check_default(rule);
  return rule;
}

void Converter::check_default(const ast::Rule& rule) const {
  const auto refuse = [&rule](Span at, std::string message, std::string help) {
    throw SyntaxError{Code::kDefaultValue, at.begin,       at.end, std::move(message), "",
                      std::move(help),     rule.span.begin};
  };
  const auto* reference = std::get_if<ast::Reference>(&rule.head.ref.node);
  if (!rule.head.value && !rule.head.arguments && reference != nullptr &&
      reference->operands.size() == 1) {
    refuse(rule.span, "a default needs a value", "write `default name := value`");
  }
  if (rule.head.value) {
    if (const ast::Term* found = FindVariable{true}.in(*rule.head.value)) {
      refuse(found->span, "the value of a default cannot hold a " + std::string(kind_name(*found)),
             "a default is a constant; conditions and computed values need a rule");
    }
  }
  if (!rule.head.arguments) return;
  std::vector<std::string_view> names;
  for (const ast::Term& argument : *rule.head.arguments) {
    const auto* variable = std::get_if<ast::Variable>(&argument.node);
    if (variable == nullptr || is_document(variable->name)) {
      refuse(argument.span, "the arguments of a default function are variables", "");
    }
    if (std::find(names.begin(), names.end(), variable->name) != names.end()) {
      refuse(argument.span, "argument `" + variable->name + "` stands twice", "");
    }
    if (variable->name != "_") names.push_back(variable->name);
  }
}

}  // namespace licet::lang
