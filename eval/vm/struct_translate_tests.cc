// What a node of a StructGraph tests.
#include <limits>
#include <utility>

#include "eval/vm/struct_translator.h"

namespace licet::vm {
namespace {

using From = GuardGraph::Test;
using Kind = StructMember::Kind;

}  // namespace

StructTranslator::Draft StructTranslator::end(GuardGraph::Test how, const Value* answer) {
  Draft draft;
  draft.node.second = static_cast<std::uint16_t>(how);
  draft.node.answer = answer;
  return draft;
}

StructTranslator::Draft StructTranslator::translated(const GuardGraph::Node& from) {
  if (from.test == From::kRule) {
    Draft draft{.test = Test::kRule, .node = {}, .yes = next(from.yes)};
    draft.node.rule = from.extra;
    const From after = graph_.nodes()[draft.yes].test;
    if (!GuardGraph::is_test(after) && after != From::kRule && after != From::kAnswer) {
      draft.test = Test::kRuleThenEnd;
      draft.node.second = static_cast<std::uint16_t>(after);
      draft.yes = kNowhere;
    }
    return draft;
  }
  if (!GuardGraph::is_test(from.test)) {
    return end(from.test, from.test == From::kAnswer ? &graph_.constants()[from.extra] : nullptr);
  }
  if (!has_all(from)) return end(From::kLeave);
  std::optional<Draft> simple = simple_test(from);
  Draft draft = simple ? *std::move(simple) : joined_test(from);
  draft.yes = next(from.yes);
  return draft;
}

// A test that takes no table. PRECONDITION: there are its members.
std::optional<StructTranslator::Draft> StructTranslator::simple_test(
    const GuardGraph::Node& from) const {
  const StructMember& member = *shape_.member(from.cell);
  Draft draft;
  draft.node.offset = static_cast<std::uint16_t>(member.offset);
  if (!GuardGraph::is_of_two(from.test)) return test_with_constant(from, std::move(draft), member);
  const StructMember& second = *shape_.member(from.extra);
  draft.node.second = static_cast<std::uint16_t>(second.offset);
  struct OfTwo {
    From from;
    Kind one;
    Kind two;
    Test test;
  };
  static constexpr OfTwo kOfTwo[] = {
      {From::kCellsEqual, Kind::kSymbol, Kind::kSymbol, Test::kSymbolsEqual},
      {From::kCellsEqual, Kind::kText, Kind::kText, Test::kTextsEqual},
      {From::kCellsLess, Kind::kInteger, Kind::kInteger, Test::kIntegersLess},
      {From::kCellsLessEqual, Kind::kInteger, Kind::kInteger, Test::kIntegersLessEqual},
      {From::kCellInCell, Kind::kSymbol, Kind::kSymbols, Test::kSymbolInSymbols},
      {From::kCellInCell, Kind::kText, Kind::kTexts, Test::kTextInTexts},
  };
  for (const OfTwo& one : kOfTwo) {
    if (from.test != one.from || member.kind != one.one || second.kind != one.two) continue;
    draft.test = one.test;
    return draft;
  }
  return std::nullopt;
}

std::optional<StructTranslator::Draft> StructTranslator::test_with_constant(
    const GuardGraph::Node& from, Draft draft, const StructMember& member) const {
  Node& node = draft.node;
  const auto of = [&](Test test) {
    draft.test = test;
    return draft;
  };
  const auto with_text = [&](bool is_of_list) -> std::optional<Draft> {
    const Value& constant = graph_.constants()[from.extra];
    if (!constant.is_string()) return std::nullopt;
    return test_with_text(std::move(draft), member, is_of_list, constant.as_string());
  };
  switch (from.test) {
    case From::kConstant:
      if (member.kind != Kind::kInteger || !graph_.constants()[from.extra].is_int64()) {
        return with_text(false);
      }
      node.integer = graph_.constants()[from.extra].as_int64();
      return of(Test::kIntegerIs);
    case From::kText1To3:
    case From::kText4To7:
    case From::kText8To16:
      return with_text(false);
    case From::kHasText1To3:
    case From::kHasText4To7:
    case From::kHasText8To16:
    case From::kHasConstant:
      return with_text(true);
    case From::kLess:
    case From::kLessEqual: {
      constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
      node.integer = static_cast<std::int64_t>(from.words[0]);
      const bool may_be_equal = from.test == From::kLessEqual;
      if (member.kind != Kind::kInteger || (may_be_equal && node.integer == kMost)) break;
      if (may_be_equal) ++node.integer;
      return of(Test::kLess);
    }
    case From::kTrue:
      return of(Test::kTrue);
    case From::kInV4:
      if (member.kind != Kind::kSymbol && member.kind != Kind::kText) break;
      node.network = {.base = static_cast<std::uint32_t>(from.words[0]),
                      .mask = static_cast<std::uint32_t>(from.words[1])};
      return of(member.kind == Kind::kSymbol ? Test::kInV4 : Test::kTextInV4);
    default:
      break;
  }
  return std::nullopt;
}

// Whether the member is the text, or a list that has it.
std::optional<StructTranslator::Draft> StructTranslator::test_with_text(
    Draft draft, const StructMember& member, bool is_of_list, std::string_view text) const {
  if (member.kind == (is_of_list ? Kind::kSymbols : Kind::kSymbol)) {
    draft.test = is_of_list ? Test::kHasSymbol : Test::kSymbolIs;
    draft.node.symbol = &shape_.symbol(text);
    return draft;
  }
  if (member.kind != (is_of_list ? Kind::kTexts : Kind::kText)) return std::nullopt;
  draft.text.view = text;
  draft.test = is_of_list ? Test::kHasText : Test::kTextIs;
  if (!text.empty() && text.size() <= Text::kInline) {
    draft.text.words = text::load_overlapped(text.data(), text.size());
    switch (text::width_of(text.size())) {
      case text::Width::k1To3:
        draft.test = is_of_list ? Test::kHasText1To3 : Test::kText1To3;
        break;
      case text::Width::k4To7:
        draft.test = is_of_list ? Test::kHasText4To7 : Test::kText4To7;
        break;
      case text::Width::k8To16:
        draft.test = is_of_list ? Test::kHasText8To16 : Test::kText8To16;
        break;
    }
  }
  if (!StructSteps::points_to_text(draft.test)) {
    draft.node.second = static_cast<std::uint16_t>(text.size());
    draft.node.words = draft.text.words.first;
  }
  return draft;
}

StructTranslator::Draft StructTranslator::joined_test(const GuardGraph::Node& from) {
  const index::TupleTable* table = nullptr;
  std::size_t list = GuardGraph::kNoList;
  if (from.test == From::kJoin || from.test == From::kRows) {
    table = graph_.join(from).table;
    list = graph_.join(from).list;
  } else if (from.test == From::kLookup && graph_.lookup(from).index != nullptr) {
    table = &graph_.lookup(from).index->table();
    if (graph_.lookup(from).ends_with_list) list = graph_.lookup(from).keys.size() - 1;
  }
  const std::vector<CellIndex> cells = cells_of(from);
  if (table == nullptr || !table->is_packed() || cells.size() > GuardGraph::kMostProbes) {
    return other_test(from);
  }
  StructGraph::Join join{.table = table,
                         .size = static_cast<std::uint16_t>(cells.size()),
                         .finds_rules = from.test == From::kRows};
  if (list != GuardGraph::kNoList) join.list = static_cast<std::uint16_t>(list);
  const auto are_all = [&](Kind single, Kind many) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const StructMember& member = *shape_.member(cells[i]);
      if (member.kind != (i == list ? many : single)) return false;
      join.offsets[i] = static_cast<std::uint16_t>(member.offset);
    }
    return true;
  };
  const bool are_symbols = are_all(Kind::kSymbol, Kind::kSymbols);
  if (!are_symbols && !are_all(Kind::kText, Kind::kTexts)) return other_test(from);
  Draft draft{.test = are_symbols ? Test::kJoin : Test::kJoinOfTexts, .node = {}};
  draft.first = to_.joins_.size();
  to_.joins_.push_back(join);
  return draft;
}

StructTranslator::Draft StructTranslator::other_test(const GuardGraph::Node& from) {
  Draft draft{.test = Test::kOther, .node = {}};
  draft.first = to_.others_.size();
  to_.others_.push_back({.node = from, .members = {}});
  for (const CellIndex cell : cells_of(from)) {
    to_.others_.back().members.push_back(*shape_.member(cell));
  }
  return draft;
}

// --- several in one ------------------------------------------------------------------------------

// Takes into the draft what comes after it if it does not hold, as far as that goes. `no`: what
// comes next then.
void StructTranslator::join_with_next(Draft& draft, NodeIndex& no) {
  for (;;) {
    const GuardGraph::Node& from = graph_.nodes()[next(no)];
    if (!GuardGraph::is_test(from.test) || !has_all(from)) return;
    std::optional<Draft> other = simple_test(from);
    if (!other) return;
    other->yes = next(from.yes);
    if (is_range(draft, *other, next(from.no))) {
      no = from.yes;
    } else if (take(draft, *other)) {
      no = from.no;
    } else {
      return;
    }
  }
}

// Less than one integer, or not less than another.
bool StructTranslator::is_range(Draft& draft, const Draft& other, NodeIndex no_of_other) {
  const auto fits = [](std::int64_t integer) {
    return integer == static_cast<std::int32_t>(integer) && integer > INT32_MIN;
  };
  const bool are_one = draft.test == Test::kLess && other.test == Test::kLess &&
                       draft.node.offset == other.node.offset && draft.yes == no_of_other;
  if (!are_one || !fits(draft.node.integer) || !fits(other.node.integer)) return false;
  const std::int64_t least = draft.node.integer;
  draft.test = Test::kOutside;
  draft.node.range = {.least = static_cast<std::int32_t>(least),
                      .most = static_cast<std::int32_t>(other.node.integer - 1)};
  return true;
}

bool StructTranslator::take(Draft& draft, const Draft& other) {
  Node& node = draft.node;
  const bool is_same = node.offset == other.node.offset;
  if (is_same && other.test == Test::kSymbolIs) return take_case(draft, other);
  if (draft.yes != other.yes) return false;
  if (draft.test == Test::kSymbolIs && other.test == Test::kSymbolsEqual) {
    if (!is_same && node.offset != other.node.second) return false;
    draft.test = Test::kIsOrEqual;
    node.second = is_same ? other.node.second : other.node.offset;
    return true;
  }
  if (!is_same) return false;
  if (other.test == Test::kHasSymbol) {
    return take_element(draft, Test::kHasSymbol, Test::kHasAny, to_.symbols_, node.symbol,
                        other.node.symbol);
  }
  if (other.test != Test::kInV4 && other.test != Test::kTextInV4) return false;
  const Test many = other.test == Test::kInV4 ? Test::kInAnyV4 : Test::kTextInAnyV4;
  return take_element(draft, other.test, many, to_.networks_, node.network, other.node.network);
}

bool StructTranslator::take_case(Draft& draft, const Draft& other) {
  using Case = StructGraph::Case;
  const NodeIndex yes = draft.yes;
  const bool is_first = draft.test == Test::kSymbolIs;
  if (!take_element<Case>(draft, Test::kSymbolIs, Test::kSwitch, to_.cases_,
                          {.symbol = draft.node.symbol, .yes = 0},
                          {.symbol = other.node.symbol, .yes = 0})) {
    return false;
  }
  if (is_first) draft.yes_of_cases.push_back(yes);
  draft.yes_of_cases.push_back(other.yes);
  draft.yes = kNowhere;
  return true;
}

// Makes a test of one thing a test of many, or adds to it. INVARIANT: no other draft's are added
// between.
template <class T>
bool StructTranslator::take_element(Draft& draft, Test one, Test many, std::vector<T>& all, T first,
                                    T next) {
  if (draft.test == one) {
    draft.test = many;
    draft.first = all.size();
    draft.node.second = 1;
    all.push_back(first);
  }
  if (draft.test != many || draft.node.second == UINT16_MAX) return false;
  ++draft.node.second;
  all.push_back(next);
  return true;
}

}  // namespace licet::vm
