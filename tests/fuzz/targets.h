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
};

inline constexpr Target kTargets[] = {
    {"evaluate", run_evaluate}, {"image", run_image},   {"json", run_json},
    {"log", run_log},           {"policy", run_policy}, {"proof", run_proof},
};

}  // namespace licet::fuzz
