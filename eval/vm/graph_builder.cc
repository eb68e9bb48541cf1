#include "eval/vm/graph_builder.h"

#include <algorithm>
#include <utility>

namespace licet::vm {

GraphBuilder::GraphBuilder(const Tables& tables, const GraphSubject& subject, Facts facts,
                           std::size_t most_nodes)
    : tables_(tables),
      program_(*tables.program),
      subject_(subject),
      facts_(facts),
      graph_(tables),
      most_nodes_(most_nodes) {}

std::optional<GuardGraph> GraphBuilder::graph() {
  State first;
  if (subject_.plan != nullptr) {
    const CellIndex cell = subject_.plan->cell();
    require(cell);
    if (subject_.key != KeyPlan::kNoKey) {
      Node node;
      node.cell = static_cast<std::uint16_t>(cell);
      set_constant(node, subject_.plan->key(subject_.key), Test::kText1To3, Test::kConstant);
      learn(first, node, {}, true);
    }
  }
  if (subject_.document) {
    begin_document(first);
  } else {
    find_units();
    if (!has_failed_) begin_unit(first);
  }
  if (has_failed_) return std::nullopt;
  graph_.nodes_.clear();
  node_of(std::move(first));
  while (!open_.empty() && !has_failed_) {
    const auto [node, state] = std::move(open_.back());
    open_.pop_back();
    connect(node, state);
  }
  if (has_failed_ || has_rows_ != subject_.by_rows || !every_walk_ends()) return std::nullopt;
  for (std::size_t i = 0; i < graph_.read_.size(); ++i) graph_.read_[i] |= graph_.required_[i];
  lay_out();
  graph_.nodes_.shrink_to_fit();
  graph_.constants_.shrink_to_fit();
  return std::move(graph_);
}

void GraphBuilder::begin_document(State& state) {
  begin_frame(state, program_.blocks[program_.documents[*subject_.document].block]);
}

void GraphBuilder::begin_frame(State& state, const Block& block) {
  if (block.registers > kMostRegisters || state.frames.size() == kMostFrames) return fail();
  Frame& frame = state.frames.emplace_back();
  frame.at = block.begin;
  frame.registers.resize(block.registers);
}

// The node at which the code is next to be seen.
GraphBuilder::NodeIndex GraphBuilder::node_of(State state) {
  advance(state);
  if (has_failed_) return 0;
  const auto [at, is_new] =
      known_.emplace(key_of(state), static_cast<NodeIndex>(graph_.nodes_.size()));
  if (!is_new) return at->second;
  if (node_count_ == most_nodes_) fail();
  ++node_count_;
  graph_.nodes_.emplace_back();
  open_.emplace_back(at->second, std::move(state));
  return at->second;
}

std::vector<std::uint32_t> GraphBuilder::key_of(const State& state) {
  std::vector<std::uint32_t> key = {
      state.end ? static_cast<std::uint32_t>(*state.end) + 1 : 0,
      state.answer,
      state.rule ? *state.rule + 1 : 0,
      state.rows ? *state.rows + 1 : 0,
      state.find,
      state.rows_done,
      static_cast<std::uint32_t>(state.verdict),
      state.unit,
      static_cast<std::uint32_t>(state.is_forbidden) * 2 + (state.has_permit ? 1U : 0U),
      state.element,
      state.list ? *state.list + 1 : 0,
      state.lookup ? *state.lookup + 1 : 0,
      static_cast<std::uint32_t>(state.frames.size())};
  for (const Frame& frame : state.frames) {
    key.insert(key.end(), {frame.at, frame.answer_register, frame.undefined_target});
    for (const Register& one : frame.registers) {
      key.insert(key.end(), {static_cast<std::uint32_t>(one.kind), one.number});
    }
  }
  for (const Fact& fact : state.facts) {
    const Question& question = fact.question;
    key.insert(key.end(), {std::uint32_t{question.kind} << 16 | question.cell, question.constant,
                           fact.holds ? 1U : 0U});
  }
  return key;
}

// Makes the node what the state is, and its edges.
void GraphBuilder::connect(NodeIndex index, const State& state) {
  Node node;
  if (state.rule) {
    node.test = Test::kRule;
    node.extra = *state.rule;
    State next = state;
    next.rule.reset();
    node.yes = static_cast<std::uint16_t>(node_of(std::move(next)));
  } else if (state.rows) {
    connect_rows(node, state);
  } else if (state.end) {
    node.test = *state.end;
    node.extra = state.answer;
  } else {
    const Instruction i = *guard_at(state);
    const Open open = open_test(state, i);
    node = open.node;
    for (const bool holds : {true, false}) {
      State next = state;
      learn(next, node, i, holds);
      go_on(next, i, open, holds);
      (holds ? node.yes : node.no) = static_cast<std::uint16_t>(node_of(std::move(next)));
    }
    add(graph_.read_, node.cell);
    if (GuardGraph::is_of_two(node.test)) add(graph_.read_, node.extra);
  }
  graph_.nodes_[index] = node;
}

// --- code that is no test ------------------------------------------------------------------------

void GraphBuilder::advance(State& state) {
  while (!has_failed_ && !state.end && !state.rule && !state.rows) {
    if (++steps_ > kMostSteps) return fail();
    if (const auto guard = guard_at(state)) {
      if ((state.list || state.lookup) && !is_of_data(guard->opcode)) return fail();
      const Open open = open_test(state, *guard);
      if (has_failed_) return;
      const auto holds = known(state, open.node, *guard);
      if (holds) {
        go_on(state, *guard, open, *holds);
      } else if (fails_anyway(state, *guard)) {
        state.frames.back().at = guard->target;
        state.element = 0;
      } else {
        return;
      }
      continue;
    }
    const Instruction& i = program_.code[state.frames.back().at++];
    if (!step(state, i)) return fail();
  }
}

// An operand that a tampered program does not have makes the graph fail.
GraphBuilder::Register& GraphBuilder::reg(State& state, std::uint16_t number) {
  std::vector<Register>& registers = state.frames.back().registers;
  if (number >= registers.size()) {
    fail();
    registers.resize(number + std::size_t{1});
  }
  return registers[number];
}

// False: that cannot be done without a request.
bool GraphBuilder::step(State& state, const Instruction& i) {
  Frame& frame = state.frames.back();
  using Kind = Register::Kind;
  switch (i.opcode) {
    case Opcode::kLoadConstant:
      reg(state, i.a) = {Kind::kConstant, i.extra};
      return true;
    case Opcode::kMove: {
      const Register from = reg(state, i.b);
      reg(state, i.a) = from;
      return true;
    }
    case Opcode::kClear:
      reg(state, i.a) = {};
      return true;
    case Opcode::kJump:
      frame.at = i.target;
      return true;
    case Opcode::kJumpUndefined:
      if (reg(state, i.a).kind == Kind::kUndefined) frame.at = i.target;
      return true;
    case Opcode::kTestTrue: {  // of a constant; guard_at has all others
      const Register one = reg(state, i.a);
      const bool holds = one.kind == Kind::kConstant && !program_.constants[one.number].is_false();
      if (!holds) frame.at = i.target;
      return one.kind == Kind::kConstant || one.kind == Kind::kUndefined;
    }
    case Opcode::kLoadSlot:
      require(i.extra);
      reg(state, i.a) = {Kind::kSlot, i.extra};
      return true;
    case Opcode::kMarkErrors:
      reg(state, i.a) = {Kind::kMark, 0};
      return true;
    case Opcode::kJumpKnown:
      for (const SlotIndex slot : program_.presence_sets[i.extra].slots) require(slot);
      frame.at = i.target;
      return reg(state, i.a).kind == Kind::kMark;
    case Opcode::kFindBodies:
      return subject_.by_rows ? find_rows(state, i) : find_bodies(reg(state, i.a), i.extra);
    case Opcode::kNextBody:
      next_body(frame, reg(state, i.a), i);
      return reg(state, i.a).kind == Kind::kBody;
    case Opcode::kCallDocument:
      call(state, i);
      return true;
    case Opcode::kReturn:
      leave(state, reg(state, i.a));
      return true;
    default:
      return step_over_data(state, i);
  }
}

bool GraphBuilder::find_bodies(Register& next, BodyIndexNumber number) {
  next = {Register::Kind::kBody, 0};
  if (!is_keyed(number)) return program_.body_indexes[number].targets.size() <= kMostBodies;
  graph_.depends_on_key_ = true;
  std::vector<std::uint32_t>& bodies = candidates_[number];
  if (bodies.empty()) bodies = subject_.plan->bodies(number, subject_.key);
  return bodies.size() <= kMostBodies;
}

// The key tells which bodies are left.
bool GraphBuilder::is_keyed(BodyIndexNumber number) const {
  return subject_.plan != nullptr && subject_.plan->is_usable(number);
}

void GraphBuilder::next_body(Frame& frame, Register& next, const Instruction& i) {
  const std::vector<std::uint32_t>& targets = program_.body_indexes[i.extra].targets;
  std::size_t body = next.number++;
  if (is_keyed(i.extra)) {
    const std::vector<std::uint32_t>& bodies = candidates_[i.extra];
    body = body < bodies.size() ? bodies[body] : targets.size();
  }
  frame.at = body < targets.size() ? targets[body] : i.target;
}

void GraphBuilder::call(State& state, const Instruction& i) {
  begin_frame(state, program_.blocks[program_.documents[i.extra].block]);
  if (has_failed_) return;
  state.frames.back().answer_register = i.a;
  state.frames.back().undefined_target = i.target;
}

void GraphBuilder::leave(State& state, const Register& its_answer) {
  const Register answer = its_answer;
  const Frame left = state.frames.back();
  state.frames.pop_back();
  if (state.frames.empty())
    return subject_.document ? end_document(state, answer) : end_unit(state, answer);
  Frame& frame = state.frames.back();
  if (answer.kind == Register::Kind::kUndefined) {
    frame.at = left.undefined_target;
  } else {
    reg(state, left.answer_register) = answer;
  }
}

void GraphBuilder::end_document(State& state, const Register& answer) {
  if (state.list || state.lookup) return fail();  // nothing has asked whether there are any
  if (answer.kind == Register::Kind::kUndefined) {
    state.end = Test::kNoAnswer;
  } else if (answer.kind == Register::Kind::kConstant) {
    state.end = Test::kAnswer;
    state.answer = number_of(program_.constants[answer.number]);
  } else {
    fail();
  }
  state.facts.clear();
}

// --- tests ---------------------------------------------------------------------------------------

std::optional<Instruction> GraphBuilder::guard_at(const State& state) const {
  const Frame& frame = state.frames.back();
  const Instruction& i = program_.code[frame.at];
  if (is_guard(i.opcode) || i.opcode == Opcode::kFindElements) return i;
  const bool is_lookup = i.opcode == Opcode::kTestTrue && i.a < frame.registers.size() &&
                         frame.registers[i.a].kind == Register::Kind::kLookup;
  return is_lookup ? std::optional(i) : guard_of_slots(frame, i);
}

// A test of registers that hold nothing but attributes is a guard.
std::optional<Instruction> GraphBuilder::guard_of_slots(const Frame& frame,
                                                        const Instruction& i) const {
  const auto slot = [&](std::uint16_t number) -> std::optional<std::uint32_t> {
    if (number >= frame.registers.size()) return std::nullopt;
    const Register& one = frame.registers[number];
    return one.kind == Register::Kind::kSlot ? std::optional(one.number) : std::nullopt;
  };
  const auto guard = [&](Opcode opcode, std::uint32_t first, std::uint32_t extra) {
    return Instruction{.opcode = opcode,
                       .a = static_cast<std::uint16_t>(first),
                       .extra = extra,
                       .target = i.target};
  };
  const auto first = slot(i.a);
  if (!first) return std::nullopt;
  if (i.opcode == Opcode::kTestTrue) return guard(Opcode::kSlotTrue, *first, 0);
  if (i.opcode == Opcode::kTestEqualConstant) return guard(Opcode::kSlotEqual, *first, i.extra);
  const auto second = slot(i.b);
  if (!second) return std::nullopt;
  if (i.opcode == Opcode::kTestIn) return guard(Opcode::kSlotInSlot, *first, *second);
  if (i.opcode == Opcode::kTestEqual) return guard(Opcode::kSlotsEqual, *first, *second);
  return std::nullopt;
}

std::uint32_t GraphBuilder::number_of(const Value& constant) {
  std::vector<Value>& all = graph_.constants_;
  const auto found = std::find(all.begin(), all.end(), constant);
  if (found != all.end()) return static_cast<std::uint32_t>(found - all.begin());
  all.push_back(constant);
  return static_cast<std::uint32_t>(all.size() - 1);
}

void GraphBuilder::set_constant(Node& node, const Value& constant, Test of_short_text,
                                Test of_others) {
  if (constant.is_composite()) return fail();
  node.extra = number_of(constant);
  node.test = of_others;
  if (!constant.is_string() || constant.size() == 0 || constant.size() > Text::kInline) return;
  const std::string_view text = constant.as_string();
  node.test = GuardGraph::for_width(of_short_text, text::width_of(text.size()));
  node.size = static_cast<std::uint8_t>(text.size());
  const text::Overlapped words = text::load_overlapped(text.data(), text.size());
  node.words[0] = words.first;
  node.words[1] = words.last;
}

void GraphBuilder::set_network(Node& node, std::uint32_t constant) {
  const Tables::NetworkTest* const network = tables_.network(constant);
  if (network == nullptr) return fail();
  node.test = Test::kInNetwork;
  node.extra = constant;
  // What tells IPv4 addresses lies above their 32 bits.
  const builtins::AddressBits upper = ~builtins::AddressBits{UINT32_MAX};
  if (!builtins::Address{network->base}.is_v4() || (network->mask & upper) != upper) return;
  node.test = Test::kInV4;
  node.words[0] = static_cast<std::uint32_t>(network->base);
  node.words[1] = static_cast<std::uint32_t>(network->mask);
}

GraphBuilder::Open GraphBuilder::open_test(const State& state, const Instruction& i) {
  Open open;
  if (is_of_data(i.opcode)) {
    make_data_node(open, state, i);
    return open;
  }
  open.node.cell = i.a;
  if (i.opcode != Opcode::kSlotIn) {
    make_node_of(open, i);
  } else if (const Value& list = program_.constants[i.extra];
             (list.is_array() || list.is_set()) && state.element < list.size()) {
    set_constant(open.node, list.elements()[state.element], Test::kText1To3, Test::kConstant);
    open.has_more = state.element + 1 < list.size();
  } else {
    fail();
  }
  if ((i.b & kGuardNegated) != 0) open.passes_if_true = !open.passes_if_true;
  set_missing(open, i);
  return open;
}

void GraphBuilder::make_node_of(Open& open, const Instruction& i) {
  Node& node = open.node;
  const auto constant = [&]() -> const Value& { return program_.constants[i.extra]; };
  const auto order = [&](Test test, bool turned) {
    node.test = test;
    open.passes_if_true = !turned;
    if (GuardGraph::is_of_two(test)) {
      node.extra = i.extra;
    } else if (constant().is_int64()) {
      node.words[0] = static_cast<std::uint64_t>(constant().as_int64());
    } else {
      fail();
    }
  };
  switch (i.opcode) {
    case Opcode::kSlotEqual:
      return set_constant(node, constant(), Test::kText1To3, Test::kConstant);
    case Opcode::kSlotNotEqual:
      open.passes_if_true = false;
      return set_constant(node, constant(), Test::kText1To3, Test::kConstant);
    case Opcode::kSlotHas:
      return set_constant(node, constant(), Test::kHasText1To3, Test::kHasConstant);
    case Opcode::kSlotTrue:
      node.test = Test::kTrue;
      return;
    case Opcode::kSlotStartsWith:
    case Opcode::kSlotEndsWith:
      if (!constant().is_string()) return fail();
      node.test = i.opcode == Opcode::kSlotStartsWith ? Test::kStartsWith : Test::kEndsWith;
      node.extra = number_of(constant());
      return;
    case Opcode::kSlotInNetwork:
      return set_network(node, i.extra);
    case Opcode::kSlotLess:
      return order(Test::kLess, false);
    case Opcode::kSlotLessEqual:
      return order(Test::kLessEqual, false);
    case Opcode::kSlotGreater:
      return order(Test::kLessEqual, true);
    case Opcode::kSlotGreaterEqual:
      return order(Test::kLess, true);
    case Opcode::kSlotsEqual:
      return order(Test::kCellsEqual, false);
    case Opcode::kSlotsNotEqual:
      return order(Test::kCellsEqual, true);
    case Opcode::kSlotsLess:
      return order(Test::kCellsLess, false);
    case Opcode::kSlotsLessEqual:
      return order(Test::kCellsLessEqual, false);
    case Opcode::kSlotsGreater:
      return order(Test::kCellsLessEqual, true);
    case Opcode::kSlotsGreaterEqual:
      return order(Test::kCellsLess, true);
    case Opcode::kSlotInSlot:
      return order(Test::kCellInCell, false);
    default:
      return fail();
  }
}

// As Run::missing_guard and Run::passes.
void GraphBuilder::set_missing(Open& open, const Instruction& i) {
  const bool is_negated = (i.b & kGuardNegated) != 0;
  const bool first = (i.b & kGuardFirstExpected) != 0;
  const bool second = (i.b & kGuardSecondExpected) != 0;
  const bool is_pair = GuardGraph::is_of_two(open.node.test);
  if (is_pair && first != second) return;  // kLeave
  if (first && (i.b & kGuardMarks) != 0) {
    require(i.a);
    if (is_pair) require(open.node.extra);
    return;
  }
  const bool fails = (i.b & kGuardNeedsAll) != 0 || (first && (i.b & kGuardUnknownFails) != 0);
  const bool passes = is_negated && !fails;
  open.node.missing =
      passes == open.passes_if_true ? GuardGraph::Missing::kYes : GuardGraph::Missing::kNo;
}

// Goes to where the code goes on.
void GraphBuilder::go_on(State& state, const Instruction& i, const Open& open, bool holds) const {
  Frame& frame = state.frames.back();
  if (!holds && open.has_more) {
    ++state.element;
    return;
  }
  state.element = 0;
  if (is_of_data(i.opcode)) {
    state.list.reset();
    state.lookup.reset();
    // A lookup has been tested with all elements of its list.
    if (holds && i.opcode == Opcode::kFindElements) {
      frame.registers[i.a] = {Register::Kind::kElements, open.node.extra};
    }
  }
  frame.at = holds == open.passes_if_true ? frame.at + 1 : i.target;
}

// --- GuardGraph ----------------------------------------------------------------------------------

std::optional<GuardGraph> unfold(const Tables& tables, const GraphSubject& subject,
                                 std::size_t& nodes_left) {
  using Facts = GraphBuilder::Facts;
  for (const Facts facts : {Facts::kAll, Facts::kTexts, Facts::kForget}) {
    if (nodes_left == 0) return std::nullopt;
    // There are many graphs by key, which are to be small.
    if (facts == Facts::kAll && subject.plan != nullptr) continue;
    GraphBuilder builder(tables, subject, facts, std::min(nodes_left, GuardGraph::kMostNodes));
    std::optional<GuardGraph> graph = builder.graph();
    nodes_left -= std::min(nodes_left, builder.cost());
    if (graph) return graph;
    if (subject.by_rows && !builder.has_rows()) break;
  }
  return std::nullopt;
}

}  // namespace licet::vm
