// How alternative bodies are grouped in an index: by which keys, so that few lookups leave few
// candidates.
//
// Greedy: of all keys that bodies pin, take the one that spares most of them; give its group more
// keys while that narrows it; go on with the bodies that are left. A group is one lookup for each
// decision, so groups are few, and a body whose pins nearly nobody shares stays outside.
#pragma once

#include <functional>
#include <vector>

#include "eval/program.h"
#include "lang/plan/pins.h"

namespace licet::lang::plan {

struct IndexTables {
  // Numbers of the program being made.
  std::function<std::uint32_t(const Value&)> constant;
  std::function<IndexKey(PinKeyNumber, IndexTest)> key;
};

// `groups` and `others` of an index; no groups: an index would bring nothing.
struct IndexPlan {
  std::vector<IndexGroup> groups;
  std::vector<NotIndexed> others;
};

IndexPlan plan_index(const std::vector<BodyPins>& bodies, const IndexTables& tables);

}  // namespace licet::lang::plan
