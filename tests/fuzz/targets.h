// The fuzz targets. Each takes any bytes, and ends the process if something does not hold that
// must hold for all of them.
#pragma once

#include <string_view>

namespace licet::fuzz {

void run_evaluate(std::string_view input);
void run_image(std::string_view input);
void run_json(std::string_view input);
void run_log(std::string_view input);
void run_policy(std::string_view input);
void run_proof(std::string_view input);

struct Target {
  const char* name;  // of its folder in corpus/, too
  void (*run)(std::string_view input);
  const char* dictionary = nullptr;  // a file beside this one
};

inline constexpr Target kTargets[] = {
    {"evaluate", run_evaluate, "policy.dict"}, {"image", run_image},
    {"json", run_json, "json.dict"},           {"log", run_log},
    {"policy", run_policy, "policy.dict"},     {"proof", run_proof, "proof.dict"},
};

}  // namespace licet::fuzz
