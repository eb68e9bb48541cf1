#include "eval/program/definedness.h"

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <vector>

#include "eval/program/operands.h"

namespace licet::program {
namespace {

// A set of registers.
class Registers {
 public:
  explicit Registers(std::size_t count) : words_((count + 63) / 64) {}
  void add(std::size_t reg) { words_[reg / 64] |= std::uint64_t{1} << (reg % 64); }
  void remove(std::size_t reg) { words_[reg / 64] &= ~(std::uint64_t{1} << (reg % 64)); }
  bool contains(std::size_t reg) const { return (words_[reg / 64] >> (reg % 64) & 1U) != 0; }
  // Keeps what is in both. True if that changed this set.
  bool keep_common(const Registers& other) {
    bool changed = false;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::uint64_t common = words_[i] & other.words_[i];
      changed |= common != words_[i];
      words_[i] = common;
    }
    return changed;
  }

 private:
  std::vector<std::uint64_t> words_;
};

class Analysis {
 public:
  Analysis(const Program& program, const Block& block) : program_(program), block_(block) {}

  std::optional<std::string> run() {
    mark_targets();
    const std::size_t words = std::size_t{block_.registers} / 64 + 1;
    if (targets_ * words > kMaxWords) return "a block is too large to be verified";
    Registers entry(block_.registers);
    for (std::size_t reg = 0; reg < block_.parameters; ++reg) entry.add(reg);
    meet(block_.begin, entry);
    for (std::size_t visits = 0; !work_.empty(); ++visits) {
      if (visits > kMaxVisits * (targets_ + 1)) return "a block is too tangled to be verified";
      const std::uint32_t at = work_.back();
      work_.pop_back();
      follow(at);
      if (error_) return error_;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kMaxWords = std::size_t{1} << 23;
  static constexpr std::size_t kMaxVisits = 64;

  // Only at jump targets do paths meet, so only there a state is kept.
  void mark_targets() {
    is_target_.assign(block_.end - block_.begin, false);
    for (std::uint32_t at = block_.begin; at < block_.end; ++at) {
      const Instruction& i = program_.code[at];
      if (info_of(i.opcode).jump != '.') mark_target(i.target);
      if (i.opcode == Opcode::kCallMock) mark_target(at + 2);
      if (i.opcode == Opcode::kNextBody) {
        for (const std::uint32_t target : bodies_of(i)) mark_target(target);
      }
    }
  }

  void mark_target(std::uint32_t at) {
    if (is_target_[at - block_.begin]) return;
    is_target_[at - block_.begin] = true;
    ++targets_;
  }

  void meet(std::uint32_t at, const Registers& state) {
    const auto [known, added] = states_.try_emplace(at, state);
    if (added || known->second.keep_common(state)) work_.push_back(at);
  }

  void follow(std::uint32_t at) {
    Registers state = states_.at(at);
    for (;;) {
      const Instruction& i = program_.code[at];
      check_reads(at, i, state);
      if (error_) return;
      if (info_of(i.opcode).jump != '.') meet(i.target, after(i, state, Way::kJump));
      if (i.opcode == Opcode::kCallMock) meet(at + 2, answered(i, state));
      if (i.opcode == Opcode::kNextBody) {
        for (const std::uint32_t target : bodies_of(i)) meet(target, state);
        return;
      }
      if (i.opcode == Opcode::kJump || i.opcode == Opcode::kReturn) return;
      state = after(i, std::move(state), Way::kOn);
      ++at;
      if (is_target_[at - block_.begin]) {
        meet(at, state);
        return;
      }
    }
  }

  void check_reads(std::uint32_t at, const Instruction& i, const Registers& state) {
    const OpcodeInfo& info = info_of(i.opcode);
    for (std::size_t p = 0; p < info.letters.size(); ++p) {
      const char letter = info.letters[p];
      const std::uint32_t reg = operand(i, p);
      if (letter == 'R' || (letter == 'V' && !writes_environment(i.opcode, p)) ||
          (letter == 'A' && i.opcode != Opcode::kStart)) {
        must_be_defined(at, reg, state);
      } else if (letter == 'I' && !starts_iterator(i.opcode)) {
        must_be_defined(at, reg, state);
        must_be_defined(at, reg + 1, state);
      } else if (letter == 'W') {
        for (std::uint32_t n = 0; n < operand(i, p + 1); ++n) must_be_defined(at, reg + n, state);
      }
    }
  }

  static bool starts_iterator(Opcode opcode) {
    return opcode == Opcode::kScan || opcode == Opcode::kFindBodies ||
           opcode == Opcode::kFindElements;
  }

  const std::vector<std::uint32_t>& bodies_of(const Instruction& i) const {
    return program_.body_indexes[i.extra].targets;
  }

  static bool writes_environment(Opcode opcode, std::size_t position) {
    return position == 0 && opcode != Opcode::kSetEnvironment;
  }

  void must_be_defined(std::uint32_t at, std::uint32_t reg, const Registers& state) {
    if (error_ || state.contains(reg)) return;
    error_ = "instruction " + std::to_string(at) + " reads register " + std::to_string(reg) +
             ", which may be undefined";
  }

  // A mock that answers skips the next instruction.
  static Registers answered(const Instruction& i, Registers state) {
    state.add(i.a);
    return state;
  }

  enum class Way { kOn, kJump };

  // The state after an instruction, on the way that it takes.
  Registers after(const Instruction& i, Registers state, Way way) const {
    switch (i.opcode) {
      case Opcode::kClear:
      case Opcode::kLoadOverlay:  // covered, but without a value
      case Opcode::kApplyOverlay:
        state.remove(i.a);
        return state;
      case Opcode::kJumpUndefined:
        way == Way::kJump ? state.remove(i.a) : state.add(i.a);
        return state;
      case Opcode::kTestTrue:
        if (way == Way::kOn) state.add(i.a);
        return state;
      case Opcode::kMerge:
        state.contains(i.b) || state.contains(i.c) ? state.add(i.a) : state.remove(i.a);
        return state;
      case Opcode::kCallMock:  // on: the next instruction makes the real call
        state.remove(i.a);
        return state;
      case Opcode::kNext:
      case Opcode::kNextElement:
        if (way == Way::kJump) return state;
        break;
      default:
        break;
    }
    write_operands(i, way, state);
    return state;
  }

  static void write_operands(const Instruction& i, Way way, Registers& state) {
    const OpcodeInfo& info = info_of(i.opcode);
    for (std::size_t p = 0; p < info.letters.size(); ++p) {
      const char letter = info.letters[p];
      const std::uint32_t reg = operand(i, p);
      if (letter == 'D') way == Way::kOn ? state.add(reg) : state.remove(reg);
      if (letter == 'V' && writes_environment(i.opcode, p)) state.add(reg);
      if (letter == 'A' && i.opcode == Opcode::kStart) state.add(reg);
      if (letter == 'I') {
        state.add(reg);
        state.add(reg + 1);
      }
    }
  }

  const Program& program_;
  const Block& block_;
  std::vector<bool> is_target_;
  std::size_t targets_ = 0;
  std::unordered_map<std::uint32_t, Registers> states_;
  std::vector<std::uint32_t> work_;
  std::optional<std::string> error_;
};

}  // namespace

std::optional<std::string> find_undefined_read(const Program& program, const Block& block) {
  return Analysis(program, block).run();
}

}  // namespace licet::program
