// Each test is a function; it ends by calling the one of the next node, which compilers make a jump
// where they optimize. Where they do not, a walk is as many calls deep as it has tests, at most
// some 2,000.
#include "eval/vm/struct_steps.h"

#include <optional>
#include <span>

#include "eval/vm/cell_tests.h"

namespace licet::vm {

using cell_tests::Found;
using cell_tests::found_from;

struct StructSteps::Steps {
  using Graph = StructGraph;
  using Node = Graph::Node;
  // All that a test may look at.
  struct At {
    const Node& node;
    const void* from;
    Graph::Walk& walk;
    std::uint32_t maker;

    const SymbolData& symbol() const { return member_at<Symbol>(from, node.offset).data(); }
    const SymbolData& second_symbol() const { return member_at<Symbol>(from, node.second).data(); }
    std::int64_t integer() const { return member_at<std::int64_t>(from, node.offset); }
    std::int64_t second_integer() const { return member_at<std::int64_t>(from, node.second); }
  };

  // `test` answers a bool, or a Found if the machine may have to find out.
  template <auto test>
  static void step(const Node* at, const void* from, Graph::Walk& walk, std::uint32_t steps,
                   std::uint32_t maker) {
    const auto found = test(At{*at, from, walk, maker});
    bool holds = false;
    if constexpr (std::is_same_v<decltype(found), const bool>) {
      holds = found;
    } else {
      if (found == Found::kUnclear) [[unlikely]]
        return;
      holds = found == Found::kYes;
    }
    // A branch can be foreseen: the next node is looked at before it is known whether the test
    // holds.
    if (holds) {
      const Node* const next = jumped(at, at->yes);
      return next->step(next, from, walk, steps + 1, maker);
    }
    const Node* const next = at + 1;
    return next->step(next, from, walk, steps + 1, maker);
  }

  static const Node* jumped(const Node* at, std::int32_t bytes) {
    return reinterpret_cast<const Node*>(reinterpret_cast<const std::byte*>(at) + bytes);
  }

  // Symbols of the graph's engine, whose number is `maker`, have different texts if they are not
  // the same. Of another engine's the machine looks at the texts: a call here would make every test
  // keep registers for it.
  [[gnu::always_inline]] static Found is_same(const SymbolData& symbol, const SymbolData& wanted,
                                              std::uint32_t maker) {
    if (&symbol == &wanted) return Found::kYes;
    if (symbol.maker != maker) [[unlikely]]
      return Found::kUnclear;
    return Found::kNo;
  }
  [[gnu::always_inline]] static Found has(SymbolList list, const SymbolData& wanted,
                                          std::uint32_t maker) {
    if (list.size() > GuardGraph::kMostElements) return Found::kUnclear;
    for (const Symbol& symbol : list) {
      if (&symbol.data() == &wanted) return Found::kYes;
      if (symbol.data().maker != maker) [[unlikely]]
        return Found::kUnclear;
    }
    return Found::kNo;
  }

  static Found symbol_is(const At& at) { return is_same(at.symbol(), *at.node.symbol, at.maker); }

  static Found symbols_equal(const At& at) {
    if (at.second_symbol().maker != at.maker) return Found::kUnclear;
    return is_same(at.symbol(), at.second_symbol(), at.maker);
  }

  static Found is_or_equal(const At& at) {
    return &at.symbol() == at.node.symbol ? Found::kYes : symbols_equal(at);
  }

  static Found has_symbol(const At& at) {
    return has(member_at<SymbolList>(at.from, at.node.offset), *at.node.symbol, at.maker);
  }

  static Found has_any(const At& at) {
    const SymbolList list = member_at<SymbolList>(at.from, at.node.offset);
    for (const SymbolData* const one : std::span(at.node.symbols, at.node.second)) {
      const Found found = has(list, *one, at.maker);
      if (found != Found::kNo) return found;
    }
    return Found::kNo;
  }

  static Found symbol_in_symbols(const At& at) {
    if (at.symbol().maker != at.maker) return Found::kUnclear;
    return has(member_at<SymbolList>(at.from, at.node.second), at.symbol(), at.maker);
  }

  static bool integer_is(const At& at) { return at.integer() == at.node.integer; }
  static bool is_less(const At& at) { return at.integer() < at.node.integer; }
  static bool is_outside(const At& at) {
    return (at.integer() < at.node.range.least) | (at.integer() > at.node.range.most);
  }
  static bool are_less(const At& at) { return at.integer() < at.second_integer(); }
  static bool are_less_equal(const At& at) { return at.integer() <= at.second_integer(); }
  static bool is_true(const At& at) { return member_at<bool>(at.from, at.node.offset); }

  static Found is_in_v4(const At& at) {
    const std::uint32_t address = at.symbol().v4;
    if (address == 0) return Found::kUnclear;
    return found_from((address & at.node.network.mask) == at.node.network.base);
  }

  static Found is_in_any_v4(const At& at) {
    const std::uint32_t address = at.symbol().v4;
    if (address == 0) return Found::kUnclear;
    for (const Graph::Network& network : std::span(at.node.networks, at.node.second)) {
      if ((address & network.mask) == network.base) return Found::kYes;
    }
    return Found::kNo;
  }

  // What no row has is found by none. Symbols know their numbers.
  static Found finds_row(const At& at) {
    const Graph::Join& join = *at.node.join;
    const index::TupleTable& table = *join.table;
    const index::Numbers& numbers = *at.walk.graph->numbers_;
    Graph::Walk& walk = at.walk;
    std::uint32_t keys[GuardGraph::kMostProbes];
    bool may_have = true;
    for (std::size_t i = 0; i < join.size; ++i) {
      if (i == join.list) continue;
      keys[i] = numbers.find(member_at<Symbol>(at.from, join.offsets[i]).data());
      may_have &= table.has_number(keys[i]);
    }
    const std::span<const std::uint32_t> all(keys, join.size);
    bool has_room = true;
    bool is_found = false;
    const auto add = [&](std::span<const std::uint32_t> rows) {
      is_found |= !rows.empty();
      has_room &= rows.size() <= walk.rules.size() - walk.rule_count;
      if (!has_room) return;
      for (const std::uint32_t rule : rows) walk.rules[walk.rule_count++] = rule;
    };
    if (join.list == Graph::kNoList) {
      if (!may_have) return Found::kNo;
      if (!join.finds_rules) return found_from(table.contains(all));
      add(table.find(all));
      return has_room ? found_from(is_found) : Found::kUnclear;
    }
    const SymbolList list = member_at<SymbolList>(at.from, join.offsets[join.list]);
    if (list.size() > GuardGraph::kMostElements) return Found::kUnclear;
    if (!may_have) return Found::kNo;
    const index::TupleTable::Others others = table.others_of(all, join.list);
    if (join.finds_rules) {
      for (const Symbol& symbol : list) add(table.find(others, numbers.find(symbol.data())));
      return has_room ? found_from(is_found) : Found::kUnclear;
    }
    for (const Symbol& symbol : list) {
      if (table.contains(others, numbers.find(symbol.data()))) return Found::kYes;
    }
    return Found::kNo;
  }

  static cell_tests::LastAddress& last_address(Graph::Walk& walk) {
    static_assert(std::is_trivially_destructible_v<cell_tests::LastAddress>);
    auto* const address = reinterpret_cast<cell_tests::LastAddress*>(walk.address);
    return std::exchange(walk.has_address, true) ? *address
                                                 : *new (address) cell_tests::LastAddress;
  }

  // By the graph, with the members in cells.
  [[gnu::noinline]] static Found holds_in_cells(const At& at) {
    using Cell = SlotValues::Cell;
    const Graph::Other& other = *at.node.other;
    // Those that nobody asks for are never made.
    alignas(Cell) std::byte room[GuardGraph::kMostCells * sizeof(Cell)];
    auto* const cells = reinterpret_cast<Cell*>(room);
    for (const StructMember& member : other.members) {
      put_member(*new (cells + member.cell) Cell, member, at.from);
    }
    const auto holds =
        at.walk.graph->graph_->outcome(other.node, cells, last_address(at.walk), at.walk);
    return holds ? found_from(*holds) : Found::kUnclear;
  }

  // --- more than two ways ---

  static void one_of(const Node* at, const void* from, Graph::Walk& walk, std::uint32_t steps,
                     std::uint32_t maker) {
    const SymbolData& symbol = member_at<Symbol>(from, at->offset).data();
    if (symbol.maker != maker) [[unlikely]]
      return;
    for (const Graph::Case& one : std::span(at->cases, at->second)) {
      if (&symbol != one.symbol) continue;
      const Node* const next = jumped(at, one.yes);
      return next->step(next, from, walk, steps + 1, maker);
    }
    const Node* const next = at + 1;
    return next->step(next, from, walk, steps + 1, maker);
  }

  static void go_to(const Node* at, const void* from, Graph::Walk& walk, std::uint32_t steps,
                    std::uint32_t maker) {
    const Node* const next = jumped(at, at->yes);
    return next->step(next, from, walk, steps, maker);
  }

  template <bool kGoes>
  static void add_rule(const Node* at, const void* from, Graph::Walk& walk, std::uint32_t steps,
                       std::uint32_t maker) {
    if (walk.rule_count == GuardGraph::kMostRules) return;
    walk.rules[walk.rule_count++] = static_cast<std::uint32_t>(at->rule);
    const Node* const next = kGoes ? jumped(at, at->yes) : at + 1;
    return next->step(next, from, walk, steps + 1, maker);
  }

  static void add_rule_and_end(const Node* at, const void*, Graph::Walk& walk, std::uint32_t steps,
                               std::uint32_t) {
    if (walk.rule_count == GuardGraph::kMostRules) return;
    walk.rules[walk.rule_count++] = static_cast<std::uint32_t>(at->rule);
    end_as(at->second, walk, steps);
  }

  static void end(const Node* at, const void*, Graph::Walk& walk, std::uint32_t steps,
                  std::uint32_t) {
    walk.answer = at->answer;
    end_as(at->second, walk, steps);
  }

  [[gnu::always_inline]] static void end_as(std::uint16_t how, Graph::Walk& walk,
                                            std::uint32_t steps) {
    walk.end = static_cast<GuardGraph::Test>(how);
    walk.steps = steps;
    if (walk.rule_count > 1 && walk.graph->finds_rules_) walk.sort_rules();
  }
};

StructGraph::Step StructSteps::step_of(Test test) {
  switch (test) {
    case Test::kSymbolIs:
      return Steps::step<Steps::symbol_is>;
    case Test::kSwitch:
      return Steps::one_of;
    case Test::kIsOrEqual:
      return Steps::step<Steps::is_or_equal>;
    case Test::kHasSymbol:
      return Steps::step<Steps::has_symbol>;
    case Test::kHasAny:
      return Steps::step<Steps::has_any>;
    case Test::kSymbolsEqual:
      return Steps::step<Steps::symbols_equal>;
    case Test::kSymbolInSymbols:
      return Steps::step<Steps::symbol_in_symbols>;
    case Test::kIntegerIs:
      return Steps::step<Steps::integer_is>;
    case Test::kLess:
      return Steps::step<Steps::is_less>;
    case Test::kOutside:
      return Steps::step<Steps::is_outside>;
    case Test::kIntegersLess:
      return Steps::step<Steps::are_less>;
    case Test::kIntegersLessEqual:
      return Steps::step<Steps::are_less_equal>;
    case Test::kTrue:
      return Steps::step<Steps::is_true>;
    case Test::kInV4:
      return Steps::step<Steps::is_in_v4>;
    case Test::kInAnyV4:
      return Steps::step<Steps::is_in_any_v4>;
    case Test::kJoin:
      return Steps::step<Steps::finds_row>;
    case Test::kOther:
      return Steps::step<Steps::holds_in_cells>;
    case Test::kGoTo:
      return Steps::go_to;
    case Test::kRule:
      return Steps::add_rule<false>;
    case Test::kRuleThenGoTo:
      return Steps::add_rule<true>;
    case Test::kRuleThenEnd:
      return Steps::add_rule_and_end;
    case Test::kEnd:
      break;
  }
  return Steps::end;
}

}  // namespace licet::vm
