// One contender at the service of bench/peers/run, by the protocol of bench/peers/go/main.go.
#pragma once

#include <string>

#include "bench/ratios/contest.h"

namespace licet::bench {

// Compares the contender's decisions with what is wanted, prints `ready VERIFIED licet VERSION` and
// answers lines `slice MILLISECONDS` until the input ends. The exit code of the program.
int serve(const Contest& contest, const std::string& contender_name);

}  // namespace licet::bench
