#include "eval/cache/stability.h"

#include <algorithm>
#include <string_view>

#include "eval/program/operands.h"

namespace licet::cache {
namespace {

// Documents, then functions, then decision rules.
using Node = std::uint32_t;

class Analysis {
 public:
  explicit Analysis(const Program& program)
      : program_(program),
        document_count_(static_cast<Node>(program.documents.size())),
        rules_begin_(document_count_ + static_cast<Node>(program.functions.size())),
        calls_(rules_begin_ + program.decision_rules.size()),
        is_fixed_(calls_.size()),
        is_read_(calls_.size()),
        reads_slot_(program.slots.size()) {}

  Stability stability() {
    for (Node node = 0; node < calls_.size(); ++node) look_at(node);
    spread_to_callers();
    Stability result;
    for (const DecisionRule& rule : program_.decision_rules) {
      const bool is_stable = !reaches_fixed(rule);
      result.is_stable.push_back(is_stable);
      if (!is_stable) continue;
      ++result.stable_count;
      visit_documents_of(rule, [&](DocumentIndex document) { read(document); });
    }
    for (const auto& index : {program_.forbid_index, program_.permit_index}) {
      if (index) read_keys(*index);
    }
    for (SlotIndex slot = 0; slot < reads_slot_.size(); ++slot) {
      if (reads_slot_[slot]) result.slots.push_back(slot);
    }
    return result;
  }

 private:
  template <class Visit>
  static void visit_documents_of(const DecisionRule& rule, Visit visit) {
    for (const DecisionBody& body : rule.bodies) {
      visit(body.holds);
      for (const auto& clause : {body.messages, body.controls, body.obligations}) {
        if (clause) visit(*clause);
      }
    }
  }

  const Block& block_of(Node node) const {
    return program_
        .blocks[node < document_count_ ? program_.documents[node].block
                                       : program_.functions[node - document_count_].block];
  }

  template <class Visit>
  void visit_operands(Node node, Visit visit) const {
    if (node >= rules_begin_) return;
    const Block& block = block_of(node);
    for (std::uint32_t at = block.begin; at < block.end; ++at) {
      const Instruction& instruction = program_.code[at];
      const program::OpcodeInfo& info = program::info_of(instruction.opcode);
      for (std::size_t i = 0; i < info.letters.size(); ++i) {
        visit(info.letters[i], program::operand(instruction, i), instruction.opcode);
      }
    }
  }

  // What it calls, and whether it looks at clock, chance or the decision by itself.
  void look_at(Node node) {
    if (node >= rules_begin_) return look_at_rule(node - rules_begin_);
    visit_operands(node, [&](char letter, std::uint32_t operand, Opcode opcode) {
      if (letter == 'U') calls_[node].push_back(operand);
      if (letter == 'L') calls_[node].push_back(rules_begin_ + operand);
      if (letter == 'X') calls_[node].push_back(document_count_ + operand);
      if (letter == 'B' && all_builtins()[operand].trait == BuiltinTrait::kFixed) {
        is_fixed_[node] = true;
      }
      if (opcode == Opcode::kDecisionDocument) is_fixed_[node] = true;
    });
  }

  // A scan of rules begins at one and goes on to the next of the package.
  void look_at_rule(std::uint32_t number) {
    const std::vector<DecisionRule>& rules = program_.decision_rules;
    std::vector<Node>& calls = calls_[rules_begin_ + number];
    calls.push_back(rules[number].holds);
    const bool goes_on =
        number + 1 < rules.size() && rules[number + 1].package == rules[number].package;
    if (goes_on) calls.push_back(rules_begin_ + number + 1);
  }

  void spread_to_callers() {
    std::vector<std::vector<Node>> callers(calls_.size());
    std::vector<Node> waiting;
    for (Node node = 0; node < calls_.size(); ++node) {
      for (const Node callee : calls_[node]) callers[callee].push_back(node);
      if (is_fixed_[node]) waiting.push_back(node);
    }
    while (!waiting.empty()) {
      const Node node = waiting.back();
      waiting.pop_back();
      for (const Node caller : callers[node]) {
        if (is_fixed_[caller]) continue;
        is_fixed_[caller] = true;
        waiting.push_back(caller);
      }
    }
  }

  bool reaches_fixed(const DecisionRule& rule) const {
    bool reaches = false;
    visit_documents_of(rule, [&](DocumentIndex document) { reaches |= is_fixed_[document]; });
    return reaches;
  }

  // Notes the slots by which an index finds bodies: their code need not look at these again.
  void read_keys(BodyIndexNumber number) {
    for (const IndexGroup& group : program_.body_indexes[number].groups) {
      for (const IndexKey& key : group.keys) {
        if (key.source == IndexKey::Source::kSlot) reads_slot_[key.number] = true;
      }
    }
  }

  // Notes the slots that it and all that it calls can read.
  void read(Node first) {
    std::vector<Node> waiting = {first};
    while (!waiting.empty()) {
      const Node node = waiting.back();
      waiting.pop_back();
      if (is_read_[node]) continue;
      is_read_[node] = true;
      waiting.insert(waiting.end(), calls_[node].begin(), calls_[node].end());
      visit_operands(node, [&](char letter, std::uint32_t operand, Opcode) {
        if (letter == 'S') reads_slot_[operand] = true;
        if (letter == 'Y') read_keys(operand);
        if (letter == 'Z') {
          for (const SlotIndex slot : program_.presence_sets[operand].slots) {
            reads_slot_[slot] = true;
          }
        }
      });
    }
  }

  const Program& program_;
  Node document_count_;
  Node rules_begin_;
  std::vector<std::vector<Node>> calls_;
  std::vector<bool> is_fixed_;
  std::vector<bool> is_read_;
  std::vector<bool> reads_slot_;
};

}  // namespace

Stability stability_of(const Program& program) { return Analysis(program).stability(); }

}  // namespace licet::cache
