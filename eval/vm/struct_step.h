// What the steps of all kinds are made of; for the files of steps only.
//
// Each test is a function; it ends by calling the one of the next node, which compilers make a jump
// where they optimize. Where they do not, a walk is as many calls deep as it has tests, at most
// some 2,000.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "eval/vm/cell_tests.h"
#include "eval/vm/struct_steps.h"

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

    const SymbolData& symbol() const { return member_at<Symbol>(from, node.offset).data(); }
    const SymbolData& second_symbol() const { return member_at<Symbol>(from, node.second).data(); }
    std::string_view text() const { return member_at<std::string_view>(from, node.offset); }
    std::int64_t integer() const { return member_at<std::int64_t>(from, node.offset); }
    std::int64_t second_integer() const { return member_at<std::int64_t>(from, node.second); }
  };

  // A test answers a bool, or a Found if the machine may have to find out. Where it does not hold,
  // the step makes the tests of `more` at the nodes behind this one.
  template <auto test, auto... more>
  static void step(const Node* at, const void* from, Graph::Walk& walk, std::uint32_t steps) {
    const auto found = test(At{*at, from, walk});
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
      return next->step(next, from, walk, steps + 1);
    }
    const Node* const next = at + 1;
    if constexpr (sizeof...(more) > 0) {
      return step<more...>(next, from, walk, steps + 1);
    } else {
      return next->step(next, from, walk, steps + 1);
    }
  }

  static const Node* jumped(const Node* at, std::int32_t bytes) {
    return reinterpret_cast<const Node*>(reinterpret_cast<const std::byte*>(at) + bytes);
  }

  // Whether it lies in one of the networks of the node.
  static bool is_in_any(std::uint32_t address, const Node& node) {
    for (const Graph::Network& network : std::span(node.networks, node.second)) {
      if ((address & network.mask) == network.base) return true;
    }
    return false;
  }
};

}  // namespace licet::vm
