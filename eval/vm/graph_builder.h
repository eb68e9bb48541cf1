// Unfolds code into a GuardGraph: see guard_graph.h.
//
// The code is run without a request. What stays open is how its tests come out; each makes a node
// with a state for either outcome, and states that are the same share what comes of them. Registers
// hold constants, marks and names of attributes at this time, so a state is small.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "eval/vm/guard_graph.h"
#include "eval/vm/key_plan.h"
#include "eval/vm/rule_rows.h"
#include "eval/vm/tables.h"

namespace licet::vm {

// What a graph is of.
struct GraphSubject {
  std::optional<DocumentIndex> document;  // none: the decision
  // If the graph is for requests that have one key only: the plan, and which key; kNoKey for those
  // that have none of its keys.
  const KeyPlan* plan = nullptr;
  std::uint32_t key = KeyPlan::kNoKey;
  // If bodies that are rows are to be looked up in their tables (rule_rows.h). Then there is a
  // graph only if there are some, and no more of the others than few.
  bool by_rows = false;
};

class GraphBuilder {
 public:
  // What is remembered of the tests on the way: all that comes again, what texts are, or nothing.
  enum class Facts { kAll, kTexts, kForget };

  GraphBuilder(const Tables& tables, const GraphSubject& subject, Facts facts,
               std::size_t most_nodes);

  // None if the code is more than guards, or there is too much of it.
  std::optional<GuardGraph> graph();
  // In nodes, also after it has failed: a hostile program may go far without a test.
  std::size_t cost() const { return 1 + node_count_ + steps_ / kStepsPerNode; }
  // Whether it has come to a table of rows.
  bool has_rows() const { return has_rows_; }

 private:
  using Test = GuardGraph::Test;
  using Node = GuardGraph::Node;
  using NodeIndex = std::uint32_t;
  static constexpr std::size_t kMostRegisters = 32;
  static constexpr std::size_t kMostFrames = 8;
  static constexpr std::size_t kMostBodies = 64;  // of an index
  static constexpr std::size_t kMostUnits = 256;  // of a decision
  static constexpr std::size_t kMostSteps = 1 << 16;
  static constexpr std::size_t kStepsPerNode = 64;

  struct Register {
    enum class Kind : std::uint8_t {
      kUndefined,
      kConstant,     // constants[number]
      kSlot,         // the value of a slot, which is there
      kMark,         // of errors, of which there are none
      kBody,         // the next body of an index
      kList,         // an iterator over a slot's value that has not begun
      kListElement,  // some element of a slot's value
      kElements,     // an iterator over what a join finds that has not begun
      kElement,      // some element that a join finds
      kElementKey,   // its key or position
      kField,        // fields_[number] of it
      kLookup,       // what a lookup in data finds, if it does
      kEnded,        // an iterator over what has been tested as a whole
      kOther,        // of no use to any test
    };
    Kind kind = Kind::kUndefined;
    std::uint32_t number = 0;
  };
  struct Frame {
    std::uint32_t at = 0;
    std::vector<Register> registers;
    std::uint16_t answer_register = 0;   // of the caller
    std::uint32_t undefined_target = 0;  // in the caller
  };
  // What was asked. Two tests that have one of these in common come out the same, also without the
  // attribute, because `missing` is a part of it.
  struct Question {
    static constexpr std::uint16_t kIsText = 0;
    std::uint16_t kind = kIsText;  // or of which guard, and its `missing`
    std::uint16_t cell = 0;
    std::uint32_t constant = 0;  // of the graph if it is kIsText, else of the program, or a cell

    friend auto operator<=>(const Question&, const Question&) = default;
  };
  // An attribute is a text, or is not it; or what else has been found out.
  struct Fact {
    Question question;
    bool holds = false;

    friend auto operator<=>(const Fact&, const Fact&) = default;
  };
  // What is asked for from a unit on: the cells whose texts are; guards, without `missing`.
  struct Asked {
    CellSet cells;
    std::vector<Question> others;  // sorted
  };
  // Where the code is, before its next test.
  struct State {
    std::vector<Frame> frames;
    std::vector<Fact> facts;  // sorted
    // Of a decision: which body of which verdict.
    Verdict verdict = Verdict::kForbid;
    std::uint32_t unit = 0;
    bool is_forbidden = false;
    bool has_permit = false;
    std::uint32_t element = 0;  // of the constant of kSlotIn
    // A slot whose elements are gone through and have not been tested yet.
    std::optional<SlotIndex> list;
    std::optional<std::uint32_t> lookup;  // the same of a lookup
    std::optional<std::uint32_t> rule;    // holds, and comes next
    // A table of rows that comes next: of the verdict, or of the kFindBodies at `find`.
    std::optional<std::uint32_t> rows;
    std::uint32_t find = 0;
    std::uint32_t rows_done = 0;  // tables of the verdict
    std::optional<Test> end;
    std::uint32_t answer = 0;
  };

  void begin_document(State& state);
  void begin_frame(State& state, const Block& block);
  NodeIndex node_of(State state);
  static std::vector<std::uint32_t> key_of(const State& state);
  void connect(NodeIndex node, const State& state);

  // A graph that is whole: graph_layout.cc.
  template <class NodeOrConst, class Visit>
  static void for_each_next(NodeOrConst& node, Visit visit);
  bool every_walk_ends() const;
  void lay_out();

  // Runs to the next test or end.
  void advance(State& state);
  bool step(State& state, const Instruction& i);
  Register& reg(State& state, std::uint16_t number);
  bool step_over_data(State& state, const Instruction& i);
  bool find_bodies(Register& next, BodyIndexNumber number);
  bool is_keyed(BodyIndexNumber number) const;
  void next_body(Frame& frame, Register& next, const Instruction& i);
  void call(State& state, const Instruction& i);
  void leave(State& state, const Register& answer);
  void end_document(State& state, const Register& answer);

  // Joins and lookups: graph_joins.cc.
  struct Field {
    std::uint32_t join = 0;
    std::vector<Value> path;

    friend bool operator==(const Field&, const Field&) = default;
  };
  bool go_to(Register& target, const Register& from, const Value& key);
  bool look_up(State& state, Register& target, const Register& from, const Register& key);
  bool is_there(const Field& field) const;
  std::optional<std::uint32_t> join_at(const Frame& frame, const Instruction& i);
  bool is_settled(const Register& a, const Register& b, ElementField::Match match) const;

  // Decisions: graph_decisions.cc.
  void find_units();
  const std::vector<BodyUnit>& units(Verdict verdict) const {
    return units_[static_cast<std::size_t>(verdict)];
  }
  void begin_unit(State& state);
  void end_unit(State& state, const Register& answer);
  void find_what_units_ask();
  void add_asked_in(const Block& block, Asked& asked, std::size_t depth) const;

  // Rows: graph_rows.cc.
  const RuleRows* rows_next(const State& state) const;
  bool begin_rows(State& state);
  bool find_rows(State& state, const Instruction& i);
  void connect_rows(Node& node, const State& state);

  // Tests. Of which node, if `i` holds in the sense of the machine then `pass` comes next.
  struct Open {  // a test that is not decided
    Node node;
    bool passes_if_true = true;
    bool has_more = false;  // constants of kSlotIn
  };
  // What the code at hand tests, if it does.
  std::optional<Instruction> guard_at(const State& state) const;
  std::optional<Instruction> guard_of_slots(const Frame& frame, const Instruction& i) const;
  Open open_test(const State& state, const Instruction& i);
  static bool is_of_data(Opcode opcode) {
    return opcode == Opcode::kFindElements || opcode == Opcode::kTestTrue;
  }
  void make_data_node(Open& open, const State& state, const Instruction& i);
  void make_node_of(Open& open, const Instruction& i);
  void go_on(State& state, const Instruction& i, const Open& open, bool holds) const;
  void set_constant(Node& node, const Value& constant, Test of_short_text, Test of_others);
  std::uint32_t number_of(const Value& constant);
  void set_network(Node& node, std::uint32_t constant);
  void set_missing(Open& open, const Instruction& i);

  // Facts: graph_facts.cc.
  std::optional<bool> known(const State& state, const Node& node, const Instruction& i);
  bool fails_anyway(const State& state, const Instruction& guard);
  void learn(State& state, const Node& node, const Instruction& i, bool holds) const;
  // None if the answer is not worth remembering.
  std::optional<Question> question_of(const Node& node, const Instruction& i) const;
  static Opcode without_negation(Opcode opcode);
  void forget_what_is_not_asked(State& state) const;

  void require(CellIndex cell) { add(graph_.required_, cell); }
  void add(GuardGraph::Cells& cells, CellIndex cell) {
    if (cell >= GuardGraph::kMostCells) return fail();
    cells[cell / 64] |= std::uint64_t{1} << (cell % 64);
  }
  void fail() { has_failed_ = true; }

  const Tables& tables_;
  const Program& program_;
  GraphSubject subject_;
  Facts facts_;
  GuardGraph graph_;
  std::size_t most_nodes_;
  std::size_t node_count_ = 0;
  bool has_failed_ = false;
  bool has_rows_ = false;
  std::size_t steps_ = 0;
  std::map<std::vector<std::uint32_t>, NodeIndex> known_;
  std::vector<std::pair<NodeIndex, State>> open_;
  std::vector<Field> fields_;
  std::vector<BodyUnit> units_[2];  // by verdict; those that can hold
  // Of indexes of many bodies: those that can hold.
  std::map<BodyIndexNumber, std::vector<std::uint32_t>> candidates_;
  std::vector<Asked> asked_from_[2];  // by verdict and unit
};

// With as many facts as do not make too many nodes. Takes what it costs from `nodes_left`, whether
// or not it succeeds.
std::optional<GuardGraph> unfold(const Tables& tables, const GraphSubject& subject,
                                 std::size_t& nodes_left);

}  // namespace licet::vm
