// Strings that were looked up before: what eval/symbol.h says of them.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/compile.h"

namespace licet {
namespace {

using Text = std::string_view;
constexpr int kModels = 40;

// Rules that are found by a key, by comparison, by membership, and in data by a join and by keys.
std::string policy(int first_model) {
  std::string text = "package t\n\n";
  for (int i = 0; i < kModels; ++i) {
    text += "permit p" + std::to_string(i) + " if {\n\tmodel.id == \"m" +
            std::to_string(first_model + i) + "\"\n\trequest.action == \"read\"\n}\n";
  }
  return text +
         "permit of_role if {\n\tmodel.id == \"any\"\n\t\"auditor of all departments\" in "
         "user.roles\n}\n"
         "permit joined if {\n\tsome g in data.grants\n\tg.model == model.id\n"
         "\tg.action == request.action\n\tg.role in user.roles\n}\n"
         "permit keyed if {\n\tsome r in user.roles\n\tdata.keyed[model.id][request.action][r]\n}\n"
         "forbid blocked if model.id == request.action\n";
}

constexpr const char* kData = R"({
  "grants": [{"model": "joined", "action": "train", "role": "intern"},
             {"model": "a joined model of many letters", "action": "train", "role": "intern"}],
  "keyed": {"keyed": {"deploy": {"intern": true, "guest": false}}}
})";

std::shared_ptr<const Program> program_of(const std::string& text) {
  Arena arena;
  auto compilation = lang::compile({{"t.licet", text}}, value_from_json(kData, arena).value());
  EXPECT_NE(compilation.program, nullptr);
  return compilation.program;
}

class Asker {
 public:
  explicit Asker(const Engine& engine)
      : engine_(engine),
        group_(engine.slots<Text, Text, StringList>({"model.id", "request.action", "user.roles"})
                   .value()),
        request_(engine) {}

  std::string with_symbols(const Symbol& model, const Symbol& action, SymbolList roles) {
    return said(engine_.decide(request_.reset().lend(group_, model, action, roles)));
  }
  std::string with_texts(Text model, Text action, StringList roles) {
    return said(engine_.decide(request_.reset().lend(group_, model, action, roles)));
  }

 private:
  static std::string said(const Decision& decision) {
    std::string text(name_of(decision.cause()));
    for (const DeterminingRule& rule : decision.rules()) text += " " + rule.name;
    return text;
  }

  const Engine& engine_;
  SlotGroup<Text, Text, StringList> group_;
  Request request_;
};

struct Case {
  const char* model;
  const char* action;
  const char* role;
  const char* wanted;
};

constexpr Case kCases[] = {
    {"m3", "read", "intern", "permitted p3"},
    {"m39", "read", "", "permitted p39"},
    {"m3", "train", "intern", "no_permit"},
    {"m40", "read", "intern", "no_permit"},
    {"no policy has this", "read", "intern", "no_permit"},
    {"any", "read", "auditor of all departments", "permitted of_role"},
    {"any", "read", "auditor of all departmentz", "no_permit"},
    {"joined", "train", "intern", "permitted joined"},
    {"a joined model of many letters", "train", "intern", "permitted joined"},
    {"joined", "train", "guest", "no_permit"},
    {"keyed", "deploy", "intern", "permitted keyed"},
    {"keyed", "deploy", "guest", "no_permit"},
    {"keyed", "train", "intern", "no_permit"},
    {"read", "read", "intern", "forbidden blocked"},
    {"", "", "", "forbidden blocked"},
};

TEST(Symbols, and_texts_that_nobody_looked_up_find_the_same_rules) {
  const Engine engine(program_of(policy(0)));
  Asker asker(engine);
  for (const Case& one : kCases) {
    const std::array<Text, 2> roles = {one.role, "viewer"};
    EXPECT_EQ(asker.with_texts(one.model, one.action, roles), one.wanted) << one.model;
    const std::array<Symbol, 2> symbols = {engine.symbol(one.role), engine.symbol("viewer")};
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(asker.with_symbols(engine.symbol(one.model), engine.symbol(one.action), symbols),
                one.wanted)
          << one.model;
    }
    EXPECT_EQ(asker.with_texts(one.model, one.action, roles), one.wanted) << one.model;
  }
}

// What a symbol is called in the tables of one program means something else in those of another.
TEST(Symbols, find_the_rules_of_the_program_in_force) {
  Engine engine(program_of(policy(0)));
  const Engine other(program_of(policy(7)));
  std::vector<Symbol> models;
  for (int i = 0; i < 2 * kModels; ++i) models.push_back(engine.symbol("m" + std::to_string(i)));
  const Symbol read = engine.symbol("read");
  const std::array<Symbol, 1> roles = {engine.symbol("intern")};
  Asker asker(engine);
  const auto expect_all = [&](int first) {
    for (int i = 0; i < 2 * kModels; ++i) {
      const bool is_known = i >= first && i < first + kModels;
      EXPECT_EQ(asker.with_symbols(models[static_cast<std::size_t>(i)], read, roles),
                is_known ? "permitted p" + std::to_string(i - first) : "no_permit")
          << first << " " << i;
    }
  };
  expect_all(0);
  engine.swap(program_of(policy(11)));
  expect_all(11);
  engine.swap(other.program());
  expect_all(7);
  engine.swap(program_of("package t\npermit p0 if model.id == \"m5\"\n"));
  EXPECT_EQ(asker.with_symbols(models[5], read, roles), "permitted p0");
  EXPECT_EQ(asker.with_symbols(models[6], read, roles), "no_permit");
}

// They have no number then, by which others are told from each other.
TEST(Symbols, that_no_policy_knows_are_compared_with_one_another) {
  const Engine engine(program_of(
      "package t\n\npermit same if model.id == request.action\n"
      "permit has if request.action in user.roles\npermit known if request.action == \"read\"\n"));
  const Engine elsewhere(engine.program());
  Asker asker(engine);
  const Symbol one = engine.symbol("one");
  const Symbol two = engine.symbol("two");
  const Symbol one_elsewhere = elsewhere.symbol("one");
  const std::array<Symbol, 2> roles = {two, engine.symbol("three")};
  EXPECT_EQ(asker.with_symbols(one, one, roles), "permitted same");
  EXPECT_EQ(asker.with_symbols(one, one_elsewhere, roles), "permitted same");
  EXPECT_EQ(asker.with_symbols(one, two, roles), "permitted has");
  EXPECT_EQ(asker.with_symbols(two, one, roles), "no_permit");
  EXPECT_EQ(asker.with_symbols(two, one_elsewhere, roles), "no_permit");
  EXPECT_EQ(asker.with_symbols(one, engine.symbol("read"), roles), "permitted known");
  EXPECT_EQ(asker.with_symbols(one, elsewhere.symbol("read"), roles), "permitted known");
}

TEST(Symbols, of_addresses_are_in_the_networks_that_the_addresses_are_in) {
  const Engine engine(
      program_of("package t\n\npermit inside if net.cidr_contains(\"10.1.0.0/16\", request.ip)\n"
                 "permit six if net.cidr_contains(\"2001:db8::/32\", request.ip)\n"));
  const auto group = engine.slots<Text>({"request.ip"}).value();
  Request request(engine);
  const std::pair<const char*, Cause> wanted[] = {
      {"10.1.2.3", Cause::kPermitted},        {"10.2.2.3", Cause::kNoPermit},
      {"255.255.255.255", Cause::kNoPermit},  {"0.0.0.0", Cause::kNoPermit},
      {"::ffff:10.1.2.3", Cause::kPermitted}, {"2001:db8::1", Cause::kPermitted},
      {"10.1.2", Cause::kNoPermit},           {"no address", Cause::kNoPermit},
      {"10.1.2.3.4", Cause::kNoPermit},
  };
  for (const auto& [text, cause] : wanted) {
    EXPECT_EQ(engine.decide(request.reset().lend(group, engine.symbol(text))).cause(), cause)
        << text;
    EXPECT_EQ(engine.decide(request.reset().lend(group, text)).cause(), cause) << text;
  }
}

TEST(Symbols, are_one_for_each_text) {
  const Engine engine(program_of(policy(0)));
  const std::string text = "read";
  EXPECT_EQ(&engine.symbol("read").data(), &engine.symbol(text).data());
  EXPECT_EQ(engine.symbol("a text of more than sixteen bytes").text(),
            "a text of more than sixteen bytes");
  EXPECT_EQ(engine.symbol("").text(), "");
}

TEST(Symbols, that_are_not_utf8_are_refused_as_such_texts_are) {
  const Engine engine(program_of(policy(0)));
  Request request(engine);
  const auto model = engine.slot<Text>("model.id").value();
  const auto roles = engine.slot<StringList>("user.roles").value();
  request.set(model, engine.symbol("m\xff"));
  ASSERT_TRUE(request.error());
  EXPECT_EQ(request.error()->message, "model.id: expected UTF-8 text");
  const std::array<Symbol, 1> symbols = {engine.symbol("\xff")};
  request.reset().set(roles, SymbolList(symbols));
  ASSERT_TRUE(request.error());
  EXPECT_EQ(request.error()->message, "user.roles: expected UTF-8 text");
}

TEST(Symbols, can_be_read_back) {
  const Engine engine(program_of(policy(0)));
  Request request(engine);
  const std::array<Symbol, 2> roles = {engine.symbol("intern"), engine.symbol("é")};
  request.set(engine.slot<Text>("model.id").value(), engine.symbol("m1"))
      .lend(engine.slots<StringList>({"user.roles"}).value(), SymbolList(roles));
  Arena arena;
  EXPECT_EQ(json_from_value(request.document(arena)),
            R"({"model":{"id":"m1"},"user":{"roles":["intern","é"]}})");
}

}  // namespace
}  // namespace licet
