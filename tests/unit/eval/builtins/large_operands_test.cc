// P10, P11: whatever one operand of a builtin grows to, the call ends soon: with an answer, an
// error of the operand, or an exhausted budget. Each builtin is called as in the example of its
// row, with one operand after the other made large in many ways. At these sizes a square takes
// minutes.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "lang/compile.h"
#include "tests/support/cpu_time.h"
#include "tests/unit/eval/builtins/answer_of.h"

namespace licet::test {
namespace {

using builtins::Context;
using builtins::Row;

// Sanitized code is slow, and its memory dear.
std::size_t size() { return build_slack() > 4 ? 20'000 : 100'000; }

// The operands of the example of a row.
std::optional<Value> example_operands(const Row& row, Arena& arena) {
  const std::string call(row.example.call);
  const std::string begin = std::string(row.name) + "(";
  if (!call.starts_with(begin) || !call.ends_with(")")) return std::nullopt;
  return lang::ground_term("[" + call.substr(begin.size(), call.size() - begin.size() - 1) + "]",
                           arena);
}

using Operands = std::vector<Value>;

std::vector<Value> large_texts(std::string_view example, Arena& arena) {
  std::vector<Value> texts;
  const auto add = [&](std::string text) { texts.push_back(Value::string(text, arena)); };
  for (const char* const unit : {"a",      "9",  " ",  "(",        "[",        "{",  "{{",   "%v",
                                 "%d",     "*",  "*a", "a|",       ".",        "1.", "/",    "a/",
                                 "-",      "- ", ",",  "[1],",     "&a ",      "\\", "\"",   "%41",
                                 "a=b&",   "\n", "\t", "\xc3\xa9", "\xcc\x81", "::", "0",    "1h",
                                 "x{1,9}", "<",  "~1", "#/",       "{a}",      "()", "(a)?", ":"}) {
    add(repeated(unit, size() / std::string_view(unit).size()));
  }
  const std::string own(example.empty() ? "a" : example);
  add(repeated(own, size() / own.size()));
  add(own + repeated("9", size()));
  add(repeated("9", size()) + own);
  add(repeated("[", size() / 2) + repeated("]", size() / 2));
  add(repeated("(", size() / 2) + repeated(")", size() / 2));
  add(repeated("{", size() / 2) + repeated("}", size() / 2));
  add(repeated("{\"a\":", size() / 6) + "1" + repeated("}", size() / 6));
  add("1e" + repeated("9", 18));
  add("0." + repeated("3", size()));
  add("1.0.0-" + repeated("a.", size() / 2) + "a");
  std::string keys = "{";
  for (std::size_t i = 0; i < size() / 10; ++i) {
    keys += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  }
  add(keys + "}");
  std::string lines;
  for (std::size_t i = 0; i < size() / 10; ++i) lines += "k" + std::to_string(i) + ": 1\n";
  add(lines);
  return texts;
}

std::vector<Value> large_numbers(Arena& arena) {
  std::vector<Value> numbers;
  for (const std::string& text :
       {repeated("9", size()), "-" + repeated("9", size()), "0." + repeated("7", size()),
        std::string("1e300000000"), std::string("-1e300000000"), std::string("1e-300000000"),
        std::string("9007199254740993"), std::string("9223372036854775807"),
        std::string("18446744073709551616"), std::string("-1"), std::string("1000000000000")}) {
    if (const auto number = number_from_text(text, arena)) numbers.push_back(*number);
  }
  return numbers;
}

Value nested_array(std::size_t depth, Arena& arena) {
  Value value = Value::integer(1);
  for (std::size_t i = 0; i < depth; ++i) {
    ArrayBuilder array(arena);
    array.add(value);
    value = array.array();
  }
  return value;
}

// What a collection of the example holds, or what any may hold, `size()` times.
std::vector<Value> large_elements(const Value& example, Arena& arena) {
  std::vector<Value> elements;
  if (example.is_array() || example.is_set()) {
    for (const Value& element : example.elements()) elements.push_back(element);
  }
  elements.push_back(Value::integer(7));
  elements.push_back(Value::string("a", arena));
  elements.push_back(nested_array(3, arena));
  return elements;
}

// The i-th of many elements that are like one.
Value varied(const Value& like, std::size_t i, Arena& arena) {
  if (like.is_number()) return Value::integer(static_cast<std::int64_t>(i));
  if (like.is_string()) {
    return Value::string(std::string(like.as_string()) + std::to_string(i), arena);
  }
  ArrayBuilder array(arena);
  array.add(Value::integer(static_cast<std::int64_t>(i)));
  array.add(like);
  return array.array();
}

enum class Elements { kEqual, kVaried };

std::vector<Value> large_collections(const Value& example, Arena& arena) {
  std::vector<Value> collections;
  const std::size_t count = size() / 5;
  for (const Value& element : large_elements(example, arena)) {
    for (const Elements kind : {Elements::kEqual, Elements::kVaried}) {
      ArrayBuilder array(arena);
      ObjectBuilder object(arena);
      for (std::size_t i = 0; i < count; ++i) {
        const Value one = kind == Elements::kEqual ? element : varied(element, i, arena);
        array.add(one);
        object.add("k" + std::to_string(i), one);
      }
      collections.push_back(array.array());
      collections.push_back(array.set());
      collections.push_back(object.object());
    }
  }
  if (example.is_object()) {
    for (const Entry& entry : example.entries()) {
      ObjectBuilder object(arena);
      for (std::size_t i = 0; i < count; ++i) object.add(varied(entry.key, i, arena), entry.value);
      object.add(entry.key, entry.value);
      collections.push_back(object.object());
    }
  }
  collections.push_back(nested_array(Value::kMaxDepth - 1, arena));
  return collections;
}

std::vector<Value> large_values(const Value& example, Arena& arena) {
  std::vector<Value> values = large_texts(example.is_string() ? example.as_string() : "", arena);
  for (const Value& value : large_numbers(arena)) values.push_back(value);
  for (const Value& value : large_collections(example, arena)) values.push_back(value);
  return values;
}

std::vector<const Row*> all_rows() {
  std::vector<const Row*> rows;
  for (const BuiltinInfo& info : all_builtins()) rows.push_back(&builtins::row_of(info.id));
  return rows;
}

class LargeOperands : public testing::TestWithParam<const Row*> {};

TEST_P(LargeOperands, end_soon) {
  const Row& row = *GetParam();
  Arena arena;
  const auto example = example_operands(row, arena);
  // What has another form in its row: operators, print, and what depends on chance.
  if (!example) GTEST_SKIP() << row.example.call;
  const auto kinds = builtins::accepted_kinds(find_builtin(row.name)->id);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    Arena large;
    for (const Value& value : large_values(example->elements()[i], large)) {
      if ((kinds[i] >> static_cast<int>(value.kind()) & 1) == 0) continue;
      Operands operands(example->elements().begin(), example->elements().end());
      operands[i] = value;
      std::string answer;
      const auto time = cpu_time_of([&] { answer = answer_of(row.name, operands); });
      EXPECT_LT(time, std::chrono::milliseconds(1000) * build_slack())
          << "operand " << i + 1 << ": " << rego_text(value).substr(0, 60) << ": "
          << answer.substr(0, 60);
    }
  }
}

std::string name_of(const testing::TestParamInfo<const Row*>& row) {
  std::string name(row.param->name);
  for (char& c : name) {
    if (c == '.') c = '_';
  }
  return name;
}
INSTANTIATE_TEST_SUITE_P(All, LargeOperands, testing::ValuesIn(all_rows()), name_of);

}  // namespace
}  // namespace licet::test
