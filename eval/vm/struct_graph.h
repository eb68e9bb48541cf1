// Graphs that ask a struct of the caller's instead of the cells of a request.
//
// Problem: to lend a request seventeen attributes is to store seventeen, and its decision looks at
// eight of them; then a walk finds out for each what form it has, and compares bytes.
//
// Idea: what a struct's members are is known when it is bound, and so are the constants. A graph
// (guard_graph.h) is translated once: where it names a cell stands how far from the struct's
// beginning the member lies, and where it asks a symbol for a text, the symbol of that. Then a test
// is one word of the struct, compared with one word of a node; of texts it is their size and a word
// or two.
//     "auditor" in roles?        has_symbol   offset 40   -> SymbolData of "auditor"
//     hour < 18?                 is_less      offset 24   18
// Tests that follow each other and ask the same member are one: which of these actions it is,
// whether an address is in one of these networks, whether an hour is in a range.
//
// A node says itself which code is its test, and that code ends with a jump to the code of the next
// node: nothing is done between tests (struct_steps.h).
//
// Symbols are the same if and only if their texts are. All other tests put the members that they
// ask into cells, and ask those.
//
// A walk has the same outcome as the walk of the graph that it was made of, or leaves.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "eval/struct_member.h"
#include "eval/symbol.h"
#include "eval/vm/cell_tests.h"
#include "eval/vm/guard_graph.h"
#include "eval/vm/tables.h"

namespace licet::vm {

// Where the cells of a layout lie in a struct, and how its texts are called.
struct StructShape {
  std::vector<std::optional<StructMember>> members;  // by cell
  std::function<const SymbolData&(std::string_view)> symbol;

  const StructMember* member(CellIndex cell) const {
    return cell < members.size() && members[cell] ? &*members[cell] : nullptr;
  }
};

// Immutable. Refers to the graph that it was made of and to its tables, and may be walked only as
// long as they live.
class StructGraph {
 public:
  StructGraph(const GuardGraph& graph, const StructShape& shape);
  // Nodes point to what the vectors below hold, which moves do not change.
  StructGraph(StructGraph&&) = default;
  StructGraph& operator=(StructGraph&&) = default;

  // What a walk finds, and what its tests remember.
  class Walk : public GuardGraph::Walk {
   public:
    using GuardGraph::Walk::Walk;

   private:
    friend class StructGraph;
    friend class StructSteps;
    const StructGraph* graph;               // NOLINT: set when it begins
    std::uint32_t address_at = UINT32_MAX;  // offset of the text that `v4` was read from
    std::uint64_t v4;                       // NOLINT: if there is one
    bool has_address = false;
    // A cell_tests::LastAddress, which few walks need, if it has one.
    alignas(cell_tests::LastAddress) std::byte address[sizeof(cell_tests::LastAddress)];
  };

  void walk(const void* from, Walk& walk) const {
    walk.graph = this;
    const Node* const first = nodes_.data();
    first->step(first, from, walk, 1);
  }
  std::size_t byte_count() const { return sizeof *this + nodes_.capacity() * sizeof(Node); }

 private:
  friend class StructSteps;
  friend class StructTranslator;

  struct Node;
  // Does the node's test and goes on. `from`: the struct. There is room for more arguments in
  // registers, but tests need some, too.
  using Step = void (*)(const Node* at, const void* from, Walk& walk, std::uint32_t steps);
  struct Network {
    std::uint32_t base = 0;
    std::uint32_t mask = 0;
  };
  struct TextConstant {
    std::string_view view;   // lives as long as the program
    text::Overlapped words;  // of one that is short
  };
  struct Case {
    const SymbolData* symbol;
    std::int32_t yes;  // as a node's
  };
  // Rows of symbols: GuardGraph::Join, or a lookup that has an index.
  static constexpr std::uint16_t kNoList = UINT16_MAX;
  struct Join {
    const index::TupleTable* table = nullptr;
    std::uint16_t offsets[GuardGraph::kMostProbes] = {};  // by key
    std::uint16_t size = 0;
    std::uint16_t list = kNoList;  // the key of which some element is tried
    bool finds_rules = false;
  };
  // A test in the form that the graph has it.
  struct Other {
    GuardGraph::Node node;
    std::vector<StructMember> members;  // that it asks
  };
  struct Node {
    Step step = nullptr;
    std::uint16_t offset = 0;  // of the member
    // Of the other one; or how many there are in the list below; or the size of the text whose
    // words stand below; or how a walk ends.
    std::uint16_t second = 0;
    // How far from here, in bytes, the node is that comes next if the test holds. If it does not,
    // that is the one behind this.
    std::int32_t yes = 0;
    union {
      std::uint64_t rule;
      std::int64_t integer;
      std::uint64_t words;
      struct {
        std::int32_t least;
        std::int32_t most;
      } range;
      const SymbolData* symbol;
      Network network;
      // These are the graph's.
      const TextConstant* text;
      const Case* cases;
      const SymbolData* const* symbols;
      const Network* networks;
      const Join* join;
      const Other* other;
      const Value* answer;  // of an end, or null
    };

    Node() : rule(0) {}
  };
  static_assert(sizeof(Node) == 24);

  const GuardGraph* graph_;
  const index::Numbers* numbers_;
  bool finds_rules_;         // as the graph's
  std::vector<Node> nodes_;  // the first one is where walks begin
  std::vector<TextConstant> texts_;
  std::vector<Case> cases_;
  std::vector<const SymbolData*> symbols_;
  std::vector<Network> networks_;
  std::vector<Join> joins_;
  std::vector<Other> others_;
};

// All graphs of a program, for one kind of struct. Any thread may walk.
class StructGraphs {
 public:
  StructGraphs(const Tables& tables, StructShape shape);
  ~StructGraphs();
  StructGraphs(const StructGraphs&) = delete;
  StructGraphs& operator=(const StructGraphs&) = delete;

  bool are_none() const;
  // Not settled if there is no graph. PRECONDITION: the tables that this was made of still live.
  void walk_decision(const void* from, StructGraph::Walk& walk) const {
    this->walk(decision_, from, walk);
  }
  // Of a document, by Tables::graph_number.
  void walk_graph(std::uint32_t number, const void* from, StructGraph::Walk& walk) const {
    if (number != 0) this->walk(documents_[number - 1], from, walk);
  }

 private:
  struct Keyed;
  struct SomeGraph {  // as Tables::SomeGraph
    std::optional<StructGraph> one;
    std::unique_ptr<const Keyed> keyed;
  };
  SomeGraph graph_of(const Tables::SomeGraph& graph);
  static void walk(const SomeGraph& graph, const void* from, StructGraph::Walk& walk) {
    if (graph.one) [[likely]] {
      graph.one->walk(from, walk);
    } else if (graph.keyed) {
      walk_keyed(*graph.keyed, from, walk);
    }
  }
  static void walk_keyed(const Keyed& keyed, const void* from, StructGraph::Walk& walk);

  StructShape shape_;
  mutable std::atomic<std::int64_t> bytes_left_;  // of graphs by key
  SomeGraph decision_;
  std::vector<SomeGraph> documents_;
};

}  // namespace licet::vm
