// Policy text: parser, compiler, formatter, exporter, and the machine on what compiles.
#include <string>

#include "lang/compile.h"
#include "lang/formatting.h"
#include "lang/rego_export.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/targets.h"

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

void run_policy(std::string_view input) {
  const std::string text(input);
  check_format(text);
  Arena arena;
  const std::vector<lang::SourceText> policies = {{"fuzz.licet", text}};
  const auto compiled = lang::compile(policies, Value::object({}, arena));
  if (!compiled.program) return;
  run_all(compiled.program, kRequest);
  const auto exported = lang::export_rego(policies);
  check(!exported.modules.empty() || exported.diagnostics.has_errors(),
        "what compiles is neither exported nor is there a word why");
}

}  // namespace licet::fuzz
