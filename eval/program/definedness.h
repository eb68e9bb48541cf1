// Which registers have a value for sure, instruction by instruction: a forward data-flow analysis
// over one block.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "eval/program.h"

namespace licet::program {

class DefinednessCheck {
 public:
  explicit DefinednessCheck(const Program& program);
  ~DefinednessCheck();
  DefinednessCheck(const DefinednessCheck&) = delete;
  DefinednessCheck& operator=(const DefinednessCheck&) = delete;

  // The first read of a register that may be undefined, by an instruction that does not expect
  // that. PRECONDITION: all registers and jumps of the block are inside of it.
  std::optional<std::string> find_undefined_read(const Block& block);

 private:
  class Analysis;
  std::unique_ptr<Analysis> analysis_;
};

}  // namespace licet::program
