#include "lang/emit/assembler.h"

#include <algorithm>

namespace licet::lang::emit {

std::size_t Assembler::PathHash::operator()(const std::vector<Value>& path) const {
  std::uint64_t hash = path.size();
  for (const Value& element : path) hash = hash * 0x9E3779B97F4A7C15ULL + element.hash();
  return static_cast<std::size_t>(hash);
}

Label Assembler::new_label() {
  labels_.push_back(kUnbound);
  return static_cast<Label>(labels_.size() - 1);
}

void Assembler::bind(Label label) {
  const auto end = static_cast<std::uint32_t>(program_.code.size());
  // A jump to what comes next is none, unless another label stands here already.
  if (!jumps_.empty() && jumps_.back() == std::pair(end - 1, label) &&
      program_.code.back().opcode == Opcode::kJump && last_bound_ != end) {
    jumps_.pop_back();
    program_.code.pop_back();
    places_of_code_.pop_back();
  }
  last_bound_ = static_cast<std::uint32_t>(program_.code.size());
  labels_[static_cast<std::size_t>(label)] = static_cast<std::uint32_t>(program_.code.size());
}

void Assembler::emit(Opcode opcode, Reg a, Reg b, Reg c, std::uint32_t extra) {
  program_.code.push_back({opcode, a, b, c, extra, 0});
  places_of_code_.push_back(place_);
}

void Assembler::jump_if(Opcode opcode, Label target, Reg a, Reg b, Reg c, std::uint32_t extra) {
  jumps_.emplace_back(static_cast<std::uint32_t>(program_.code.size()), target);
  emit(opcode, a, b, c, extra);
}

bool Assembler::falls_through() const {
  const Opcode last = program_.code.back().opcode;
  return last != Opcode::kJump && last != Opcode::kReturn;
}

SourcePlace Assembler::source_place(Span span) const {
  const Position position = sources_.begin_of(span);
  return {static_cast<std::uint32_t>(span.source), position.line, position.column};
}

std::uint32_t Assembler::constant(const Value& value) {
  const auto [at, added] =
      constants_.try_emplace(value, static_cast<std::uint32_t>(program_.constants.size()));
  if (added) program_.constants.push_back(value);
  return at->second;
}

SlotIndex Assembler::slot(const std::vector<Value>& path) {
  const auto [at, added] = slots_.try_emplace(path, static_cast<SlotIndex>(program_.slots.size()));
  if (added) program_.slots.push_back({path});
  return at->second;
}

PathIndex Assembler::path(const std::vector<Value>& path) {
  const auto [at, added] = paths_.try_emplace(path, static_cast<PathIndex>(program_.paths.size()));
  if (added) program_.paths.push_back({path});
  return at->second;
}

PresenceIndex Assembler::presence(std::vector<SlotIndex> slots) {
  std::sort(slots.begin(), slots.end());
  const auto next = static_cast<PresenceIndex>(program_.presence_sets.size());
  const auto [at, added] = presence_.try_emplace(slots, next);
  if (added) program_.presence_sets.push_back({std::move(slots)});
  return at->second;
}

std::uint32_t Assembler::mock(const std::string& name) {
  const auto [at, added] =
      mocks_.try_emplace(name, static_cast<std::uint32_t>(program_.mocks.size()));
  if (added) program_.mocks.push_back({name});
  return at->second;
}

DataIndexNumber Assembler::data_index(DataIndex index) {
  std::vector<std::uint32_t> key{index.path};
  for (const ElementField& field : index.fields) {
    key.push_back(static_cast<std::uint32_t>(field.match));
    key.push_back(field.of_key ? 1 : 0);
    key.push_back(field.path);
  }
  const auto next = static_cast<DataIndexNumber>(program_.data_indexes.size());
  const auto [at, added] = data_indexes_.try_emplace(std::move(key), next);
  if (added) program_.data_indexes.push_back(std::move(index));
  return at->second;
}

BlockIndex Assembler::new_block() {
  program_.blocks.emplace_back();
  return static_cast<BlockIndex>(program_.blocks.size() - 1);
}

void Assembler::begin_block(BlockIndex block) {
  program_.blocks[block].begin = static_cast<std::uint32_t>(program_.code.size());
  labels_.clear();
  jumps_.clear();
}

// A jump to a jump goes where that one goes. A mark does not jump there: its target also says where
// it ends.
void Assembler::shorten(Instruction& jump) const {
  constexpr int kMaxHops = 4;
  if (jump.opcode == Opcode::kMarkErrors) return;
  for (int hop = 0; hop < kMaxHops; ++hop) {
    if (jump.target >= program_.code.size()) return;  // of a policy with errors
    const Instruction& next = program_.code[jump.target];
    if (next.opcode != Opcode::kJump) return;
    jump.target = next.target;
  }
}

void Assembler::end_block(BlockIndex block, std::size_t registers, std::size_t parameters) {
  for (const auto& [at, label] : jumps_) {
    program_.code[at].target = labels_[static_cast<std::size_t>(label)];
  }
  for (const auto& [at, label] : jumps_) shorten(program_.code[at]);
  Block& made = program_.blocks[block];
  made.end = static_cast<std::uint32_t>(program_.code.size());
  made.registers = static_cast<std::uint16_t>(registers);
  made.parameters = static_cast<std::uint16_t>(parameters);
}

void Assembler::finish() {
  for (const SourcePlace& place : places_of_code_) program_.places_of_code.push_back(place);
}

}  // namespace licet::lang::emit
