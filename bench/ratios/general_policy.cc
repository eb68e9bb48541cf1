#include "bench/ratios/general_policy.h"

#include <utility>

#include "bench/ratios/measure.h"
#include "eval/value_json.h"
#include "licet/data.h"
#include "licet/files.h"

namespace licet::bench {
namespace {

std::string text_of_file(const std::string& path) {
  auto text = read_file(path);
  if (!text) give_up(text.error().message);
  return std::move(text).value();
}

std::vector<std::string> lines_of_file(const std::string& path) {
  const std::string text = text_of_file(path);
  std::vector<std::string> lines;
  for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
}

}  // namespace

GeneralPolicy read_general_policy(const std::string& folder, const std::string& name,
                                  Arena& arena) {
  const std::string prefix = folder + "/" + name;
  GeneralPolicy policy;
  policy.text = text_of_file(prefix + ".rego");
  const auto data = value_from_file(prefix + ".data.json", arena);
  if (!data) give_up(data.error().message);
  policy.data = data.value();
  for (const std::string& line : lines_of_file(prefix + ".inputs.jsonl")) {
    const auto input = value_from_json(line, arena);
    if (!input) give_up(prefix + ".inputs.jsonl: a line is no JSON");
    policy.inputs.push_back(input.value());
  }
  policy.expected = lines_of_file(prefix + ".expected.jsonl");
  if (policy.expected.size() != policy.inputs.size()) {
    give_up(prefix + ": not one expected answer an input");
  }
  return policy;
}

}  // namespace licet::bench
