// From a graph of cells to one of a struct's members.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "eval/vm/struct_graph.h"
#include "eval/vm/struct_steps.h"

namespace licet::vm {

class StructTranslator {
 public:
  StructTranslator(StructGraph& to, const StructShape& shape)
      : graph_(*to.graph_), shape_(shape), to_(to), place_(graph_.nodes().size(), kNowhere) {}

  void translate();

 private:
  using Test = StructSteps::Test;
  using Node = StructGraph::Node;
  using NodeIndex = std::uint16_t;  // of the graph
  static constexpr NodeIndex kNowhere = UINT16_MAX;
  // A node whose `yes` is one of the graph's.
  struct Draft {
    Test test = Test::kEnd;
    Node node;
    NodeIndex yes = kNowhere;
    StructGraph::TextConstant text = {};
    std::size_t first = 0;  // index of what the node points to, in the graph
    std::vector<NodeIndex> yes_of_cases = {};
  };

  bool can_begin() const;
  void add(Draft draft);
  bool is_full() const { return drafts_.size() >= kNowhere; }
  void add_from(NodeIndex at);
  NodeIndex next(NodeIndex at) const;
  std::vector<CellIndex> cells_of(const GuardGraph::Node& node) const;
  bool has_all(const GuardGraph::Node& node) const;
  std::int32_t distance(std::size_t from, NodeIndex to) const;
  Node finished(std::size_t at);

  // Tests: struct_translate_tests.cc.
  static Draft end(GuardGraph::Test how, const Value* answer = nullptr);
  Draft translated(const GuardGraph::Node& from);
  std::optional<Draft> simple_test(const GuardGraph::Node& from) const;
  std::optional<Draft> test_with_constant(const GuardGraph::Node& from, Draft draft,
                                          const StructMember& member) const;
  std::optional<Draft> test_with_text(Draft draft, const StructMember& member, bool is_of_list,
                                      std::string_view text) const;
  Draft joined_test(const GuardGraph::Node& from);
  Draft other_test(const GuardGraph::Node& from);
  // Several in one.
  void join_with_next(Draft& draft, NodeIndex& no);
  static bool is_range(Draft& draft, const Draft& other, NodeIndex no_of_other);
  bool take(Draft& draft, const Draft& other);
  bool take_case(Draft& draft, const Draft& other);
  template <class T>
  static bool take_element(Draft& draft, Test one, Test many, std::vector<T>& all, T first, T next);

  const GuardGraph& graph_;
  const StructShape& shape_;
  StructGraph& to_;
  std::vector<Draft> drafts_;
  std::vector<NodeIndex> place_;  // of its draft
  std::vector<NodeIndex> open_;
};

}  // namespace licet::vm
