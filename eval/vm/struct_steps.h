// The tests that nodes of a StructGraph make.
#pragma once

#include <cstdint>

#include "eval/vm/struct_graph.h"

namespace licet::vm {

class StructSteps {
 public:
  enum class Test : std::uint8_t {
    kSymbolIs,
    kSwitch,     // it is one of the cases; each has its own `yes`
    kIsOrEqual,  // it is the node's symbol, or the second member
    kHasSymbol,
    kHasAny,        // one of the symbols
    kSymbolsEqual,  // of two members
    kSymbolInSymbols,
    // Of texts: of the size that the node's has, or of any.
    kText1To3,
    kText4To7,
    kText8To16,
    kTextIs,
    kHasText1To3,  // a list of texts
    kHasText4To7,
    kHasText8To16,
    kHasText,
    kTextsEqual,  // of two members
    kTextInTexts,
    kTextInV4,
    kTextInAnyV4,
    kIntegerIs,
    kLess,          // than the node's integer
    kOutside,       // less than range.least, or more than range.most
    kIntegersLess,  // of two members
    kIntegersLessEqual,
    kTrue,
    kInV4,
    kInAnyV4,  // one of the networks
    kJoin,     // the join finds a row
    kJoinOfTexts,
    kOther,  // by the graph
    // No tests. What comes next, where something does, is `yes`.
    kGoTo,
    kRule,  // the decision rule holds; the node behind it comes next
    kRuleThenGoTo,
    kRuleThenEnd,  // and nothing comes next
    kEnd,
  };

  // For a node that has a node of `next` behind it.
  static StructGraph::Step step_of(Test test, Test next);
  // A text of up to seven bytes is in its node.
  static constexpr bool points_to_text(Test test) {
    return test == Test::kText8To16 || test == Test::kTextIs || test == Test::kHasText8To16 ||
           test == Test::kHasText;
  }

 private:
  struct Steps;  // struct_step.h
  struct PlainSteps;
  struct TextSteps;
  struct JoinSteps;
  static StructGraph::Step other_step_of(Test test);
  static StructGraph::Step text_step_of(Test test);
  static StructGraph::Step join_step_of(Test test);
};

}  // namespace licet::vm
