// A document that is asked for by its path has what a policy would find there.
#include <gtest/gtest.h>

#include <string>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "tests/support/program_of.h"

namespace licet {
namespace {

std::string answer(const Engine& engine, const std::string& path) {
  Arena arena;
  auto answer = engine.query("data.t." + path, Value::object({}, arena));
  if (!answer) return answer.error().message;
  return answer->value.is_defined() ? json_from_value(answer->value) : "undefined";
}

TEST(QueryPaths, below_rules_with_keys_have_what_all_of_them_give) {
  const Engine engine(test::program_of(R"(
package t

names[kind] contains name if some kind, name in {"staff": "ann", "guests": "bob"}
names.staff contains "eve"
names.nobody contains "carl" if false

limits[name] := limit if some name, limit in {"cpu": {"soft": 1}, "memory": 2}
limits.disk.hard := 3

plain.a.b := 4
)"));
  EXPECT_EQ(answer(engine, "names.staff"), R"(["ann","eve"])");
  EXPECT_EQ(answer(engine, "names.guests"), R"(["bob"])");
  EXPECT_EQ(answer(engine, "names.nobody"), "undefined");
  EXPECT_EQ(answer(engine, "limits.cpu.soft"), "1");
  EXPECT_EQ(answer(engine, "limits.disk"), R"({"hard":3})");
  EXPECT_EQ(answer(engine, "limits.disk.hard"), "3");
  EXPECT_EQ(answer(engine, "limits.memory.hard"), "undefined");
  EXPECT_EQ(answer(engine, "plain.a"), R"({"b":4})");
  EXPECT_EQ(answer(engine, "plain.a.b"), "4");
  // Of two values of one key nothing is left, as in a policy.
  const Engine both(test::program_of(R"(
package t

limits[name] := limit if some name, limit in {"cpu": {"soft": 1}}
limits.cpu.hard := 3
)"));
  EXPECT_EQ(answer(both, "limits.cpu.hard"), "object keys must be unique");
}

}  // namespace
}  // namespace licet
