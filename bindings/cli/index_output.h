// The indexes of a program, for people and as JSON.
#pragma once

#include <string>

#include "bindings/cli/explanation_output.h"
#include "eval/index_report.h"

namespace licet::cli {

std::string text_from_indexes(const IndexReport& report, Detail detail);
std::string json_from_indexes(const IndexReport& report);

}  // namespace licet::cli
