// Graphs that ask a struct (eval/vm/struct_graph.h) say what the machine says, where they say
// anything: for structs that have some of the attributes, each as text or as a symbol, which may
// be one of another engine.
#include "eval/vm/struct_graph.h"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "eval/engine.h"
#include "eval/struct_member.h"
#include "eval/value_json.h"
#include "eval/vm/tables.h"
#include "lang/compile.h"
#include "tests/property/cases.h"
#include "tests/property/guards.h"
#include "tests/property/random.h"

namespace licet::property {
namespace {

using Kind = StructMember::Kind;

// A struct of the attributes that a request has, as far as they are of kinds that structs have.
class SomeStruct {
 public:
  SomeStruct(const Engine& engine, const Engine& other, Random& random)
      : engine_(engine),
        other_(other),
        random_(random),
        symbols_percent_(random.chance(50) ? 90 : 10) {
    shape_.members.resize(engine.layout()->cell_count());
    shape_.symbol = [&engine](std::string_view text) -> const SymbolData& {
      return engine.symbol(text).data();
    };
  }

  // False: the request has more than what the struct has.
  bool add_all(const Value& value, const std::string& path = "") {
    bool is_whole = true;
    for (const Entry& entry : value.entries()) {
      const std::string name =
          path + (path.empty() ? "" : ".") + std::string(entry.key.as_string());
      is_whole &= path.empty() ? add_all(entry.value, name) : add(entry.value, name);
    }
    return is_whole;
  }
  const vm::StructShape& shape() const { return shape_; }
  const void* data() const { return room_; }

 private:
  bool add(const Value& value, const std::string& path) {
    const auto attribute = engine_.layout()->attribute(path);
    if (!attribute || !attribute.value().cell) return true;  // no policy reads it
    const CellIndex cell = *attribute.value().cell;
    if (value.is_bool()) {
      put(cell, Kind::kBool, value.is_true());
    } else if (value.is_int64()) {
      put(cell, Kind::kInteger, value.as_int64());
    } else if (value.is_string() && random_.chance(symbols_percent_)) {
      put(cell, Kind::kSymbol, symbol(value));
    } else if (value.is_string()) {
      put(cell, Kind::kText, value.as_string());
    } else {
      return value.is_array() && add_list(cell, value);
    }
    return true;
  }
  bool add_list(CellIndex cell, const Value& list) {
    for (const Value& element : list.elements()) {
      if (!element.is_string()) return false;
    }
    if (random_.chance(symbols_percent_)) {
      std::vector<Symbol>& symbols = symbols_.emplace_back();
      for (const Value& element : list.elements()) symbols.push_back(symbol(element));
      put(cell, Kind::kSymbols, SymbolList(symbols));
    } else {
      std::vector<std::string_view>& texts = texts_.emplace_back();
      for (const Value& element : list.elements()) texts.push_back(element.as_string());
      put(cell, Kind::kTexts, StringList(texts));
    }
    return true;
  }
  Symbol symbol(const Value& text) {
    return (random_.chance(3) ? other_ : engine_).symbol(text.as_string());
  }
  template <class T>
  void put(CellIndex cell, Kind kind, const T& value) {
    ASSERT_LE(size_ + sizeof(T) + alignof(T), sizeof room_);
    size_ += (alignof(T) - size_ % alignof(T)) % alignof(T) + 8 * random_.below(3);
    new (room_ + size_) T(value);
    shape_.members[cell] =
        StructMember{.cell = cell, .kind = kind, .offset = static_cast<std::uint32_t>(size_)};
    size_ += sizeof(T);
  }

  const Engine& engine_;
  const Engine& other_;
  Random& random_;
  int symbols_percent_;  // the other texts stay as they are
  vm::StructShape shape_;
  std::deque<std::vector<Symbol>> symbols_;
  std::deque<std::vector<std::string_view>> texts_;
  alignas(16) std::byte room_[1024];
  std::size_t size_ = 0;
};

struct Seen {
  std::size_t asked = 0;
  std::size_t settled = 0;           // of these
  std::size_t settled_by_cells = 0;  // the same with the attributes in cells
  std::map<vm::GuardGraph::Test, std::size_t> ends;
};

vm::GuardGraph::Test end_of(Cause cause) {
  if (cause == Cause::kForbidden) return vm::GuardGraph::Test::kForbidden;
  return cause == Cause::kPermitted ? vm::GuardGraph::Test::kPermitted
                                    : vm::GuardGraph::Test::kNoPermit;
}

// With an explanation the machine decides.
const CallOptions kByMachine{.explain = Explain::kYes};

class Comparison {
 public:
  Comparison(const Engine& engine, const Engine& other, Seen& seen)
      : engine_(engine), other_(other), tables_(engine.program()), seen_(seen), request_(engine) {}

  void compare(const std::string& asked, Random& random) {
    Arena arena;
    const Value document = value_from_json(asked, arena).value();
    SomeStruct some(engine_, other_, random);
    if (!some.add_all(document)) return;
    ASSERT_TRUE(request_.parse(asked)) << asked;
    const vm::StructGraphs graphs(tables_, some.shape());
    SlotValues slots;
    slots.begin(engine_.layout()->cell_count(), arena);
    fill_slots(*engine_.program(), document, slots);
    compare_decision(graphs, some.data(), slots);
    compare_answers(graphs, some.data());
  }

 private:
  void compare_decision(const vm::StructGraphs& graphs, const void* from, const SlotValues& slots) {
    const Decision expected = engine_.decide(request_, kByMachine);
    vm::GuardGraph::RuleRoom room;
    vm::GuardGraph::Walk by_cells(room);
    tables_.walk_decision(slots, by_cells);
    vm::StructGraph::Walk walk(room);
    graphs.walk_decision(from, walk);
    ++seen_.asked;
    seen_.settled_by_cells += by_cells.is_settled() ? 1 : 0;
    if (!walk.is_settled()) return;
    ++seen_.settled;
    ++seen_.ends[walk.end];
    EXPECT_EQ(walk.end, end_of(expected.cause()));
    EXPECT_TRUE(expected.warnings().empty());
    const std::vector<std::uint32_t> rules(walk.rules.begin(),
                                           walk.rules.begin() + walk.rule_count);
    const auto wanted = expected.rule_indexes();
    EXPECT_EQ(rules, std::vector<std::uint32_t>(wanted.begin(), wanted.end()));
  }
  void compare_answers(const vm::StructGraphs& graphs, const void* from) {
    for (const EntryPoint& entry : engine_.program()->entry_points) {
      vm::GuardGraph::RuleRoom no_rules;
      vm::StructGraph::Walk walk(no_rules);
      graphs.walk_graph(tables_.graph_number(entry.document), from, walk);
      if (!walk.is_settled()) continue;
      const auto query = engine_.prepare("data." + entry.path);
      ASSERT_TRUE(query) << entry.path;
      const auto expected = engine_.query(query.value(), request_, kByMachine);
      ASSERT_TRUE(expected) << entry.path;
      EXPECT_EQ(walk.value(), expected.value()) << entry.path;
    }
  }

  const Engine& engine_;
  const Engine& other_;
  vm::Tables tables_;
  Seen& seen_;
  Request request_;
};

using MakePolicy = std::string(Random& random, std::size_t rules);

void check_policies(MakePolicy make, std::size_t rules, std::uint64_t count, Seen& seen) {
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    Random random(seed * 6151 + rules);
    const std::string text = make(random, rules);
    Arena arena;
    const auto compilation =
        lang::compile({{"t.licet", text}}, value_from_json(guard_data(random), arena).value());
    ASSERT_TRUE(compilation.program) << text;
    const Engine engine(compilation.program);
    const Engine other(compilation.program);
    Comparison comparison(engine, other, seen);
    for (int i = 0; i < 40; ++i) {
      const std::string asked = guard_request(random);
      comparison.compare(asked, random);
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << "\n" << asked << "\n" << text;
    }
  }
}

void expect_enough(const Seen& seen) {
  EXPECT_GT(seen.settled, seen.settled_by_cells * 3 / 4);
  EXPECT_GT(seen.settled_by_cells, seen.asked / 20);
  EXPECT_EQ(seen.ends.size(), 3U);
}

TEST(StructGraphs, say_what_the_machine_says_of_few_rules) {
  Seen seen;
  check_policies(guard_policy, 4, case_count(150), seen);
  expect_enough(seen);
}

TEST(StructGraphs, say_what_the_machine_says_of_many_rules) {
  Seen seen;
  check_policies(guard_policy, 60, case_count(30), seen);
  expect_enough(seen);
}

TEST(StructGraphs, say_what_the_machine_says_of_rules_that_are_rows) {
  Seen seen;
  check_policies(row_policy, 60, case_count(30), seen);
  check_policies(row_policy, 400, case_count(10), seen);
  expect_enough(seen);
}

}  // namespace
}  // namespace licet::property
