// Walks. The unfolding is in graph_builder.cc.
#include "eval/vm/guard_graph.h"

#include <algorithm>
#include <memory>

#include "eval/builtins/ip.h"
#include "eval/vm/tables.h"

namespace licet::vm {
namespace {

using Form = SlotValues::Form;
using Cell = SlotValues::Cell;
using Node = GuardGraph::Node;
using Test = GuardGraph::Test;

enum class Found : std::uint8_t { kNo, kYes, kUnclear };

Found found_from(bool holds) { return holds ? Found::kYes : Found::kNo; }

bool is_text(const Cell& cell) { return cell.form == Form::kText || cell.form == Form::kTextMade; }
bool are_texts(const Cell& cell) {
  return cell.form == Form::kTexts || cell.form == Form::kTextsMade;
}
bool are_values(const Cell& cell) {
  return cell.form == Form::kValues || cell.form == Form::kValuesMade;
}

[[gnu::always_inline]] inline bool is_short_text(const Text& text, const Node& node) {
  return text.words[0] == node.words[0] && text.words[1] == node.words[1] && text.size == node.size;
}

bool has_short_text(std::span<const Text> texts, const Node& node) {
  for (const Text& text : texts) {
    if (is_short_text(text, node)) return true;
  }
  return false;
}

// The same of text that nobody has looked at: most have another size, so nobody has to.
[[gnu::always_inline]] inline bool is_short_text(std::string_view text, const Node& node) {
  if (text.size() != node.size) return false;
  const text::Words words = text::load_words(text.data(), text.size());
  return words.first == node.words[0] && words.second == node.words[1];
}

bool has_short_text(std::span<const std::string_view> texts, const Node& node) {
  for (const std::string_view text : texts) {
    if (is_short_text(text, node)) return true;
  }
  return false;
}

bool has_symbol(SymbolList symbols, const Value& constant) {
  for (const Symbol& symbol : symbols) {
    if (symbol.value() == constant) return true;
  }
  return false;
}

bool is_equal(std::string_view text, const Value& value) {
  return value.is_string() && value.as_string() == text;
}

template <class Element, class Wanted>
bool has(std::span<const Element> elements, const Wanted& wanted) {
  for (const Element& element : elements) {
    if (element == wanted) return true;
  }
  return false;
}

// Of a cell that is no short text, or of any other constant.
Found is_constant(const Cell& cell, const Value& constant) {
  if (cell.form == Form::kLent) return found_from(is_equal(cell.lent_text(), constant));
  if (cell.form == Form::kValue) return found_from(cell.value == constant);
  return found_from(is_text(cell) && cell.text == constant);
}

Found has_constant(const Cell& cell, const Value& constant) {
  if (are_texts(cell)) {
    if (cell.texts.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(has(cell.texts, constant));
  }
  if (are_values(cell)) {
    if (cell.values.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(has(cell.values, constant));
  }
  if (cell.form == Form::kLentList) {
    if (cell.lent.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(std::any_of(cell.lent.begin(), cell.lent.end(),
                                  [&](std::string_view text) { return is_equal(text, constant); }));
  }
  if (cell.form == Form::kLentSymbols) {
    if (cell.symbols.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(has_symbol(cell.symbols, constant));
  }
  if (cell.form == Form::kLent || is_text(cell) || !cell.value.is_composite()) return Found::kNo;
  if (cell.value.size() > GuardGraph::kMostElements) return Found::kUnclear;
  return found_from(cell.value.contains(constant));
}

bool is_integer(const Cell& cell) { return cell.form == Form::kValue && cell.value.is_int64(); }

std::optional<std::string_view> text_of(const Cell& cell) {
  if (cell.form == Form::kLent) return cell.lent_text();
  if (is_text(cell)) return cell.text.view();
  if (cell.form == Form::kValue && cell.value.is_string()) return cell.value.as_string();
  return std::nullopt;
}

// Of lent texts; short ones without a call.
bool are_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() > Text::kInline) return a == b;
  const text::Words left = text::load_words(a.data(), a.size());
  const text::Words right = text::load_words(b.data(), b.size());
  return left.first == right.first && left.second == right.second;
}

Found is_cell(const Cell& a, const Cell& b) {
  if (a.form == Form::kLent || b.form == Form::kLent) {
    const auto left = text_of(a);
    const auto right = text_of(b);
    if (left && right) return found_from(are_equal(*left, *right));
    return a.form == Form::kValue || b.form == Form::kValue ? Found::kNo : Found::kUnclear;
  }
  if (is_text(a)) {
    if (is_text(b)) return found_from(a.text == b.text);
    return b.form == Form::kValue ? found_from(a.text == b.value) : Found::kUnclear;
  }
  if (a.form != Form::kValue) return Found::kUnclear;
  if (is_text(b)) return found_from(b.text == a.value);
  if (b.form != Form::kValue || a.value.is_composite()) return Found::kUnclear;
  return found_from(a.value == b.value);
}

// Calls `visit` with each element, a Text, a Value or a text as it came, until it answers true.
template <class Visit>
Found any_element(const Cell& cell, Visit visit) {
  const auto any_of = [&](auto elements) {
    if (elements.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(std::any_of(elements.begin(), elements.end(), visit));
  };
  if (cell.form == Form::kLentList) return any_of(cell.lent);
  if (cell.form == Form::kLentSymbols) {
    if (cell.symbols.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(std::any_of(cell.symbols.begin(), cell.symbols.end(),
                                  [&](const Symbol& symbol) { return visit(symbol.value()); }));
  }
  if (are_texts(cell)) return any_of(cell.texts);
  if (are_values(cell)) return any_of(cell.values);
  const bool is_list = cell.form == Form::kValue && (cell.value.is_array() || cell.value.is_set());
  return is_list ? any_of(cell.value.elements()) : Found::kUnclear;
}

struct IsText {
  std::string_view wanted;

  bool operator()(std::string_view text) const { return are_equal(text, wanted); }
  bool operator()(const Text& text) const { return are_equal(text.view(), wanted); }
  bool operator()(const Value& value) const { return is_equal(wanted, value); }
};

struct IsValue {
  const Value& wanted;

  bool operator()(std::string_view text) const { return is_equal(text, wanted); }
  bool operator()(const Text& text) const { return text == wanted; }
  bool operator()(const Value& value) const { return value == wanted; }
};

Found is_in_cell(const Cell& one, const Cell& all) {
  if (is_text(one) && are_texts(all)) {
    if (all.texts.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(has(all.texts, one.text));
  }
  if (const auto text = text_of(one)) return any_element(all, IsText{*text});
  if (one.form != Form::kValue || one.value.is_composite()) return Found::kUnclear;
  return any_element(all, IsValue{one.value});
}

// The address that the last network test asked for. IPv4 addresses are kept by themselves: to move
// 128 bits that were written in pieces stalls the processor.
struct LastAddress {
  std::uint32_t cell = UINT32_MAX;
  bool is_v4 = false;
  std::uint32_t v4 = 0;
  std::optional<builtins::Address> other;
};

// False: the attribute is no address.
[[gnu::always_inline]] inline bool look_at_address(const Cell& cell, const Node& node,
                                                   LastAddress& last) {
  if (last.cell != node.cell) {
    last.cell = node.cell;
    const auto text = text_of(cell);
    const auto v4 = text ? builtins::v4_from_text(*text) : std::nullopt;
    last.is_v4 = v4.has_value();
    last.v4 = v4.value_or(0);
    last.other.reset();
    if (text && !v4) last.other = builtins::address_from_text(*text);
  }
  return last.is_v4 || last.other;
}

bool is_in(const Tables::NetworkTest& network, const LastAddress& last) {
  constexpr builtins::AddressBits kV4 = builtins::AddressBits{0xFFFF} << 32;
  return network.holds(last.is_v4 ? builtins::Address{kV4 | last.v4} : *last.other);
}

// What is looked up: a value or a text in a cell, or a text that was lent and is looked at here.
// Nothing is set before it is used, because a decision looks up a few things only.
class Probes {
 public:
  explicit Probes(std::size_t count) : count_(count) {}

  // False: the cell is not one value.
  bool set(std::size_t i, const Cell& cell) {
    if (cell.form == Form::kLent) {
      set(i, cell.lent_text());
    } else if (is_text(cell)) {
      set(i, cell.text);
    } else if (cell.form == Form::kValue) {
      set(i, cell.value);
    } else {
      return false;
    }
    return true;
  }
  void set(std::size_t i, const Text& text) { std::construct_at(&room_.probes[i], text); }
  void set(std::size_t i, const Value& value) { std::construct_at(&room_.probes[i], value); }
  void set(std::size_t i, std::string_view lent) {
    std::construct_at(&room_.texts[i], text_from(lent));
    set(i, room_.texts[i]);
  }
  std::span<const index::Probe> all() const { return {room_.probes, count_}; }

 private:
  struct Room {
    Room() {}  // NOLINT
    union {
      index::Probe probes[GuardGraph::kMostProbes];
    };
    union {
      Text texts[GuardGraph::kMostProbes];
    };
  };
  std::size_t count_;
  Room room_;
};

Found has_match(const GuardGraph::Join& join, const Cell* cells) {
  Probes probes(join.probes.size());
  for (std::size_t i = 0; i < join.probes.size(); ++i) {
    if (i != join.list && !probes.set(i, cells[join.probes[i]])) return Found::kUnclear;
  }
  if (join.list == GuardGraph::kNoList) return found_from(join.index->contains(probes.all()));
  return any_element(cells[join.probes[join.list]], [&](const auto& element) {
    probes.set(join.list, element);
    return join.index->contains(probes.all());
  });
}

// Of an object by a text, else of anything by a value.
Value get(const Value& from, std::string_view key) { return from.get(key); }
Value get(const Value& from, const Text& key) { return from.get(key.view()); }
Value get(const Value& from, const Value& key) { return from.get(key); }

Found finds(const GuardGraph::Lookup& lookup, const Cell* cells) {
  Value value = lookup.from;
  const std::size_t single = lookup.keys.size() - (lookup.ends_with_list ? 1 : 0);
  for (std::size_t i = 0; i < single && value.is_defined(); ++i) {
    const Cell& cell = cells[lookup.keys[i]];
    if (const auto text = text_of(cell); text && value.is_object()) {
      value = value.get(*text);
    } else if (cell.form == Form::kValue) {
      value = value.get(cell.value);
    } else {
      return Found::kUnclear;
    }
  }
  const auto holds = [](const Value& found) { return found.is_defined() && !found.is_false(); };
  if (!lookup.ends_with_list) return found_from(holds(value));
  if (value.is_defined() && !value.is_object()) return Found::kUnclear;
  return any_element(cells[lookup.keys.back()],
                     [&](const auto& element) { return holds(get(value, element)); });
}

bool is_missing(const std::uint64_t* filled, CellIndex cell) {
  return (filled[cell / 64] >> (cell % 64) & 1U) == 0;
}

bool misses(const std::uint64_t* filled, const Node& node) {
  return is_missing(filled, node.cell) ||
         (GuardGraph::is_of_two(node.test) && is_missing(filled, node.extra));
}

}  // namespace

bool GuardGraph::are_all(const Cells& cells, const CellSet& in) {
  const std::size_t count = std::min(cells.size(), in.word_count());
  for (std::size_t i = 0; i < count; ++i) {
    if ((cells[i] & ~in.words()[i]) != 0) return false;
  }
  return true;
}

GuardGraph::Walk GuardGraph::walk(const SlotValues& slots) const {
  Walk walk;
  if (!are_all(required_, slots.filled())) return walk;
  if (are_all(read_, slots.filled())) [[likely]] {
    walk_nodes<true>(slots, walk);
  } else {
    walk_nodes<false>(slots, walk);
  }
  return walk;
}

template <bool kAllPresent>
void GuardGraph::walk_nodes(const SlotValues& slots, Walk& walk) const {
  const Node* const nodes = nodes_.data();
  const Cell* const cells = slots.cells();
  const std::uint64_t* const filled = slots.filled().words();
  const Value* const constants = constants_.data();
  LastAddress last;
  const Node* at = nodes;
  std::uint32_t steps = 0;
  std::uint32_t rule_count = 0;
  for (;;) {
    const Node& node = *at;
    ++steps;
    if constexpr (!kAllPresent) {
      if (is_test(node.test) && misses(filled, node)) {
        if (node.missing == Missing::kLeave) return;
        at = nodes + (node.missing == Missing::kYes ? node.yes : node.no);
        continue;
      }
    }
    const Cell& cell = cells[node.cell];
    Found found = Found::kUnclear;
    switch (node.test) {
      case Test::kText:
        if (is_text(cell)) [[likely]] {
          at = nodes + (is_short_text(cell.text, node) ? node.yes : node.no);
          continue;
        }
        if (cell.form == Form::kLent) [[likely]] {
          at = nodes + (is_short_text(cell.lent_text(), node) ? node.yes : node.no);
          continue;
        }
        if (cell.form == Form::kValue) {
          at = nodes + (cell.value == constants[node.extra] ? node.yes : node.no);
          continue;
        }
        found = is_constant(cell, constants[node.extra]);
        break;
      case Test::kConstant:
        found = is_constant(cell, constants[node.extra]);
        break;
      case Test::kLess:
        if (!is_integer(cell)) return;
        found = found_from(cell.value.as_int64() < static_cast<std::int64_t>(node.words[0]));
        break;
      case Test::kLessEqual:
        if (!is_integer(cell)) return;
        found = found_from(cell.value.as_int64() <= static_cast<std::int64_t>(node.words[0]));
        break;
      case Test::kTrue:
        found = found_from(cell.form != Form::kValue || !cell.value.is_false());
        break;
      case Test::kHasText:
        if (cell.form == Form::kLentList && cell.lent.size() <= kMostElements) {
          found = found_from(has_short_text(cell.lent, node));
        } else if (cell.form == Form::kTexts && cell.texts.size() <= kMostElements) {
          found = found_from(has_short_text(cell.texts, node));
        } else if (cell.form == Form::kLentSymbols && cell.symbols.size() <= kMostElements) {
          found = found_from(has_symbol(cell.symbols, constants[node.extra]));
        } else {
          found = has_constant(cell, constants[node.extra]);
        }
        break;
      case Test::kHasConstant:
        found = has_constant(cell, constants[node.extra]);
        break;
      case Test::kStartsWith:
      case Test::kEndsWith: {
        const auto text = text_of(cell);
        if (!text) return;
        const std::string_view part = constants[node.extra].as_string();
        found = found_from(node.test == Test::kStartsWith ? text->starts_with(part)
                                                          : text->ends_with(part));
        break;
      }
      case Test::kInNetwork:
        if (!look_at_address(cell, node, last)) return;
        found = found_from(is_in(*tables_->network(node.extra), last));
        break;
      case Test::kInV4:
        if (!look_at_address(cell, node, last)) return;
        // An IPv4 address in the form of an IPv6 address is one, too.
        if (!last.is_v4 && last.other->is_v4()) return;
        found = found_from(last.is_v4 && (last.v4 & node.words[1]) == node.words[0]);
        break;
      case Test::kCellsEqual:
        found = is_cell(cell, cells[node.extra]);
        break;
      case Test::kCellsLess:
        if (!is_integer(cell) || !is_integer(cells[node.extra])) return;
        found = found_from(cell.value.as_int64() < cells[node.extra].value.as_int64());
        break;
      case Test::kCellsLessEqual:
        if (!is_integer(cell) || !is_integer(cells[node.extra])) return;
        found = found_from(cell.value.as_int64() <= cells[node.extra].value.as_int64());
        break;
      case Test::kCellInCell:
        found = is_in_cell(cell, cells[node.extra]);
        break;
      case Test::kJoin:
        found = has_match(joins_[node.extra], cells);
        break;
      case Test::kLookup:
        found = finds(lookups_[node.extra], cells);
        break;
      case Test::kRule:
        if (rule_count == kMostRules) return;
        walk.rules[rule_count++] = node.extra;
        at = nodes + node.yes;
        continue;
      case Test::kAnswer:
      case Test::kNoAnswer:
      case Test::kForbidden:
      case Test::kPermitted:
      case Test::kNoPermit:
        walk.end = node.test;
        if (node.test == Test::kAnswer) walk.answer = constants[node.extra];
        walk.steps = steps;
        walk.rule_count = rule_count;
        return;
      case Test::kLeave:
        return;
    }
    if (found == Found::kUnclear) [[unlikely]]
      return;
    at = nodes + (found == Found::kYes ? node.yes : node.no);
  }
}

}  // namespace licet::vm
