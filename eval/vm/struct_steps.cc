// Steps of symbols, integers and booleans, those that ask the graph of cells, and what is no test.
#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <span>

#include "eval/vm/struct_step.h"

namespace licet::vm {

struct StructSteps::PlainSteps : Steps {
  // From the end, and an empty list with those that are too long: one counter, and one comparison
  // before the loop.
  [[gnu::always_inline]] static Found has(SymbolList list, const SymbolData& wanted) {
    std::size_t left = list.size();
    if (left - 1 >= GuardGraph::kMostElements) [[unlikely]] {
      return left == 0 ? Found::kNo : Found::kUnclear;
    }
    do {
      if (&list[left - 1].data() == &wanted) return Found::kYes;
    } while (--left != 0);
    return Found::kNo;
  }

  static bool symbol_is(const At& at) { return &at.symbol() == at.node.symbol; }
  static bool symbols_equal(const At& at) { return &at.symbol() == &at.second_symbol(); }
  static bool is_or_equal(const At& at) { return symbol_is(at) || symbols_equal(at); }

  static Found has_symbol(const At& at) {
    return has(member_at<SymbolList>(at.from, at.node.offset), *at.node.symbol);
  }

  static Found has_any(const At& at) {
    const SymbolList list = member_at<SymbolList>(at.from, at.node.offset);
    for (const SymbolData* const one : std::span(at.node.symbols, at.node.second)) {
      const Found found = has(list, *one);
      if (found != Found::kNo) return found;
    }
    return Found::kNo;
  }

  static Found symbol_in_symbols(const At& at) {
    return has(member_at<SymbolList>(at.from, at.node.second), at.symbol());
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

  // --- by test ---

  template <Test its_test, auto its_function>
  struct Row {
    static constexpr Test test = its_test;
    static constexpr auto function = its_function;
  };
  // To do two tests in one step saves a jump that has to be foreseen, and most walks come to most
  // nodes from the one before. These are the tests that cost little more than that.
  template <class... R>
  struct Rows {
    static constexpr std::size_t kNone = sizeof...(R);

    // Null if the test is not one of these.
    static Graph::Step step_of(Test test, Test next) {
      static constexpr Graph::Step kAlone[] = {step<R::function>...};
      static constexpr Before kBefore[] = {before<R::function>()...};
      const std::size_t row = row_of(test);
      if (row == kNone) return nullptr;
      const std::size_t second = row_of(next);
      return second == kNone ? kAlone[row] : kBefore[row][second];
    }

   private:
    using Before = std::array<Graph::Step, sizeof...(R)>;  // by the test of the next node
    template <auto function>
    static constexpr Before before() {
      return {step<function, R::function>...};
    }
    static std::size_t row_of(Test test) {
      static constexpr Test kTests[] = {R::test...};
      return static_cast<std::size_t>(std::find(std::begin(kTests), std::end(kTests), test) -
                                      std::begin(kTests));
    }
  };
  using Together =
      Rows<Row<Test::kSymbolIs, symbol_is>, Row<Test::kIsOrEqual, is_or_equal>,
           Row<Test::kHasSymbol, has_symbol>, Row<Test::kHasAny, has_any>,
           Row<Test::kSymbolsEqual, symbols_equal>, Row<Test::kSymbolInSymbols, symbol_in_symbols>,
           Row<Test::kIntegerIs, integer_is>, Row<Test::kLess, is_less>,
           Row<Test::kOutside, is_outside>, Row<Test::kIntegersLess, are_less>,
           Row<Test::kIntegersLessEqual, are_less_equal>, Row<Test::kTrue, is_true>,
           Row<Test::kInV4, is_in_v4>, Row<Test::kInAnyV4, is_in_any_v4>>;

  // --- more than two ways ---

  static void one_of(const Node* at, const void* from, Graph::Walk& walk, std::uint32_t steps) {
    const SymbolData& symbol = member_at<Symbol>(from, at->offset).data();
    for (const Graph::Case& one : std::span(at->cases, at->second)) {
      if (&symbol != one.symbol) continue;
      const Node* const next = jumped(at, one.yes);
      return next->step(next, from, walk, steps + 1);
    }
    const Node* const next = at + 1;
    return next->step(next, from, walk, steps + 1);
  }

  static void go_to(const Node* at, const void* from, Graph::Walk& walk, std::uint32_t steps) {
    const Node* const next = jumped(at, at->yes);
    return next->step(next, from, walk, steps);
  }

  template <bool kGoes>
  static void add_rule(const Node* at, const void* from, Graph::Walk& walk, std::uint32_t steps) {
    if (walk.rule_count == GuardGraph::kMostRules) return;
    walk.rules[walk.rule_count++] = static_cast<std::uint32_t>(at->rule);
    const Node* const next = kGoes ? jumped(at, at->yes) : at + 1;
    return next->step(next, from, walk, steps + 1);
  }

  static void add_rule_and_end(const Node* at, const void*, Graph::Walk& walk,
                               std::uint32_t steps) {
    if (walk.rule_count == GuardGraph::kMostRules) return;
    walk.rules[walk.rule_count++] = static_cast<std::uint32_t>(at->rule);
    end_as(at->second, walk, steps);
  }

  static void end(const Node* at, const void*, Graph::Walk& walk, std::uint32_t steps) {
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

StructGraph::Step StructSteps::step_of(Test test, Test next) {
  const StructGraph::Step step = PlainSteps::Together::step_of(test, next);
  return step != nullptr ? step : other_step_of(test);
}

StructGraph::Step StructSteps::other_step_of(Test test) {
  switch (test) {
    case Test::kSwitch:
      return PlainSteps::one_of;
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
    default:
      return PlainSteps::end;
  }
}

}  // namespace licet::vm
