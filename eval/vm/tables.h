// What the machine computes of a program once, before the first run.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "eval/builtins/ip.h"
#include "eval/index/indexes.h"
#include "eval/program.h"
#include "eval/value.h"
#include "eval/vm/guard_graph.h"
#include "eval/vm/key_plan.h"
#include "eval/vm/rule_rows.h"

namespace licet::vm {

class KeyedGraphs;

// One body of a decision rule, as decide.cc goes through them.
struct BodyUnit {
  std::uint32_t rule = 0;  // index into Program::decision_rules
  std::uint32_t body = 0;  // of the rule
  // Of the document `holds`: where its code begins if it is light, else kNotLight.
  std::uint32_t light_begin = kNotLight;
  // If the code is guards that must all pass: how many, and how far behind its beginning.
  std::uint16_t guard_count = 0;
  std::uint16_t guards_offset = 0;

  std::uint32_t guards_begin() const { return light_begin + guards_offset; }

  static constexpr std::uint32_t kNotLight = UINT32_MAX;
};
static_assert(sizeof(BodyUnit) == 16);  // there is one for each body

// Immutable, shared by all threads.
class Tables {
 public:
  explicit Tables(std::shared_ptr<const Program> its_program);
  ~Tables();
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  std::shared_ptr<const Program> program;
  std::vector<Value> loaded;  // data at each of the program's paths
  // Of keys of graphs, and of what data is looked up by.
  const index::Numbers& numbers() const { return numbers_; }
  const index::Indexes& indexes() const { return indexes_; }
  // Of what lies so many keys below a part of the data; null if there is none. While the tables are
  // made, one is made for whoever asks.
  const index::LookupIndex* lookup_index(const Value& from, std::size_t depth) const;
  // Bodies that are rows: of a verdict, or of the kFindBodies at a place in the code; null if they
  // are code.
  const RuleRows* rows_of(Verdict verdict) const;
  const RuleRows* rows_at(std::uint32_t find) const;
  // In the order of their rules.
  std::vector<BodyUnit> forbids;
  std::vector<BodyUnit> permits;

  // A document whose block is light: see guards.cc.
  bool is_light(DocumentIndex document) const { return light_[document] == Light::kYes; }
  BodyUnit unit_of(std::uint32_t rule, std::uint32_t body) const;
  // A decision rule of which some body has messages, controls or obligations.
  bool has_clauses(std::uint32_t rule) const { return has_clauses_[rule]; }
  // What an address has to be like to lie in a network.
  struct NetworkTest {
    builtins::AddressBits base = 0;
    builtins::AddressBits mask = 0;  // of the bits that count; all of those that tell v4 from v6

    bool holds(const builtins::Address& address) const { return (address.bits & mask) == base; }
  };
  // A constant that a guard takes for a network; null if it is none.
  const NetworkTest* network(std::uint32_t constant) const {
    const std::uint32_t at = network_of_constant_[constant];
    return at == 0 ? nullptr : &networks_[at - 1];
  }
  // What a guard stands for. PRECONDITION: it stands for a builtin.
  BuiltinId builtin_of(Opcode opcode) const;

  struct SomeGraph {  // one of the two, or none
    std::optional<GuardGraph> one;
    std::unique_ptr<KeyedGraphs> keyed;

    void walk(const SlotValues& slots, GuardGraph::Walk& walk) const;
  };
  const SomeGraph& decision_graph() const { return decision_graph_; }
  const std::vector<SomeGraph>& document_graphs() const { return document_graphs_; }
  // 1 + index there of the graph of a document; 0: it has none.
  std::uint32_t graph_number(DocumentIndex document) const { return graph_of_document_[document]; }
  // What graphs by key may take together.
  std::int64_t bytes_for_keyed_graphs() const;
  // Walks of graphs that stand for the machine; not settled if there is none.
  void walk_decision(const SlotValues& slots, GuardGraph::Walk& walk) const;
  void walk_document(DocumentIndex document, const SlotValues& slots, GuardGraph::Walk& walk) const;

  static constexpr std::size_t kLightRegisters = 4;

 private:
  enum class Light : std::uint8_t { kNotKnown, kYes, kNo };

  void find_light_documents();
  Light find_light(DocumentIndex document, int depth);
  bool is_light_block(const Block& block, int depth);
  void add_units();
  void find_conjunction(BodyUnit& unit, const Block& block) const;
  void add_networks();
  void add_graphs();
  // Nodes that graphs may take, those by rows and all others.
  struct Budget {
    std::size_t by_rows;
    std::size_t others;
  };
  bool make_rows();  // false: there are none
  SomeGraph graph_of(std::optional<DocumentIndex> document, Budget& left);

  mutable index::Numbers numbers_;   // added to only while the tables are made
  std::optional<KeyPlan> key_plan_;  // made before the indexes: its keys have the first numbers
  index::Indexes indexes_;
  mutable std::vector<std::unique_ptr<const index::LookupIndex>> lookups_;
  std::unique_ptr<const RuleRows> rows_of_verdicts_[2];
  std::map<std::uint32_t, std::unique_ptr<const RuleRows>> rows_at_;  // by place in the code
  bool is_made_ = false;
  std::vector<Light> light_;
  std::vector<bool> has_clauses_;
  std::vector<NetworkTest> networks_;
  std::vector<std::uint32_t> network_of_constant_;  // 1 + index; empty if there are no networks
  mutable std::atomic<std::int64_t> graph_bytes_left_{0};  // of keyed graphs
  std::size_t keyed_count_ = 0;
  SomeGraph decision_graph_;
  std::vector<SomeGraph> document_graphs_;        // of entry points
  std::vector<std::uint32_t> graph_of_document_;  // 1 + index
  BuiltinId starts_with_, ends_with_, in_network_, matches_;
};

// A guard that reads slots[extra] too.
constexpr bool has_second_slot(Opcode opcode) {
  return opcode >= Opcode::kSlotsEqual && opcode <= Opcode::kSlotInSlot;
}
constexpr bool is_guard(Opcode opcode) {
  return opcode >= Opcode::kSlotEqual && opcode <= Opcode::kSlotInSlot;
}

}  // namespace licet::vm
