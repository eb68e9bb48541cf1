// Policy text and a request, with a zero byte between them.
#include <string>

#include "lang/compile.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/targets.h"

namespace licet::fuzz {

void run_evaluate(std::string_view input) {
  const std::size_t end = input.find('\0');
  if (end == std::string_view::npos) return;
  Arena arena;
  const auto compiled =
      lang::compile({{"fuzz.licet", std::string(input.substr(0, end))}}, Value::object({}, arena));
  if (compiled.program) run_all(compiled.program, input.substr(end + 1));
}

}  // namespace licet::fuzz
