// Rules turned into others: heads, `else`, `default`; copied, dropped, with the body of another.
#include "tests/differential/mutator.h"

namespace licet::differential {

namespace ast = lang::ast;

// The head of a rule in one of the forms that heads have.
std::string Mutator::head_of(const Rule& rule, std::size_t index, std::size_t form) {
  const std::string name = name_of(rule.head);
  const std::string value = rule.head.value ? own_.text_of(*rule.head.value) : any_term(index);
  const std::string key = random_.below(2) == 0 ? variable(index) : any_term(index);
  const std::vector<std::string> forms = {
      name,
      name + " := " + value,
      name + " = " + value,
      name + " contains " + value,
      name + "[" + key + "]",
      name + "[" + key + "] := " + value,
      name + "[" + key + "] contains " + value,
      name + "[" + key + "].a := " + value,
      name + ".a := " + value,
      name + ".a[" + key + "] := " + value,
      name + ".a contains " + value,
      name + ".a.b := " + value,
      name + "(" + key + ") := " + value,
      name + "(" + key + ")",
      name + "(" + key + ", " + any_term(index) + ") := " + value,
      name + ".a(" + key + ") := " + value,
      name + "[\"a\"] := " + value,
      name + "[" + key + "][" + variable(index) + "] := " + value};
  return forms[form % forms.size()];
}

Edits Mutator::other_head() {
  if (own_.rules().empty()) return {};
  const std::size_t chosen = random_.below(own_.rules().size());
  const std::size_t form = random_.below(18);
  const std::string name = name_of(own_.rules()[chosen]->head);
  const bool all_alike = random_.below(2) == 1;
  Edits edits;
  for (std::size_t index = 0; index < own_.rules().size(); ++index) {
    const Rule& rule = *own_.rules()[index];
    const bool same = index == chosen || (all_alike && name_of(rule.head) == name);
    if (same) edits.push_back({rule.head.span, head_of(rule, index, form)});
  }
  return edits;
}

Edits Mutator::added_else() {
  if (own_.rules().empty()) return {};
  const std::size_t index = random_.below(own_.rules().size());
  std::string text = " else := " + any_term(index);
  const LiteralPlace* place = any_of(own_.literals());
  if (place != nullptr && random_.below(2) == 1) {
    text += " if { " + own_.text_of(place->literal->span) + " }";
  }
  return {after(own_.rules()[index]->span, text)};
}

Edits Mutator::added_default() {
  if (own_.rules().empty()) return {};
  const std::size_t index = random_.below(own_.rules().size());
  const Rule& rule = *own_.rules()[index];
  std::string head = name_of(rule.head);
  if (rule.head.arguments) {
    std::string parameters;
    for (std::size_t i = 0; i < rule.head.arguments->size(); ++i) {
      parameters += i == 0 ? "_" : ", _";
    }
    head += "(" + parameters + ")";
  } else if (random_.below(3) == 2) {
    head = own_.text_of(rule.head.ref);
  }
  return {before(rule.span, "default " + head + " := " + any_term(index) + "\n\n")};
}

// A rule once more: with another name, another value, or as it is; or one of the donor.
Edits Mutator::copied_rule() {
  if (own_.rules().empty()) return {};
  const std::size_t index = random_.below(own_.rules().size());
  const Rule& rule = *own_.rules()[index];
  const Rule& beside = *random_.pick(own_.rules());
  const Rule* const* foreign = any_of(donor_.rules());
  if (foreign != nullptr && random_.below(3) == 2) {
    return {after(beside.span, "\n\n" + donor_.text_of((*foreign)->span) + "\n")};
  }
  const std::string text = own_.text_of(rule.span);
  if (rule.is_default) return {after(beside.span, "\n\n" + text + "\n")};
  const std::size_t head_length = rule.head.span.end - rule.head.span.begin;
  std::string head = own_.text_of(rule.head.span);
  const std::string name = name_of(rule.head);
  if (random_.below(2) == 0) {
    head = head_of(rule, index, random_.below(18));
  } else if (head.starts_with(name)) {
    head = name_of(beside.head) + head.substr(name.size());
  }
  return {after(beside.span, "\n\n" + head + text.substr(head_length) + "\n")};
}

Edits Mutator::dropped_rule() {
  if (own_.rules().size() < 2) return {};
  return {{random_.pick(own_.rules())->span, ""}};
}

// The literals of another rule's body, of the module or of the donor, before those of this one.
Edits Mutator::spliced_bodies() {
  if (own_.rules().empty()) return {};
  const Rule& rule = *random_.pick(own_.rules());
  const Places& from = random_.below(2) == 0 ? own_ : donor_;
  const Rule* const* other = any_of(from.rules());
  if (other == nullptr || rule.body.empty()) return {};
  std::string text;
  for (const ast::Literal& literal : (*other)->body) text += from.text_of(literal.span) + "; ";
  return {before(rule.body.front().span, text)};
}

Edits Mutator::changed_import() {
  static const std::vector<std::string> kImports = {"import rego.v2",
                                                    "import rego.v1",
                                                    "import data.a",
                                                    "import input.a as x",
                                                    "import data.a as b",
                                                    "import future.keywords.not",
                                                    "import future.keywords.or",
                                                    "import future.keywords.and"};
  const std::vector<ast::Import>& imports = own_.module().imports;
  if (!imports.empty() && random_.below(3) == 0) return {{random_.pick(imports).span, ""}};
  return {after(own_.module().package.span, "\n\n" + random_.pick(kImports) + "\n")};
}

}  // namespace licet::differential
