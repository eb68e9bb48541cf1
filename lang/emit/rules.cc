// The code of documents and functions.
#include <algorithm>

#include "lang/emit/documents.h"
#include "lang/emit/emitter.h"
#include "lang/plan/skeleton.h"

namespace licet::lang::emit {
namespace {

const Value* constant_of(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr ? nullptr : &constant->value;
}

// Whether a rule can define something at `key`; null: at any.
bool can_have_key(const core::Rule& rule, const Value* key) {
  if (key == nullptr || rule.keys.empty()) return true;
  const Value* constant = constant_of(rule.keys.front());
  return constant == nullptr || *constant == *key;
}

// Such a rule is one of a complete document at a place of its own. At other keys OPA does not look
// at else-branches.
bool has_scalar_keys(const core::Rule& rule) {
  return std::all_of(rule.keys.begin(), rule.keys.end(), [](const core::Term& key) {
    const Value* constant = constant_of(key);
    return constant != nullptr && !constant->is_composite();
  });
}

bool is_pure_set(const plan::Node& node) {
  return node.children.empty() &&
         std::all_of(node.rules.begin(), node.rules.end(), [](const core::Rule* rule) {
           return rule->kind == core::HeadKind::kMember && rule->keys.empty();
         });
}

}  // namespace

Documents::Code Documents::code_for(const plan::Node& node, const Value* first_key) {
  if (node.provided == plan::Provided::kDecision) {
    return [this](Emitter& e) {
      const Reg result = e.new_register();
      asm_.emit(Opcode::kDecisionDocument, result, 0, 0,
                asm_.constant(Value::string("", asm_.program().arena)));
      asm_.emit(Opcode::kReturn, result);
    };
  }
  if (node.provided != plan::Provided::kNothing) {
    return [this, &node](Emitter& e) { provided_set(e, node); };
  }
  if (node.is_partial()) {
    const Value key = first_key != nullptr ? *first_key : Value::undefined();
    return [this, &node, key](Emitter& e) {
      if (is_pure_set(node)) {
        member_set(e, node);
      } else {
        partial(e, node, key.is_defined() ? &key : nullptr);
      }
    };
  }
  if (node.is_complete()) {
    return [this, &node](Emitter& e) {
      const Reg result = e.new_register();
      asm_.emit(Opcode::kClear, result);
      complete(e, node, result);
      asm_.emit(Opcode::kReturn, result);
    };
  }
  return [this, &node](Emitter& e) { package(e, node); };
}

// What rules define below a node, together with what data is loaded there.
void Documents::package(Emitter& e, const plan::Node& node) {
  const Reg entries = e.new_register();
  asm_.emit(Opcode::kStart, entries);
  for (const auto& [name, child] : node.children) {
    const Label next = asm_.new_label();
    e.set_fail(next);
    const std::size_t mark = e.mark();
    const Reg window = e.new_register(2);
    if (child->is_function() && child->children.empty()) {
      asm_.bind(next);
      continue;
    }
    e.load(window, Value::string(name, asm_.program().arena));
    const Reg value = e.node_value(*child, nullptr);
    asm_.emit(Opcode::kMove, static_cast<Reg>(window + 1), value);
    asm_.emit(Opcode::kInsert, entries, window, 2);
    asm_.bind(next);
    e.release_to(mark);
  }
  const Reg defined = e.new_register();
  asm_.emit(Opcode::kFinishObject, defined, entries);
  const Place& place = place_of(node);
  if (place.loaded.is_undefined() && place.overlay == Overlay::kNone) {
    asm_.emit(Opcode::kReturn, defined);
    return;
  }
  const Reg loaded = e.new_register();
  const Reg result = e.new_register();
  asm_.emit(Opcode::kClear, loaded);
  const Label merge = asm_.new_label();
  asm_.jump_if(Opcode::kLoadData, merge, loaded, 0, 0, asm_.path(e.path_of(node)));
  asm_.bind(merge);
  // Where both have a value, the loaded one counts, as in OPA.
  asm_.emit(Opcode::kMerge, result, loaded, defined);
  asm_.emit(Opcode::kReturn, result);
}

// If all rules give one constant, the first solution of any settles the document; null otherwise.
// Not where a builtin may fail on the way to a forbid: what fails there counts, wherever it stands.
const Value* Documents::settling_constant(const plan::Node& node) {
  if (input_.dependencies.serves_forbids(node) && !harmless()(node)) return nullptr;
  return plan::common_constant(node.rules);
}

// Leaves the value, or undefined, in `result`, which is undefined at first.
void Documents::complete(Emitter& e, const plan::Node& node, Reg result) {
  const std::vector<const core::Rule*>& rules = node.rules;
  const std::string name = place_of(node).text;
  const Value* common = settling_constant(node);
  const Label settled = asm_.new_label();
  const Label none = asm_.new_label();
  const core::Rule* fallback = nullptr;
  std::vector<const core::Rule*> alternatives;
  for (const core::Rule* rule : rules) {
    if (rule->is_default) {
      fallback = rule;
    } else {
      alternatives.push_back(rule);
    }
  }
  const Choice choice = choose(e, alternatives, name, none);
  std::uint32_t number = 0;
  for (const core::Rule* rule : alternatives) {
    const std::size_t mark = e.mark();
    const Label next = begin_body(choice);
    chain(e, *rule, result, common != nullptr ? &settled : nullptr, next, name, number++);
    end_body(choice, next);
    e.release_to(mark);
  }
  asm_.bind(none);
  if (fallback != nullptr) {
    const Label use_default = asm_.new_label();
    asm_.jump_if(Opcode::kJumpUndefined, use_default, result);
    asm_.jump(settled);
    asm_.bind(use_default);
    e.begin_rule(*fallback, name, number);
    e.set_fail(settled);
    if (fallback->parameters) {
      for (std::size_t i = 0; i < fallback->parameters->size(); ++i) {
        e.match((*fallback->parameters)[i], static_cast<Reg>(i));
      }
    }
    e.body(fallback->body);
    e.eval_to(fallback->value, result);
    asm_.jump(settled);
    e.flush_stubs();
  }
  asm_.bind(settled);
}

// One rule and its else-branches: the first branch with a solution gives the value. If all rules
// give one constant, that goes to `settled` at once. A constant of its own asks for no further
// solution; other values ask for all, to see that they agree.
void Documents::chain(Emitter& e, const core::Rule& rule, Reg result, const Label* settled,
                      Label next, const std::string& name, std::uint32_t number) {
  const std::size_t first_free = e.mark();
  const Reg taken = e.new_register();
  asm_.set_place(rule.span);
  if (rule.else_rule) asm_.emit(Opcode::kClear, taken);
  for (const core::Rule* branch = &rule; branch != nullptr; branch = branch->else_rule.get()) {
    e.begin_rule(rule, name, number);
    const bool is_last = branch->else_rule == nullptr;
    const Label exhausted = is_last && !rule.else_rule ? next : asm_.new_label();
    e.set_fail(exhausted);
    if (rule.parameters) {
      for (std::size_t i = 0; i < rule.parameters->size(); ++i) {
        e.match((*rule.parameters)[i], static_cast<Reg>(i));
      }
    }
    e.body(branch->body);
    asm_.set_place(branch->head_span);
    const bool constant = constant_of(branch->value) != nullptr;
    if (settled != nullptr) {
      e.load(result, *constant_of(branch->value));
      asm_.jump(*settled);
      e.flush_stubs();
      if (!rule.else_rule) break;
      asm_.bind(exhausted);
      if (is_last) asm_.jump(next);
      continue;
    }
    const Reg value = e.eval(branch->value);
    asm_.emit(Opcode::kAssign, result, value);
    if (rule.else_rule && !constant) e.load_true(taken);
    if (constant) {
      asm_.jump(next);
    } else {
      e.jump_to_fail();
    }
    e.flush_stubs();
    if (!rule.else_rule) break;
    asm_.bind(exhausted);
    if (!constant) {
      const Label otherwise = asm_.new_label();
      asm_.jump_if(Opcode::kJumpUndefined, otherwise, taken);
      asm_.jump(next);
      asm_.bind(otherwise);
    }
    if (is_last) asm_.jump(next);
  }
  e.release_to(first_free);
}

void Documents::member_set(Emitter& e, const plan::Node& node) {
  const Reg elements = e.new_register();
  asm_.emit(Opcode::kStart, elements);
  const std::string name = place_of(node).text;
  const Label none = asm_.new_label();
  const Choice choice = choose(e, node.rules, name, none);
  std::uint32_t number = 0;
  for (const core::Rule* rule : node.rules) {
    const std::size_t mark = e.mark();
    const Label next = begin_body(choice);
    asm_.set_place(rule->span);
    e.begin_rule(*rule, name, number++);
    e.set_fail(next);
    e.body(rule->body);
    asm_.emit(Opcode::kAppend, elements, e.eval(rule->value));
    e.jump_to_fail();
    e.flush_stubs();
    end_body(choice, next);
    e.release_to(mark);
  }
  asm_.bind(none);
  const Reg result = e.new_register();
  asm_.emit(Opcode::kFinishSet, result, elements);
  asm_.emit(Opcode::kReturn, result);
}

void Documents::partial(Emitter& e, const plan::Node& node, const Value* first_key) {
  const Reg entries = e.new_register();
  asm_.emit(Opcode::kStart, entries);
  std::vector<Value> prefix;
  add_entries(e, node, prefix, first_key, entries);
  Reg result = e.new_register();
  asm_.set_place(node.rules.front()->span);
  asm_.emit(Opcode::kFinishObject, result, entries);
  const Value skeleton = plan::skeleton_of(node, first_key, asm_.program().arena);
  if (skeleton.is_defined()) {
    const Reg found = result;
    const Reg empty = e.new_register();
    result = e.new_register();
    e.load(empty, skeleton);
    asm_.emit(Opcode::kMerge, result, found, empty);
  }
  asm_.emit(Opcode::kReturn, result);
}

// The entries of a node and of all nodes below it, each at its path from the top one.
void Documents::add_entries(Emitter& e, const plan::Node& node, std::vector<Value>& prefix,
                            const Value* first_key, Reg entries) {
  const std::string name = place_of(node).text;
  std::uint32_t number = 0;
  if (node.is_complete() && !prefix.empty()) {
    const std::size_t mark = e.mark();
    const Label next = asm_.new_label();
    e.set_fail(next);
    const Reg window = e.new_register(prefix.size() + 1);
    for (std::size_t i = 0; i < prefix.size(); ++i) e.load(static_cast<Reg>(window + i), prefix[i]);
    const Reg value = e.node_value(node, nullptr);
    asm_.emit(Opcode::kMove, static_cast<Reg>(window + prefix.size()), value);
    asm_.emit(Opcode::kInsert, entries, window, static_cast<Reg>(prefix.size() + 1));
    asm_.bind(next);
    e.release_to(mark);
  } else if (!node.is_function()) {
    const Value* wanted = prefix.empty() ? first_key : nullptr;
    std::vector<const core::Rule*> rules;
    for (const core::Rule* rule : node.rules) {
      if (can_have_key(*rule, wanted)) rules.push_back(rule);
    }
    const Label none = asm_.new_label();
    const Choice choice = choose(e, rules, name, none);
    for (const core::Rule* rule : node.rules) {
      const std::uint32_t its_number = number++;
      if (!can_have_key(*rule, wanted)) continue;
      add_rule_entries(e, *rule, prefix, wanted, entries, name, its_number, choice);
    }
    asm_.bind(none);
  }
  for (const auto& [child_name, child] : node.children) {
    const Value key = Value::string(child_name, asm_.program().arena);
    if (prefix.empty() && first_key != nullptr && !(key == *first_key)) continue;
    prefix.push_back(key);
    add_entries(e, *child, prefix, first_key, entries);
    prefix.pop_back();
  }
}

void Documents::add_rule_entries(Emitter& e, const core::Rule& rule,
                                 const std::vector<Value>& prefix, const Value* first_key,
                                 Reg entries, const std::string& name, std::uint32_t number,
                                 const Choice& choice) {
  const std::size_t mark = e.mark();
  const Label next = begin_body(choice);
  if (rule.else_rule && has_scalar_keys(rule)) {
    add_chain_entry(e, rule, prefix, entries, name, number, next);
    end_body(choice, next);
    return e.release_to(mark);
  }
  asm_.set_place(rule.span);
  e.begin_rule(rule, name, number);
  e.set_fail(next);
  if (first_key != nullptr && !rule.keys.empty()) {
    const Reg wanted = e.new_register();
    e.load(wanted, *first_key);
    if (std::holds_alternative<core::Variable>(rule.keys.front().node))
      e.match(rule.keys.front(), wanted);
  }
  e.body(rule.body);
  asm_.set_place(rule.head_span);
  const std::size_t count = prefix.size() + rule.keys.size() + 1;
  const Reg window = e.new_register(count);
  std::size_t at = window;
  for (const Value& key : prefix) e.load(static_cast<Reg>(at++), key);
  for (const core::Term& key : rule.keys) e.eval_to(key, static_cast<Reg>(at++));
  e.eval_to(rule.value, static_cast<Reg>(at));
  const Opcode insert =
      rule.kind == core::HeadKind::kMember ? Opcode::kInsertMember : Opcode::kInsert;
  asm_.emit(insert, entries, window, static_cast<Reg>(count));
  e.jump_to_fail();
  e.flush_stubs();
  end_body(choice, next);
  e.release_to(mark);
}

// PRECONDITION: has_scalar_keys(rule).
void Documents::add_chain_entry(Emitter& e, const core::Rule& rule,
                                const std::vector<Value>& prefix, Reg entries,
                                const std::string& name, std::uint32_t number, Label next) {
  const std::size_t count = prefix.size() + rule.keys.size() + 1;
  const Reg window = e.new_register(count);
  std::size_t at = window;
  for (const Value& key : prefix) e.load(static_cast<Reg>(at++), key);
  for (const core::Term& key : rule.keys) e.load(static_cast<Reg>(at++), *constant_of(key));
  const Reg value = static_cast<Reg>(at);
  const Label end = asm_.new_label();
  asm_.emit(Opcode::kClear, value);
  chain(e, rule, value, nullptr, end, name, number);
  asm_.bind(end);
  asm_.jump_if(Opcode::kJumpUndefined, next, value);
  asm_.emit(Opcode::kInsert, entries, window, static_cast<Reg>(count));
  asm_.jump(next);
}

void Documents::function_code(Emitter& e, const plan::Node& node) {
  const std::size_t parameters = node.rules.front()->parameters->size();
  e.new_register(parameters);
  const Reg result = e.new_register();
  asm_.emit(Opcode::kClear, result);
  complete(e, node, result);
  asm_.emit(Opcode::kReturn, result);
}

}  // namespace licet::lang::emit
