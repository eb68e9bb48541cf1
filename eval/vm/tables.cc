#include "eval/vm/tables.h"

#include <algorithm>
#include <span>

#include "eval/vm/environment.h"
#include "eval/vm/graph_builder.h"
#include "eval/vm/keyed_graphs.h"

namespace licet::vm {
namespace {

// Documents that light documents call, one in the other: bounds the C++ stack.
constexpr int kMaxLightDepth = 8;

// A row takes about 40 bytes.
constexpr std::size_t kMostLookups = 8;
constexpr std::size_t kMostRowsOfLookup = std::size_t{1} << 23;

}  // namespace

Tables::Tables(std::shared_ptr<const Program> its_program)
    : program(std::move(its_program)),
      key_plan_(KeyPlan::of(*program, numbers_)),
      indexes_(*program, numbers_),
      starts_with_(find_builtin("startswith")->id),
      ends_with_(find_builtin("endswith")->id),
      in_network_(find_builtin("net.cidr_contains")->id),
      matches_(find_builtin("regex.match")->id) {
  loaded.reserve(program->paths.size());
  for (const Path& path : program->paths) loaded.push_back(walk(program->data, path.elements));
  find_light_documents();
  add_units();
  add_networks();
  add_graphs();
  is_made_ = true;
}

Tables::~Tables() = default;

const index::LookupIndex* Tables::lookup_index(const Value& from, std::size_t depth) const {
  const auto known = std::find_if(lookups_.begin(), lookups_.end(),
                                  [&](const auto& one) { return one->is_of(from, depth); });
  if (known != lookups_.end()) return (*known)->is_usable() ? known->get() : nullptr;
  if (is_made_ || lookups_.size() == kMostLookups) return nullptr;
  std::size_t rows_left = kMostRowsOfLookup;
  lookups_.push_back(std::make_unique<index::LookupIndex>(from, depth, numbers_, rows_left));
  return lookups_.back()->is_usable() ? lookups_.back().get() : nullptr;
}

const RuleRows* Tables::rows_of(Verdict verdict) const {
  return rows_of_verdicts_[static_cast<std::size_t>(verdict)].get();
}

const RuleRows* Tables::rows_at(std::uint32_t find) const {
  const auto known = rows_at_.find(find);
  return known == rows_at_.end() ? nullptr : known->second.get();
}

BuiltinId Tables::builtin_of(Opcode opcode) const {
  switch (opcode) {
    case Opcode::kSlotStartsWith:
      return starts_with_;
    case Opcode::kSlotEndsWith:
      return ends_with_;
    case Opcode::kSlotInNetwork:
      return in_network_;
    default:
      return matches_;
  }
}

void Tables::find_light_documents() {
  light_.assign(program->documents.size(), Light::kNotKnown);
  for (DocumentIndex i = 0; i < light_.size(); ++i) find_light(i, 0);
}

Tables::Light Tables::find_light(DocumentIndex document, int depth) {
  if (light_[document] != Light::kNotKnown) return light_[document];
  if (depth > kMaxLightDepth) return Light::kNo;
  light_[document] = Light::kNo;  // while it is looked at: what calls itself is not light
  const Block& block = program->blocks[program->documents[document].block];
  light_[document] = is_light_block(block, depth) ? Light::kYes : Light::kNo;
  return light_[document];
}

bool Tables::is_light_block(const Block& block, int depth) {
  if (block.registers > kLightRegisters) return false;
  for (std::uint32_t at = block.begin; at < block.end; ++at) {
    const Instruction& i = program->code[at];
    const bool jumps = is_guard(i.opcode) || i.opcode == Opcode::kJump ||
                       i.opcode == Opcode::kJumpUndefined || i.opcode == Opcode::kTestTrue ||
                       i.opcode == Opcode::kJumpKnown || i.opcode == Opcode::kCallDocument;
    if (jumps && i.target <= at) return false;
    const bool stays = i.opcode == Opcode::kLoadConstant || i.opcode == Opcode::kClear ||
                       i.opcode == Opcode::kMarkErrors || i.opcode == Opcode::kReturn;
    if (!jumps && !stays) return false;
    if (i.opcode == Opcode::kCallDocument && find_light(i.extra, depth + 1) != Light::kYes) {
      return false;
    }
  }
  return true;
}

void Tables::add_units() {
  std::size_t counts[2] = {0, 0};  // by verdict
  for (const DecisionRule& rule : program->decision_rules) {
    counts[static_cast<std::size_t>(rule.verdict)] += rule.bodies.size();
  }
  permits.reserve(counts[static_cast<std::size_t>(Verdict::kPermit)]);
  forbids.reserve(counts[static_cast<std::size_t>(Verdict::kForbid)]);
  for (std::uint32_t rule = 0; rule < program->decision_rules.size(); ++rule) {
    const DecisionRule& of = program->decision_rules[rule];
    std::vector<BodyUnit>& units = of.verdict == Verdict::kForbid ? forbids : permits;
    bool says_something = false;
    for (std::uint32_t body = 0; body < of.bodies.size(); ++body) {
      const DecisionBody& one = of.bodies[body];
      units.push_back(unit_of(rule, body));
      says_something |= one.messages || one.controls || one.obligations;
    }
    has_clauses_.push_back(says_something);
  }
}

BodyUnit Tables::unit_of(std::uint32_t rule, std::uint32_t body) const {
  const DocumentIndex holds = program->decision_rules[rule].bodies[body].holds;
  BodyUnit unit{.rule = rule, .body = body};
  if (is_light(holds)) {
    const Block& block = program->blocks[program->documents[holds].block];
    unit.light_begin = block.begin;
    find_conjunction(unit, block);
  }
  return unit;
}

// Registers are cleared; guards follow, each of which ends the body when it fails; then the body
// holds, or is indeterminate if a guard has set the mark. Nothing else is taken for a conjunction.
void Tables::find_conjunction(BodyUnit& unit, const Block& block) const {
  const Instruction* const code = program->code.data();
  std::uint32_t at = block.begin;
  while (code[at].opcode == Opcode::kClear) ++at;
  const std::uint32_t guards = at;
  const Instruction& end = code[block.end - 1];
  const std::uint16_t result = end.a;
  const auto loads = [&](const Instruction& i, bool value) {
    const Value& constant = program->constants[i.extra];
    return i.opcode == Opcode::kLoadConstant && i.a == result &&
           (value ? constant.is_true() : constant.is_false());
  };
  const auto must_not_mark = [&](const Instruction& i) { return (i.b & kGuardMarks) == 0; };
  while (is_guard(code[at].opcode) && code[at].target == block.end - 1) ++at;
  const std::span<const Instruction> all(code + guards, at - guards);
  if (all.empty() || end.opcode != Opcode::kReturn) return;
  const std::uint32_t left = block.end - at;
  if (left == 2) {
    if (!loads(code[at], true) || !std::all_of(all.begin(), all.end(), must_not_mark)) return;
  } else {
    const std::uint16_t mark = code[at].a;
    const bool settles = left == 5 && code[at].opcode == Opcode::kJumpUndefined &&
                         code[at].target == at + 3 && loads(code[at + 1], false) &&
                         code[at + 2].opcode == Opcode::kJump &&
                         code[at + 2].target == block.end - 1 && loads(code[at + 3], true);
    if (!settles || mark == result) return;
    for (const Instruction& i : all) {
      if (!must_not_mark(i) && i.c != mark) return;
    }
  }
  // Both must be undefined before the first guard: cleared above or never written.
  if (all.size() > UINT16_MAX || guards - block.begin > UINT16_MAX) return;
  unit.guard_count = static_cast<std::uint16_t>(all.size());
  unit.guards_offset = static_cast<std::uint16_t>(guards - block.begin);
}

void Tables::add_networks() {
  for (const Instruction& i : program->code) {
    if (i.opcode != Opcode::kSlotInNetwork) continue;
    if (network_of_constant_.empty()) network_of_constant_.resize(program->constants.size(), 0);
    const Value& constant = program->constants[i.extra];
    if (network_of_constant_[i.extra] != 0 || !constant.is_string()) continue;
    if (const auto network = builtins::network_from_text(constant.as_string())) {
      networks_.push_back({.base = network->base().bits, .mask = ~network->host_mask()});
      network_of_constant_[i.extra] = static_cast<std::uint32_t>(networks_.size());
    }
  }
}

std::int64_t Tables::bytes_for_keyed_graphs() const {
  std::int64_t bodies = 0;
  for (const BodyIndex& index : program->body_indexes) bodies += index.body_count;
  return bodies * KeyedGraphs::kBytesPerBody;
}

void Tables::add_graphs() {
  graph_bytes_left_ = bytes_for_keyed_graphs();
  const bool by_rows = make_rows();
  const auto budget = [&](std::size_t nodes) {
    return Budget{.by_rows = by_rows ? nodes : 0, .others = nodes};
  };
  Budget left = budget(4 * GuardGraph::kMostNodes);
  if (!program->decision_rules.empty()) decision_graph_ = graph_of({}, left);
  graph_of_document_.resize(program->documents.size(), 0);
  left = budget(GuardGraph::kMostNodesInAll);
  for (const EntryPoint& entry : program->entry_points) {
    if (graph_of_document_[entry.document] != 0) continue;
    SomeGraph graph = graph_of(entry.document, left);
    if (!graph.one && !graph.keyed) continue;
    document_graphs_.push_back(std::move(graph));
    graph_of_document_[entry.document] = static_cast<std::uint32_t>(document_graphs_.size());
  }
  if (keyed_count_ == 0) key_plan_.reset();
}

bool Tables::make_rows() {
  const std::size_t fewest = key_plan_ ? RuleRows::kFewestBodiesByKey : RuleRows::kFewestBodies;
  const auto made = [](std::optional<RuleRows> rows) {
    return rows ? std::make_unique<const RuleRows>(*std::move(rows)) : nullptr;
  };
  for (const Verdict verdict : {Verdict::kPermit, Verdict::kForbid}) {
    rows_of_verdicts_[static_cast<std::size_t>(verdict)] =
        made(rows_of_verdict(*this, verdict, fewest, numbers_));
  }
  // A tampered image may go through the same bodies at many places.
  std::size_t bodies_left = 0;
  for (const BodyIndex& index : program->body_indexes) bodies_left += 2 * index.targets.size();
  for (std::uint32_t at = 0; at < program->code.size(); ++at) {
    if (program->code[at].opcode != Opcode::kFindBodies) continue;
    const std::size_t bodies = program->body_indexes[program->code[at].extra].targets.size();
    if (bodies > bodies_left) break;
    bodies_left -= bodies;
    if (auto rows = made(rows_of_document(*program, at, fewest, numbers_))) {
      rows_at_[at] = std::move(rows);
    }
  }
  return !rows_at_.empty() || rows_of(Verdict::kPermit) != nullptr ||
         rows_of(Verdict::kForbid) != nullptr;
}

Tables::SomeGraph Tables::graph_of(std::optional<DocumentIndex> document, Budget& left) {
  SomeGraph graph;
  graph.one = unfold(*this, {.document = document, .by_rows = true}, left.by_rows);
  if (graph.one) return graph;
  if (key_plan_ && keyed_count_ < KeyedGraphs::kMostOfProgram) {
    graph.keyed = KeyedGraphs::of(*this, *key_plan_, document, graph_bytes_left_, left.others);
    keyed_count_ += graph.keyed ? 1 : 0;
  }
  if (!graph.keyed) graph.one = unfold(*this, {.document = document}, left.others);
  return graph;
}

inline void Tables::SomeGraph::walk(const SlotValues& slots, GuardGraph::Walk& walk) const {
  if (one) {
    one->walk(slots, walk);
  } else if (keyed) {
    keyed->walk(slots, walk);
  }
}

void Tables::walk_decision(const SlotValues& slots, GuardGraph::Walk& walk) const {
  decision_graph_.walk(slots, walk);
}

void Tables::walk_document(DocumentIndex document, const SlotValues& slots,
                           GuardGraph::Walk& walk) const {
  const std::uint32_t at = graph_number(document);
  if (at != 0) document_graphs_[at - 1].walk(slots, walk);
}

}  // namespace licet::vm
