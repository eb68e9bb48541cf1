// JSON and YAML text: what is read is written and read again as the same value.
#include "eval/value_json.h"
#include "eval/value_yaml.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace licet;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Arena arena;
  if (const auto value = value_from_json(text, arena)) {
    const std::string written = json_from_value(value.value());
    const auto again = value_from_json(written, arena);
    fuzz::check(static_cast<bool>(again), "what was written does not read");
    fuzz::check(again.value() == value.value(), "what was written reads as another value");
    rego_text(value.value());
  }
  if (const auto value = value_from_yaml(text, arena)) json_from_value(value.value());
  return 0;
}
