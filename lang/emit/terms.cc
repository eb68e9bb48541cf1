// Terms to registers, and patterns against registers.
#include <utility>

#include "lang/emit/emitter.h"
#include "lang/resolve/variables.h"

namespace licet::lang::emit {

using core::Depth;

Reg Emitter::new_register(std::size_t count) {
  const std::size_t first = next_register_;
  next_register_ += count;
  if (next_register_ > most_registers_) most_registers_ = next_register_;
  // Past the limit the numbers wrap; documents.cc reports the rule and the program is not used.
  return static_cast<Reg>(first);
}

core::VariableSet Emitter::bound_set() const {
  core::VariableSet set;
  for (const core::VariableId id : bound_) set.insert(id);
  return set;
}

void Emitter::begin_rule(const core::Rule& rule, std::string name, std::uint32_t body_number) {
  variables_.assign(rule.variables.size(), kUnbound);
  bound_.clear();
  variable_infos_ = &rule.variables;
  rule_name_ = std::move(name);
  body_number_ = body_number;
  points_.clear();
}

void Emitter::begin_query(const core::Query& query) {
  variables_.assign(query.variables.size(), kUnbound);
  bound_.clear();
  variable_infos_ = &query.variables;
  rule_name_ = "query";
  points_.clear();
}

void Emitter::load(Reg target, const Value& value) {
  asm_.emit(Opcode::kLoadConstant, target, 0, 0, asm_.constant(value));
}

// Every variable at this level has a value.
bool Emitter::is_ground(const core::Term& term) const {
  struct Visitor {
    const Emitter& e;
    bool all(const std::vector<core::Term>& terms) const {
      for (const core::Term& t : terms) {
        if (!e.is_ground(t)) return false;
      }
      return true;
    }
    bool operator()(const core::Constant&) const { return true; }
    bool operator()(const core::Variable& v) const { return e.is_bound(v.id); }
    bool operator()(const core::Reference& r) const {
      return (!r.base || e.is_ground(*r.base)) && all(r.operands);
    }
    bool operator()(const core::Array& a) const { return all(a.elements); }
    bool operator()(const core::Set& s) const { return all(s.elements); }
    bool operator()(const core::Object& o) const {
      for (const auto& [key, value] : o.entries) {
        if (!e.is_ground(key) || !e.is_ground(value)) return false;
      }
      return true;
    }
    bool operator()(const core::Comprehension&) const { return true; }
  };
  return std::visit(Visitor{*this}, term.node);
}

// Something to match a value against: an unbound variable, or a composite with one inside.
bool Emitter::is_pattern(const core::Term& term) const {
  return !std::holds_alternative<core::Reference>(term.node) && !is_ground(term);
}

Reg Emitter::eval(const core::Term& term) {
  if (const auto* variable = std::get_if<core::Variable>(&term.node)) {
    if (!is_bound(variable->id)) return unbound(term, *variable);
    const auto reg = static_cast<Reg>(variables_[variable->id]);
    if (!(*variable_infos_)[variable->id].generated) trace_part(term.span, reg);
    return reg;
  }
  if (const auto* ref = std::get_if<core::Reference>(&term.node)) {
    const Reg reg = reference(*ref);
    trace_part(term.span, reg);
    return reg;
  }
  if (const auto* c = std::get_if<core::Comprehension>(&term.node)) return comprehension(*c);
  const Reg reg = new_register();
  eval_to(term, reg);
  return reg;
}

// The order of literals was to prevent this; rather an error of the policy than wrong code.
Reg Emitter::unbound(const core::Term& term, const core::Variable& variable) {
  const std::string& name = (*variable_infos_)[variable.id].name;
  diagnostics_.add({lang::Code::kUnsafeVariable,
                    term.span,
                    "var " + name + " is unsafe",
                    "`" + name + "` has no value here",
                    {},
                    {}});
  return new_register();
}

void Emitter::eval_to(const core::Term& term, Reg target) {
  struct Visitor {
    Emitter& e;
    const core::Term& term;
    Reg target;
    void other() {
      const Reg reg = e.eval(term);
      if (reg != target) e.asm_.emit(Opcode::kMove, target, reg);
    }
    void sequence(Opcode opcode, const std::vector<core::Term>& elements) {
      const Reg window = e.new_register(elements.size());
      for (std::size_t i = 0; i < elements.size(); ++i) {
        e.eval_to(elements[i], static_cast<Reg>(window + i));
      }
      e.asm_.emit(opcode, target, window, static_cast<Reg>(elements.size()));
    }
    void operator()(const core::Constant& c) { e.load(target, c.value); }
    void operator()(const core::Variable&) { other(); }
    void operator()(const core::Reference&) { other(); }
    void operator()(const core::Comprehension&) { other(); }
    void operator()(const core::Array& a) { sequence(Opcode::kMakeArray, a.elements); }
    void operator()(const core::Set& s) { sequence(Opcode::kMakeSet, s.elements); }
    void operator()(const core::Object& o) {
      const Reg window = e.new_register(o.entries.size() * 2);
      for (std::size_t i = 0; i < o.entries.size(); ++i) {
        e.eval_to(o.entries[i].key, static_cast<Reg>(window + 2 * i));
        e.eval_to(o.entries[i].value, static_cast<Reg>(window + 2 * i + 1));
      }
      e.asm_.emit(Opcode::kMakeObject, target, window, static_cast<Reg>(o.entries.size() * 2));
    }
  };
  std::visit(Visitor{*this, term, target}, term.node);
}

Reg Emitter::reference(const core::Reference& reference) {
  switch (reference.root) {
    case core::Root::kInput:
      return input_reference(reference.operands);
    case core::Root::kData:
      return data_reference(reference.operands);
    case core::Root::kTerm:
      return walk(eval(*reference.base), reference.operands, 0);
  }
  return 0;
}

Reg Emitter::comprehension(const core::Comprehension& c) {
  const Reg elements = new_register();
  asm_.emit(Opcode::kStart, elements);
  const Scope outer = enter();
  const Label end = asm_.new_label();
  fail_ = end;
  const auto outer_unknown = std::exchange(unknown_, std::nullopt);
  const bool outer_resumes = std::exchange(resumes_, false);
  body(c.body);
  if (c.key) {
    const Reg window = new_register(2);
    eval_to(*c.key, window);
    eval_to(*c.head, static_cast<Reg>(window + 1));
    asm_.emit(Opcode::kInsert, elements, window, 2);
  } else {
    asm_.emit(Opcode::kAppend, elements, eval(*c.head));
  }
  jump_to_fail();
  flush_stubs();
  asm_.bind(end);
  leave(outer);
  unknown_ = outer_unknown;
  resumes_ = outer_resumes;
  const Reg result = new_register();
  const Opcode finish = c.kind == ast::ComprehensionKind::kArray ? Opcode::kFinishArray
                        : c.kind == ast::ComprehensionKind::kSet ? Opcode::kFinishSet
                                                                 : Opcode::kFinishObject;
  asm_.emit(finish, result, elements);
  return result;
}

void Emitter::match(const core::Term& pattern, Reg value) {
  if (const auto* variable = std::get_if<core::Variable>(&pattern.node)) {
    if (is_bound(variable->id)) {
      asm_.jump_if(Opcode::kTestEqual, fail_, static_cast<Reg>(variables_[variable->id]), value);
    } else {
      bind(variable->id, value);
      if (!(*variable_infos_)[variable->id].generated) trace_part(pattern.span, value);
    }
    return;
  }
  if (const auto* constant = std::get_if<core::Constant>(&pattern.node)) {
    asm_.jump_if(Opcode::kTestEqualConstant, fail_, value, 0, 0, asm_.constant(constant->value));
    return;
  }
  if (is_ground(pattern) || std::holds_alternative<core::Reference>(pattern.node)) {
    const Reg reg = eval(pattern);
    asm_.jump_if(Opcode::kTestEqual, fail_, reg, value);
    return;
  }
  if (std::holds_alternative<core::Set>(pattern.node)) {
    // As in OPA the names in a set are given no values: it is equal to nothing.
    for (const core::VariableId id : core::variables_of(pattern, core::Depth::kAll).ids()) {
      if (!is_bound(id)) bind(id, value);
    }
    return jump_to_fail();
  }
  if (const auto* array = std::get_if<core::Array>(&pattern.node)) {
    asm_.jump_if(Opcode::kTestArray, fail_, value, static_cast<Reg>(array->elements.size()));
    for (std::size_t i = 0; i < array->elements.size(); ++i) {
      const Reg element = new_register();
      const auto index = asm_.constant(Value::integer(static_cast<std::int64_t>(i)));
      asm_.jump_if(Opcode::kGetConstant, fail_, element, value, 0, index);
      match(array->elements[i], element);
    }
    return;
  }
  const auto& object = std::get<core::Object>(pattern.node);
  asm_.jump_if(Opcode::kTestObject, fail_, value, static_cast<Reg>(object.entries.size()));
  for (const auto& [key, element_pattern] : object.entries) {
    const Reg key_reg = eval(key);
    const Reg element = new_register();
    asm_.jump_if(Opcode::kGet, fail_, element, value, key_reg);
    match(element_pattern, element);
  }
}

}  // namespace licet::lang::emit
