#include "bench/ratios/cache_gain.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "bench/ratios/general_policy.h"
#include "bench/workload.h"
#include "eval/engine.h"
#include "eval/value_json.h"
#include "lang/compile.h"

namespace licet::bench {
namespace {

enum class Caching { kOff, kWhenItPays, kAlways };

EngineOptions options_of(Caching caching) {
  EngineOptions options;
  if (caching == Caching::kOff) return options;
  options.cache_bytes = std::size_t{64} << 20;
  options.cache_use = caching == Caching::kAlways ? CacheUse::kAlways : CacheUse::kWhenItPays;
  return options;
}

// Decides documents that are ready as values.
struct Decider {
  Decider(std::shared_ptr<const Program> program, Caching caching)
      : engine(std::move(program), options_of(caching)), request(engine) {}

  bool permits(const Value& document) {
    request.reset();
    request.set_document(document);
    return static_cast<bool>(engine.decide(request));
  }

  Engine engine;
  Request request;
};

CacheGainResult measured(const std::string& name, const std::shared_ptr<const Program>& program,
                         const std::vector<Value>& documents, const std::vector<bool>& wanted,
                         const MeasureSettings& settings) {
  std::vector<std::unique_ptr<Decider>> deciders;
  std::vector<Contender> contenders;
  for (const Caching caching : {Caching::kOff, Caching::kWhenItPays, Caching::kAlways}) {
    deciders.push_back(std::make_unique<Decider>(program, caching));
    contenders.push_back(
        contender(name, [decider = deciders.back().get(), &documents](std::size_t i) {
          return decider->permits(documents[i]);
        }));
  }
  // Whether it pays is found out first.
  constexpr std::size_t kDecisions = 8192;
  for (const Contender& contender : contenders) {
    const auto begin = cpu_time();
    for (std::size_t i = 0; i < kDecisions && cpu_time() - begin < settings.verification; ++i) {
      contender.decide(i % wanted.size(), i % wanted.size() + 1);
    }
  }
  std::vector<Measured> all = measure(contenders, wanted, settings);
  return {.name = name,
          .off = std::move(all[0]),
          .when_it_pays = std::move(all[1]),
          .always = std::move(all[2])};
}

}  // namespace

CacheGainResult cache_gain_of_workload(const std::string& folder, const std::string& name,
                                       const MeasureSettings& settings) {
  const auto workload = read_workload(folder, name);
  if (!workload) give_up(workload.error());
  std::string error;
  const auto program = compile_workload(*workload.value(), Form::kLicet, error);
  if (!program) give_up(name + " does not compile: " + error);
  Arena arena;
  std::vector<Value> documents;
  for (const std::string& json : workload.value()->requests) {
    documents.push_back(value_from_json(json, arena).value());
  }
  return measured(name, program, documents, workload.value()->is_permitted, settings);
}

CacheGainResult cache_gain_of_policy(const std::string& folder, const std::string& name,
                                     const MeasureSettings& settings) {
  Arena arena;
  const GeneralPolicy policy = read_general_policy(folder, name, arena);
  const std::string text = policy.text + "\npermit p if count(answer) > 0\n";
  const lang::Compilation compilation = lang::compile({{name + ".licet", text}}, policy.data);
  if (!compilation.program) give_up(name + " does not compile as decisions");
  const std::vector<bool> wanted(policy.inputs.size(), true);
  return measured(name, compilation.program, policy.inputs, wanted, settings);
}

std::string cache_table_head() {
  char text[200];
  std::snprintf(text, sizeof text, "%-16s %12s %14s %8s %12s %8s\n", "policy", "off, ns",
                "when it pays", "x off", "always", "x off");
  return text;
}

std::string cache_table_row(const CacheGainResult& result) {
  char text[200];
  std::snprintf(text, sizeof text, "%-16s %12.0f %14.0f %8.2f %12.0f %8.2f\n", result.name.c_str(),
                median(result.off.nanoseconds), median(result.when_it_pays.nanoseconds),
                median_ratio(result.when_it_pays, result.off), median(result.always.nanoseconds),
                median_ratio(result.always, result.off));
  return text;
}

}  // namespace licet::bench
