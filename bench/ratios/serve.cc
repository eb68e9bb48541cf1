#include "bench/ratios/serve.h"

#include <cstdio>
#include <iostream>

namespace licet::bench {
namespace {

const Contender& contender_named(const Contest& contest, const std::string& name) {
  for (const Contender& contender : contest.contenders) {
    if (contender.name == name) return contender;
  }
  give_up("no contender `" + name + "` in " + contest.name);
}

}  // namespace

int serve(const Contest& contest, const std::string& contender_name) {
  const Contender& contender = contender_named(contest, contender_name);
  const std::size_t verified = verify(contender, contest.wanted, MeasureSettings().verification);
  std::printf("ready %zu %s\n", verified,
              contender_name.starts_with("by hand") ? "g++ " __VERSION__ : "Licet " LICET_VERSION);
  std::fflush(stdout);
  Turn turn(contender, contest.wanted.size());
  for (std::string line; std::getline(std::cin, line);) {
    int milliseconds = 0;
    if (std::sscanf(line.c_str(), "slice %d", &milliseconds) != 1 || milliseconds < 1) {
      give_up("cannot understand `" + line + "`");
    }
    std::printf("%.1f\n", turn.nanoseconds_in(std::chrono::milliseconds(milliseconds)));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace licet::bench
