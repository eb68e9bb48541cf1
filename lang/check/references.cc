#include "lang/check/references.h"

#include "eval/value_json.h"

namespace licet::lang::check {
namespace {

const Value* scalar_of(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr || constant->value.is_composite() ? nullptr : &constant->value;
}

std::string step_text(const core::Term& operand) {
  const auto* constant = std::get_if<core::Constant>(&operand.node);
  if (constant == nullptr) return "[_]";
  return "[" + rego_text(constant->value) + "]";
}

std::string path_text(const core::Reference& reference) {
  std::string text = reference.root == core::Root::kData    ? "data"
                     : reference.root == core::Root::kInput ? "input"
                                                            : "";
  for (const core::Term& operand : reference.operands) {
    const Value* value = scalar_of(operand);
    if (reference.root == core::Root::kData && value != nullptr && value->is_string()) {
      text += "." + std::string(value->as_string());
    } else {
      text += step_text(operand);
    }
  }
  return text;
}

// The first two steps below `data` are names of packages or rules, so texts.
bool names_a_document(const core::Term& operand) {
  const auto* constant = std::get_if<core::Constant>(&operand.node);
  if (constant != nullptr) return constant->value.is_string();
  return std::holds_alternative<core::Variable>(operand.node);
}

// The keys that there are, for a suggestion.
void known_keys(const TypePtr& type, std::vector<std::string>& keys) {
  for (const Property& property : type->properties) {
    if (property.key.is_string()) keys.emplace_back(property.key.as_string());
  }
  if (type->shape != Shape::kAny) return;
  for (const TypePtr& member : type->parts) known_keys(member, keys);
}

}  // namespace

void ReferenceChecker::check(const core::Reference& reference, Span span, Diagnostics& out) {
  if (reference.root == core::Root::kTerm) {
    const auto* variable = std::get_if<core::Variable>(&reference.base->node);
    if (variable != nullptr && inference_.variable(variable->id) == nullptr) {
      inference_.set_variable(variable->id, anything());
    }
    check_along(inference_.type_of(*reference.base), reference, 0, span, out);
  } else if (is_function(inference_.type_of(reference))) {
    out.add({Code::kFunctionAsValue,
             span,
             "function " + path_text(reference) + " used as reference, not called",
             "a function",
             {},
             "call it, with its arguments in parentheses"});
  } else {
    check_rules(reference, span, out);
  }
}

TypePtr ReferenceChecker::checked_type(const core::Term& term) const {
  const auto* reference = std::get_if<core::Reference>(&term.node);
  if (reference == nullptr || reference->root != core::Root::kData) return inference_.type_of(term);
  const std::span operands(reference->operands);
  for (const RuleTypes* layer : inference_.layers(core::Root::kData)) {
    const RuleTypeNode* node = &layer->root();
    for (std::size_t i = 0; i < operands.size() && node != nullptr; ++i) {
      if (node->type != nullptr) return inference_.type_along(node->type, operands.subspan(i));
      const auto* constant = std::get_if<core::Constant>(&operands[i].node);
      node = constant == nullptr ? nullptr : node->child(constant->value);
    }
    if (node != nullptr) break;
  }
  return inference_.type_of(term);
}

void ReferenceChecker::check_step(const TypePtr& type, const core::Term& key, Span span,
                                  Diagnostics& out) {
  if (type == nullptr || check_operand(type, key)) return;
  const bool no_collection = !is_empty_collection(type) && keys_of(type) == nullptr;
  out.add({Code::kUndefinedReference,
           span,
           "undefined ref: nothing to iterate over",
           no_collection ? "this is a " + check::text_of(type)
                         : "its keys are " + check::text_of(keys_of(type)),
           {},
           {}});
}

void ReferenceChecker::check_rules(const core::Reference& reference, Span span, Diagnostics& out) {
  for (const RuleTypes* layer : inference_.layers(reference.root)) {
    if (check_layer(*layer, reference, span, out) == Looked::kToTheEnd) return;
  }
  check_along(anything(), reference, 0, span, out);
}

// Whether the layer has what the reference names; if not, the next one is asked.
ReferenceChecker::Looked ReferenceChecker::check_layer(const RuleTypes& layer,
                                                       const core::Reference& reference, Span span,
                                                       Diagnostics& out) {
  const RuleTypeNode* node = &layer.root();
  if (node->type != nullptr) {
    check_along(node->type, reference, 0, span, out);
    return Looked::kToTheEnd;
  }
  for (std::size_t i = 0; i < reference.operands.size() && !node->children.empty(); ++i) {
    const core::Term& operand = reference.operands[i];
    const TypePtr extent = RuleTypes::extent(*node);
    if (i < 2 && !names_a_document(operand)) {
      report(reference, i, extent, span, out);
      return Looked::kToTheEnd;
    }
    if (std::holds_alternative<core::Variable>(operand.node) && !check_operand(extent, operand)) {
      report(reference, i, extent, span, out);
      return Looked::kToTheEnd;
    }
    const auto* constant = std::get_if<core::Constant>(&operand.node);
    const RuleTypeNode* child = constant == nullptr ? nullptr : node->child(constant->value);
    if (child == nullptr) return Looked::kInVain;
    if (child->type != nullptr) {
      check_along(child->type, reference, i + 1, span, out);
      return Looked::kToTheEnd;
    }
    node = child;
    if (i + 1 == reference.operands.size()) return Looked::kToTheEnd;
  }
  return reference.operands.empty() ? Looked::kToTheEnd : Looked::kInVain;
}

void ReferenceChecker::check_along(TypePtr type, const core::Reference& reference,
                                   std::size_t first, Span span, Diagnostics& out) {
  for (std::size_t i = first; i < reference.operands.size(); ++i) {
    if (type == nullptr) return;
    const core::Term& operand = reference.operands[i];
    if (!check_operand(type, operand)) return report(reference, i, type, span, out);
    if (is_empty_collection(type)) return;  // as in OPA nothing is learned of the operands below
    type = inference_.type_along(type, std::span(&operand, 1));
  }
}

bool ReferenceChecker::check_empty(const TypePtr& type, const core::Term& operand) {
  if (scalar_of(operand) != nullptr) return false;
  const auto* variable = std::get_if<core::Variable>(&operand.node);
  if (variable == nullptr) return true;
  const TypePtr have = inference_.variable(variable->id);
  if (have == nullptr) {
    inference_.set_variable(variable->id, anything());
    return true;
  }
  const TypePtr keys = keys_of(type);
  return keys == nullptr || fits(have, keys);
}

bool ReferenceChecker::check_operand(const TypePtr& type, const core::Term& operand) {
  if (is_empty_collection(type)) return check_empty(type, operand);
  const TypePtr keys = keys_of(type);
  if (keys == nullptr) return false;
  if (const Value* value = scalar_of(operand)) return type_at(type, *value) != nullptr;
  const auto* variable = std::get_if<core::Variable>(&operand.node);
  if (variable == nullptr) return inference_.unify(operand, keys);
  const TypePtr have = inference_.variable(variable->id);
  if (have != nullptr) return fits(have, keys);
  inference_.set_variable(variable->id, keys);
  return true;
}

void ReferenceChecker::report(const core::Reference& reference, std::size_t operand,
                              const TypePtr& type, Span span, Diagnostics& out) {
  if (out.are_full()) return;
  const core::Term& step = reference.operands[operand];
  const Value* value = scalar_of(step);
  const TypePtr keys = keys_of(type);
  std::string label;
  std::vector<std::string> candidates;
  known_keys(type, candidates);
  if (keys == nullptr) {
    label = "a " + check::text_of(type) + " has no elements";
  } else if (value != nullptr) {
    label = "no key " + rego_text(*value) + " in " + check::text_of(type);
  } else {
    label = check::text_of(inference_.type_of(step)) + " is no key of " + check::text_of(type);
  }
  std::optional<std::string> near;
  if (value != nullptr && value->is_string()) {
    near = suggestion(std::string(value->as_string()), candidates);
  }
  const bool has_place =
      step.span.end > step.span.begin && step.span.begin >= span.begin && step.span.end <= span.end;
  out.add({Code::kUndefinedReference,
           has_place ? step.span : span,
           "undefined ref: " + path_text(reference),
           label,
           {},
           near ? "did you mean `" + *near + "`?" : "",
           span.begin});
}

}  // namespace licet::lang::check
