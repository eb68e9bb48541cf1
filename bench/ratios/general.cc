// A general policy as a contest with one contender, for bench/peers/run.
#include <memory>
#include <string>

#include "bench/ratios/contest.h"
#include "bench/ratios/general_policy.h"
#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/compile.h"

namespace licet::bench {
namespace {

constexpr std::string_view kQuery = "data.general.answer";

struct General {
  Arena arena;
  GeneralPolicy policy;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Request> request;
};

void verify(const General& general, const std::string& name) {
  for (std::size_t i = 0; i < general.policy.inputs.size(); ++i) {
    const auto answer = general.engine->query(kQuery, general.policy.inputs[i]);
    const std::string got =
        answer ? json_from_value(answer.value().value) : text_of(answer.error());
    if (got != general.policy.expected[i]) {
      give_up(name + ", input " + std::to_string(i + 1) + ": expected " +
              general.policy.expected[i] + ", got " + got);
    }
  }
}

}  // namespace

Contest contest_of_policy(const std::string& folder, const std::string& name) {
  const auto general = std::make_shared<General>();
  general->policy = read_general_policy(folder, name, general->arena);
  const lang::Compilation compilation =
      lang::compile({{name + ".rego", general->policy.text}}, general->policy.data);
  if (!compilation.program) give_up(name + ".rego does not compile");
  general->engine = std::make_unique<Engine>(compilation.program);
  general->request = std::make_unique<Request>(*general->engine);
  verify(*general, name);
  Contest contest;
  contest.name = name;
  contest.contenders.push_back(contender(
      "query", [general, query = general->engine->prepare(kQuery).value()](std::size_t i) {
        Request& request = *general->request;
        request.reset();
        request.set_document(general->policy.inputs[i]);
        const auto answer = general->engine->query(query, request);
        return answer && answer.value().is_defined();
      }));
  contest.wanted.assign(general->policy.inputs.size(), true);
  contest.keeps = general;
  return contest;
}

}  // namespace licet::bench
