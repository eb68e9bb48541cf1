#include "eval/vm/cell_tests.h"

#include <algorithm>
#include <functional>
#include <span>

namespace licet::vm::cell_tests {

namespace {

bool are_texts(const Cell& cell) {
  return cell.form == Form::kTexts || cell.form == Form::kTextsMade;
}

bool are_values(const Cell& cell) {
  return cell.form == Form::kValues || cell.form == Form::kValuesMade;
}

bool is_equal(std::string_view text, const Value& value) {
  return value.is_string() && text::are_equal(text, value.as_string());
}

}  // namespace

Found is_constant(const Cell& cell, const Value& constant) {
  if (cell.is_text()) return found_from(is_equal(cell.text_view(), constant));
  return found_from(cell.form == Form::kValue && cell.value == constant);
}

Found has_constant(const Cell& cell, const Value& constant) {
  const auto any_of = [](auto elements, auto is_wanted) {
    if (elements.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(std::any_of(elements.begin(), elements.end(), is_wanted));
  };
  const auto is_wanted = [&](const auto& element) { return element == constant; };
  if (are_texts(cell)) return any_of(cell.texts, is_wanted);
  if (are_values(cell)) return any_of(cell.values, is_wanted);
  if (cell.form == Form::kLentList) {
    return any_of(cell.lent, [&](std::string_view text) { return is_equal(text, constant); });
  }
  if (cell.form == Form::kLentSymbols) {
    return any_of(cell.symbols,
                  [&](const Symbol& symbol) { return is_equal(symbol.text(), constant); });
  }
  if (cell.is_text() || !cell.value.is_composite()) return Found::kNo;
  if (cell.value.size() > GuardGraph::kMostElements) return Found::kUnclear;
  return found_from(cell.value.contains(constant));
}

Found is_cell(const Cell& a, const Cell& b) {
  if (a.is_text() && b.is_text()) [[likely]]
    return found_from(text::are_equal(a.text_view(), b.text_view()));
  const auto left = text_of(a);
  const auto right = text_of(b);
  if (left && right) return found_from(text::are_equal(*left, *right));
  // Lists have not been made values.
  if ((!left && a.form != Form::kValue) || (!right && b.form != Form::kValue)) {
    return Found::kUnclear;
  }
  if (left || right) return Found::kNo;
  if (a.value.is_composite()) return Found::kUnclear;
  return found_from(a.value == b.value);
}

namespace {

// Calls `visit` with each element, a Text, a Value or a text as it came, until it answers true.
template <class Visit>
Found any_element(const Cell& cell, const Visit& visit) {
  const auto any_of = [&](auto elements) {
    if (elements.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(std::any_of(elements.begin(), elements.end(), std::ref(visit)));
  };
  if (cell.form == Form::kLentList) return any_of(cell.lent);
  if (cell.form == Form::kLentSymbols) {
    if (cell.symbols.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(std::any_of(cell.symbols.begin(), cell.symbols.end(),
                                  [&](const Symbol& symbol) { return visit(symbol.data()); }));
  }
  if (are_texts(cell)) return any_of(cell.texts);
  if (are_values(cell)) return any_of(cell.values);
  const bool is_list = cell.form == Form::kValue && (cell.value.is_array() || cell.value.is_set());
  return is_list ? any_of(cell.value.elements()) : Found::kUnclear;
}

struct IsText {
  std::string_view wanted;

  bool operator()(std::string_view text) const { return text::are_equal(text, wanted); }
  bool operator()(const Text& text) const { return text::are_equal(text.view(), wanted); }
  bool operator()(const SymbolData& symbol) const { return text::are_equal(symbol.view(), wanted); }
  bool operator()(const Value& value) const { return is_equal(wanted, value); }
};

struct IsValue {
  const Value& wanted;

  bool operator()(std::string_view text) const { return is_equal(text, wanted); }
  bool operator()(const Text& text) const { return text == wanted; }
  bool operator()(const SymbolData& symbol) const { return symbol == wanted; }
  bool operator()(const Value& value) const { return value == wanted; }
};

// None if the text or the list is too long.
std::optional<Found> is_in_lent(std::string_view text, std::span<const std::string_view> list) {
  if (text.size() - 1 >= Text::kInline || list.size() > GuardGraph::kMostElements) {
    return std::nullopt;
  }
  const ShortText wanted(text);
  switch (text::width_of(text.size())) {
    case text::Width::k1To3:
      return found_from(has_short_text<text::Width::k1To3>(list, wanted));
    case text::Width::k4To7:
      return found_from(has_short_text<text::Width::k4To7>(list, wanted));
    case text::Width::k8To16:
      break;
  }
  return found_from(has_short_text<text::Width::k8To16>(list, wanted));
}

}  // namespace

Found is_in_cell(const Cell& one, const Cell& all) {
  const auto text = text_of(one);
  if (text && all.form == Form::kLentList) {
    if (const auto found = is_in_lent(*text, all.lent)) [[likely]]
      return *found;
  }
  if (text) return any_element(all, IsText{*text});
  if (one.form != Form::kValue || one.value.is_composite()) return Found::kUnclear;
  return any_element(all, IsValue{one.value});
}

bool read_address(const Cell& cell, const Node& node, LastAddress& last) {
  last.cell = node.cell;
  last.v4 = builtins::kNoV4;
  last.other.reset();
  if (cell.form == Form::kSymbol && cell.symbol->v4 != 0) {
    last.v4 = cell.symbol->v4;
    return true;
  }
  const auto text = text_of(cell);
  if (!text) return false;
  last.v4 = builtins::v4_from_text(*text);
  if (!last.is_v4()) last.other = builtins::address_from_text(*text);
  return last.is_v4() || last.other;
}

bool is_in(const Tables::NetworkTest& network, const LastAddress& last) {
  constexpr builtins::AddressBits kV4 = builtins::AddressBits{0xFFFF} << 32;
  return network.holds(last.is_v4() ? builtins::Address{kV4 | last.v4} : *last.other);
}

namespace {

// What a cell is called in tables; none if it is not one value.
std::optional<std::uint32_t> number_of(const Cell& cell, const index::Numbers& numbers) {
  if (cell.form == Form::kLent) return numbers.find(cell.text_view());
  if (cell.form == Form::kSymbol) return numbers.find(*cell.symbol);
  if (cell.is_text()) return numbers.find(cell.text);
  if (cell.form == Form::kValue) return numbers.find(cell.value);
  return std::nullopt;
}

// What a table's keys are in these cells, but for the one at `list`. None if a cell is not one
// value.
enum class Keys { kNone, kInNoRow, kNumbers };
Keys find_keys(const index::TupleTable& table, std::span<const CellIndex> of, std::size_t list,
               const Cell* cells, const index::Numbers& numbers, std::uint32_t* keys) {
  bool are_numbers = true;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (i == list) continue;
    const auto number = number_of(cells[of[i]], numbers);
    if (!number) return Keys::kNone;
    keys[i] = *number;
    are_numbers &= table.has_number(*number);
  }
  return are_numbers ? Keys::kNumbers : Keys::kInNoRow;
}

// Calls `visit` with the number of each element until it answers true. Symbols, which are found
// fastest, have a loop of their own.
template <class Visit>
[[gnu::always_inline]] inline Found any_number(const Cell& list, const index::Numbers& numbers,
                                               const Visit& visit) {
  if (list.form != Form::kLentSymbols || list.symbols.size() > GuardGraph::kMostElements) {
    return any_element(list, [&](const auto& element) { return visit(numbers.find(element)); });
  }
  for (const Symbol& symbol : list.symbols) {
    if (visit(numbers.find(symbol.data()))) return Found::kYes;
  }
  return Found::kNo;
}

// Whether a table has the values of these cells; of the one at `list` some element.
Found is_in_table(const index::TupleTable& table, std::span<const CellIndex> of, std::size_t list,
                  const Cell* cells, const index::Numbers& numbers) {
  std::uint32_t keys[GuardGraph::kMostProbes];
  const std::span<const std::uint32_t> all(keys, of.size());
  const Keys others = find_keys(table, of, list, cells, numbers, keys);
  if (others == Keys::kNone) return Found::kUnclear;
  const bool may_have = others == Keys::kNumbers;
  if (list == GuardGraph::kNoList) return found_from(may_have && table.contains(all));
  if (!may_have) return any_element(cells[of[list]], [](const auto&) { return false; });
  if (!table.is_packed()) {
    return any_number(cells[of[list]], numbers, [&](std::uint32_t number) {
      keys[list] = number;
      return table.contains(all);
    });
  }
  const index::TupleTable::Others packed = table.others_of(all, list);
  return any_number(cells[of[list]], numbers,
                    [&](std::uint32_t number) { return table.contains(packed, number); });
}

}  // namespace

Found has_match(const GuardGraph::Join& join, const Cell* cells, const index::Numbers& numbers) {
  return is_in_table(*join.table, join.probes, join.list, cells, numbers);
}

Found find_rules(const GuardGraph::Join& join, const Cell* cells, const index::Numbers& numbers,
                 std::array<std::uint32_t, GuardGraph::kMostRules>& rules, std::uint32_t& count) {
  const index::TupleTable& table = *join.table;
  std::uint32_t keys[GuardGraph::kMostProbes];
  const std::span<const std::uint32_t> all(keys, join.probes.size());
  const Keys others = find_keys(table, join.probes, join.list, cells, numbers, keys);
  // More rules than a walk can name, and what is not packed, are the machine's.
  if (others == Keys::kNone || !table.is_packed()) return Found::kUnclear;
  const auto add = [&](std::span<const std::uint32_t> found) __attribute__((always_inline)) {
    if (found.size() > rules.size() - count) return false;
    for (const std::uint32_t rule : found) rules[count++] = rule;
    return true;
  };
  if (join.list == GuardGraph::kNoList) {
    const auto found =
        others == Keys::kNumbers ? table.find(all) : std::span<const std::uint32_t>();
    return add(found) ? found_from(!found.empty()) : Found::kUnclear;
  }
  const Cell& list = cells[join.probes[join.list]];
  if (others == Keys::kInNoRow) return any_element(list, [](const auto&) { return false; });
  const index::TupleTable::Others packed = table.others_of(all, join.list);
  const std::uint32_t before = count;
  const Found are_too_many = any_number(
      list, numbers, [&](std::uint32_t number) __attribute__((always_inline)) {
        return !add(table.find(packed, number));
      });
  return are_too_many == Found::kNo ? found_from(count > before) : Found::kUnclear;
}

namespace {

// Of an object by a text, else of anything by a value.
Value get(const Value& from, std::string_view key) { return from.get(key); }

Value get(const Value& from, const Text& key) { return from.get(key.view()); }

Value get(const Value& from, const SymbolData& key) { return from.get(key.value); }

Value get(const Value& from, const Value& key) { return from.get(key); }

}  // namespace

Found finds(const GuardGraph::Lookup& lookup, const Cell* cells, const index::Numbers& numbers) {
  if (lookup.index != nullptr) {
    const std::size_t list = lookup.ends_with_list ? lookup.keys.size() - 1 : GuardGraph::kNoList;
    return is_in_table(lookup.index->table(), lookup.keys, list, cells, numbers);
  }
  Value value = lookup.from;
  const std::size_t single = lookup.keys.size() - (lookup.ends_with_list ? 1 : 0);
  for (std::size_t i = 0; i < single && value.is_defined(); ++i) {
    const Cell& cell = cells[lookup.keys[i]];
    if (cell.form == Form::kSymbol) {
      value = get(value, *cell.symbol);
    } else if (const auto text = text_of(cell); text && value.is_object()) {
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

template <text::Width kWidth>
Found has_text(const Cell& cell, const Node& node, const Value* constants) {
  if (cell.form == Form::kLentList && cell.lent.size() <= GuardGraph::kMostElements) [[likely]]
    return found_from(has_short_text<kWidth>(cell.lent, ShortText(node)));
  if (cell.form == Form::kLentSymbols && cell.symbols.size() <= GuardGraph::kMostElements)
    return found_from(has_short_text<kWidth>(cell.symbols, ShortText(node)));
  return has_constant(cell, constants[node.extra]);
}

template Found has_text<text::Width::k1To3>(const Cell&, const Node&, const Value*);
template Found has_text<text::Width::k4To7>(const Cell&, const Node&, const Value*);
template Found has_text<text::Width::k8To16>(const Cell&, const Node&, const Value*);

}  // namespace licet::vm::cell_tests
