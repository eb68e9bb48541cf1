// Decisions and documents that are nothing but guards, as graphs of tests.
//
// Problem: guards cost little, but what is around them costs more than they do: an evaluation to
// begin, bodies to go through, memos, for each guard an instruction, an attribute and a constant in
// three places. And body after body asks whether the action is "read".
//
// Idea: when a program is put in force, the code of all its rules is unfolded, from the first
// forbid to the last permit, into a graph. A node is one test with its constant in it and the two
// nodes that come after; a decision is a walk from the first node to an end, and begins nothing.
// What is known on the way is not tested again: once `request.action` is "read", the bodies that
// want another action are not on the path, and what a forbid asked of an address no permit asks
// anew. Calls of documents are unfolded where they stand, so a rule in terms of helper rules costs
// what its tests cost.
//     permit a if { action == "read"; "auditor" in roles }   a1 action "read"?     no: b2
//     permit b if { action == "train"; tier == "low" }       a2 roles "auditor"?  yes: rule a
//                                                            b2 action "train"? ... (not after a1)
//
// Why it is exact: tests have no effects, so a walk may be given up at any place (Walk::kLeft) and
// the machine decides from the start. That is done for all that is not the common case: a forbid's
// attribute is missing, a builtin would fail, an attribute is of a kind that the test's constant is
// not, lists are long, a rule has something to say, more than a few rules hold. So the graph has to
// be right only where guards are true or false.
//
// Limits: kMostNodes for a program's decision and for each document that can be asked for, and
// kMostNodesInAll for all documents; code that binds, calls builtins or goes over collections has
// no graph. In the root environment only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "eval/index/lookup_index.h"
#include "eval/program.h"
#include "eval/slot_values.h"
#include "eval/value.h"
#include "eval/value_text.h"

namespace licet::vm {

class Tables;
namespace cell_tests {
struct LastAddress;
}

// Immutable; any thread may walk. Refers to the tables, which must live as long.
class GuardGraph {
 public:
  enum class Test : std::uint8_t {
    // Of one attribute. Short texts by what it takes to compare them: text::Width.
    kText1To3,  // it is the node's short text
    kText4To7,
    kText8To16,
    kHasText1To3,  // the node's short text is one of its elements
    kHasText4To7,
    kHasText8To16,
    kConstant,  // it is constants_[extra], a scalar
    kLess,      // it is less than the node's integer
    kLessEqual,
    kTrue,         // it is not false
    kHasConstant,  // constants_[extra] is one of its elements
    kStartsWith,   // constants_[extra]
    kEndsWith,
    kInV4,       // it is an address whose bits under words[1] are words[0]
    kInNetwork,  // extra is the program's constant
    // Of two: cell and extra.
    kCellsEqual,
    kCellsLess,
    kCellsLessEqual,
    kCellInCell,
    // Of loaded data.
    kJoin,    // joins_[extra] finds a row
    kLookup,  // lookups_[extra] finds something that is not false
    // Of rules that are rows.
    kRows,  // joins_[extra] finds rules; they hold
    // No tests.
    kRule,       // decision rule `extra` holds; goes on to `yes`
    kAnswer,     // the document's value is constants_[extra]
    kNoAnswer,   // it is undefined
    kForbidden,  // ends of a decision
    kPermitted,
    kNoPermit,
    kLeave,  // the machine has to find out
  };
  static constexpr bool is_of_two(Test test) {
    return test >= Test::kCellsEqual && test <= Test::kCellInCell;
  }
  static constexpr bool is_test(Test test) { return test < Test::kRule; }
  static constexpr bool is_of_short_text(Test test) { return test <= Test::kText8To16; }
  static constexpr Test for_width(Test shortest, text::Width width) {
    return static_cast<Test>(static_cast<int>(shortest) + static_cast<int>(width));
  }

  // What comes next if an attribute of the test is missing.
  enum class Missing : std::uint8_t { kLeave, kYes, kNo };

  struct Node {
    Test test = Test::kLeave;
    std::uint8_t size = 0;  // of the short text
    Missing missing = Missing::kLeave;
    std::uint16_t cell = 0;
    std::uint16_t yes = 0;
    std::uint16_t no = 0;
    std::uint32_t extra = 0;          // index of a constant, of the second cell or of a rule
    std::uint64_t words[2] = {0, 0};  // the short text as text::Overlapped, or the integer
  };
  static_assert(sizeof(Node) == 32);  // two in a line of the processor's cache

  // `some g in data.grants; g.model == model.id; g.role in user.roles`: whether a row of a table
  // has these values.
  struct Join {
    const index::TupleTable* table = nullptr;
    DataIndexNumber number = 0;     // if it is of elements of data
    std::vector<CellIndex> probes;  // by key of the table
    // The probe whose elements are tried one by one; or kNoList.
    std::size_t list = kNoList;

    friend bool operator==(const Join&, const Join&) = default;
  };
  // `data.grants[model.id][r]`, with r some element of the last attribute or that attribute itself.
  struct Lookup {
    Value from;
    std::vector<CellIndex> keys;
    bool ends_with_list = false;
    // All that lies there; null: it is gone through key by key.
    const index::LookupIndex* index = nullptr;

    friend bool operator==(const Lookup& a, const Lookup& b) {
      return a.from == b.from && a.keys == b.keys && a.ends_with_list == b.ends_with_list;
    }
  };
  static constexpr std::size_t kNoList = SIZE_MAX;
  static constexpr std::size_t kMostProbes = 4;

  static constexpr std::size_t kMostRules = 6;
  static constexpr std::size_t kMostNodes = 1024;
  static constexpr std::size_t kMostNodesInAll = 8192;
  static constexpr std::size_t kMostCells = 256;
  // Longer lists are the machine's.
  static constexpr std::size_t kMostElements = 64;

  // Where a walk puts the rules that it finds. Best it is where they stay: to copy numbers that
  // were written one by one stalls the processor until they have left for the cache.
  using RuleRoom = std::array<std::uint32_t, kMostRules>;

  struct Walk {
    explicit Walk(RuleRoom& room) : rules(room) {}

    Test end = Test::kLeave;
    const Value* answer = nullptr;  // of kAnswer; lives as long as the program
    std::uint32_t steps = 0;
    std::uint32_t rule_count = 0;
    RuleRoom& rules;  // the first rule_count are set

    bool is_settled() const { return end != Test::kLeave; }
    Value value() const { return answer != nullptr ? *answer : Value(); }
    // The machine names each rule once, in their order.
    void sort_rules();
  };

  // From the first node to an end. A walk takes at most node_count() steps.
  void walk(const SlotValues& slots, Walk& walk) const {
    const CellSet& filled = slots.filled();
    // Most requests have few attributes and lack none.
    if (filled.word_count() == 1 && (read_[0] & ~filled.words()[0]) == 0) [[likely]] {
      walk_nodes<true>(slots, walk);
    } else {
      walk_with_care(slots, walk);
    }
  }
  std::size_t node_count() const { return nodes_.size(); }
  // Whether it lacks bodies that other keys would have.
  bool depends_on_key() const { return depends_on_key_; }
  std::span<const Node> nodes() const { return nodes_; }
  const std::vector<Value>& constants() const { return constants_; }
  const Join& join(const Node& node) const { return joins_[node.extra]; }
  const Lookup& lookup(const Node& node) const { return lookups_[node.extra]; }
  bool finds_rules() const { return finds_rules_; }
  const Tables& tables() const { return *tables_; }
  // Whether a walk can begin with these cells only.
  bool needs_only(const CellSet& cells) const { return are_all(required_, cells); }
  // How one test of it comes out; none if the machine has to find out. Of kRows: adds the rules.
  // PRECONDITION: the cells that it looks at are filled.
  std::optional<bool> outcome(const Node& node, const SlotValues::Cell* cells,
                              cell_tests::LastAddress& last, Walk& walk) const;
  std::size_t byte_count() const {
    return sizeof *this + nodes_.capacity() * sizeof(Node) + constants_.capacity() * sizeof(Value);
  }

  // For GraphBuilder: the graph of one node that leaves.
  explicit GuardGraph(const Tables& tables) : tables_(&tables), nodes_(1) {}

 private:
  friend class GraphBuilder;

  bool misses(const std::uint64_t* filled, const Node& node) const;
  void walk_with_care(const SlotValues& slots, Walk& walk) const;
  template <bool kAllPresent>
  void walk_nodes(const SlotValues& slots, Walk& walk) const;

  // By words of 64, as in CellSet, but in place.
  using Cells = std::array<std::uint64_t, kMostCells / 64>;
  static bool are_all(const Cells& cells, const CellSet& in);

  const Tables* tables_;
  std::vector<Node> nodes_;  // the first one is where walks begin
  std::vector<Value> constants_;
  std::vector<Join> joins_;
  std::vector<Lookup> lookups_;
  bool depends_on_key_ = false;
  bool finds_rules_ = false;  // by kRows: not in their order, and some perhaps twice
  // Without one of `required_` no walk begins; with all of `read_` none is missing on the way.
  Cells required_{};
  Cells read_{};
};

}  // namespace licet::vm
