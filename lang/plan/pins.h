// What a body ties to constants: the conditions on single attributes without which it cannot hold.
// From them the index finds the bodies that a request can satisfy (eval/index/rule_index.h).
//
// A pin counts only if everything before it in the body is harmless: otherwise a body that is
// skipped might have ended in an error.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "eval/program.h"
#include "lang/plan/dependencies.h"
#include "lang/plan/harmless.h"

namespace licet::lang::plan {

// What is looked at: an attribute of the request, or a parameter of the function.
struct PinKey {
  std::optional<std::uint32_t> parameter;
  InputPath path;

  friend bool operator<(const PinKey& a, const PinKey& b) {
    if (a.parameter != b.parameter) return a.parameter < b.parameter;
    return InputPathLess()(a.path, b.path);
  }
  friend bool operator==(const PinKey&, const PinKey&) = default;
};
using PinKeyNumber = std::uint32_t;

struct Pin {
  PinKeyNumber key = 0;
  IndexTest test = IndexTest::kEqual;
  std::vector<Value> values;  // any of them; kRange: low and high, undefined where there is none
  bool low_open = false;
  bool high_open = false;
};

struct BodyPins {
  std::vector<Pin> pins;                      // one for each key and test
  WhyNotIndexed why = WhyNotIndexed::kNoPin;  // if there are none
};

class PinFinder {
 public:
  // Texts that pins need live in `arena`.
  PinFinder(const RuleTree& tree, const Dependencies& dependencies, Replaced replaced, Arena& arena)
      : dependencies_(dependencies), harmless_(tree, std::move(replaced)), arena_(arena) {}

  // Of a rule with its else-branches, as one alternative.
  BodyPins of_rule(const core::Rule& rule);
  // Of the body of a permit.
  BodyPins of_body(const core::Body& body);
  // Of the body of a forbid, split into its components. A pin counts if its component reads nothing
  // else: a body is false only if all that the false component reads is there.
  BodyPins of_components(const std::vector<std::vector<const core::Literal*>>& components);

  Harmless& harmless() { return harmless_; }
  const PinKey& key(PinKeyNumber number) const { return *keys_[number]; }

 private:
  class Scan;
  PinKeyNumber number_of(const PinKey& key);
  // What a helper rule that is tested needs in each of its bodies.
  const std::vector<Pin>& of_helper(const Node& node);

  const Dependencies& dependencies_;
  Harmless harmless_;
  Arena& arena_;
  std::map<PinKey, PinKeyNumber> numbers_;
  std::vector<const PinKey*> keys_;
  std::map<const Node*, std::vector<Pin>> helpers_;
  int helper_depth_ = 0;
};

}  // namespace licet::lang::plan
