// Literals dropped, copied, moved, wrapped and unwrapped; `with` added and changed.
#include <algorithm>

#include "tests/differential/mutator.h"

namespace licet::differential {

namespace ast = lang::ast;

std::string Mutator::new_literal(std::size_t rule) {
  const std::string term = any_term(rule);
  const std::string name = variable(rule);
  const std::vector<std::string> forms = {
      term,
      "not " + term,
      name + " = " + term,
      name + " := " + term,
      term + " == " + any_term(rule),
      "some " + name + " in " + term,
      "some " + name + ", x in " + term,
      "some " + name,
      any_term(rule) + " in " + term,
      term + "[" + name + "]",
      term + "[" + name + "] = " + any_term(rule),
      "every " + name + " in " + term + " { " + any_term(rule) + " }",
      "walk(" + term + ", [x, " + name + "])",
      term + " = " + any_term(rule),
      builtin(1) + "(" + term + ", " + name + ")"};
  return random_.pick(forms);
}

std::string Mutator::with_clause(std::size_t rule) {
  std::string target;
  switch (random_.below(5)) {
    case 0:
      target = "input";
      break;
    case 1:
      target = "input.a";
      break;
    case 2:
      target = document();
      break;
    case 3:
      target = builtin(1 + random_.below(2));
      break;
    default:
      target = package_path(own_.module()) + ".a";
  }
  return " with " + target + " as " + (random_.below(5) == 4 ? builtin(1) : any_term(rule));
}

Edits Mutator::dropped_literal() {
  const LiteralPlace* place = any_of(own_.literals());
  if (place == nullptr) return {};
  return {{place->literal->span, "true"}};
}

// One more literal before or after one: of the module, of the donor, or a new one.
Edits Mutator::copied_literal() {
  const LiteralPlace* place = any_of(own_.literals());
  if (place == nullptr) return {};
  std::string text;
  const std::size_t from = random_.below(4);
  if (from == 0) text = own_.text_of(any_of(own_.literals())->literal->span);
  if (from == 1 && !donor_.literals().empty()) {
    text = donor_.text_of(random_.pick(donor_.literals()).literal->span);
  }
  if (text.empty()) text = new_literal(place->rule);
  return {random_.below(2) == 0 ? before(place->literal->span, text + "; ")
                                : after(place->literal->span, "; " + text)};
}

Edits Mutator::moved_literal() {
  const LiteralPlace* one = any_of(own_.literals());
  if (one == nullptr) return {};
  const LiteralPlace& other = random_.pick(own_.literals());
  const std::string text = own_.text_of(one->literal->span);
  if (random_.below(2) == 0) {
    return {{one->literal->span, own_.text_of(other.literal->span)}, {other.literal->span, text}};
  }
  return {{one->literal->span, "true"}, before(other.literal->span, text + "; ")};
}

Edits Mutator::wrapped_literal() {
  const LiteralPlace* place = any_of(own_.literals());
  if (place == nullptr) return {};
  const std::string text = own_.text_of(place->literal->span);
  const std::string name = variable(place->rule);
  const std::string term = any_term(place->rule);
  const std::string other = new_literal(place->rule);
  const std::vector<std::string> forms = {
      "not " + text,
      text + with_clause(place->rule),
      "every " + name + " in " + term + " { " + text + " }",
      "every k, " + name + " in " + term + " { " + text + "; " + other + " }",
      "some " + name + " in " + term + "; " + text,
      name + " = [" + any_term(place->rule) + " | " + text + "]",
      name + " := {" + any_term(place->rule) + " | " + text + "}",
      name + " = {" + any_term(place->rule) + ": " + any_term(place->rule) + " | " + text + "}",
      "count([1 | " + text + "]) > 0",
      "{" + name + " | " + text + "}[" + name + "]",
      "some " + name + " in [" + any_term(place->rule) + " | " + text + "]",
      "not { " + text + "; " + other + " }",
      "{ " + text + " } or { " + other + " }",
      "{ " + text + " } and { " + other + " }",
      "not count([" + any_term(place->rule) + " | " + text + "]) == 0"};
  return {{place->literal->span, random_.pick(forms)}};
}

// A body inside a literal becomes literals of the body around it.
Edits Mutator::unwrapped_literal() {
  std::vector<const LiteralPlace*> inner;
  for (const LiteralPlace& place : own_.literals()) {
    const bool is_inside =
        std::any_of(own_.literals().begin(), own_.literals().end(), [&](const LiteralPlace& other) {
          return other.literal != place.literal &&
                 other.literal->span.begin <= place.literal->span.begin &&
                 place.literal->span.end <= other.literal->span.end;
        });
    if (is_inside) inner.push_back(&place);
  }
  const LiteralPlace* const* chosen = any_of(inner);
  if (chosen == nullptr) return {};
  const lang::Span within = (*chosen)->literal->span;
  for (const LiteralPlace& outer : own_.literals()) {
    const lang::Span around = outer.literal->span;
    if (around == within || around.begin > within.begin || within.end > around.end) continue;
    return {{around, own_.text_of(within)}};
  }
  return {};
}

Edits Mutator::changed_with() {
  const LiteralPlace* place = any_of(own_.literals());
  if (place == nullptr) return {};
  const ast::With* const* with = any_of(own_.withs());
  if (with == nullptr || random_.below(2) == 0) {
    return {after(place->literal->span, with_clause(place->rule))};
  }
  if (random_.below(3) == 0) return {{(*with)->span, ""}};
  const std::string clause = with_clause(place->rule);
  if (random_.below(2) == 0) return {{(*with)->span, clause.substr(1)}};
  return {{(*with)->target.span, own_.text_of((*any_of(own_.withs()))->target.span)}};
}

}  // namespace licet::differential
