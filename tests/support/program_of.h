// The program of one policy text, for tests that want no more of the compiler.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "eval/program.h"
#include "eval/value.h"
#include "lang/compile.h"

namespace licet::test {

// Fails the test if it does not compile.
inline std::shared_ptr<const Program> program_of(const std::string& text) {
  Arena arena;
  auto compilation = lang::compile({{"t.licet", text}}, Value::object({}, arena));
  EXPECT_NE(compilation.program, nullptr) << text;
  return compilation.program;
}

}  // namespace licet::test
