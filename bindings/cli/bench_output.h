// What `licet bench` found out, for people and for programs.
#pragma once

#include <string>

#include "bindings/cli/bench_measure.h"

namespace licet::cli {

std::string text_of_measurement(const Measurement& measurement, const Program& program);
std::string json_of_measurement(const Measurement& measurement, const Program& program);

}  // namespace licet::cli
