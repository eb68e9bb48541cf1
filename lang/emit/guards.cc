// Guards: literals about attributes alone become one instruction each (eval/vm/guards.cc says why).
#include <algorithm>
#include <limits>

#include "lang/emit/documents.h"
#include "lang/emit/emitter.h"

namespace licet::lang::emit {
namespace {

struct GuardOfBuiltin {
  std::string_view builtin;
  std::optional<Opcode> slot_first;      // slot, constant
  std::optional<Opcode> constant_first;  // constant, slot
  std::optional<Opcode> slots;           // slot, slot
};

constexpr GuardOfBuiltin kGuards[] = {
    {"equal", Opcode::kSlotEqual, Opcode::kSlotEqual, Opcode::kSlotsEqual},
    {"neq", Opcode::kSlotNotEqual, Opcode::kSlotNotEqual, Opcode::kSlotsNotEqual},
    {"lt", Opcode::kSlotLess, Opcode::kSlotGreater, Opcode::kSlotsLess},
    {"lte", Opcode::kSlotLessEqual, Opcode::kSlotGreaterEqual, Opcode::kSlotsLessEqual},
    {"gt", Opcode::kSlotGreater, Opcode::kSlotLess, Opcode::kSlotsGreater},
    {"gte", Opcode::kSlotGreaterEqual, Opcode::kSlotLessEqual, Opcode::kSlotsGreaterEqual},
    {"internal.member_2", Opcode::kSlotIn, Opcode::kSlotHas, Opcode::kSlotInSlot},
    {"startswith", Opcode::kSlotStartsWith, std::nullopt, std::nullopt},
    {"endswith", Opcode::kSlotEndsWith, std::nullopt, std::nullopt},
    {"net.cidr_contains", std::nullopt, Opcode::kSlotInNetwork, std::nullopt},
    {"regex.match", std::nullopt, Opcode::kSlotMatches, std::nullopt},
};

const Value* constant_of(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr ? nullptr : &constant->value;
}

// The path of a reference to one attribute.
std::optional<plan::InputPath> attribute_of(const core::Term& term) {
  const auto* reference = std::get_if<core::Reference>(&term.node);
  if (reference == nullptr || reference->root != core::Root::kInput) return std::nullopt;
  if (reference->operands.empty()) return std::nullopt;
  plan::InputPath path;
  for (const core::Term& operand : reference->operands) {
    const Value* element = constant_of(operand);
    if (element == nullptr || element->is_composite()) return std::nullopt;
    path.push_back(*element);
  }
  return path;
}

// How many bodies of a rule, and literals of a body, stand in the place of a reference to it.
constexpr std::size_t kMaxBodies = 8;
constexpr std::size_t kMaxLiterals = 12;

}  // namespace

// The hoisted half of a guard: a variable of the compiler's own takes an attribute.
const core::Variable* Emitter::fed_variable(const core::Literal& literal) const {
  const auto* unify = std::get_if<core::Unify>(&literal.node);
  if (unify == nullptr || !literal.with.empty()) return nullptr;
  const auto* variable = std::get_if<core::Variable>(&unify->left.node);
  if (variable == nullptr || is_bound(variable->id)) return nullptr;
  if (!(*variable_infos_)[variable->id].generated || !attribute_of(unify->right)) return nullptr;
  return variable;
}

std::optional<Emitter::Guard> Emitter::guard_of(const core::Literal& literal) const {
  const core::Literal* const part[] = {&literal};
  return guard_of(part);
}

// Literals that are one guard together: `input.a < 3` has come as x = input.a and x < 3.
std::optional<Emitter::Guard> Emitter::guard_of(std::span<const core::Literal* const> part) const {
  if (traces() || part.empty()) return std::nullopt;
  std::map<core::VariableId, const core::Term*> fed;
  for (const core::Literal* literal : part.first(part.size() - 1)) {
    const core::Variable* variable = fed_variable(*literal);
    if (variable == nullptr) return std::nullopt;
    fed[variable->id] = &std::get<core::Unify>(literal->node).right;
  }
  const core::Literal& last = *part.back();
  if (!last.with.empty() || fed.size() + 1 != part.size()) return std::nullopt;
  if (const auto* call = std::get_if<core::Call>(&last.node)) return guard_of_call(*call, fed);
  if (!fed.empty()) return std::nullopt;
  if (const auto* test = std::get_if<core::Test>(&last.node)) {
    auto path = attribute_of(test->term);
    if (!path) return std::nullopt;
    return Guard{.opcode = Opcode::kSlotTrue, .first = *std::move(path)};
  }
  if (const auto* unify = std::get_if<core::Unify>(&last.node)) {
    return guard_of_terms(kGuards[0].builtin, unify->left, unify->right);
  }
  if (const auto* negation = std::get_if<core::Not>(&last.node)) {
    std::vector<const core::Literal*> body;
    for (const core::Literal& literal : negation->body) body.push_back(&literal);
    std::optional<Guard> guard = guard_of(body);
    if (guard) guard->negated = !guard->negated;
    return guard;
  }
  return std::nullopt;
}

std::optional<Emitter::Guard> Emitter::guard_of_call(
    const core::Call& call, const std::map<core::VariableId, const core::Term*>& fed) const {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee);
  if (builtin == nullptr || call.result || call.arguments.size() != 2 ||
      documents_.is_mocked(call.callee)) {
    return std::nullopt;
  }
  std::size_t used = 0;
  const auto resolved = [&](const core::Term& term) -> const core::Term& {
    const auto* variable = std::get_if<core::Variable>(&term.node);
    const auto found = variable == nullptr ? fed.end() : fed.find(variable->id);
    if (found == fed.end()) return term;
    ++used;
    return *found->second;
  };
  const core::Term& left = resolved(call.arguments[0]);
  const core::Term& right = resolved(call.arguments[1]);
  if (used != fed.size()) return std::nullopt;
  return guard_of_terms(all_builtins()[static_cast<std::size_t>(builtin->id)].name, left, right);
}

std::optional<Emitter::Guard> Emitter::guard_of_terms(std::string_view builtin,
                                                      const core::Term& left,
                                                      const core::Term& right) {
  const auto* const row =
      std::find_if(std::begin(kGuards), std::end(kGuards),
                   [&](const GuardOfBuiltin& guard) { return guard.builtin == builtin; });
  if (row == std::end(kGuards)) return std::nullopt;
  auto first = attribute_of(left);
  auto second = attribute_of(right);
  const Value* const left_constant = constant_of(left);
  const Value* const right_constant = constant_of(right);
  if (first && second && row->slots) {
    return Guard{.opcode = *row->slots, .first = *std::move(first), .second = *std::move(second)};
  }
  if (first && right_constant != nullptr && row->slot_first) {
    const bool is_list = right_constant->is_array() || right_constant->is_set();
    if (*row->slot_first == Opcode::kSlotIn && !is_list) return std::nullopt;
    return Guard{
        .opcode = *row->slot_first, .first = *std::move(first), .constant = *right_constant};
  }
  if (second && left_constant != nullptr && row->constant_first) {
    return Guard{
        .opcode = *row->constant_first, .first = *std::move(second), .constant = *left_constant};
  }
  return std::nullopt;
}

// Of `not f(x, y)` the call.
const core::Literal* Emitter::negated_call(const core::Literal& literal) {
  const auto* negation = std::get_if<core::Not>(&literal.node);
  if (negation == nullptr || !literal.with.empty() || negation->body.size() != 1) return nullptr;
  const core::Literal& inner = negation->body.front();
  return std::holds_alternative<core::Call>(inner.node) ? &inner : nullptr;
}

// The literals of a body in their order, those that are one guard together as one.
std::vector<Emitter::Unit> Emitter::units_of(const Literals& literals) const {
  std::vector<Unit> units;
  std::map<core::VariableId, std::size_t> feeders;  // index into units
  for (std::size_t at = 0; at < literals.size(); ++at) {
    const core::Literal* const literal = literals[at];
    Unit unit{{literal}, std::nullopt, at};
    const core::Literal* const negated = negated_call(*literal);
    const core::Literal* const tested = negated != nullptr ? negated : literal;
    if (const auto* call = std::get_if<core::Call>(&tested->node)) {
      std::vector<std::size_t> taken;
      std::vector<const core::Literal*> part;
      for (const core::Term& argument : call->arguments) {
        const auto* variable = std::get_if<core::Variable>(&argument.node);
        const auto feeder = variable == nullptr ? feeders.end() : feeders.find(variable->id);
        if (feeder == feeders.end()) continue;
        taken.push_back(feeder->second);
        part.push_back(units[feeder->second].literals.front());
      }
      part.push_back(tested);
      unit.guard = guard_of(part);
      if (unit.guard && negated != nullptr) {
        unit.guard->negated = true;
        // What stands before the `not` has to be there.
        unit.guard->needs_all = !taken.empty();
        const std::size_t attributes = unit.guard->second.empty() ? 1 : 2;
        if (!taken.empty() && taken.size() != attributes) unit.guard.reset();
      }
      if (unit.guard) {
        for (const std::size_t index : taken) units[index].literals.clear();
      }
    } else {
      unit.guard = guard_of(*literal);
      const core::Variable* const fed = traces() ? nullptr : fed_variable(*literal);
      if (fed != nullptr) feeders[fed->id] = units.size();
    }
    units.push_back(std::move(unit));
  }
  std::erase_if(units, [](const Unit& unit) { return unit.literals.empty(); });
  return units;
}

// What is unknown: noted in `mark` if there is one; else it fails if `unknown_fails`, and otherwise
// is as false as it is in Rego.
void Emitter::emit_guard(const Guard& guard, Label fail, std::optional<Reg> mark,
                         bool unknown_fails) {
  const bool is_pair = !guard.second.empty();
  std::uint16_t flags = 0;
  if (guard.negated) flags |= kGuardNegated;
  if (mark) flags |= kGuardMarks;
  if (unknown_fails) flags |= kGuardUnknownFails;
  if (input_.presence.should_be_there(guard.first)) flags |= kGuardFirstExpected;
  if (is_pair && input_.presence.should_be_there(guard.second)) flags |= kGuardSecondExpected;
  if (guard.needs_all) flags |= kGuardNeedsAll;
  std::uint32_t extra = 0;
  if (is_pair) {
    extra = asm_.slot(guard.second);
  } else if (guard.opcode != Opcode::kSlotTrue) {
    extra = asm_.constant(guard.constant);
  }
  asm_.jump_if(guard.opcode, fail, static_cast<Reg>(asm_.slot(guard.first)), flags,
               mark.value_or(Reg{0}), extra);
}

// A complete rule that is true or undefined, whose bodies are guards only.
const plan::Node* Emitter::guard_rule(const core::Term& term) const {
  const auto* reference = std::get_if<core::Reference>(&term.node);
  if (traces() || reference == nullptr || reference->root != core::Root::kData) return nullptr;
  const plan::Node* node = &input_.tree.root();
  std::vector<Value> path;
  for (const core::Term& operand : reference->operands) {
    const Value* key = constant_of(operand);
    if (key == nullptr || !key->is_string() || node->defines_document()) return nullptr;
    node = node->child(std::string(key->as_string()));
    if (node == nullptr) return nullptr;
    path.push_back(*key);
  }
  if (!node->is_complete() || !node->children.empty() || node->is_function()) return nullptr;
  if (node->rules.size() > kMaxBodies || documents_.overlay_of(path) != Overlay::kNone) {
    return nullptr;
  }
  for (const core::Rule* rule : node->rules) {
    const Value* value = constant_of(rule->value);
    if (value == nullptr || !value->is_true() || rule->is_default || rule->else_rule ||
        !rule->keys.empty() || rule->body.size() > kMaxLiterals) {
      return nullptr;
    }
    if (!guards_of_rule(*rule)) return nullptr;
  }
  return node;
}

// The guards of a body that is nothing else. It has variables of its own, all of them unbound.
std::optional<std::vector<Emitter::Unit>> Emitter::guards_of_rule(const core::Rule& rule) const {
  Emitter body(asm_, documents_, input_, diagnostics_);
  body.begin_rule(rule, {}, 0);
  Literals literals;
  for (const core::Literal& literal : rule.body) literals.push_back(&literal);
  std::vector<Unit> units = body.units_of(literals);
  const bool all = std::all_of(units.begin(), units.end(),
                               [](const Unit& unit) { return unit.guard.has_value(); });
  if (!all) return std::nullopt;
  return units;
}

// The bodies of the rule, where a reference to it stands.
void Emitter::inline_rule(const plan::Node& rule) {
  const Label holds = asm_.new_label();
  for (const core::Rule* body : rule.rules) {
    const bool is_last = body == rule.rules.back();
    const Label next = is_last ? fail_ : asm_.new_label();
    const std::vector<Unit> units = *guards_of_rule(*body);
    for (const Unit& unit : units) {
      asm_.set_place(unit.literals.front()->span);
      emit_guard(*unit.guard, next, std::nullopt, false);
    }
    if (is_last) break;
    asm_.jump(holds);
    asm_.bind(next);
  }
  asm_.bind(holds);
}

}  // namespace licet::lang::emit
