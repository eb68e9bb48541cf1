// Terms replaced, moved, wrapped; operators, variables, calls and references turned into others.
#include <algorithm>
#include <set>

#include "lang/syntax/operators.h"
#include "tests/differential/mutator.h"
#include "tests/differential/signature.h"
#include "tests/differential/values.h"

namespace licet::differential {

namespace ast = lang::ast;

namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

}  // namespace

std::string Mutator::document() {
  static const std::vector<std::string> kDocuments = {"input",  "input.a",      "data",
                                                      "data.a", "data.nothing", "input.x.y"};
  const Rule* const* rule = any_of(own_.rules());
  if (rule == nullptr || random_.below(3) == 0) return random_.pick(kDocuments);
  const std::string name = name_of((*rule)->head);
  return random_.below(2) == 0 ? name : package_path(own_.module()) + "." + name;
}

std::string Mutator::edge_term() {
  static const std::vector<std::string> kEdges = {
      "null",       "true",       "false",    "_",
      "[]",         "{}",         "set()",    "[1, 2]",
      "{1, 2}",     "{\"a\": 1}", "{1: 2}",   "[[1], \"a\"]",
      "[_]",        "{1 | true}", "$\"{1}\"", "{\"a\": [1, {\"b\": 2}]}",
      "{[1], 1.5}", "-0"};
  switch (random_.below(6)) {
    case 0:
      return random_.pick(kEdges);
    case 1:
      return number_text(random_);
    case 2:
      return string_text(random_);
    case 3:
      return document();
    case 4:
      return "x" + std::to_string(random_.below(2));
    default:
      return string_for(builtin(1 + random_.below(2)), random_);
  }
}

std::string Mutator::any_term(std::size_t rule) {
  const std::size_t from = random_.below(8);
  if (from < 2) return edge_term();
  const TermPlace* place = nullptr;
  if (from < 5) {
    const auto terms = own_.terms_of(rule);
    if (!terms.empty()) return own_.text_of(*random_.pick(terms).term);
  }
  if (from < 6) place = any_of(own_.terms());
  if (place != nullptr) return own_.text_of(*place->term);
  place = any_of(donor_.terms());
  return place == nullptr ? edge_term() : donor_.text_of(*place->term);
}

std::string Mutator::variable(std::size_t rule) {
  std::set<std::string> names;
  for (const TermPlace& place : own_.terms_of(rule)) {
    if (const auto* node = std::get_if<ast::Variable>(&place.term->node)) names.insert(node->name);
  }
  if (names.empty() || random_.below(5) == 0) return "x" + std::to_string(random_.below(2));
  return *std::next(names.begin(), static_cast<std::ptrdiff_t>(random_.below(names.size())));
}

std::string Mutator::builtin(std::size_t arity) {
  std::vector<std::string_view> names;
  for (const Signature& signature : signatures()) {
    if (signature.parameters.size() == arity) names.push_back(signature.builtin->name);
  }
  return names.empty() ? "count" : std::string(random_.pick(names));
}

Edits Mutator::replaced_term() {
  const TermPlace* place = any_of(own_.terms());
  if (place == nullptr) return {};
  return {replacing(*place->term, any_term(place->rule))};
}

Edits Mutator::swapped_terms() {
  const TermPlace* place = any_of(own_.terms());
  if (place == nullptr) return {};
  const auto near = own_.terms_of(place->rule);
  const TermPlace& other = random_.pick(near);
  return {replacing(*place->term, own_.text_of(*other.term)),
          replacing(*other.term, own_.text_of(*place->term))};
}

Edits Mutator::wrapped_term() {
  const TermPlace* place = any_of(own_.terms());
  if (place == nullptr) return {};
  const std::string text = own_.text_of(*place->term);
  const std::string other = variable(place->rule);
  const std::vector<std::string> forms = {
      "[" + text + "]",
      "[" + text + "][0]",
      "[" + text + "][" + other + "]",
      "{" + text + "}",
      "{" + text + "}[" + other + "]",
      "{\"a\": " + text + "}",
      "{" + text + ": 1}",
      "{\"a\": " + text + "}.a",
      "[" + other + " | " + other + " = " + text + "]",
      "{" + text + " | true}",
      "{" + other + ": " + text + " | true}",
      "-" + text,
      "(" + text + " + 1)",
      "(" + text + " == " + any_term(place->rule) + ")",
      "(" + text + " in " + any_term(place->rule) + ")",
      "$\"{" + text + "}\"",
      text + ".a",
      text + "[0]",
      text + "[" + other + "]",
      text + "[_]",
      text + "[" + any_term(place->rule) + "]",
      builtin(1) + "(" + text + ")",
      builtin(2) + "(" + text + ", " + any_term(place->rule) + ")",
      builtin(2) + "(" + any_term(place->rule) + ", " + text + ")",
      text + "(" + any_term(place->rule) + ")",
      "object.get(" + text + ", " + any_term(place->rule) + ", null)"};
  return {replacing(*place->term, random_.pick(forms))};
}

Edits Mutator::unwrapped_term() {
  const TermPlace* place = any_of(own_.terms());
  if (place == nullptr) return {};
  std::vector<const Term*> inside;
  for (const TermPlace& part : own_.terms()) {
    const bool within = part.term != place->term && part.rule == place->rule &&
                        part.term->span.begin >= place->term->span.begin &&
                        part.term->span.end <= place->term->span.end;
    if (within) inside.push_back(part.term);
  }
  const Term* const* part = any_of(inside);
  if (part == nullptr) return {};
  return {replacing(*place->term, own_.text_of(**part))};
}

Edits Mutator::other_operator() {
  static const std::vector<std::string> kOperators = {
      "=", ":=", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "&", "|", " in "};
  const auto infixes = own_.of_kind<ast::Infix>();
  const TermPlace* place = any_of(infixes);
  if (place == nullptr) return {};
  return {{std::get<ast::Infix>(place->term->node).op_span, random_.pick(kOperators)}};
}

// One place of it.
Edits Mutator::other_variable() {
  const auto variables = own_.of_kind<ast::Variable>();
  const TermPlace* place = any_of(variables);
  if (place == nullptr) return {};
  return {replacing(*place->term, variable(place->rule))};
}

// All its places in a rule, onto another variable, the name of a rule, or a document.
Edits Mutator::renamed_variable() {
  const auto variables = own_.of_kind<ast::Variable>();
  const TermPlace* place = any_of(variables);
  if (place == nullptr) return {};
  const std::string by = random_.below(3) == 2 ? document() : variable(place->rule);
  Edits edits;
  for (const TermPlace& other : variables) {
    const bool same =
        other.rule == place->rule && std::get<ast::Variable>(other.term->node).name ==
                                         std::get<ast::Variable>(place->term->node).name;
    if (same) edits.push_back(replacing(*other.term, by));
  }
  return edits;
}

Edits Mutator::other_call() {
  const auto calls = own_.of_kind<ast::Call>();
  const TermPlace* place = any_of(calls);
  if (place == nullptr) return {};
  const auto& call = std::get<ast::Call>(place->term->node);
  std::string function = own_.text_of(*call.function);
  std::vector<std::string> arguments;
  for (const Term& argument : call.arguments) arguments.push_back(own_.text_of(argument));
  switch (random_.below(6)) {
    case 0:
    case 1:
      function = builtin(arguments.size());
      break;
    case 2:  // the answer as an argument
      arguments.push_back(random_.below(2) == 0 ? variable(place->rule) : any_term(place->rule));
      break;
    case 3:
      if (!arguments.empty()) arguments.erase(arguments.begin());
      break;
    case 4:
      random_.shuffle(arguments);
      break;
    default:
      function = document();
  }
  return {replacing(*place->term, function + "(" + joined(arguments) + ")")};
}

Edits Mutator::other_reference() {
  const auto references = own_.of_kind<ast::Reference>();
  const TermPlace* place = any_of(references);
  if (place == nullptr) return {};
  const auto& reference = std::get<ast::Reference>(place->term->node);
  std::string head = own_.text_of(*reference.head);
  std::vector<std::string> operands;
  for (const ast::Operand& operand : reference.operands) {
    const std::string text = own_.text_of(*operand.term);
    operands.push_back(operand.dotted ? "." + text : "[" + text + "]");
  }
  const std::size_t at = random_.below(operands.size());
  switch (random_.below(7)) {
    case 0:
      operands.erase(operands.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      operands[at] = "[" + variable(place->rule) + "]";
      break;
    case 2:
      operands[at] = "[" + any_term(place->rule) + "]";
      break;
    case 3:
      operands[at] = "[" + builtin(1) + "(" + any_term(place->rule) + ")]";
      break;
    case 4:
      operands.insert(operands.begin() + static_cast<std::ptrdiff_t>(at), "[_]");
      break;
    case 5:
      head = random_.below(2) == 0 ? document() : any_term(place->rule);
      break;
    default:
      random_.shuffle(operands);
  }
  for (const std::string& operand : operands) head += operand;
  return {replacing(*place->term, head)};
}

}  // namespace licet::differential
