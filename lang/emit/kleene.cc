// Forbid bodies: three truth values, so that a missing attribute or a failed builtin makes a rule
// indeterminate and never silently false. See "A forbid fails closed" in lang/README.md.
//
// A body is split into components: literals that share a variable, directly or in a chain. The
// body is false if one is false, else unknown if one is unknown. A component of one `not`, `every`
// or `and`/`or` takes its value from its parts; every other component is searched for a solution
// (inside of which `not` and `every` must be certain), and when there is none it is unknown if a
// path that it reads is missing, or if something failed in a candidate of which nothing is false
// (failing.cc).
#include <utility>

#include "lang/check/bindings.h"
#include "lang/emit/documents.h"
#include "lang/emit/emitter.h"
#include "lang/plan/components.h"

namespace licet::lang::emit {

std::vector<Emitter::Literals> Emitter::components(const core::Body& body) const {
  return plan::components_of(body, bound_set());
}

void Emitter::kleene_body(const core::Body& body, const Outcomes& outcomes) {
  const Scope outer = enter();
  components_in_turn(components(body), outcomes);
  leave(outer);
}

void Emitter::kleene_negation(const core::Not& negation, const Outcomes& outcomes) {
  negated_ = !negated_;
  kleene_body(negation.body, {outcomes.fails, outcomes.holds, outcomes.unknown});
  negated_ = !negated_;
}

void Emitter::components_in_turn(const std::vector<Literals>& parts, const Outcomes& outcomes) {
  if (parts.size() == 1) {
    component(parts.front(), outcomes);
    return;
  }
  const Reg unknown = new_register();
  asm_.emit(Opcode::kClear, unknown);
  for (const Literals& part : parts) {
    if (const auto guard = guard_of(part)) {
      asm_.set_place(part.back()->span);
      emit_guard(*guard, outcomes.fails, unknown, false);
      continue;
    }
    const Label next = asm_.new_label();
    const Label is_unknown = asm_.new_label();
    component(part, {next, outcomes.fails, is_unknown});
    asm_.bind(is_unknown);
    load_true(unknown);
    asm_.bind(next);
  }
  asm_.jump_if(Opcode::kJumpUndefined, outcomes.holds, unknown);
  asm_.jump(outcomes.unknown);
}

// Evaluates every component, also after one is false, so that an explanation can speak of all.
void Emitter::all_components(const std::vector<Literals>& parts, Truth truth,
                             const Outcomes& outcomes) {
  const Reg failed = new_register();
  const Reg unknown = new_register();
  asm_.emit(Opcode::kClear, failed);
  asm_.emit(Opcode::kClear, unknown);
  for (const Literals& part : parts) {
    const Label next = asm_.new_label();
    const Label fails = asm_.new_label();
    const Label is_unknown = asm_.new_label();
    if (truth == Truth::kPlain) {
      const Scope outer = enter();
      fail_ = fails;
      literals(part);
      asm_.jump(next);
      flush_stubs();
      leave(outer);
    } else {
      component(part, {next, fails, is_unknown});
      asm_.bind(is_unknown);
      load_true(unknown);
      asm_.jump(next);
    }
    asm_.bind(fails);
    load_true(failed);
    asm_.bind(next);
  }
  const Label none_failed = asm_.new_label();
  asm_.jump_if(Opcode::kJumpUndefined, none_failed, failed);
  asm_.jump(outcomes.fails);
  asm_.bind(none_failed);
  asm_.jump_if(Opcode::kJumpUndefined, outcomes.holds, unknown);
  asm_.jump(outcomes.unknown);
}

void Emitter::decision_body(const core::Body& body, Truth truth, const Outcomes& outcomes) {
  if (body.empty()) {
    asm_.jump(outcomes.holds);
    return;
  }
  if (traces()) {
    all_components(components(body), truth, outcomes);
  } else if (truth == Truth::kKleene) {
    kleene_body(body, outcomes);
  } else {
    fail_ = outcomes.fails;
    this->body(body);
    asm_.jump(outcomes.holds);
    flush_stubs();
  }
}

void Emitter::component(const Literals& part, const Outcomes& wanted) {
  const Outcomes outcomes = traced(part, wanted);
  const core::Literal& first = *part.front();
  asm_.set_place(first.span);
  if (const auto guard = guard_of(part)) {
    const Reg mark = new_register();
    asm_.emit(Opcode::kClear, mark);
    emit_guard(*guard, outcomes.fails, mark, false);
    asm_.jump_if(Opcode::kJumpUndefined, outcomes.holds, mark);
    asm_.jump(outcomes.unknown);
    return;
  }
  if (!has_own_truth(part)) {
    search(part, outcomes);
    return;
  }
  const core::Literal& own = *part.back();
  const Scope outer = enter();
  // What stands under it is part of it for explanations.
  if (traces()) open_points_.push_back({trace_point(own), outcomes.fails, outcomes.fails});
  if (part.size() > 1) given_attributes({part.begin(), part.end() - 1}, outcomes);
  if (const auto* negation = std::get_if<core::Not>(&own.node)) {
    kleene_negation(*negation, outcomes);
  } else if (const auto* every = std::get_if<core::Every>(&own.node)) {
    kleene_every(*every, outcomes);
  } else {
    kleene_logic(std::get<core::Logic>(own.node), outcomes);
  }
  if (traces()) open_points_.pop_back();
  leave(outer);
}

// One `not`, `every`, `and` or `or`: true, false or unknown as its parts are.
// Attributes that it was written with may stand before it.
bool Emitter::has_own_truth(const Literals& part) const {
  if (!part.back()->with.empty() || !is_nested(*part.back())) return false;
  return std::all_of(part.begin(), part.end() - 1, [this](const core::Literal* l) {
    return plan::is_part_of_another(*l, *variable_infos_);
  });
}

// Without one of these attributes there is nothing to negate or to go over.
void Emitter::given_attributes(const Literals& part, const Outcomes& outcomes) {
  const Reg mark = mark_errors();
  const Label absent = asm_.new_label();
  const Label there = asm_.new_label();
  const Label outer = std::exchange(fail_, absent);
  plan::ReadSet reads;
  for (const core::Literal* l : part) {
    literal(*l);
    reads.merge(input_.dependencies.reads(*l));
  }
  asm_.jump(there);
  asm_.bind(absent);
  jump_unless_known(mark, reads, outcomes);
  asm_.bind(there);
  fail_ = outer;
}

bool Emitter::is_nested(const core::Literal& literal) {
  return std::holds_alternative<core::Not>(literal.node) ||
         std::holds_alternative<core::Every>(literal.node) ||
         std::holds_alternative<core::Logic>(literal.node);
}

void Emitter::search(const Literals& part, const Outcomes& outcomes) {
  const Scope outer = enter();
  const bool outer_certain = std::exchange(certain_, true);
  const auto outer_unknown = std::exchange(unknown_, std::nullopt);
  const Reg mark = new_register();
  mark_errors(mark, outcomes.unknown);
  const Label none = asm_.new_label();
  fail_ = none;
  auto outer_stubs = std::move(stubs_);
  stubs_.clear();
  std::optional<Reg> in_doubt;
  if (may_fail(part)) {
    in_doubt = candidates(part);
  } else {
    literals(part);
  }
  hold_unless_doubtful(mark, part, in_doubt, outcomes);
  flush_stubs();
  stubs_ = std::move(outer_stubs);
  asm_.bind(none);
  if (in_doubt) {
    const Label all_false = asm_.new_label();
    asm_.jump_if(Opcode::kJumpUndefined, all_false, *in_doubt);
    asm_.emit(Opcode::kSetErrors, mark, 1);
    asm_.jump(outcomes.unknown);
    asm_.bind(all_false);
  }
  plan::ReadSet reads;
  for (const core::Literal* l : part) reads.merge(input_.dependencies.reads(*l));
  jump_unless_known(mark, reads, outcomes);
  certain_ = outer_certain;
  unknown_ = outer_unknown;
  leave(outer);
}

// There is a solution. Under `not` that makes the rule false, so it must not be there only because
// something is missing or failed: `not count([1 | user.suspended]) == 0`.
void Emitter::hold_unless_doubtful(Reg mark, const Literals& part, std::optional<Reg> in_doubt,
                                   const Outcomes& outcomes) {
  bool doubtful = false;
  plan::ReadSet reads;
  for (const core::Literal* l : part) {
    if (!negated_) break;
    auto more = input_.dependencies.doubtful_reads(*l);
    doubtful = doubtful || more.has_value();
    if (more) reads.merge(*more);
  }
  if (!doubtful) {
    asm_.jump(outcomes.holds);
    return;
  }
  asm_.jump_if(Opcode::kJumpKnown, outcomes.holds, mark, 0, 0, presence_of(reads));
  if (!in_doubt) {
    asm_.jump(outcomes.unknown);
    return;
  }
  // Of another candidate everything may be certain.
  load_true(*in_doubt);
  jump_to_fail();
}

PresenceIndex Emitter::presence_of(const plan::ReadSet& reads) {
  std::vector<SlotIndex> slots;
  for (const plan::InputPath& path : reads) {
    if (input_.presence.should_be_there(path)) slots.push_back(asm_.slot(path));
  }
  return asm_.presence(std::move(slots));
}

// There was no solution: false if all that was read is there and nothing failed, else unknown.
void Emitter::jump_unless_known(Reg mark, const plan::ReadSet& reads, const Outcomes& outcomes) {
  asm_.jump_if(Opcode::kJumpKnown, outcomes.fails, mark, 0, 0, presence_of(reads));
  asm_.jump(outcomes.unknown);
}

void Emitter::kleene_every(const core::Every& every, const Outcomes& outcomes) {
  const Scope outer = enter();
  const Reg mark = new_register();
  mark_errors(mark, outcomes.unknown);
  const Label no_domain = asm_.new_label();
  fail_ = no_domain;
  const Reg domain = eval(every.domain);
  // What fails in one element says nothing of the others.
  std::optional<Reg> of_domain;
  if (may_fail(every.body)) of_domain = may_fail(every.domain) ? mark_errors() : mark;
  const Reg iterator = new_register(2);
  const Reg key = new_register();
  const Reg value = new_register();
  const Reg unknown = new_register();
  asm_.emit(Opcode::kClear, unknown);
  const Label loop = asm_.new_label();
  const Label end = asm_.new_label();
  const Label is_unknown = asm_.new_label();
  asm_.jump_if(Opcode::kScan, no_domain, iterator, domain);
  asm_.bind(loop);
  asm_.jump_if(Opcode::kNext, end, iterator, key, value);
  match_element(every, key, value, loop);
  // An element may be there, or not be there, only because something is missing: then it cannot
  // make the rule false.
  const auto doubtful = input_.dependencies.doubtful_reads(every.domain);
  const auto unless_doubtful = [&](Label label, Label wanted) {
    asm_.bind(label);
    if (of_domain) asm_.emit(Opcode::kSetErrors, *of_domain, 0);
    asm_.jump_if(Opcode::kJumpKnown, wanted, mark, 0, 0, presence_of(*doubtful));
    asm_.jump(outcomes.unknown);
  };
  const Label fails = doubtful ? asm_.new_label() : outcomes.fails;
  const bool leaves_errors = of_domain && may_hold_in_doubt(every.body);
  const Label is_true = leaves_errors ? asm_.new_label() : loop;
  kleene_body(every.body, {is_true, fails, is_unknown});
  if (doubtful) unless_doubtful(fails, outcomes.fails);
  asm_.bind(is_unknown);
  load_true(unknown);
  if (leaves_errors) asm_.bind(is_true);
  if (of_domain) asm_.emit(Opcode::kSetErrors, *of_domain, 0);
  asm_.jump(loop);
  asm_.bind(end);
  const Label holds = doubtful && negated_ ? asm_.new_label() : outcomes.holds;
  asm_.jump_if(Opcode::kJumpUndefined, holds, unknown);
  if (of_domain) asm_.emit(Opcode::kSetErrors, *of_domain, 1);
  asm_.jump(outcomes.unknown);
  if (doubtful && negated_) unless_doubtful(holds, outcomes.holds);
  asm_.bind(no_domain);
  jump_unless_known(mark, input_.dependencies.reads(every.domain), outcomes);
  leave(outer);
}

void Emitter::kleene_logic(const core::Logic& logic, const Outcomes& outcomes) {
  const Reg unknown = new_register();
  asm_.emit(Opcode::kClear, unknown);
  const Label is_unknown = asm_.new_label();
  const Label right = asm_.new_label();
  const Label both = asm_.new_label();
  const bool conjunction = logic.connective == ast::Connective::kAnd;
  // `or` is the mirror image: a side that holds settles it.
  kleene_body(logic.left, conjunction ? Outcomes{right, outcomes.fails, is_unknown}
                                      : Outcomes{outcomes.holds, right, is_unknown});
  asm_.bind(is_unknown);
  load_true(unknown);
  asm_.bind(right);
  kleene_body(logic.right, conjunction ? Outcomes{both, outcomes.fails, outcomes.unknown}
                                       : Outcomes{outcomes.holds, both, outcomes.unknown});
  asm_.bind(both);
  asm_.jump_if(Opcode::kJumpUndefined, conjunction ? outcomes.holds : outcomes.fails, unknown);
  asm_.jump(outcomes.unknown);
}

}  // namespace licet::lang::emit
