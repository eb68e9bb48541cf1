// Which decision rules can be remembered: those that are a function of what the request and the
// program say, and of nothing else.
#pragma once

#include <cstdint>
#include <vector>

#include "eval/program.h"

namespace licet::cache {

struct Stability {
  // By decision rule: false if any of its bodies, messages, controls or obligations can reach the
  // clock, chance, or the decision itself.
  std::vector<bool> is_stable;
  std::size_t stable_count = 0;
  // All slots that the stable rules can read, ascending: the read set, and so the key.
  std::vector<SlotIndex> slots;
};

Stability stability_of(const Program& program);

}  // namespace licet::cache
