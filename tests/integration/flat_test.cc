// What an answer costs does not grow with the number of rules or of elements of data that it is
// found among: counted in steps of the machine, which are the same on every machine and day.
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/compile.h"

namespace licet {
namespace {

using Bodies = std::function<std::string(std::size_t)>;  // the body of rule number i

Value parsed(const std::string& json, Arena& arena) { return value_from_json(json, arena).value(); }

struct Asked {
  std::string answer;
  std::uint64_t steps = 0;
};

Asked ask(const std::string& policy, const std::string& data, const std::string& path,
          const std::string& input) {
  Arena arena;
  const auto compiled = lang::compile({{"t.licet", policy}}, parsed(data, arena));
  if (!compiled.program) {
    ADD_FAILURE() << compiled.diagnostics.all().front().message;
    return {};
  }
  const Engine engine(compiled.program);
  const auto answer = engine.query(path, parsed(input, arena));
  if (!answer) return {text_of(answer.error()), 0};
  const Value& value = answer.value().value;
  return {value.is_defined() ? rego_text(value) : "undefined", answer.value().steps};
}

std::string rules(std::size_t count, const std::string& head, const Bodies& body) {
  std::string policy = "package t\n";
  for (std::size_t i = 0; i < count; ++i) policy += head + " if {\n" + body(i) + "\n}\n";
  return policy;
}

std::string number(std::size_t i) { return std::to_string(i); }

struct Family {
  const char* name;
  Bodies body;
  const char* hit;   // a request for rule number 5
  const char* miss;  // one for no rule
};

// Each body is tied to the request in one way only.
const std::vector<Family>& families() {
  static const std::vector<Family> all = {
      {"equality", [](std::size_t i) { return "input.id == \"m" + number(i) + "\""; },
       R"({"id": "m5"})", R"({"id": "x"})"},
      {"an element of a list",
       [](std::size_t i) { return "\"r" + number(i) + "\" in input.roles"; },
       R"({"roles": ["x", "r5", "y"]})", R"({"roles": ["x", "y"]})"},
      {"one of several values",
       [](std::size_t i) { return "input.id in {\"a" + number(i) + "\", \"b" + number(i) + "\"}"; },
       R"({"id": "b5"})", R"({"id": "c"})"},
      {"a range",
       [](std::size_t i) {
         return "input.n >= " + number(10 * i) + "\ninput.n < " + number(10 * i + 10);
       },
       R"({"n": 55})", R"({"n": -1})"},
      {"a prefix", [](std::size_t i) { return "startswith(input.path, \"/p" + number(i) + "/\")"; },
       R"({"path": "/p5/x"})", R"({"path": "/q"})"},
      {"a suffix", [](std::size_t i) { return "endswith(input.path, \"." + number(i) + "\")"; },
       R"({"path": "x.5"})", R"({"path": "x.y"})"},
      {"a glob",
       [](std::size_t i) { return "glob.match(\"p" + number(i) + "-*\", [], input.path)"; },
       R"({"path": "p5-x"})", R"({"path": "q"})"},
      {"a network",
       [](std::size_t i) {
         return "net.cidr_contains(\"10." + number(i / 250) + "." + number(i % 250) +
                ".0/24\", input.ip)";
       },
       R"({"ip": "10.0.5.7"})", R"({"ip": "11.0.0.1"})"},
      {"a local of a list",
       [](std::size_t i) { return "some r in input.roles\nr == \"r" + number(i) + "\""; },
       R"({"roles": ["x", "r5"]})", R"({"roles": []})"},
  };
  return all;
}

constexpr std::size_t kFew = 10;
constexpr std::size_t kMany = 10'000;

TEST(Flat, rules_are_found_by_what_they_are_tied_to) {
  for (const Family& family : families()) {
    SCOPED_TRACE(family.name);
    const std::string few = rules(kFew, "allow", family.body);
    const std::string many = rules(kMany, "allow", family.body);
    for (const char* request : {family.hit, family.miss}) {
      const Asked of_few = ask(few, "{}", "data.t.allow", request);
      const Asked of_many = ask(many, "{}", "data.t.allow", request);
      EXPECT_EQ(of_few.answer, request == family.hit ? "true" : "undefined");
      EXPECT_EQ(of_many.answer, of_few.answer);
      EXPECT_LE(of_many.steps, of_few.steps + 2);
    }
  }
}

TEST(Flat, decisions_find_their_rules_too) {
  for (const Family& family : families()) {
    SCOPED_TRACE(family.name);
    std::string policies[2];
    for (const auto& [count, policy] : {std::pair{kFew, &policies[0]}, {kMany, &policies[1]}}) {
      *policy = "package t\n";
      for (std::size_t i = 0; i < count; ++i) {
        *policy += (i % 2 == 0 ? "permit p" : "forbid f") + number(i) + " if {\n" + family.body(i) +
                   "\n}\n";
      }
    }
    for (const char* request : {family.hit, family.miss}) {
      const Asked few = ask(policies[0], "{}", "data.licet.decision.cause", request);
      const Asked many = ask(policies[1], "{}", "data.licet.decision.cause", request);
      EXPECT_EQ(few.answer, request == family.hit ? "\"forbidden\"" : "\"no_permit\"");
      EXPECT_EQ(many.answer, few.answer);
      EXPECT_LE(many.steps, few.steps + 2);
    }
  }
}

std::string grants(std::size_t count, bool keyed) {
  nlohmann::json all = keyed ? nlohmann::json::object() : nlohmann::json::array();
  for (std::size_t i = 0; i < count; ++i) {
    nlohmann::json grant = {{"model", "m" + number(i)},
                            {"role", "r" + number(i % 7)},
                            {"action", i % 2 == 0 ? "read" : "write"},
                            {"tags", {"t" + number(i)}}};
    if (keyed) {
      all["g" + number(i)] = grant;
    } else {
      all.push_back(grant);
    }
  }
  return nlohmann::json{{"grants", all}}.dump();
}

TEST(Flat, elements_of_data_are_found_by_their_fields) {
  constexpr const char* kRequest =
      R"({"model": "m5", "action": "write", "roles": ["r1", "r5"], "tag": "t5"})";
  for (const char* body :
       {"some g in data.grants; g.model == input.model; g.action == input.action",
        "some g in data.grants; g.role in input.roles; input.model == g.model",
        "some _, g in data.grants; g.action == input.action; g.role in input.roles; "
        "g.model == input.model",
        "g := data.grants[_]; g.model == input.model", "data.grants[_].model == input.model",
        "data.grants[i].action == input.action; data.grants[i].model == input.model",
        "g := data.grants[i]; input.tag in g.tags",
        "some g in data.grants; g.tags[_] == \"t5\"; "
        "g.model == input.model",
        "m := input.model; some g in data.grants; g.model == m",
        "some r in input.roles; some g in data.grants; g.role == r; g.model == input.model",
        "count([g | some g in data.grants; g.model == input.model]) == 1", "not lacking"}) {
    SCOPED_TRACE(body);
    const std::string policy = std::string("package t\nallow if { ") + body +
                               " }\nlacking if not has_model\n"
                               "has_model if { some g in data.grants; g.model == input.model }\n";
    for (const bool keyed : {false, true}) {
      const Asked few = ask(policy, grants(kFew, keyed), "data.t.allow", kRequest);
      const Asked many = ask(policy, grants(kMany, keyed), "data.t.allow", kRequest);
      EXPECT_EQ(few.answer, "true");
      EXPECT_EQ(many.answer, "true");
      EXPECT_LE(many.steps, few.steps + 2);
    }
  }
}

}  // namespace
}  // namespace licet
