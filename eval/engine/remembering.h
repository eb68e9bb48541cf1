// Deciding with a memory: what the stable rules come to is looked up, or found out and kept; the
// other rules run; the two are joined.
//
// The join is exact because of how a decision is made: some forbid that holds beats some that is
// indeterminate, that beats some permit, that beats nothing (lang/README.md, section 9). So the
// stronger of two outcomes is the outcome of all rules, and two that are equally strong are one
// with the rules, messages, controls and obligations of both.
//
// Limits: what ends in an error or a warning is not remembered; and where joining could differ in
// the least from deciding in one go (a budget that only both together exceed, a warning of a permit
// that one go would not have looked at), it is decided again in one go.
#pragma once

#include "eval/engine/evaluation.h"

namespace licet {

// Leaves in evaluation.outcome what vm::decide() would. Whether some of it was remembered.
// PRECONDITION: the state has a memory, and evaluation.begin(slots, options) has been called.
bool decide_remembering(Evaluation& evaluation, SlotValues& slots, const CallOptions& options);

}  // namespace licet
