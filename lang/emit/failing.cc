// Searches in which something may fail: a builtin, or two values of one thing.
//
// What is searched for is a candidate, values for the variables, of which every literal is true.
// Where one fails in a literal, that literal is unknown and so is what takes values from it; but
// the candidate is false if one of the others is, whichever comes first. So the search goes on
// behind the literal, past those that depend on it, and only a candidate that comes to the end
// counts as unknown. In
//     some x in input.xs; t := to_number(x.age); t > 3; x.open
// the literals after a failing `to_number` are skipped to `x.open`: a closed x is no reason to
// deny.
//
// A literal that may fail has a mark, the number of errors before it. That register is undefined as
// long as the literal is being skipped. Errors are taken back where a literal ends, so that one
// element says nothing of the next. A literal that holds, though something failed in it, is tried
// as it is first, and skipped when nothing comes of that.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "lang/emit/documents.h"
#include "lang/emit/emitter.h"

namespace licet::lang::emit {

// A unit of the search.
struct Emitter::Step {
  const Unit* unit = nullptr;
  bool may_fail = false;
  bool may_hold_in_doubt = false;  // it may hold though something failed in it
  bool is_in_doubt = false;        // it may fail or takes values from one that may
  bool needs_previous = false;     // it takes values from the step before, which is in doubt
  std::set<std::size_t> needs{};   // other steps in doubt that it takes values from
  std::optional<Reg> mark{};
  Label entry{};
  Label skipped{};
};

bool Emitter::may_fail(const core::Term& term) const { return !documents_.harmless()(term); }
bool Emitter::may_fail(const core::Body& body) const { return !documents_.harmless()(body); }
// A rule or a builtin by itself is no candidate: there is nothing else in it that could be false.
bool Emitter::may_fail(const Literals& part) const {
  const core::Literal& first = *part.front();
  if (part.size() == 1 && first.with.empty()) {
    if (std::holds_alternative<core::Test>(first.node)) return false;
    if (!is_nested(first) && !may_hold_in_doubt(first)) return false;
  }
  return std::any_of(part.begin(), part.end(),
                     [this](const core::Literal* l) { return !documents_.harmless()(*l); });
}

// Whether evaluating a forbid's body can leave errors behind where it is true or false.
bool Emitter::leaves_errors(const core::Body& body) const {
  const std::vector<Literals> parts = components(body);
  return std::any_of(parts.begin(), parts.end(), [this](const Literals& part) {
    if (guard_of(part)) return false;
    if (!has_own_truth(part)) return may_fail(part);
    const auto* negation = std::get_if<core::Not>(&part.back()->node);
    return negation != nullptr ? leaves_errors(negation->body)
                               : !documents_.harmless()(*part.back());
  });
}

Reg Emitter::mark_errors() {
  const Reg mark = new_register();
  const Label here = asm_.new_label();
  asm_.jump_if(Opcode::kMarkErrors, here, mark);
  asm_.bind(here);
  return mark;
}

// Two values of one thing go on at `conflict`, unless there is something in the way that has to be
// left first: they then go on where that stands.
void Emitter::mark_errors(Reg mark, Label conflict) {
  const Label target = resumes_ ? conflict : asm_.new_label();
  asm_.jump_if(Opcode::kMarkErrors, target, mark);
  if (!resumes_) asm_.bind(target);
}

// A `not`, `every`, `and`, `or` inside of a search: what failed in it counts only if it is unknown.
void Emitter::nested(const std::function<void(const Outcomes&)>& kleene) {
  const Scope outer = enter();
  const Label holds = asm_.new_label();
  const Label fails = asm_.new_label();
  const Label unknown = asm_.new_label();
  const Reg mark = unknown_ ? step_mark_ : mark_errors();
  kleene({holds, fails, unknown});
  asm_.bind(fails);
  asm_.emit(Opcode::kSetErrors, mark, 0);
  asm_.jump(outer.fail);
  asm_.bind(unknown);
  asm_.jump(unknown_.value_or(outer.fail));
  asm_.bind(holds);
  asm_.emit(Opcode::kSetErrors, mark, 0);
  leave(outer);
}

// A builtin that fails has no answer, and a nested literal is certain where it holds. What fails in
// a rule or a comprehension need not keep it from having a value.
bool Emitter::may_hold_in_doubt(const core::Literal& literal) const {
  if (!literal.with.empty()) return true;
  const auto* call = std::get_if<core::Call>(&literal.node);
  if (call != nullptr && std::holds_alternative<core::BuiltinCallee>(call->callee)) {
    return documents_.is_mocked(call->callee) ||
           std::any_of(call->arguments.begin(), call->arguments.end(),
                       [this](const core::Term& argument) { return may_fail(argument); });
  }
  return !is_nested(literal) && !documents_.harmless()(literal);
}

bool Emitter::may_hold_in_doubt(const core::Body& body) const {
  return std::any_of(body.begin(), body.end(), [this](const core::Literal& l) {
    return may_hold_in_doubt(l) || (is_nested(l) && !documents_.harmless()(l));
  });
}

// Which steps may fail, and which need which. The first step that speaks of a variable gives it its
// value: that is the order of the literals.
std::vector<Emitter::Step> Emitter::steps_of(const Literals& literals,
                                             const std::vector<Unit>& units) {
  const core::VariableSet bound = bound_set();
  core::VariableSet level;
  for (const core::Literal* l : literals) core::add_variables(*l, core::Depth::kLevel, level);
  std::vector<Step> steps;
  std::map<core::VariableId, std::size_t> giver;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const core::Literal& one = *literals[units[i].at];
    Step step{.unit = &units[i],
              .may_fail = !documents_.harmless()(one),
              .may_hold_in_doubt = may_hold_in_doubt(one)};
    const core::VariableSet used =
        core::variables_of(one, core::Depth::kAll).common(level).without(bound);
    for (const core::VariableId id : used.ids()) {
      const std::size_t from = giver.try_emplace(id, i).first->second;
      if (from == i || !steps[from].is_in_doubt) continue;
      step.is_in_doubt = true;
      if (from + 1 == i) {
        step.needs_previous = true;
      } else {
        step.needs.insert(from);
      }
    }
    step.is_in_doubt = step.is_in_doubt || step.may_fail;
    step.entry = asm_.new_label();
    step.skipped = asm_.new_label();
    steps.push_back(std::move(step));
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].may_fail && !steps[i].mark) steps[i].mark = new_register();
    for (const std::size_t from : steps[i].needs) {
      if (!steps[from].mark) steps[from].mark = new_register();
    }
  }
  return steps;
}

// Goes through the candidates. Falls through with one of which all is true; the register that it
// answers is defined once there was one of which nothing is false, and something unknown.
Reg Emitter::candidates(const Literals& literals) {
  const Reg in_doubt = new_register();
  asm_.emit(Opcode::kClear, in_doubt);
  const std::vector<Unit> units = units_of(literals);
  const std::vector<Written> parts = written_parts(literals);
  const std::vector<Step> steps = steps_of(literals, units);
  const Label end = asm_.new_label();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool is_last = i + 1 == steps.size();
    const Step* const next = is_last ? nullptr : &steps[i + 1];
    asm_.bind(steps[i].entry);
    for (const std::size_t from : steps[i].needs) {
      asm_.jump_if(Opcode::kJumpUndefined, steps[i].skipped, *steps[from].mark);
    }
    step(steps[i],
         is_last                ? end
         : next->needs_previous ? next->skipped
                                : next->entry,
         [&] { unit(*steps[i].unit, literals, parts); });
  }
  asm_.bind(end);
  const Label is_in_doubt = asm_.new_label();
  for (const Step& step : steps) {
    if (step.may_fail) asm_.jump_if(Opcode::kJumpUndefined, is_in_doubt, *step.mark);
  }
  stubs_.push_back([this, in_doubt, is_in_doubt, again = fail_] {
    asm_.bind(is_in_doubt);
    load_true(in_doubt);
    asm_.jump(again);
  });
  return in_doubt;
}

// One literal. `behind` is where the search goes on when it is skipped.
void Emitter::step(const Step& step, Label behind, const std::function<void()>& literal) {
  const Label failed = asm_.new_label();
  const Label outer_fail = fail_;
  if (step.may_fail) {
    mark_errors(*step.mark, failed);
    fail_ = failed;
    unknown_ = asm_.new_label();
    step_mark_ = *step.mark;
  } else if (step.mark) {
    load_true(*step.mark);
  }
  const std::optional<Label> unknown = unknown_;
  const std::size_t first = next_register_;
  literal();
  unknown_ = std::nullopt;
  if (fail_ == failed && !step.may_hold_in_doubt) fail_ = outer_fail;
  if (!step.is_in_doubt) return;
  const Skip skip{.mark = step.mark,
                  .entry = step.skipped,
                  .behind = behind,
                  .first_register = first,
                  .end_register = next_register_};
  stubs_.push_back([this, skip, failed, unknown, outer_fail] {
    if (unknown) {
      // No further solution. It was skipped already, or nothing failed in it: then it is false.
      asm_.bind(failed);
      asm_.jump_if(Opcode::kJumpUndefined, outer_fail, *skip.mark);
      asm_.jump_if(Opcode::kJumpKnown, outer_fail, *skip.mark, 0, 0, asm_.presence({}));
      asm_.bind(*unknown);
      asm_.emit(Opcode::kSetErrors, *skip.mark, 0);
    }
    this->skip(skip);
  });
}

// What the literal would have written gets values with which its loops end at once, as the search
// comes back to them.
void Emitter::skip(const Skip& skip) {
  asm_.bind(skip.entry);
  if (skip.mark) asm_.emit(Opcode::kClear, *skip.mark);
  for (std::size_t reg = skip.first_register; reg < skip.end_register; ++reg) {
    const auto target = static_cast<Reg>(reg);
    const bool is_environment =
        std::find(environments_.begin(), environments_.end(), target) != environments_.end();
    if (is_environment) {
      asm_.emit(Opcode::kGetEnvironment, target);
    } else {
      load(target, Value::null());
    }
  }
  asm_.jump(skip.behind);
}

}  // namespace licet::lang::emit
