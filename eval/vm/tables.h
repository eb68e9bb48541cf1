// What the machine computes of a program once, before the first run.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "eval/program.h"
#include "eval/value.h"

namespace licet::vm {

// Immutable, shared by all threads.
struct Tables {
  explicit Tables(std::shared_ptr<const Program> its_program);

  std::shared_ptr<const Program> program;
  std::vector<Value> loaded;  // data at each of the program's paths
};

}  // namespace licet::vm
