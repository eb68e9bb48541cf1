#include "eval/program/definedness.h"

#include <algorithm>
#include <bit>
#include <span>
#include <vector>

#include "eval/program/operands.h"

namespace licet::program {
namespace {

// A set of registers.
class Registers {
 public:
  void clear(std::size_t count) { words_.assign((count + 63) / 64, 0); }
  void add(std::size_t reg) { words_[reg / 64] |= std::uint64_t{1} << (reg % 64); }
  void remove(std::size_t reg) { words_[reg / 64] &= ~(std::uint64_t{1} << (reg % 64)); }
  bool contains(std::size_t reg) const { return (words_[reg / 64] >> (reg % 64) & 1U) != 0; }
  std::span<std::uint64_t> words() { return words_; }
  std::span<const std::uint64_t> words() const { return words_; }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace

// The analysis of one block after the other; what it needs for one is room for the next.
class DefinednessCheck::Analysis {
 public:
  explicit Analysis(const Program& program) : program_(program) {}

  std::optional<std::string> run(const Block& block) {
    begin(block);
    mark_targets();
    const std::size_t words = std::size_t{block_.registers} / 64 + 1;
    if (targets_ * words > kMaxWords) return "a block is too large to be verified";
    states_.reserve((targets_ + 1) * state_.words().size());
    for (std::size_t reg = 0; reg < block_.parameters; ++reg) state_.add(reg);
    meet(block_.begin, state_);
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

  void begin(const Block& block) {
    block_ = block;
    number_at_.assign(block.end - block.begin, 0);
    is_target_.assign(block.end - block.begin, false);
    targets_ = 0;
    states_.clear();
    states_made_ = 0;
    state_.clear(block.registers);
    work_.clear();
    error_.reset();
  }

  // Only at jump targets do paths meet, so only there a state is kept.
  void mark_targets() {
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

  std::span<std::uint64_t> state_at(std::uint32_t at) {
    const std::size_t words = state_.words().size();
    return std::span(states_).subspan((number_at_[at - block_.begin] - 1) * words, words);
  }

  // Keeps what is defined on all ways to `at`; looks at what follows again if that is less now.
  void meet(std::uint32_t at, const Registers& state) {
    std::uint32_t& number = number_at_[at - block_.begin];
    if (number == 0) {
      number = ++states_made_;
      states_.insert(states_.end(), state.words().begin(), state.words().end());
      work_.push_back(at);
      return;
    }
    bool changed = false;
    const std::span<std::uint64_t> known = state_at(at);
    for (std::size_t i = 0; i < known.size(); ++i) {
      const std::uint64_t common = known[i] & state.words()[i];
      changed |= common != known[i];
      known[i] = common;
    }
    if (changed) work_.push_back(at);
  }

  void follow(std::uint32_t at) {
    const std::span<const std::uint64_t> known = state_at(at);
    std::copy(known.begin(), known.end(), state_.words().begin());
    for (;;) {
      const Instruction& i = program_.code[at];
      check_reads(at, i, state_);
      if (error_) return;
      if (info_of(i.opcode).jump != '.') {
        jumped_ = state_;
        apply(i, jumped_, Way::kJump);
        meet(i.target, jumped_);
      }
      if (i.opcode == Opcode::kCallMock) {
        // A mock that answers skips the next instruction.
        jumped_ = state_;
        jumped_.add(i.a);
        meet(at + 2, jumped_);
      }
      if (i.opcode == Opcode::kNextBody) {
        for (const std::uint32_t target : bodies_of(i)) meet(target, state_);
        return;
      }
      if (i.opcode == Opcode::kJump || i.opcode == Opcode::kReturn) return;
      apply(i, state_, Way::kOn);
      ++at;
      if (is_target_[at - block_.begin]) {
        meet(at, state_);
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
           opcode == Opcode::kFindElements || opcode == Opcode::kScanRules;
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

  enum class Way { kOn, kJump };

  // Makes a state that after an instruction, on the way that it takes.
  static void apply(const Instruction& i, Registers& state, Way way) {
    switch (i.opcode) {
      case Opcode::kClear:
      case Opcode::kLoadOverlay:  // covered, but without a value
      case Opcode::kApplyOverlay:
        state.remove(i.a);
        return;
      case Opcode::kJumpUndefined:
        way == Way::kJump ? state.remove(i.a) : state.add(i.a);
        return;
      case Opcode::kTestTrue:
        if (way == Way::kOn) state.add(i.a);
        return;
      case Opcode::kMerge:
        state.contains(i.b) || state.contains(i.c) ? state.add(i.a) : state.remove(i.a);
        return;
      case Opcode::kMarkErrors:  // it jumps later, out of what comes after it
        state.add(i.a);
        return;
      case Opcode::kCallMock:  // on: the next instruction makes the real call
        state.remove(i.a);
        return;
      case Opcode::kNext:
      case Opcode::kNextElement:
        if (way == Way::kJump) return;
        break;
      default:
        break;
    }
    write_operands(i, way, state);
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
  Block block_;
  std::vector<bool> is_target_;
  std::size_t targets_ = 0;
  // The states where paths meet, one after the other; by instruction the number of its state, from
  // 1, or 0.
  std::vector<std::uint64_t> states_;
  std::vector<std::uint32_t> number_at_;
  std::uint32_t states_made_ = 0;
  Registers state_;   // on the path that is being followed
  Registers jumped_;  // of a jump from it
  std::vector<std::uint32_t> work_;
  std::optional<std::string> error_;
};

DefinednessCheck::DefinednessCheck(const Program& program)
    : analysis_(std::make_unique<Analysis>(program)) {}
DefinednessCheck::~DefinednessCheck() = default;

std::optional<std::string> DefinednessCheck::find_undefined_read(const Block& block) {
  return analysis_->run(block);
}

}  // namespace licet::program
