// What single tests of a walk (guard_graph.h) find in the cells of a request.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "eval/builtins/ip.h"
#include "eval/slot_values.h"
#include "eval/value.h"
#include "eval/value_text.h"
#include "eval/vm/guard_graph.h"
#include "eval/vm/tables.h"

namespace licet::vm::cell_tests {

using Form = SlotValues::Form;
using Cell = SlotValues::Cell;
using Node = GuardGraph::Node;

// kUnclear: the machine has to find out.
enum class Found : std::uint8_t { kNo, kYes, kUnclear };

inline Found found_from(bool holds) { return holds ? Found::kYes : Found::kNo; }

// A short text to look for: as a node has it, or made of an attribute.
struct ShortText {
  text::Overlapped words;
  std::size_t size = 0;

  ShortText(text::Overlapped its_words, std::size_t its_size) : words(its_words), size(its_size) {}
  explicit ShortText(const Node& node) : words{node.words[0], node.words[1]}, size(node.size) {}
  // PRECONDITION: 0 < text.size() <= Text::kInline.
  explicit ShortText(std::string_view text)
      : words(text::load_overlapped(text.data(), text.size())), size(text.size()) {}
};

template <text::Width kWidth>
[[gnu::always_inline]] inline bool is_short_text(std::string_view text, const ShortText& wanted) {
  return text.size() == wanted.size &&
         text::load_overlapped<kWidth>(text.data(), wanted.size) == wanted.words;
}

inline std::string_view view_of(std::string_view text) { return text; }
inline std::string_view view_of(const Symbol& symbol) { return symbol.text(); }

template <text::Width kWidth, class Element>
bool has_short_text(std::span<const Element> elements, const ShortText& wanted) {
  for (const Element& element : elements) {
    if (is_short_text<kWidth>(view_of(element), wanted)) return true;
  }
  return false;
}

inline bool is_integer(const Cell& cell) {
  return cell.form == Form::kValue && cell.value.is_int64();
}

inline std::optional<std::string_view> text_of(const Cell& cell) {
  if (cell.is_text()) return cell.text_view();
  if (cell.form == Form::kValue && cell.value.is_string()) return cell.value.as_string();
  return std::nullopt;
}

// Of any form, or of any other constant than a short text.
Found is_constant(const Cell& cell, const Value& constant);
// Whether a list has the node's short text.
template <text::Width kWidth>
Found has_text(const Cell& cell, const Node& node, const Value* constants);
Found has_constant(const Cell& cell, const Value& constant);
Found is_cell(const Cell& a, const Cell& b);
Found is_in_cell(const Cell& one, const Cell& all);

// The address that the last network test asked for. IPv4 addresses are kept by themselves: to move
// 128 bits that were written in pieces stalls the processor.
struct LastAddress {
  std::uint32_t cell = UINT32_MAX;
  std::uint64_t v4 = builtins::kNoV4;
  std::optional<builtins::Address> other;

  bool is_v4() const { return v4 != builtins::kNoV4; }
};

// False: the attribute is no address.
bool read_address(const Cell& cell, const Node& node, LastAddress& last);
[[gnu::always_inline]] inline bool look_at_address(const Cell& cell, const Node& node,
                                                   LastAddress& last) {
  return last.cell == node.cell ? last.is_v4() || last.other : read_address(cell, node, last);
}

bool is_in(const Tables::NetworkTest& network, const LastAddress& last);

Found has_match(const GuardGraph::Join& join, const Cell* cells, const index::Numbers& numbers);
// Adds the rules whose rows it finds; kUnclear if they are too many.
Found find_rules(const GuardGraph::Join& join, const Cell* cells, const index::Numbers& numbers,
                 std::array<std::uint32_t, GuardGraph::kMostRules>& rules, std::uint32_t& count);
Found finds(const GuardGraph::Lookup& lookup, const Cell* cells, const index::Numbers& numbers);

}  // namespace licet::vm::cell_tests
