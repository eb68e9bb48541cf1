// What every row of every family of builtins must hold, and that its example is true.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eval/builtins.h"
#include "eval/builtins/builtin.h"
#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/compile.h"
#include "tests/support/shared_data.h"

namespace licet {
namespace {

const builtins::Row& row_of(const BuiltinInfo& info) { return builtins::row_of(info.id); }

TEST(BuiltinRegistry, names_are_unique_and_found) {
  std::set<std::string_view> names;
  for (const BuiltinInfo& info : all_builtins()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name << " has two rows";
    const BuiltinInfo* const found = find_builtin(info.name);
    ASSERT_NE(found, nullptr) << info.name;
    EXPECT_EQ(found->id, info.id) << info.name;
  }
}

TEST(BuiltinRegistry, infixes_of_one_arity_are_unique) {
  std::set<std::pair<std::string_view, int>> infixes;
  for (const BuiltinInfo& info : all_builtins()) {
    if (info.infix.empty()) continue;
    EXPECT_TRUE(infixes.insert({info.infix, info.arity}).second) << info.name << ": " << info.infix;
  }
}

TEST(BuiltinRegistry, no_builtin_is_also_left_out) {
  for (const BuiltinInfo& info : all_builtins()) {
    EXPECT_EQ(find_omitted_builtin(info.name), nullptr) << info.name;
  }
}

// A type name that the reader of signatures does not know accepts nothing.
TEST(BuiltinRegistry, every_argument_of_every_signature_accepts_something) {
  for (const BuiltinInfo& info : all_builtins()) {
    EXPECT_TRUE(info.signature.starts_with("(")) << info.name;
    EXPECT_NE(info.signature.find(") => "), std::string_view::npos) << info.name;
    EXPECT_EQ(info.arity == 0, info.signature.starts_with("()")) << info.name;
    for (std::size_t argument = 0; argument < info.arity; ++argument) {
      EXPECT_NE(accepted_kinds(info.id, argument), 0)
          << info.name << ", argument " << argument + 1 << ": " << info.signature;
    }
  }
}

TEST(BuiltinRegistry, every_row_has_a_sentence) {
  for (const BuiltinInfo& info : all_builtins()) {
    const std::string_view doc = row_of(info).doc;
    ASSERT_GT(doc.size(), 10U) << info.name;
    EXPECT_TRUE(doc.ends_with('.')) << info.name << ": " << doc;
    EXPECT_FALSE(doc.front() >= 'a' && doc.front() <= 'z') << info.name << ": " << doc;
    EXPECT_EQ(doc.find('\n'), std::string_view::npos) << info.name;
  }
}

// Empty if the example is true, else what is wrong. It is asked as a query: policies cannot call
// the deprecated ones. What holds need not be a term: `1 = 1.0`.
std::string flaw_of(const builtins::Example& example) {
  Arena arena;
  const std::string call(example.call);
  const std::string result(example.result);
  lang::CompileOptions compiling;
  compiling.query = result == "true" ? call : "answer := " + call + "; wanted := " + result;
  compiling.bare_call = lang::BareCall::kTest;
  const auto compilation = lang::compile({}, Value::object({}, arena), compiling);
  if (!compilation.program) return compilation.diagnostics.all().front().message;
  EngineOptions options;
  options.builtin_errors = BuiltinErrors::kFail;
  const auto answer = Engine(compilation.program, options).run_query(Value::undefined());
  if (!answer) return text_of(answer.error());
  if (answer.value().rows.empty()) return "no answer";
  if (result == "true") return {};
  const auto& row = answer.value().rows.front();
  return row[0] == row[1] ? "" : "got " + rego_text(row[0]);
}

TEST(BuiltinRegistry, every_example_is_true) {
  for (const BuiltinInfo& info : all_builtins()) {
    const builtins::Example& example = row_of(info).example;
    ASSERT_FALSE(example.call.empty()) << info.name;
    // An example of its own builtin: by name or by infix.
    EXPECT_TRUE(example.call.find(info.name) != std::string_view::npos ||
                (!info.infix.empty() && example.call.find(info.infix) != std::string_view::npos))
        << info.name << ": " << example.call;
    EXPECT_EQ(flaw_of(example), "")
        << info.name << ": " << example.call << " is to be " << example.result;
  }
}

// The names of `- `name`: ...` below `## Tier N` for the given tiers.
std::vector<std::string> names_of_tiers(const std::string& path,
                                        const std::vector<std::string>& tiers) {
  std::vector<std::string> names;
  std::ifstream file(path);
  bool is_wanted = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) {
      is_wanted = std::ranges::any_of(
          tiers, [&](const std::string& tier) { return line.starts_with("## " + tier + " "); });
    } else if (is_wanted && line.starts_with("- `")) {
      names.push_back(line.substr(3, line.find('`', 3) - 3));
    }
  }
  return names;
}

// For information: the conformance test tells what a missing builtin costs.
TEST(BuiltinRegistry, lists_builtins_of_tiers_1_and_2_that_are_missing) {
  const auto shared = test::shared_folder();
  if (!shared) GTEST_SKIP() << test::kNoSharedData;
  const auto names = names_of_tiers(*shared + "/conformance/BUILTINS.md", {"Tier 1", "Tier 2"});
  EXPECT_GT(names.size(), 100U);
  std::string missing;
  for (const std::string& name : names) {
    if (find_builtin(name) == nullptr) missing += " " + name;
  }
  if (!missing.empty()) std::cout << "missing builtins:" << missing << "\n";
}

}  // namespace
}  // namespace licet
