#include "tests/differential/known_names.h"

#include <algorithm>
#include <regex>

#include "tests/differential/rewrite_syntax.h"

namespace licet::differential {
namespace {

// x of `L0301: var x is unsafe`; empty: it says something else.
std::string unsafe_name(const Outcome& says) {
  static const std::regex unsafe("^L030[13]: var (\\w+) is unsafe");
  std::smatch found;
  return std::regex_search(says.message, found, unsafe) ? found[1].str() : "";
}

// Whether OPA has an error for one of these.
bool ends_any(const Comparison& c, const std::vector<Modules>& written, std::string_view error) {
  return std::any_of(written.begin(), written.end(), [&](const Modules& modules) {
    Question question = c.generated.question;
    question.modules = modules;
    question.documents = {question.documents[c.document]};
    return c.oracle.ask({question}).front().front().error == error;
  });
}

}  // namespace

bool unseen_variable(const Comparison& c) {
  // What it says itself, also where another literal gives the variable a value.
  if (c.opa_says().message.find("that requires evaluation: ") != std::string::npos) return true;
  const std::string name = unsafe_name(c.licet_says());
  const bool compiles = !c.opa_says().error.starts_with("rego_");
  if (name.empty() || name == "_" || !compiles) return false;
  const Modules& modules = c.generated.question.modules;
  constexpr std::string_view kUnsafe = "rego_unsafe_var_error";
  return ends_any(c, with_variable_used(modules, name), kUnsafe) ||
         ends_any(c, with_part_before(modules, name), kUnsafe);
}

}  // namespace licet::differential
