// The code of decision rules: whether they hold, their messages, controls and obligations.
//
// `holds` is true or undefined for a permit; for a forbid true, false (indeterminate) or undefined.
#include <algorithm>

#include "lang/emit/documents.h"
#include "lang/emit/emitter.h"
#include "lang/resolve/variables.h"

namespace licet::lang::emit {
namespace {

const std::optional<core::DecisionBody::Clause>& clause_of(const core::DecisionBody& body,
                                                           int which) {
  return which == 0 ? body.because : which == 1 ? body.controls : body.obliges;
}

// Whether a clause speaks of variables that the body binds.
bool uses_body(const core::DecisionBody& body, const core::DecisionBody::Clause& clause) {
  const core::VariableSet bound = core::variables_of(body.rule.body, core::Depth::kLevel);
  core::VariableSet used = core::variables_of(clause.term, core::Depth::kAll);
  core::add_variables(clause.hoisted, core::Depth::kAll, used);
  return used.intersects(bound);
}

}  // namespace

DocumentIndex Documents::holds(const core::DecisionBody& body) {
  const auto found = body_documents_.find(&body);
  if (found != body_documents_.end()) return found->second;
  const DocumentIndex index =
      new_document({}, body.name_span, [this, &body](Emitter& e) { body_code(e, body); });
  body_documents_[&body] = index;
  return index;
}

DocumentIndex Documents::holds(const lower::DecisionGroup& group) {
  if (group.bodies.size() == 1) return holds(*group.bodies.front());
  const auto found = group_documents_.find(&group);
  if (found != group_documents_.end()) return found->second;
  const DocumentIndex index = new_document({}, group.bodies.front()->name_span,
                                           [this, &group](Emitter& e) { group_code(e, group); });
  group_documents_[&group] = index;
  return index;
}

void Documents::body_code(Emitter& e, const core::DecisionBody& body) {
  const bool forbid = body.verdict == core::Verdict::kForbid;
  const Reg result = e.new_register();
  asm_.emit(Opcode::kClear, result);
  e.begin_rule(body.rule, decision_name(body.package, body.name), body_numbers_.at(&body));
  const Label holds = asm_.new_label();
  const Label unknown = asm_.new_label();
  const Label fails = asm_.new_label();
  const Label end = asm_.new_label();
  // What failed on the way to an answer that is certain is nothing to those who ask for it.
  const bool leaves_errors = forbid && e.leaves_errors(body.rule.body);
  const std::optional<Reg> mark = leaves_errors ? std::optional(e.mark_errors()) : std::nullopt;
  e.decision_body(body.rule.body, forbid ? Emitter::Truth::kKleene : Emitter::Truth::kPlain,
                  {holds, fails, forbid ? unknown : fails});
  if (forbid) {
    asm_.bind(unknown);
    e.load(result, Value::boolean(false));
    asm_.jump(end);
  }
  asm_.bind(holds);
  e.load_true(result);
  asm_.bind(fails);
  if (mark) asm_.emit(Opcode::kSetErrors, *mark, 0);
  asm_.bind(end);
  asm_.emit(Opcode::kReturn, result);
}

void Documents::group_code(Emitter& e, const lower::DecisionGroup& group) {
  const Reg result = e.new_register();
  const Reg one = e.new_register();
  asm_.emit(Opcode::kClear, result);
  const Label end = asm_.new_label();
  // An error in one body ends the rule; so that the order of bodies in the text does not show, they
  // are evaluated in the order of their texts.
  std::vector<const core::DecisionBody*> bodies = group.bodies;
  std::stable_sort(bodies.begin(), bodies.end(), [this](const auto* a, const auto* b) {
    return asm_.sources().text_of(a->rule.span) < asm_.sources().text_of(b->rule.span);
  });
  for (const core::DecisionBody* body : bodies) {
    const Label next = asm_.new_label();
    const Label indeterminate = asm_.new_label();
    asm_.jump_if(Opcode::kCallDocument, next, one, 0, 0, this->holds(*body));
    asm_.jump_if(Opcode::kTestTrue, indeterminate, one);
    e.load_true(result);
    asm_.jump(end);
    asm_.bind(indeterminate);
    e.load(result, Value::boolean(false));
    asm_.bind(next);
  }
  asm_.bind(end);
  asm_.emit(Opcode::kReturn, result);
}

// data.<package>.permits, .forbids, .indeterminate: names.
void Documents::provided_set(Emitter& e, const plan::Node& node) {
  const Reg names = e.new_register();
  const Reg holds_reg = e.new_register();
  const Reg name = e.new_register();
  const Reg rules = e.new_register(2);
  asm_.emit(Opcode::kStart, names);
  if (!node.decisions.empty()) {
    // Those of one package and verdict stand together.
    const bool wanted = node.provided != plan::Provided::kIndeterminate;
    const Label next = asm_.new_label();
    const Label end = asm_.new_label();
    asm_.emit(Opcode::kScanRules, rules, 0, 0, rule_numbers_.at(node.decisions.front()));
    asm_.bind(next);
    asm_.jump_if(Opcode::kNextRule, end, rules, name);
    asm_.jump_if(Opcode::kCallRule, next, holds_reg, rules);
    asm_.jump_if(Opcode::kTestEqualConstant, next, holds_reg, 0, 0,
                 asm_.constant(Value::boolean(wanted)));
    asm_.emit(Opcode::kAppend, names, name);
    asm_.jump(next);
    asm_.bind(end);
  }
  asm_.emit(Opcode::kFinishSet, name, names);
  asm_.emit(Opcode::kReturn, name);
}

std::optional<DocumentIndex> Documents::clause_document(const core::DecisionBody& body,
                                                        Clause clause) {
  if (!clause_of(body, static_cast<int>(clause))) return std::nullopt;
  return new_document({}, body.name_span,
                      [this, &body, clause](Emitter& e) { clause_code(e, body, clause); });
}

// The set of what a body's clause gives; asked for only if the body counts. A clause that speaks of
// the body's variables is evaluated for each solution of the body.
void Documents::clause_code(Emitter& e, const core::DecisionBody& body, Clause clause) {
  const core::DecisionBody::Clause& text = *clause_of(body, static_cast<int>(clause));
  const Reg elements = e.new_register();
  asm_.emit(Opcode::kStart, elements);
  const Label end = asm_.new_label();
  e.begin_rule(body.rule, decision_name(body.package, body.name), body_numbers_.at(&body));
  e.set_fail(end);
  if (uses_body(body, text)) e.body_again(body.rule.body);
  e.body_again(text.hoisted);
  const Reg value = e.eval(text.term);
  if (clause == Clause::kControls) {
    append_each(e, value, elements);
  } else {
    asm_.emit(Opcode::kAppend, elements, value);
    e.jump_to_fail();
  }
  e.flush_stubs();
  asm_.bind(end);
  const Reg result = e.new_register();
  asm_.emit(Opcode::kFinishSet, result, elements);
  asm_.emit(Opcode::kReturn, result);
}

// Appends the elements of a collection, then goes back for the next solution.
void Documents::append_each(Emitter& e, Reg collection, Reg elements) {
  const Reg iterator = e.new_register(2);
  const Reg key = e.new_register();
  const Reg element = e.new_register();
  asm_.jump_if(Opcode::kScan, e.fail(), iterator, collection);
  const Label loop = asm_.new_label();
  asm_.bind(loop);
  asm_.jump_if(Opcode::kNext, e.fail(), iterator, key, element);
  asm_.emit(Opcode::kAppend, elements, element);
  asm_.jump(loop);
}

}  // namespace licet::lang::emit
