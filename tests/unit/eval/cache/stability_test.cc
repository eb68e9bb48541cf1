#include "eval/cache/stability.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lang/compile.h"

namespace licet::cache {
namespace {

std::shared_ptr<const Program> program_of(const std::string& text) {
  Arena arena;
  const auto compilation =
      lang::compile({{"p.licet", "package p\n\n" + text}}, Value::object({}, arena));
  EXPECT_TRUE(compilation.program != nullptr)
      << (compilation.program ? "" : compilation.diagnostics.all().front().message);
  return compilation.program;
}

// The rules that are stable, then the paths that these read, in order of their texts.
std::string summary(const std::string& text) {
  const auto program = program_of(text);
  const Stability stability = stability_of(*program);
  std::string out;
  for (std::size_t i = 0; i < program->decision_rules.size(); ++i) {
    if (stability.is_stable[i]) out += program->decision_rules[i].name + " ";
  }
  std::vector<std::string> paths;
  for (const SlotIndex slot : stability.slots) {
    std::string path;
    for (const Value& element : program->slots[slot].elements) {
      path += (path.empty() ? "" : ".") + std::string(element.as_string());
    }
    paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  out += "|";
  for (const std::string& path : paths) out += " " + path;
  return out;
}

TEST(Stability, a_rule_that_reads_attributes_is_stable) {
  EXPECT_EQ(summary("permit a if user.level > model.level"), "a | model.level user.level");
}

TEST(Stability, clock_and_chance_are_not) {
  EXPECT_EQ(summary("permit a if user.x\npermit b if { user.y; time.now_ns() > 5 }\n"
                    "permit c if { user.z; rand.intn(\"s\", 3) == 1 }\n"
                    "permit d if uuid.rfc4122(\"k\") == user.v"),
            "a | user.x");
}

TEST(Stability, is_seen_through_rules_functions_and_mocks) {
  EXPECT_EQ(summary("permit a if late\npermit b if f(user.x)\npermit c if g(user.y)\n"
                    "late if h > 5\nh := time.now_ns()\nf(x) if x < h\ng(x) if x > 2"),
            "c | user.y");
  EXPECT_EQ(summary("permit a if late with time.now_ns as 7\nlate if time.now_ns() > 5"), "|");
}

TEST(Stability, clauses_count) {
  EXPECT_EQ(summary("forbid a if user.x because $\"at {time.now_ns()}\"\n"
                    "forbid b if user.y because $\"for {user.name}\""),
            "b | user.name user.y");
}

TEST(Stability, a_rule_under_another_input_reads_what_it_is_made_of) {
  EXPECT_EQ(summary("permit a if user.x\npermit b if seen with input.user as user.y\n"
                    "seen if input.user.z"),
            "a b | user.x user.y user.z");
}

TEST(Stability, paths_that_ought_to_be_there_are_part_of_the_key) {
  EXPECT_EQ(summary("forbid a if not user.mfa"), "a | user.mfa");
}

}  // namespace
}  // namespace licet::cache
