// Steps of symbols, integers and booleans, those that ask the graph of cells, and what is no test.
#include <optional>
#include <span>

#include "eval/vm/struct_step.h"

namespace licet::vm {

struct StructSteps::PlainSteps : Steps {
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
    return found_from(is_in_any(address, at.node));
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
      return PlainSteps::step<PlainSteps::symbol_is>;
    case Test::kSwitch:
      return PlainSteps::one_of;
    case Test::kIsOrEqual:
      return PlainSteps::step<PlainSteps::is_or_equal>;
    case Test::kHasSymbol:
      return PlainSteps::step<PlainSteps::has_symbol>;
    case Test::kHasAny:
      return PlainSteps::step<PlainSteps::has_any>;
    case Test::kSymbolsEqual:
      return PlainSteps::step<PlainSteps::symbols_equal>;
    case Test::kSymbolInSymbols:
      return PlainSteps::step<PlainSteps::symbol_in_symbols>;
    case Test::kIntegerIs:
      return PlainSteps::step<PlainSteps::integer_is>;
    case Test::kLess:
      return PlainSteps::step<PlainSteps::is_less>;
    case Test::kOutside:
      return PlainSteps::step<PlainSteps::is_outside>;
    case Test::kIntegersLess:
      return PlainSteps::step<PlainSteps::are_less>;
    case Test::kIntegersLessEqual:
      return PlainSteps::step<PlainSteps::are_less_equal>;
    case Test::kTrue:
      return PlainSteps::step<PlainSteps::is_true>;
    case Test::kInV4:
      return PlainSteps::step<PlainSteps::is_in_v4>;
    case Test::kInAnyV4:
      return PlainSteps::step<PlainSteps::is_in_any_v4>;
    case Test::kJoin:
    case Test::kJoinOfTexts:
      return join_step_of(test);
    case Test::kText1To3:
    case Test::kText4To7:
    case Test::kText8To16:
    case Test::kTextIs:
    case Test::kHasText1To3:
    case Test::kHasText4To7:
    case Test::kHasText8To16:
    case Test::kHasText:
    case Test::kTextsEqual:
    case Test::kTextInTexts:
    case Test::kTextInV4:
    case Test::kTextInAnyV4:
      return text_step_of(test);
    case Test::kOther:
      return PlainSteps::step<PlainSteps::holds_in_cells>;
    case Test::kGoTo:
      return PlainSteps::go_to;
    case Test::kRule:
      return PlainSteps::add_rule<false>;
    case Test::kRuleThenGoTo:
      return PlainSteps::add_rule<true>;
    case Test::kRuleThenEnd:
      return PlainSteps::add_rule_and_end;
    case Test::kEnd:
      break;
  }
  return PlainSteps::end;
}

}  // namespace licet::vm
