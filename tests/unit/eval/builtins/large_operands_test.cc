// P10, P11: whatever one operand of a builtin grows to, the call ends soon and takes little memory:
// with an answer, an error of the operand, or an exhausted budget, and what takes long is charged.
// Each builtin is called as in the example of its
// row, with one operand after the other made large in many ways. At these sizes a square takes
// minutes.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
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
        std::string("18446744073709551616"), std::string("-1"), std::string("1000000000000"),
        std::string("4000000")}) {
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

// Builtins for which no operand is more work than another.
bool takes_fixed_work(std::string_view name) {
  static constexpr std::string_view kNames[] = {"cast_boolean",
                                                "cast_null",
                                                "cast_object",
                                                "cast_string",
                                                "is_array",
                                                "is_boolean",
                                                "is_null",
                                                "is_number",
                                                "is_object",
                                                "is_set",
                                                "is_string",
                                                "time.clock",
                                                "time.date",
                                                "time.diff",
                                                "time.add_date",
                                                "time.weekday",
                                                "trace",
                                                "type_name",
                                                "uuid.parse",
                                                "net.cidr_contains",
                                                "net.cidr_intersects",
                                                "net.cidr_is_valid",
                                                "net.cidr_overlap"};
  return std::ranges::find(kNames, name) != std::end(kNames);
}

// 0,1,2 ... 999
std::string thousand_numbers() {
  std::string text = "0";
  for (int i = 1; i < 1000; ++i) text += "," + std::to_string(i);
  return text;
}

// The operands of a call that is large, where one large operand does not make it so.
std::optional<std::string> large_call_of(std::string_view name) {
  const std::string numbers = thousand_numbers();
  const std::string two_sets = "{{" + numbers + "}, {" + numbers + ",1000}}";
  const std::pair<std::string_view, std::string> kCalls[] = {
      {"array.slice", "[[" + numbers + "], 1, 900]"},
      {"intersection", "[" + two_sets + "]"},
      {"net.cidr_expand", R"(["10.0.0.0/20"])"},
      {"numbers.range", "[1, 1000]"},
      {"numbers.range_step", "[1, 1000, 2]"},
      {"regex.globs_match", "[\"" + repeated("a*", 20) + "\", \"" + repeated("a*", 20) + "b\"]"},
      {"time.format", "[[0, \"UTC\", \"" + repeated("2006", 1000) + "\"]]"},
      {"union", "[" + two_sets + "]"},
  };
  for (const auto& [of, call] : kCalls) {
    if (of == name) return call;
  }
  return std::nullopt;
}

class LargeOperands : public testing::TestWithParam<const Row*> {
 protected:
  // Calls `check` with the operands of the row's example, one after the other made large; false if
  // the row has another form: operators, print, and what depends on chance.
  template <class Check>
  static bool for_each_call(Check check) {
    const Row& row = *GetParam();
    Arena arena;
    const auto example = example_operands(row, arena);
    if (!example) return false;
    const auto kinds = builtins::accepted_kinds(find_builtin(row.name)->id);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      Arena large;
      for (const Value& value : large_values(example->elements()[i], large)) {
        if ((kinds[i] >> static_cast<int>(value.kind()) & 1) == 0) continue;
        Operands operands(example->elements().begin(), example->elements().end());
        operands[i] = value;
        SCOPED_TRACE("operand " + std::to_string(i + 1) + ": " + rego_text(value).substr(0, 60));
        check(operands);
      }
    }
    return true;
  }
};

// Calls one builtin and holds it to what a call may take.
class Caller {
 public:
  explicit Caller(std::string_view name) : name_(name) {}
  std::uint64_t most_steps() const { return most_steps_; }

  void call(const Operands& operands) {
    CallOutcome outcome = outcome_of(name_, operands);
    // A measurement that was disturbed is taken again; what is too slow is so each time.
    for (int again = 0; again < 3 && outcome.time >= most_time(outcome.steps); ++again) {
      outcome.time = std::min(outcome.time, outcome_of(name_, operands).time);
    }
    const std::string answer = outcome.answer.substr(0, 60);
    EXPECT_LT(outcome.time, std::chrono::milliseconds(1000) * build_slack()) << answer;
    EXPECT_LT(outcome.time, most_time(outcome.steps)) << outcome.steps << " steps: " << answer;
    EXPECT_LT(outcome.peak_bytes, 2 * Limits{}.memory_bytes) << answer;
    if (outcome.steps <= most_steps_ || outcome.answer == "eval_cancel_error") return;
    // Half of the steps that a call takes are not enough for it.
    most_steps_ = outcome.steps;
    EXPECT_EQ(answer_of(name_, operands, {.steps = most_steps_ / 2}), "eval_cancel_error");
  }

 private:
  // What is not charged could go on beyond any budget, so time must follow from the steps.
  static std::chrono::nanoseconds most_time(std::uint64_t steps) {
    return (std::chrono::milliseconds(3) + steps * std::chrono::nanoseconds(250)) * build_slack();
  }

  std::string_view name_;
  std::uint64_t most_steps_ = 0;
};

TEST_P(LargeOperands, end_soon_in_bounded_memory_and_within_the_budget) {
  const std::string_view name = GetParam()->name;
  Caller caller(name);
  if (!for_each_call([&](const Operands& operands) { caller.call(operands); })) {
    GTEST_SKIP() << GetParam()->example.call;
  }
  if (const auto call = large_call_of(name)) {
    Arena arena;
    const Value operands = *lang::ground_term(*call, arena);
    caller.call(Operands(operands.elements().begin(), operands.elements().end()));
  }
  EXPECT_EQ(caller.most_steps() < 50, takes_fixed_work(name)) << caller.most_steps() << " steps";
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
