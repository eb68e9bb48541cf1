#include "tests/differential/rewrite_syntax.h"

#include <algorithm>
#include <map>
#include <set>

#include "tests/differential/places.h"

namespace licet::differential {
namespace {

namespace ast = lang::ast;

bool is_variable(const ast::Term& term, const std::string& name) {
  const auto* variable = std::get_if<ast::Variable>(&term.node);
  return variable != nullptr && variable->name == name;
}

bool is_inside(const lang::Span& inner, const lang::Span& outer) {
  return outer.begin <= inner.begin && inner.end <= outer.end;
}

// The smallest one around a place; null: it stands in a head.
const ast::Literal* literal_around(const Places& places, const lang::Span& span) {
  const ast::Literal* nearest = nullptr;
  for (const LiteralPlace& place : places.literals()) {
    const bool is_around = is_inside(span, place.literal->span);
    if (is_around && (nearest == nullptr || is_inside(place.literal->span, nearest->span))) {
      nearest = place.literal;
    }
  }
  return nearest;
}

const ast::Term* parameter_around(const ast::Rule& rule, const lang::Span& span) {
  if (!rule.head.arguments) return nullptr;
  for (const ast::Term& parameter : *rule.head.arguments) {
    if (is_inside(span, parameter.span)) return &parameter;
  }
  return nullptr;
}

bool stands_in(const Places& places, const std::string& name, const lang::Span& span) {
  for (const TermPlace& place : places.terms()) {
    if (is_variable(*place.term, name) && is_inside(place.term->span, span)) return true;
  }
  return false;
}

lang::Span end_of(lang::Span span) {
  span.begin = span.end;
  return span;
}
lang::Span begin_of(lang::Span span) {
  span.end = span.begin;
  return span;
}

// The pattern of `some ... in` that a place is a part of.
const ast::Term* pattern_around(const ast::Literal& literal, const lang::Span& span) {
  const auto* some = std::get_if<ast::SomeIn>(&literal.node);
  if (some == nullptr) return nullptr;
  if (some->key && is_inside(span, some->key->span)) return some->key.get();
  return is_inside(span, some->value->span) ? some->value.get() : nullptr;
}

// x79 = part; literal with x79. What `some` declares is matched after it.
std::vector<Edit> made_before(const Places& places, const ast::Literal& literal,
                              const ast::Term& part) {
  const std::string made = "x79 = " + places.text_of(part);
  const ast::Term* pattern = pattern_around(literal, part.span);
  if (pattern == nullptr) return {{begin_of(literal.span), made + "; "}, {part.span, "x79"}};
  std::string matched = places.text_of(*pattern);
  matched.replace(part.span.begin - pattern->span.begin, part.span.end - part.span.begin, "x79");
  return {{pattern->span, "x77"}, {end_of(literal.span), "; " + made + "; x77 = " + matched}};
}

// Calls `change` with each module that can be parsed; gives the modules after each edit it makes.
template <class Change>
std::vector<Modules> one_by_one(const Modules& modules, const Change& change) {
  std::vector<Modules> all;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const auto places = Places::of(modules[i]);
    if (places == nullptr) continue;
    for (const std::vector<Edit>& edits : change(*places)) {
      Modules changed = modules;
      changed[i] = edited(places->text(), edits);
      all.push_back(std::move(changed));
    }
  }
  return all;
}

template <class Change>
Modules each_changed(const Modules& modules, const Change& change) {
  Modules result = modules;
  for (std::string& module : result) {
    const auto places = Places::of(module);
    if (places != nullptr) module = edited(places->text(), change(*places));
  }
  return result;
}

// How many parameters the functions of the modules have, by their names.
std::map<std::string, std::size_t> functions_of(const Modules& modules) {
  std::map<std::string, std::size_t> functions;
  for (const std::string& module : modules) {
    const auto places = Places::of(module);
    if (places == nullptr) continue;
    for (const ast::Rule* rule : places->rules()) {
      if (!rule->head.arguments) continue;
      functions[dotted_name(rule->head.ref)] = rule->head.arguments->size();
      functions[package_path(places->module()) + "." + dotted_name(rule->head.ref)] =
          rule->head.arguments->size();
    }
  }
  return functions;
}

// A constant that is no composite.
bool is_scalar(const ast::Term& term) {
  return std::holds_alternative<ast::String>(term.node) ||
         std::holds_alternative<ast::Number>(term.node) ||
         std::holds_alternative<ast::Boolean>(term.node) ||
         std::holds_alternative<ast::Null>(term.node);
}

bool replaces_functions(const ast::Literal& literal) {
  return std::any_of(literal.with.begin(), literal.with.end(), [](const ast::With& with) {
    const std::string target = dotted_name(with.target);
    return target != "input" && !target.starts_with("input.");
  });
}

// The first key of a default's head that is no constant; null: all are.
const ast::Term* computed_key(const ast::Rule& rule) {
  const auto* reference = std::get_if<ast::Reference>(&rule.head.ref.node);
  if (!rule.is_default || reference == nullptr) return nullptr;
  for (const ast::Operand& key : reference->operands) {
    if (!is_scalar(*key.term)) return key.term.get();
  }
  return nullptr;
}

}  // namespace

std::vector<Modules> with_variable_used(const Modules& modules, const std::string& name) {
  const std::string use = name + " == " + name;
  return one_by_one(modules, [&](const Places& places) {
    std::vector<std::vector<Edit>> all;
    for (const TermPlace& place : places.terms()) {
      if (!is_variable(*place.term, name)) continue;
      if (const ast::Literal* literal = literal_around(places, place.term->span)) {
        all.push_back({{end_of(literal->span), "; " + use}});
        continue;
      }
      const ast::Rule& rule = *places.rules()[place.rule];
      const ast::Term* parameter = parameter_around(rule, place.term->span);
      if (parameter == nullptr) continue;
      const std::string text = "x79 = " + places.text_of(*parameter) + "; " + use;
      if (rule.body.empty()) {
        all.push_back({{parameter->span, "x79"}, {end_of(rule.head.span), " if { " + text + " }"}});
      } else {
        all.push_back({{parameter->span, "x79"}, {begin_of(rule.body.front().span), text + "; "}});
      }
    }
    return all;
  });
}

std::vector<Modules> with_part_before(const Modules& modules, const std::string& name) {
  return one_by_one(modules, [&](const Places& places) {
    std::vector<const ast::Term*> parts;
    for (const TermPlace& place : places.terms()) {
      if (const auto* object = std::get_if<ast::Object>(&place.term->node)) {
        for (const auto& entry : object->entries) parts.push_back(&entry.key);
      } else if (const auto* reference = std::get_if<ast::Reference>(&place.term->node)) {
        if (is_variable(*reference->head, name)) parts.push_back(place.term);
      } else if (std::holds_alternative<ast::Set>(place.term->node)) {
        parts.push_back(place.term);
      }
    }
    std::vector<std::vector<Edit>> all;
    for (const ast::Term* part : parts) {
      const ast::Literal* literal = literal_around(places, part->span);
      if (literal == nullptr || !stands_in(places, name, part->span)) continue;
      all.push_back(made_before(places, *literal, *part));
    }
    return all;
  });
}

Modules without_repeated_literals(const Modules& modules) {
  return each_changed(modules, [](const Places& places) {
    std::vector<Edit> edits;
    std::set<std::pair<const ast::Body*, std::string>> seen;
    for (const LiteralPlace& place : places.literals()) {
      const std::string text = places.text_of(place.literal->span);
      if (!seen.emplace(place.body, text).second) edits.push_back({place.literal->span, "true"});
    }
    return edits;
  });
}

Modules without_answers_as_arguments(const Modules& modules) {
  const std::map<std::string, std::size_t> functions = functions_of(modules);
  return each_changed(modules, [&](const Places& places) {
    std::vector<Edit> edits;
    for (const TermPlace& place : places.of_kind<ast::Call>()) {
      const auto& call = std::get<ast::Call>(place.term->node);
      const auto known = functions.find(dotted_name(*call.function));
      if (known == functions.end() || call.arguments.size() != known->second + 1) continue;
      lang::Span last = call.arguments.back().span;
      edits.push_back({begin_of(place.term->span), places.text_of(last) + " = "});
      if (call.arguments.size() > 1) last.begin = call.arguments.rbegin()[1].span.end;
      edits.push_back({last, ""});
    }
    return edits;
  });
}

Modules without_replaced_entries(const Modules& modules) {
  return each_changed(modules, [](const Places& places) {
    std::vector<Edit> edits;
    for (const TermPlace& place : places.of_kind<ast::Object>()) {
      const auto& entries = std::get<ast::Object>(place.term->node).entries;
      std::set<std::string> later;
      for (std::size_t i = entries.size(); i-- > 0;) {
        const ast::Term& key = entries[i].key;
        if (!is_scalar(key) || later.insert(places.text_of(key)).second) continue;
        lang::Span entry = key.span;
        entry.end = entries[i + 1].key.span.begin;  // the last of its key is never left out
        edits.push_back({entry, ""});
      }
    }
    return edits;
  });
}

Modules with_conditions_compared(const Modules& modules) {
  return each_changed(modules, [](const Places& places) {
    std::vector<Edit> edits;
    for (const LiteralPlace& place : places.literals()) {
      if (!replaces_functions(*place.literal)) continue;
      const auto* negation = std::get_if<ast::Not>(&place.literal->node);
      const ast::Literal* condition = place.literal;
      if (negation != nullptr && negation->body.size() == 1) condition = &negation->body.front();
      const auto* expression = std::get_if<ast::Expression>(&condition->node);
      if (expression == nullptr || !std::holds_alternative<ast::Call>(expression->term.node)) {
        continue;
      }
      const std::string call = places.text_of(expression->term);
      edits.push_back({expression->term.span, "[1 | " + call + " != false] != []"});
    }
    return edits;
  });
}

Modules with_sets_made_anew(const Modules& modules) {
  return each_changed(modules, [](const Places& places) {
    std::vector<Edit> edits;
    for (const TermPlace& place : places.of_kind<ast::Set>()) {
      edits.push_back({begin_of(place.term->span), "("});
      edits.push_back({end_of(place.term->span), " | set())"});
    }
    return edits;
  });
}

Modules with_template_keys_before(const Modules& modules) {
  return each_changed(modules, [](const Places& places) {
    std::vector<Edit> edits;
    std::set<const ast::Literal*> changed;
    for (const TermPlace& place : places.of_kind<ast::Reference>()) {
      for (const ast::Operand& key : std::get<ast::Reference>(place.term->node).operands) {
        const ast::Literal* literal = literal_around(places, key.term->span);
        const bool is_template = std::holds_alternative<ast::TemplateString>(key.term->node);
        if (!is_template || literal == nullptr || !changed.insert(literal).second) continue;
        for (Edit& edit : made_before(places, *literal, *key.term))
          edits.push_back(std::move(edit));
      }
    }
    return edits;
  });
}

Modules with_default_keys_before(const Modules& modules) {
  return each_changed(modules, [](const Places& places) {
    std::vector<Edit> edits;
    for (const ast::Rule* rule : places.rules()) {
      const ast::Term* key = computed_key(*rule);
      if (key == nullptr) continue;
      lang::Span name = rule->head.ref.span;
      name.end = key->span.begin;
      std::string prefix = places.text_of(name);
      prefix.resize(prefix.rfind('['));
      const std::string value = rule->head.value ? places.text_of(*rule->head.value) : "true";
      edits.push_back(
          {rule->span, prefix + " := " + value + " if { x79 = " + places.text_of(*key) + " }"});
    }
    return edits;
  });
}

Modules without_defaults_of_keys(const Modules& modules) {
  return each_changed(modules, [](const Places& places) {
    std::vector<Edit> edits;
    for (const ast::Rule* rule : places.rules()) {
      if (computed_key(*rule) != nullptr) edits.push_back({rule->span, ""});
    }
    return edits;
  });
}

}  // namespace licet::differential
