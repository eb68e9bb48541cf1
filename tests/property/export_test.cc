// Policies exported to plain Rego reach the decisions of the policies themselves. The differential
// run asks OPA the same.
#include <gtest/gtest.h>

#include <fstream>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/rego_export.h"
#include "licet/sources.h"
#include "tests/property/cases.h"
#include "tests/support/paths.h"

namespace licet::property {
namespace {

std::shared_ptr<const Program> compiled(const std::vector<lang::SourceText>& sources,
                                        const std::string& data) {
  Arena arena;
  return lang::compile(sources, value_from_json(data, arena).value()).program;
}

// Effect, cause and rules, as text.
std::string told(const Decision& decision) {
  std::string text =
      std::string(name_of(decision.effect())) + " " + std::string(name_of(decision.cause()));
  if (decision.cause() == Cause::kInvalidRequest) return text;
  for (const DeterminingRule& rule : decision.rules()) text += " " + rule.package + "." + rule.name;
  return text;
}

std::string told(const Value& document) {
  std::string text = std::string(document.get("effect").as_string()) + " " +
                     std::string(document.get("cause").as_string());
  for (const Value& rule : document.get("rules").elements()) {
    text += " " + std::string(rule.get("package").as_string()) + "." +
            std::string(rule.get("name").as_string());
  }
  return text;
}

// Empty: they agree.
std::string difference(const Engine& policies, const Engine& exported, const std::string& request) {
  Arena arena;
  const auto answer =
      exported.query("data.licet.decision", value_from_json(request, arena).value());
  const std::string expected = told(policies.decide_json(request));
  if (!answer) {
    // Two values of a rule end a query; a decision takes them as a warning.
    return answer.error().code == EvalErrorCode::kConflict ? "" : answer.error().message;
  }
  const std::string got = told(answer.value().value);
  return got == expected ? "" : "the policies say " + expected + "\nexported they say " + got;
}

TEST(Export, generated_policies_decide_the_same_as_rego) {
  check_cases(1, case_count(500), generate_decisions, [](const Case& c) -> Finding {
    const auto policies = compiled(c.sources(), c.data.dump());
    if (!policies) return {Checked::kSkipped, ""};
    const auto exported = compiled(lang::export_rego(c.sources()).modules, c.data.dump());
    if (!exported) return {Checked::kYes, "the exported Rego does not compile"};
    return {Checked::kYes, difference(Engine(policies), Engine(exported), c.request.dump())};
  });
}

TEST(Export, the_registry_example_decides_the_same_as_rego) {
  const auto folder = test::source_dir() / "examples/registry";
  const auto sources = read_sources({(folder / "policy").string()}).value();
  const Engine policies(compiled(sources, "{}"));
  const auto rego = compiled(lang::export_rego(sources).modules, "{}");
  ASSERT_NE(rego, nullptr);
  const Engine exported(rego);
  std::ifstream requests(folder / "requests.jsonl");
  std::size_t count = 0;
  for (std::string line; std::getline(requests, line); ++count) {
    EXPECT_EQ(difference(policies, exported, line), "") << line;
  }
  EXPECT_GT(count, 200U);
}

TEST(Export, a_request_that_does_not_fit_the_schema_is_invalid) {
  const std::vector<lang::SourceText> sources = {
      {"a.licet",
       "package a\nschema user { id: string, level: int, mfa?: bool, tags: list[\"x\" | \"y\"],\n"
       "\tat: time, from: ip, net: cidr, key: uuid, n: map[number] }\npermit all if true\n"}};
  const Engine policies(compiled(sources, "{}"));
  const auto rego = compiled(lang::export_rego(sources).modules, "{}");
  ASSERT_NE(rego, nullptr);
  const Engine exported(rego);
  const nlohmann::json good = {{"id", "u"},
                               {"level", 1},
                               {"tags", {"x", "y"}},
                               {"at", 1},
                               {"from", "10.0.0.1"},
                               {"net", "10.0.0.0/8"},
                               {"key", "123e4567-e89b-12d3-a456-426614174000"},
                               {"n", {{"a", 1.5}}}};
  const auto check = [&](const nlohmann::json& user) {
    const std::string request = nlohmann::json{{"user", user}}.dump();
    EXPECT_EQ(difference(policies, exported, request), "") << request;
  };
  check(good);
  for (const auto& [name, value] : good.items()) {
    for (const char* other : {"null", "1.5", "\"z\"", "[]", "{}", "[\"z\"]", "{\"a\": \"b\"}"}) {
      nlohmann::json changed = good;
      changed[name] = nlohmann::json::parse(other);
      check(changed);
    }
    nlohmann::json without = good;
    without.erase(name);
    check(without);
  }
  nlohmann::json more = good;
  more["other"] = 1;
  check(more);
  more = good;
  more["mfa"] = true;
  check(more);
}

// What a literal does not come to cannot fail: of an empty list no element is compared.
TEST(Export, what_is_not_looked_at_does_not_fail) {
  const std::vector<lang::SourceText> sources = {
      {"a.licet",
       "package a\npermit all if true\nage := to_number(user.age)\n"
       "forbid listed if user.levels[_] == age\n"
       "forbid unified if user.ages[_] = age\n"
       "forbid replaced if user.others[_] == age with input.user.others as user.levels\n"}};
  const Engine policies(compiled(sources, "{}"));
  const auto rego = compiled(lang::export_rego(sources).modules, "{}");
  ASSERT_NE(rego, nullptr);
  const Engine exported(rego);
  for (const char* lists :
       {R"("levels": [], "ages": [], "others": [])", R"("levels": [], "ages": [], "others": [1])",
        R"("levels": [1], "ages": [], "others": [])", R"("levels": [], "ages": [1], "others": [])",
        R"("levels": [7], "ages": [7], "others": [7])", R"("ages": [], "others": [])"}) {
    for (const char* age : {R"("7")", R"("x")"}) {
      const std::string request = std::string(R"({"user": {"age": )") + age + ", " + lists + "}}";
      EXPECT_EQ(difference(policies, exported, request), "") << request;
    }
  }
}

TEST(Export, a_name_that_the_export_gives_itself_is_an_error_with_its_place) {
  for (const char* rule : {"package a\nlicet_x := 1\n", "package licet\nx := 1\n"}) {
    const auto exported =
        lang::export_rego({{"a.licet", "package a\npermit all if true\n"}, {"b.licet", rule}});
    EXPECT_TRUE(exported.modules.empty()) << rule;
    ASSERT_EQ(exported.diagnostics.error_count(), 1U) << rule;
    const lang::Span span = exported.diagnostics.all().front().span;
    EXPECT_EQ(exported.sources[span.source].name(), "b.licet");
    EXPECT_EQ(exported.sources.begin_of(span).line, 2U);
  }
}

}  // namespace
}  // namespace licet::property
