#include "bench/ratios/compare.h"

namespace licet::bench {

WorkloadResult compare_workload(const std::string& folder, const std::string& name,
                                const MeasureSettings& settings) {
  const Contest contest = contest_of_workload(folder, name);
  const std::vector<Measured> measured = measure(contest.contenders, contest.wanted, settings);
  WorkloadResult result;
  result.name = contest.name;
  result.rule_count = contest.rule_count;
  result.request_count = contest.wanted.size();
  result.programs = contest.programs;
  for (const Contest::Pair& pair : contest.pairs) {
    result.comparisons.push_back(
        {.licet = measured[pair.licet], .baseline = measured[pair.baseline], .bar = pair.bar});
  }
  return result;
}

}  // namespace licet::bench
