// Literals: tests, unification, calls, iteration, negation, `with`.
#include <algorithm>
#include <numeric>
#include <utility>

#include "lang/emit/documents.h"
#include "lang/emit/emitter.h"

namespace licet::lang::emit {
namespace {

std::string_view builtin_name(BuiltinId id) {
  return all_builtins()[static_cast<std::size_t>(id)].name;
}

std::optional<Opcode> test_of(std::string_view builtin) {
  if (builtin == "equal") return Opcode::kTestEqual;
  if (builtin == "neq") return Opcode::kTestNotEqual;
  if (builtin == "lt") return Opcode::kTestLess;
  if (builtin == "lte") return Opcode::kTestLessEqual;
  if (builtin == "gt") return Opcode::kTestGreater;
  if (builtin == "gte") return Opcode::kTestGreaterEqual;
  if (builtin == "internal.member_2") return Opcode::kTestIn;
  return std::nullopt;
}

// Below data; empty if it is no such reference.
std::vector<Value> constant_path(const core::Term& term) {
  const auto* reference = std::get_if<core::Reference>(&term.node);
  if (reference == nullptr || reference->root != core::Root::kData) return {};
  std::vector<Value> path;
  for (const core::Term& operand : reference->operands) {
    const auto* constant = std::get_if<core::Constant>(&operand.node);
    if (constant == nullptr) return {};
    path.push_back(constant->value);
  }
  return path;
}

}  // namespace

void Emitter::flush_stubs() {
  // Stubs may make stubs.
  for (std::size_t i = 0; i < stubs_.size(); ++i) {
    const auto stub = std::move(stubs_[i]);
    stub();
  }
  stubs_.clear();
}

void Emitter::body(const core::Body& body) {
  Literals all;
  for (const core::Literal& l : body) all.push_back(&l);
  literals(all);
}

void Emitter::body_again(const core::Body& again) {
  silent_ = true;
  body(again);
  silent_ = false;
}

void Emitter::literals(const Literals& literals) {
  const std::vector<Written> parts = written_parts(literals);
  for (const Unit& unit : units_of(literals)) this->unit(unit, literals, parts);
}

void Emitter::unit(const Unit& unit, const Literals& literals, const std::vector<Written>& parts) {
  const core::Literal& one = *literals[unit.at];
  if (unit.guard) {
    asm_.set_place(one.span);
    emit_guard(*unit.guard, fail_, std::nullopt, certain_);
    return;
  }
  if (traces()) {
    const auto outer_unknown = unknown_;
    const bool traced_here = trace_begin(one, parts[unit.at]);
    literal(one);
    if (traced_here) trace_end(parts[unit.at]);
    unknown_ = outer_unknown;
    return;
  }
  plan_join(literals, unit.at);
  literal(one);
  join_.reset();
}

void Emitter::literal(const core::Literal& literal) {
  asm_.set_place(literal.span);
  if (literal.with.empty()) {
    node(literal);
  } else {
    in_environment(literal);
  }
}

void Emitter::node(const core::Literal& literal) {
  struct Visitor {
    Emitter& e;
    void operator()(const core::Test& t) {
      if (const auto* c = std::get_if<core::Constant>(&t.term.node)) {
        if (c->value.is_false()) e.jump_to_fail();
        return;
      }
      if (const plan::Node* rule = e.guard_rule(t.term)) {
        e.inline_rule(*rule);
        return;
      }
      const Reg value = e.eval(t.term);
      e.asm_.jump_if(Opcode::kTestTrue, e.fail_, value);
    }
    void operator()(const core::Unify& u) { e.unify(u.left, u.right); }
    void operator()(const core::Call& c) { e.call(c); }
    void operator()(const core::SomeIn& s) { e.some_in(s); }
    void operator()(const core::Every& v) { e.every(v); }
    void operator()(const core::Not& n) { e.negation(n); }
    void operator()(const core::Logic& l) { e.logic(l); }
  };
  std::visit(Visitor{*this}, literal.node);
}

void Emitter::unify(const core::Term& left, const core::Term& right) {
  Pairs pairs;
  if (!take_apart(left, right, pairs)) return jump_to_fail();
  if (pairs.size() == 1) return unify_part(*pairs[0].first, *pairs[0].second);
  unify_pairs(pairs);
}

void Emitter::unify_part(const core::Term& left, const core::Term& right) {
  if (const auto* made = std::get_if<core::Comprehension>(&left.node)) {
    if (comes_before(right, Side::kRight)) return unify_comprehension(right, *made);
  } else if (const auto* other = std::get_if<core::Comprehension>(&right.node)) {
    if (comes_before(left, Side::kLeft)) return unify_comprehension(left, *other);
  }
  if (is_pattern(left)) {
    const Reg value = eval(right);
    match(left, value);
  } else {
    const Reg value = eval(left);
    match(right, value);
  }
}

// Of a comprehension and a reference the reference comes first, as in OPA: it may be undefined, and
// the comprehension in conflict. So does a name that stands on the left.
bool Emitter::comes_before(const core::Term& other, Side side) const {
  if (std::holds_alternative<core::Reference>(other.node)) return true;
  const auto* variable = std::get_if<core::Variable>(&other.node);
  if (variable == nullptr || !is_bound(variable->id)) return false;
  return side == Side::kLeft || (*variable_infos_)[variable->id].of_reference;
}

// As in OPA the comprehension is not made where the other side is of another kind, other than a
// set.
void Emitter::unify_comprehension(const core::Term& other, const core::Comprehension& made) {
  const auto jump_unless = [&](std::string_view test, Reg value, Label label) {
    const Reg answer = builtin_answer({find_builtin(test)->id}, value, 1);
    asm_.jump_if(Opcode::kTestTrue, label, answer);
  };
  const Reg value = eval(other);
  if (made.kind == ast::ComprehensionKind::kSet) {
    jump_unless("is_set", value, fail_);
  } else {
    const Label may_be_set = asm_.new_label();
    const Label go_on = asm_.new_label();
    const bool array = made.kind == ast::ComprehensionKind::kArray;
    jump_unless(array ? "is_array" : "is_object", value, may_be_set);
    asm_.jump(go_on);
    asm_.bind(may_be_set);
    jump_unless("is_set", value, fail_);
    asm_.bind(go_on);
  }
  asm_.jump_if(Opcode::kTestEqual, fail_, comprehension(made), value);
}

// Takes two arrays or objects that are written out apart, down to what is not. False: they are
// never equal.
bool Emitter::take_apart(const core::Term& left, const core::Term& right, Pairs& pairs) const {
  const auto* a = std::get_if<core::Array>(&left.node);
  const auto* b = std::get_if<core::Array>(&right.node);
  if (a != nullptr && b != nullptr && (is_pattern(left) || is_pattern(right))) {
    if (a->elements.size() != b->elements.size()) return false;
    for (std::size_t i = 0; i < a->elements.size(); ++i) {
      if (!take_apart(a->elements[i], b->elements[i], pairs)) return false;
    }
    return true;
  }
  const auto* c = std::get_if<core::Object>(&left.node);
  const auto* d = std::get_if<core::Object>(&right.node);
  if ((a != nullptr && d != nullptr) || (c != nullptr && b != nullptr)) return false;
  if (c == nullptr || d == nullptr || !is_pattern(left) || !is_pattern(right)) {
    pairs.emplace_back(&left, &right);
    return true;
  }
  // By the keys that both have; two objects written out are equal in no other way.
  std::size_t common = 0;
  for (const auto& [key, value] : c->entries) {
    for (const auto& [other_key, other_value] : d->entries) {
      if (!core::same_key(key, other_key)) continue;
      ++common;
      if (!take_apart(value, other_value, pairs)) return false;
    }
  }
  return common == c->entries.size() && common == d->entries.size();
}

// Those first whose one side is known: [x, 1] = [y, y]. Forwards and backwards in turn, so that a
// chain of names takes few passes in either direction.
void Emitter::unify_pairs(const Pairs& pairs) {
  std::vector<std::size_t> left(pairs.size());
  std::iota(left.begin(), left.end(), 0);
  for (std::size_t before = left.size() + 1; left.size() < before;) {
    before = left.size();
    std::vector<std::size_t> later;
    for (const std::size_t i : left) {
      const auto& [a, b] = pairs[i];
      if (is_pattern(*a) && is_pattern(*b)) {
        later.push_back(i);
      } else {
        unify_part(*a, *b);
      }
    }
    left.assign(later.rbegin(), later.rend());
  }
}

bool Emitter::fused_test(const core::Call& call) {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee);
  if (builtin == nullptr || call.result || documents_.is_mocked(call.callee)) return false;
  const auto test = test_of(builtin_name(builtin->id));
  if (!test) return false;
  const core::Term& first = call.arguments[0];
  const core::Term& second = call.arguments[1];
  const auto is_made = [](const core::Term& term) {
    return std::holds_alternative<core::Comprehension>(term.node);
  };
  if (*test == Opcode::kTestEqual && (is_made(first) || is_made(second))) {
    unify(first, second);
    return true;
  }
  if (*test == Opcode::kTestEqual) {
    // As unification does: a constant on either side needs no register.
    const bool constant_first = std::holds_alternative<core::Constant>(first.node);
    const core::Term& other = constant_first ? second : first;
    const core::Term& pattern = constant_first ? first : second;
    if (std::holds_alternative<core::Constant>(pattern.node)) {
      match(pattern, eval(other));
      return true;
    }
  }
  // x == input.xs[x]: the reference gives x its value.
  const bool second_binds = is_pattern(first);
  const Reg early = eval(second_binds ? second : first);
  const Reg late = eval(second_binds ? first : second);
  asm_.jump_if(*test, fail_, second_binds ? late : early, second_binds ? early : late);
  return true;
}

void Emitter::call(const core::Call& call) {
  if (fused_test(call)) return;
  answer(call, call_answer(call));
}

void Emitter::answer(const core::Call& call, Reg value) {
  if (call.result) {
    match(*call.result, value);
  } else {
    asm_.jump_if(Opcode::kTestTrue, fail_, value);
  }
}

Reg Emitter::call_answer(const core::Call& call) {
  const Reg window = new_register(call.arguments.size() + (call.written ? 1 : 0));
  const auto count = static_cast<Reg>(call.arguments.size());
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    eval_to(call.arguments[i], static_cast<Reg>(window + i));
  }
  const Reg value = new_register();
  const Label have = asm_.new_label();
  const bool mocked = documents_.is_mocked(call.callee);
  if (mocked) {
    // Skips the jump when there is a mock.
    const Label ordinary = asm_.new_label();
    asm_.jump_if(Opcode::kCallMock, fail_, value, window, count, documents_.mock(call.callee));
    asm_.jump(ordinary);
    asm_.jump(have);
    asm_.bind(ordinary);
  }
  Reg result = value;
  if (const auto* rule = std::get_if<core::RuleCallee>(&call.callee)) {
    asm_.jump_if(Opcode::kCallFunction, fail_, value, window, count,
                 documents_.function(rule->path));
  } else if (call.written) {
    load(static_cast<Reg>(window + count), *call.written);
    result = builtin_answer({find_builtin("internal.sprintf")->id}, window, count + std::size_t{1});
    if (mocked) asm_.emit(Opcode::kMove, value, result);
  } else if (const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee)) {
    result = builtin_answer(*builtin, window, call.arguments.size());
    if (mocked) asm_.emit(Opcode::kMove, value, result);
  } else {
    result = not_available(std::get<core::OmittedCallee>(call.callee));
    if (mocked) asm_.emit(Opcode::kMove, value, result);
  }
  if (!mocked) return result;
  asm_.bind(have);
  return value;
}

Reg Emitter::builtin_answer(const core::BuiltinCallee& callee, Reg window, std::size_t count) {
  const Reg value = new_register();
  asm_.jump_if(Opcode::kCallBuiltin, fail_, value, window, static_cast<Reg>(count),
               static_cast<std::uint32_t>(callee.id));
  const BuiltinInfo& info = all_builtins()[static_cast<std::size_t>(callee.id)];
  if (info.trait != BuiltinTrait::kRelation) return value;
  const Reg iterator = new_register(2);
  const Reg position = new_register();
  const Reg solution = new_register();
  asm_.jump_if(Opcode::kScan, fail_, iterator, value);
  const Label loop = asm_.new_label();
  asm_.bind(loop);
  asm_.jump_if(Opcode::kNext, fail_, iterator, position, solution);
  fail_ = loop;
  return solution;
}

// Where no mock is in force: an error, so that a forbid that needs the answer stays closed.
Reg Emitter::not_available(const core::OmittedCallee& callee) {
  const Reg name = new_register();
  load(name, Value::string(callee.name, asm_.program().arena));
  return builtin_answer({find_builtin("internal.not_available")->id}, name, 1);
}

void Emitter::some_in(const core::SomeIn& some) {
  if (join_) {
    const Reg key = new_register();
    const Reg value = new_register();
    if (begin_join(constant_path(some.collection), key, value)) {
      if (some.key) match(*some.key, key);
      match(some.value, value);
      return;
    }
  }
  const Reg collection = eval(some.collection);
  const Reg iterator = new_register(2);
  const Reg key = new_register();
  const Reg value = new_register();
  asm_.jump_if(Opcode::kScan, fail_, iterator, collection);
  const Label loop = asm_.new_label();
  asm_.bind(loop);
  asm_.jump_if(Opcode::kNext, fail_, iterator, key, value);
  fail_ = loop;
  if (some.key) match(*some.key, key);
  match(some.value, value);
}

void Emitter::every(const core::Every& every) {
  if (certain_ && (may_fail(every.domain) || may_fail(every.body))) {
    nested([&](const Outcomes& outcomes) { kleene_every(every, outcomes); });
    return;
  }
  const Reg domain = eval(every.domain);
  const Scope outer = enter();
  const Reg iterator = new_register(2);
  const Reg key = new_register();
  const Reg value = new_register();
  const Label loop = asm_.new_label();
  const Label end = asm_.new_label();
  asm_.jump_if(Opcode::kScan, fail_, iterator, domain);
  asm_.bind(loop);
  asm_.jump_if(Opcode::kNext, end, iterator, key, value);
  match_element(every, key, value, loop);
  if (certain_) {
    kleene_body(every.body, {loop, outer.fail, outer.fail});
  } else {
    body(every.body);
    asm_.jump(loop);
  }
  asm_.bind(end);
  leave(outer);
}

// A key or value that the `with` of the `every` gave a value before: other elements do not count.
void Emitter::match_element(const core::Every& every, Reg key, Reg value, Label next) {
  const Label outer = std::exchange(fail_, next);
  if (every.key) match(*every.key, key);
  match(every.value, value);
  fail_ = outer;
}

void Emitter::negation(const core::Not& negation) {
  if (certain_ && may_fail(negation.body)) {
    nested([&](const Outcomes& outcomes) { kleene_negation(negation, outcomes); });
    return;
  }
  const Scope outer = enter();
  const Label holds = asm_.new_label();
  if (certain_) {
    kleene_negation(negation, {holds, outer.fail, outer.fail});
  } else {
    fail_ = holds;
    body(negation.body);
    asm_.jump(outer.fail);
  }
  asm_.bind(holds);
  leave(outer);
}

// One solution is enough; its variables are forgotten.
void Emitter::exists(const core::Body& operand) {
  const Scope outer = enter();
  body(operand);
  leave(outer);
}

void Emitter::logic(const core::Logic& logic) {
  if (certain_ && (may_fail(logic.left) || may_fail(logic.right))) {
    nested([&](const Outcomes& outcomes) { kleene_logic(logic, outcomes); });
    return;
  }
  if (certain_) {
    const Label holds = asm_.new_label();
    kleene_logic(logic, {holds, fail_, fail_});
    asm_.bind(holds);
    return;
  }
  if (logic.connective == ast::Connective::kAnd) {
    exists(logic.left);
    exists(logic.right);
    return;
  }
  const Label outer = fail_;
  const Label right = asm_.new_label();
  const Label done = asm_.new_label();
  fail_ = right;
  exists(logic.left);
  asm_.jump(done);
  asm_.bind(right);
  fail_ = outer;
  exists(logic.right);
  asm_.bind(done);
}

}  // namespace licet::lang::emit
