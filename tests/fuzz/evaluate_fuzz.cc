// Policy text and a request, with a zero byte between them.
#include "lang/compile.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace licet;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\0');
  if (end == std::string::npos) return 0;
  Arena arena;
  const auto compiled =
      lang::compile({{"fuzz.licet", text.substr(0, end)}}, Value::object({}, arena));
  if (compiled.program) fuzz::run_all(compiled.program, text.substr(end + 1));
  return 0;
}
