// Calls with the answers that OPA gave, one a line in answers/: {"call", "operands", "answer"},
// where the answer is Rego text, `undefined` or the code of an error.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/paths.h"
#include "tests/unit/eval/builtins/answer_of.h"

namespace licet::test {
namespace {

std::vector<std::string> names_of_families() {
  std::vector<std::string> names;
  const auto folder = source_dir() / "tests/unit/eval/builtins/answers";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class AnswersOfOpa : public testing::TestWithParam<std::string> {};

TEST_P(AnswersOfOpa, are_given_here_too) {
  const auto file = source_dir() / "tests/unit/eval/builtins/answers" / (GetParam() + ".jsonl");
  std::ifstream lines(file);
  std::string line;
  int calls = 0;
  while (std::getline(lines, line)) {
    Arena arena;
    const Result<Value, JsonError> read = value_from_json(line, arena);
    ASSERT_TRUE(read.has_value()) << line;
    const Value& expected = read.value();
    EXPECT_EQ(answer_of(expected.get("call").as_string(), expected.get("operands").elements()),
              expected.get("answer").as_string())
        << line;
    ++calls;
  }
  EXPECT_GT(calls, 0);
}

INSTANTIATE_TEST_SUITE_P(Families, AnswersOfOpa, testing::ValuesIn(names_of_families()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace licet::test
