#include "tests/differential/question.h"

#include <string_view>

namespace licet::differential {

std::string Question::text() const {
  std::string result;
  for (const std::string& module : modules) result += "--- module\n" + module;
  result += "--- data\n" + data + "\n--- input\n" + (input.empty() ? "none" : input) + "\n";
  if (strict_errors) result += "--- strict errors\n";
  return result;
}

std::string package_of(const std::string& module) {
  const std::string_view word = "package ";
  const std::size_t begin = module.find(word) + word.size();
  return module.substr(begin, module.find('\n', begin) - begin);
}

std::string Outcome::text() const {
  if (!error.empty()) return error + (message.empty() ? "" : " (" + message + ")");
  return value.empty() ? "undefined" : value;
}

std::string Outcome::kind() const {
  if (!error.empty()) return error;
  return value.empty() ? "undefined" : "value";
}

}  // namespace licet::differential
