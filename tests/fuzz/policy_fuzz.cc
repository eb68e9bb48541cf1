// Policy text: parser, compiler, formatter, exporter, and the machine on what compiles.
#include "lang/compile.h"
#include "lang/formatting.h"
#include "lang/rego_export.h"
#include "tests/fuzz/fuzz.h"

namespace licet::fuzz {
namespace {

// What parses is formatted once and for all.
void check_format(const std::string& text) {
  const lang::Formatted once = lang::format_text("fuzz.licet", text);
  if (!once.text) return;
  const lang::Formatted twice = lang::format_text("fuzz.licet", *once.text);
  check(twice.text.has_value(), "a formatted policy does not parse");
  check(*twice.text == *once.text, "formatting is not idempotent");
}

}  // namespace
}  // namespace licet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace licet;
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz::check_format(text);
  Arena arena;
  const std::vector<lang::SourceText> policies = {{"fuzz.licet", text}};
  const auto compiled = lang::compile(policies, Value::object({}, arena));
  if (!compiled.program) return 0;
  fuzz::run_all(compiled.program, fuzz::kRequest);
  fuzz::check(!lang::export_rego(policies).modules.empty() || compiled.diagnostics.has_errors(),
              "what compiles is not exported");
  return 0;
}
