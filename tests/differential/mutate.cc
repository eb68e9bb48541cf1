#include "tests/differential/mutate.h"

#include <cctype>
#include <nlohmann/json.hpp>

#include "tests/differential/mutator.h"
#include "tests/differential/values.h"

namespace licet::differential {

namespace ast = lang::ast;
using Json = nlohmann::json;

// A byte-level change of the text, which is seldom a module.
Edits Mutator::other_token() {
  static const std::vector<std::string> kTokens = {
      " ",          "\n",     ";",     ",",          ":",       "|",    ".",    "(",
      ")",          "[",      "]",     "{",          "}",       ":=",   "=",    "-",
      "_",          "\"",     " not ", " some ",     " every ", " in ", " if ", " else ",
      " contains ", " with ", " as ",  " default ",  "# ",      "$",    "`",    "1",
      "x",          "null",   "set()", "import x\n", " and ",   " or "};
  const std::string_view text = own_.text();
  if (text.empty()) return {};
  lang::Span span;
  span.begin = static_cast<std::uint32_t>(random_.below(text.size()));
  span.end = span.begin;
  const auto is_word = [&](std::uint32_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);  // a character is not cut apart
    return std::isalnum(byte) != 0 || byte == '_' || byte >= 0x80;
  };
  while (span.begin > 0 && is_word(span.begin) && is_word(span.begin - 1)) --span.begin;
  do {
    ++span.end;
  } while (span.end < text.size() && is_word(span.end - 1) && is_word(span.end));
  switch (random_.below(4)) {
    case 0:
      return {{span, ""}};
    case 1:
      return {{span, random_.pick(kTokens)}};
    case 2:
      return {after(span, random_.pick(kTokens))};
    default:
      return {after(span, own_.text_of(span))};
  }
}

Edits Mutator::mutation() {
  using Kind = Edits (Mutator::*)();
  static const std::vector<Kind> kKinds = {
      &Mutator::replaced_term,   &Mutator::replaced_term,     &Mutator::replaced_term,
      &Mutator::swapped_terms,   &Mutator::swapped_terms,     &Mutator::wrapped_term,
      &Mutator::wrapped_term,    &Mutator::wrapped_term,      &Mutator::unwrapped_term,
      &Mutator::other_operator,  &Mutator::other_operator,    &Mutator::other_variable,
      &Mutator::other_variable,  &Mutator::renamed_variable,  &Mutator::renamed_variable,
      &Mutator::other_call,      &Mutator::other_call,        &Mutator::other_reference,
      &Mutator::other_reference, &Mutator::dropped_literal,   &Mutator::copied_literal,
      &Mutator::copied_literal,  &Mutator::copied_literal,    &Mutator::moved_literal,
      &Mutator::moved_literal,   &Mutator::wrapped_literal,   &Mutator::wrapped_literal,
      &Mutator::wrapped_literal, &Mutator::unwrapped_literal, &Mutator::changed_with,
      &Mutator::changed_with,    &Mutator::other_head,        &Mutator::other_head,
      &Mutator::other_head,      &Mutator::added_else,        &Mutator::added_default,
      &Mutator::copied_rule,     &Mutator::copied_rule,       &Mutator::dropped_rule,
      &Mutator::spliced_bodies,  &Mutator::changed_import,    &Mutator::other_token};
  return (this->*random_.pick(kKinds))();
}

namespace {

// One value of a document replaced, or one member left out.
void change_document(Json& document, Random& random) {
  std::vector<Json*> values = {&document};
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (Json& value : *values[i]) {
      if (values[i]->is_structured()) values.push_back(&value);
    }
  }
  if (values.size() == 1) return;  // the document as a whole stays an object
  Json& chosen = *values[1 + random.below(values.size() - 1)];
  static const std::vector<std::string> kValues = {"null", "false",      "true",   "[]",   "{}",
                                                   "[[]]", "{\"a\": 1}", "[1, 2]", "\"\"", "\"a\""};
  chosen =
      random.below(3) == 2 ? Json::parse(number_text(random)) : Json::parse(random.pick(kValues));
}

// The text after one mutation. One that is no module any more counts rarely: it is about nothing
// but its first mistake.
std::string mutated_module(const std::string& text, const Places* donor, Random& random) {
  const auto own = Places::of(text);
  if (own == nullptr) return text;
  Mutator mutator(random, *own, donor == nullptr ? *own : *donor);
  const Edits edits = mutator.mutation();
  std::string other = edited(own->text(), edits);
  if (Places::of(other) == nullptr && random.below(12) != 11) return text;
  return other;
}

}  // namespace

WrittenPolicy mutated(WrittenPolicy policy, const WrittenPolicy& donor, Random& random) {
  const auto from = Places::of(random.pick(donor.modules));
  for (std::size_t n = random.below(7); n > 0; --n) {
    std::string& module = policy.modules[random.below(policy.modules.size())];
    module = mutated_module(module, from.get(), random);
  }
  for (std::string* document : {&policy.data, &policy.input}) {
    if (document->empty() || random.below(6) != 5) continue;
    Json changed = Json::parse(*document);
    change_document(changed, random);
    *document = changed.dump();
  }
  return policy;
}

namespace {

class Shortening {
 public:
  Shortening(const Places& places, Random& random) : places_(places), random_(random) {}

  std::string text() {
    for (const ast::Rule* rule : places_.rules()) {
      if (left_out()) edits_.push_back({rule->span, ""});
    }
    for (const LiteralPlace& place : places_.literals()) {
      if (left_out()) edits_.push_back({place.literal->span, "true"});
    }
    for (const TermPlace& place : places_.terms()) shorten(*place.term);
    return edited(places_.text(), std::move(edits_));
  }

 private:
  bool left_out() { return random_.below(120) == 0; }

  void shorten(const ast::Term& term) {
    if (const auto* array = std::get_if<ast::Array>(&term.node)) {
      return elements(term, array->elements, "[", "]");
    }
    if (const auto* set = std::get_if<ast::Set>(&term.node)) {
      return elements(term, set->elements, "{", "}");
    }
    if (const auto* object = std::get_if<ast::Object>(&term.node)) return entries(term, *object);
  }

  void elements(const ast::Term& term, const std::vector<ast::Term>& all, const char* open,
                const char* close) {
    std::string kept;
    std::size_t count = 0;
    for (const ast::Term& element : all) {
      if (left_out()) continue;
      kept += (kept.empty() ? "" : ", ") + places_.text_of(element);
      ++count;
    }
    if (count == all.size()) return;
    const bool is_empty_set = kept.empty() && *open == '{';
    edits_.push_back({term.span, is_empty_set ? "set()" : open + kept + close});
  }

  void entries(const ast::Term& term, const ast::Object& object) {
    std::string kept;
    std::size_t count = 0;
    for (const auto& [key, value] : object.entries) {
      if (left_out()) continue;
      kept += (kept.empty() ? "" : ", ") + places_.text_of(key) + ": " + places_.text_of(value);
      ++count;
    }
    if (count < object.entries.size()) edits_.push_back({term.span, "{" + kept + "}"});
  }

  const Places& places_;
  Random& random_;
  std::vector<Edit> edits_;
};

// Without some members of its objects, up to two levels down.
Json shortened_document(const Json& document, Random& random, int depth) {
  if (!document.is_object() || depth == 0) return document;
  Json kept = Json::object();
  for (const auto& [key, value] : document.items()) {
    if (random.below(120) != 0) kept[key] = shortened_document(value, random, depth - 1);
  }
  return kept;
}

}  // namespace

WrittenPolicy shortened(WrittenPolicy policy, Random& random) {
  for (std::string& module : policy.modules) {
    const auto places = Places::of(module);
    if (places == nullptr) continue;
    const std::string other = Shortening(*places, random).text();
    if (Places::of(other) != nullptr) module = other;
  }
  constexpr int kLevels = 3;
  for (std::string* document : {&policy.data, &policy.input}) {
    if (document->empty()) continue;
    *document = shortened_document(Json::parse(*document), random, kLevels).dump();
  }
  return policy;
}

}  // namespace licet::differential
