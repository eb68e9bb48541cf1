// The general policies: bench/policies/NAME.rego with its data, inputs and expected answers.
#include <string>
#include <utility>

#include "bench/ratios/contest.h"
#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/compile.h"
#include "licet/data.h"
#include "licet/files.h"

namespace licet::bench {
namespace {

constexpr std::string_view kQuery = "data.general.answer";

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

struct General {
  Arena arena;
  std::unique_ptr<Engine> engine;
  std::vector<Value> inputs;
};

std::shared_ptr<const Program> program_of(const std::string& prefix, Arena& arena) {
  const auto data = value_from_file(prefix + ".data.json", arena);
  if (!data) give_up(data.error().message);
  const lang::Compilation compilation =
      lang::compile({{prefix + ".rego", text_of_file(prefix + ".rego")}}, data.value());
  if (!compilation.program) give_up(prefix + ".rego does not compile");
  return compilation.program;
}

void verify(const General& general, const std::vector<std::string>& expected,
            const std::string& name) {
  for (std::size_t i = 0; i < general.inputs.size(); ++i) {
    const auto answer = general.engine->query(kQuery, general.inputs[i]);
    const std::string got =
        answer ? json_from_value(answer.value().value) : text_of(answer.error());
    if (got != expected[i]) {
      give_up(name + ", input " + std::to_string(i + 1) + ": expected " + expected[i] + ", got " +
              got);
    }
  }
}

}  // namespace

Contest contest_of_policy(const std::string& folder, const std::string& name) {
  const std::string prefix = folder + "/" + name;
  const auto general = std::make_shared<General>();
  general->engine = std::make_unique<Engine>(program_of(prefix, general->arena));
  for (const std::string& line : lines_of_file(prefix + ".inputs.jsonl")) {
    const auto input = value_from_json(line, general->arena);
    if (!input) give_up(prefix + ".inputs.jsonl: a line is no JSON");
    general->inputs.push_back(input.value());
  }
  const std::vector<std::string> expected = lines_of_file(prefix + ".expected.jsonl");
  if (expected.size() != general->inputs.size()) give_up(prefix + ": not one answer an input");
  verify(*general, expected, name);
  Contest contest;
  contest.name = name;
  contest.contenders.push_back(contender("query", [general](std::size_t i) {
    const auto answer = general->engine->query(kQuery, general->inputs[i]);
    return answer && answer.value().value.is_defined();
  }));
  contest.wanted.assign(general->inputs.size(), true);
  contest.keeps = general;
  return contest;
}

}  // namespace licet::bench
