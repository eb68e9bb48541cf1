// The general policies of the benchmarks answer as OPA does, whose answers are in the files.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "licet/load.h"
#include "tests/support/paths.h"

namespace licet {
namespace {

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

class GeneralPolicies : public testing::TestWithParam<const char*> {};

TEST_P(GeneralPolicies, answer_as_expected) {
  const std::string prefix = (test::source_dir() / "bench" / "policies" / GetParam()).string();
  LoadOptions options;
  options.data = {prefix + ".data.json"};
  const auto engine = load(prefix + ".rego", options);
  ASSERT_TRUE(engine) << engine.error().text;
  const auto inputs = lines_of(prefix + ".inputs.jsonl");
  const auto expected = lines_of(prefix + ".expected.jsonl");
  ASSERT_FALSE(inputs.empty());
  ASSERT_EQ(inputs.size(), expected.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Arena arena;
    const auto input = value_from_json(inputs[i], arena);
    ASSERT_TRUE(input);
    const auto answer = engine.value().query("data.general.answer", input.value());
    ASSERT_TRUE(answer) << text_of(answer.error());
    EXPECT_EQ(json_from_value(answer.value().value), expected[i]) << "input " << i + 1;
  }
}

INSTANTIATE_TEST_SUITE_P(All, GeneralPolicies,
                         testing::Values("iteration", "nested", "comprehensions", "partial_rules",
                                         "functions", "regex", "walk", "strings", "graph",
                                         "objects"));

}  // namespace
}  // namespace licet
