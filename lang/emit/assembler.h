// Writes code and the tables it refers to into a Program. Knows nothing of the core.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "eval/program.h"
#include "lang/source.h"

namespace licet::lang::emit {

enum class Label : std::uint32_t {};
using Reg = std::uint16_t;

class Assembler {
 public:
  Assembler(Program& program, const SourceSet& sources) : program_(program), sources_(sources) {}

  Label new_label();
  void bind(Label label);
  void emit(Opcode opcode, Reg a = 0, Reg b = 0, Reg c = 0, std::uint32_t extra = 0);
  void jump_if(Opcode opcode, Label target, Reg a = 0, Reg b = 0, Reg c = 0,
               std::uint32_t extra = 0);
  void jump(Label target) { jump_if(Opcode::kJump, target); }
  // Whether the next instruction can be reached by falling through.
  bool falls_through() const;

  void set_place(Span span) { place_ = source_place(span); }
  SourcePlace source_place(Span span) const;

  std::uint32_t constant(const Value& value);
  SlotIndex slot(const std::vector<Value>& path);
  PathIndex path(const std::vector<Value>& path);
  PresenceIndex presence(std::vector<SlotIndex> slots);
  std::uint32_t mock(const std::string& name);
  DataIndexNumber data_index(DataIndex index);

  // Reserves an index; the block's code comes later.
  BlockIndex new_block();
  void begin_block(BlockIndex block);
  void end_block(BlockIndex block, std::size_t registers, std::size_t parameters);

  // After the last block.
  void finish();

  Program& program() { return program_; }
  const SourceSet& sources() const { return sources_; }

 private:
  struct ValueHash {
    std::size_t operator()(const Value& value) const {
      return static_cast<std::size_t>(value.hash());
    }
  };
  struct PathHash {
    std::size_t operator()(const std::vector<Value>& path) const;
  };
  void shorten(Instruction& jump) const;

  static constexpr std::uint32_t kUnbound = UINT32_MAX;

  Program& program_;
  const SourceSet& sources_;
  std::vector<std::uint32_t> labels_;
  std::vector<std::pair<std::uint32_t, Label>> jumps_;  // of the block being written
  std::unordered_map<Value, std::uint32_t, ValueHash> constants_;
  std::unordered_map<std::vector<Value>, SlotIndex, PathHash> slots_;
  std::unordered_map<std::vector<Value>, PathIndex, PathHash> paths_;
  std::map<std::vector<SlotIndex>, PresenceIndex> presence_;
  std::map<std::string, std::uint32_t> mocks_;
  std::map<std::vector<std::uint32_t>, DataIndexNumber> data_indexes_;
  std::vector<SourcePlace> places_of_code_;
  SourcePlace place_;
  std::uint32_t last_bound_ = kUnbound;  // where the last label was bound
};

}  // namespace licet::lang::emit
