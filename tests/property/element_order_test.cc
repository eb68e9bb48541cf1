// Forbids over every short list of elements that are true, false or unknown: the three values are
// those of Kleene's tables, so that no order of elements or literals matters.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/compile.h"
#include "lang/rego_export.h"

namespace licet::property {
namespace {

enum class Truth { kFalse, kUnknown, kTrue };

Truth negated(Truth truth) {
  return truth == Truth::kUnknown ? truth : truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

// What an element is for `to_number(e.text) > 3` and for `level(e) > 3`, and its size likewise.
struct Element {
  const char* json;
  Truth text;
  Truth level;
  Truth size;
  bool conflicts = false;  // the export ends there
};

constexpr Truth kF = Truth::kFalse;
constexpr Truth kU = Truth::kUnknown;
constexpr Truth kT = Truth::kTrue;

const Element kElements[] = {
    {R"({"text": "5", "levels": ["5"], "size": "5"})", kT, kT, kT},
    {R"({"text": "1", "levels": ["1"], "size": "x"})", kF, kF, kU},
    {R"({"text": "x", "levels": ["x"], "size": "1"})", kU, kU, kF},
    {R"({"text": "x", "levels": ["1", "2"], "size": "x"})", kU, kU, kU, true},
    {R"({"text": "1", "levels": [], "size": "5"})", kF, kF, kT},
};

using List = std::vector<Element>;
using Of = Truth Element::*;

Truth all(const List& list, Of of) {
  Truth truth = Truth::kTrue;
  for (const Element& e : list) truth = std::min(truth, e.*of);
  return truth;
}

Truth any(const List& list, Of of) {
  Truth truth = Truth::kFalse;
  for (const Element& e : list) truth = std::max(truth, e.*of);
  return truth;
}

Truth any_of_both(const List& list) {
  Truth truth = Truth::kFalse;
  for (const Element& e : list) truth = std::max(truth, std::min(e.text, e.size));
  return truth;
}

Truth all_of_both(const List& list) {
  Truth truth = Truth::kTrue;
  for (const Element& e : list) truth = std::min({truth, e.text, e.size});
  return truth;
}

struct Forbid {
  const char* name;
  const char* body;
  Truth (*truth)(const List&);
};

const Forbid kForbids[] = {
    {"every_by_itself", "every e in input.es { to_number(e.text) > 3 }",
     [](const List& l) { return all(l, &Element::text); }},
    {"every_of_a_function", "every e in input.es { level(e) > 3 }",
     [](const List& l) { return all(l, &Element::level); }},
    {"every_of_two", "every e in input.es { to_number(e.text) > 3; to_number(e.size) > 3 }",
     all_of_both},
    {"not_every", "not { every e in input.es { to_number(e.text) > 3 } }",
     [](const List& l) { return negated(all(l, &Element::text)); }},
    {"some_by_itself", "some e in input.es; to_number(e.text) > 3",
     [](const List& l) { return any(l, &Element::text); }},
    {"some_of_a_function", "some e in input.es; level(e) > 3",
     [](const List& l) { return any(l, &Element::level); }},
    {"not_some", "not { some e in input.es; level(e) > 3 }",
     [](const List& l) { return negated(any(l, &Element::level)); }},
    {"some_of_two", "some e in input.es; to_number(e.text) > 3; to_number(e.size) > 3",
     any_of_both},
    {"some_of_two_turned", "some e in input.es; to_number(e.size) > 3; to_number(e.text) > 3",
     any_of_both},
    {"some_of_locals",
     "some e in input.es; a := to_number(e.text); b := to_number(e.size); a > 3; 3 < b",
     any_of_both},
    {"some_of_or", "some e in input.es; to_number(e.text) > 3 or level(e) > 3",
     [](const List& l) { return std::max(any(l, &Element::text), any(l, &Element::level)); }},
    {"some_of_and", "some e in input.es; to_number(e.text) > 3 and to_number(e.size) > 3",
     any_of_both},
    {"some_not", "some e in input.es; not to_number(e.text) > 3",
     [](const List& l) { return negated(all(l, &Element::text)); }},
    {"every_in_some", "some es in [input.es]; every e in es { level(e) > 3 }",
     [](const List& l) { return all(l, &Element::level); }},
    {"not_every_in_some", "some es in [input.es]; not { every e in es { to_number(e.text) > 3 } }",
     [](const List& l) { return negated(all(l, &Element::text)); }},
    {"some_in_every", "every es in [input.es] { some e in es; to_number(e.text) > 3 }",
     [](const List& l) { return any(l, &Element::text); }},
    {"every_in_every", "every es in [input.es, []] { every e in es { level(e) > 3 } }",
     [](const List& l) { return all(l, &Element::level); }},
    {"elements_of_elements", "some e in input.es; some n in e.levels; to_number(n) > 3",
     [](const List& l) {
       Truth truth = Truth::kFalse;
       for (const Element& e : l) truth = std::max(truth, e.conflicts ? kF : e.level);
       return truth;
     }},
    {"every_of_every_level", "every e in input.es { every n in e.levels { to_number(n) > 3 } }",
     [](const List& l) {
       Truth truth = Truth::kTrue;
       for (const Element& e : l) {
         const bool has_none = e.size == kT && e.text == kF;
         truth = std::min(truth, has_none ? kT : e.conflicts ? kF : e.level);
       }
       return truth;
     }},
};

std::string policy() {
  std::string text =
      "package t\n\nimport rego.v2\n\nlevel(e) := to_number(e.levels[_])\n\npermit all if true\n";
  for (const Forbid& forbid : kForbids) {
    text += std::string("\nforbid ") + forbid.name + " if { " + forbid.body + " }\n";
  }
  return text;
}

Engine engine_of(const std::vector<lang::SourceText>& sources,
                 const lang::CompileOptions& options = {}) {
  Arena arena;
  const lang::Compilation compiled = lang::compile(sources, Value::object({}, arena), options);
  if (!compiled.program) throw std::runtime_error(compiled.diagnostics.all().front().message);
  return Engine(compiled.program);
}

std::map<std::string, Truth> truths(const Engine& engine, const std::string& input) {
  std::map<std::string, Truth> all;
  for (const Forbid& forbid : kForbids) all[forbid.name] = Truth::kFalse;
  Arena arena;
  const Value request = value_from_json(input, arena).value();
  for (const auto& [set, truth] :
       {std::pair("data.t.forbids", Truth::kTrue), {"data.t.indeterminate", Truth::kUnknown}}) {
    const auto answer = engine.query(set, request);
    if (!answer) throw std::runtime_error(answer.error().message);
    for (const Value& name : answer.value().value.elements()) {
      if (name.size() > 0) all[std::string(name.as_string())] = truth;
    }
  }
  return all;
}

// Calls `visit` with each list of at most `longest` elements.
void for_each_list(std::size_t longest, List& list, const std::function<void(const List&)>& visit) {
  visit(list);
  if (list.size() == longest) return;
  for (const Element& element : kElements) {
    list.push_back(element);
    for_each_list(longest, list, visit);
    list.pop_back();
  }
}

TEST(ElementOrder, lists_have_the_truth_of_kleenes_tables_in_any_order) {
  const std::vector<lang::SourceText> sources = {{"t.licet", policy()}};
  const Engine engine = engine_of(sources);
  lang::CompileOptions with_traces;
  with_traces.trace = lang::Trace::kYes;
  const Engine traced = engine_of(sources, with_traces);
  std::vector<lang::SourceText> modules;
  for (const lang::SourceText& module : lang::export_rego(sources).modules) {
    modules.push_back(module);
  }
  const Engine exported = engine_of(modules);
  List list;
  for_each_list(3, list, [&](const List& elements) {
    std::string input = "{\"es\": [";
    for (const Element& e : elements)
      input += (&e == &elements.front() ? "" : ", ") + std::string(e.json);
    input += "]}";
    const std::map<std::string, Truth> got = truths(engine, input);
    for (const Forbid& forbid : kForbids) {
      EXPECT_EQ(got.at(forbid.name), forbid.truth(elements)) << forbid.name << " of " << input;
    }
    EXPECT_EQ(truths(traced, input), got) << "with traces, of " << input;
    const bool conflicts =
        std::any_of(elements.begin(), elements.end(), [](const Element& e) { return e.conflicts; });
    if (conflicts) return;
    EXPECT_EQ(truths(exported, input), got) << "exported, of " << input;
  });
}

}  // namespace
}  // namespace licet::property
