// The comparisons as a table for people and as JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "bench/ratios/compare.h"

namespace licet::bench {

std::string table_head();
std::string table_rows(const WorkloadResult& result);
std::string program_rows(const WorkloadResult& result);
std::string json_of_results(const std::vector<WorkloadResult>& results);

}  // namespace licet::bench
