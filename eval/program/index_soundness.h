// Checks the indexes of a program that comes from outside.
#pragma once

#include <optional>
#include <string>

#include "eval/program.h"

namespace licet::program {

// What is wrong; nullopt if nothing is. What the code that uses an index must look like is checked
// with the code (verify.cc). A sound index may still be a wrong one: it then finds too little.
std::optional<std::string> indexes_are_sound(const Program& program);

}  // namespace licet::program
