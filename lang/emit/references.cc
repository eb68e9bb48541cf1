// References into the request, the data and the rules.
#include <algorithm>

#include "eval/number.h"
#include "lang/emit/documents.h"
#include "lang/emit/emitter.h"

namespace licet::lang::emit {
namespace {

const Value* scalar(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr || constant->value.is_composite() ? nullptr : &constant->value;
}

const plan::Node* child_of(const plan::Node& node, const Value& key) {
  return key.is_string() ? node.child(std::string(key.as_string())) : nullptr;
}

// The end of the run of constants that begins at operands[first].
std::size_t constant_run(const std::vector<core::Term>& operands, std::size_t first) {
  while (first < operands.size() && scalar(operands[first]) != nullptr) ++first;
  return first;
}

// Of the entries that a reference with a variable key comes to, one after the other.
const Value kRankOfLoaded = Value::integer(0);
const Value kRankOfRules = Value::integer(1);

// It is no part of the document of its package.
bool is_function_alone(const plan::Node& node) {
  return node.is_function() && node.children.empty();
}

// Whether what a node has at one key can be made without the rest.
bool has_parts(const plan::Node& node) {
  if (!node.children.empty()) return true;
  return !node.rules.empty() &&
         std::all_of(node.rules.begin(), node.rules.end(), [](const core::Rule* rule) {
           return !rule->keys.empty() &&
                  std::holds_alternative<core::Constant>(rule->keys.front().node);
         });
}

}  // namespace

Reg Emitter::input_reference(const std::vector<core::Term>& operands) {
  const std::size_t fixed = constant_run(operands, 0);
  std::vector<Value> path;
  for (std::size_t i = 0; i < fixed; ++i) path.push_back(*scalar(operands[i]));
  const Reg value = new_register();
  asm_.jump_if(Opcode::kLoadSlot, fail_, value, 0, 0, asm_.slot(path));
  return walk(value, operands, fixed);
}

Reg Emitter::walk(Reg value, const std::vector<core::Term>& operands, std::size_t first) {
  for (std::size_t i = first; i < operands.size(); ++i) {
    const core::Term& operand = operands[i];
    const Reg next = new_register();
    if (const Value* key = scalar(operand)) {
      asm_.jump_if(Opcode::kGetConstant, fail_, next, value, 0, asm_.constant(*key));
    } else if (is_ground(operand)) {
      const Reg key_reg = eval(operand);
      asm_.jump_if(Opcode::kGet, fail_, next, value, key_reg);
    } else {
      const Reg iterator = new_register(2);
      const Reg key_reg = new_register();
      asm_.jump_if(Opcode::kScan, fail_, iterator, value);
      const Label loop = asm_.new_label();
      asm_.bind(loop);
      asm_.jump_if(Opcode::kNext, fail_, iterator, key_reg, next);
      fail_ = loop;
      match(operand, key_reg);
    }
    value = next;
  }
  return value;
}

Reg Emitter::data_reference(const std::vector<core::Term>& operands) {
  std::vector<Value> path;
  return along(input_.tree.root(), operands, 0, path);
}

// Follows constants down the tree of rules; `path` is where `node` is.
Reg Emitter::along(const plan::Node& node, const std::vector<core::Term>& operands,
                   std::size_t first, std::vector<Value>& path) {
  if (node.defines_document()) {
    const Value* key =
        first < operands.size() && has_parts(node) ? scalar(operands[first]) : nullptr;
    return walk(node_value(node, key), operands, first);
  }
  if (first == operands.size()) return node_value(node, nullptr);
  const Value* key = scalar(operands[first]);
  if (key == nullptr) return expand(node, operands, first, path);
  if (const plan::Node* child = child_of(node, *key)) {
    path.push_back(*key);
    const Reg value = along(*child, operands, first + 1, path);
    path.pop_back();
    return value;
  }
  const std::size_t end = constant_run(operands, first);
  std::vector<Value> full = path;
  for (std::size_t i = first; i < end; ++i) full.push_back(*scalar(operands[i]));
  if (join_ && end < operands.size() && !is_ground(operands[end])) {
    const Reg found_key = new_register();
    const Reg found = new_register();
    if (begin_join(full, found_key, found)) {
      match(operands[end], found_key);
      return walk(found, operands, end + 1);
    }
  }
  return walk(loaded_data(full), operands, end);
}

// Keys of loaded objects are text: data.limits[2] reads the key "2".
std::vector<Value> Emitter::stored_path(std::vector<Value> path) {
  Value at = asm_.program().data;
  for (Value& key : path) {
    if (at.is_object() && key.is_number()) {
      key = Value::string(number_text(key), asm_.program().arena);
    }
    at = at.get(key);
  }
  return path;
}

Reg Emitter::loaded_data(const std::vector<Value>& given) {
  const std::vector<Value> path = stored_path(given);
  const Reg value = new_register();
  asm_.jump_if(Opcode::kLoadData, fail_, value, 0, 0, asm_.path(path));
  return value;
}

Reg Emitter::node_value(const plan::Node& node, const Value* first_key) {
  std::vector<Value> path;
  for (const std::string& element : node.path()) {
    path.push_back(Value::string(element, asm_.program().arena));
  }
  const Reg value = new_register();
  const Overlay overlay = documents_.overlay_of(path);
  const DocumentIndex document =
      documents_.document(node, overlay == Overlay::kNone ? first_key : nullptr);
  if (overlay == Overlay::kNone) {
    asm_.jump_if(Opcode::kCallDocument, fail_, value, 0, 0, document);
    return value;
  }
  const Label ask = asm_.new_label();
  const Label have = asm_.new_label();
  const Label undefined = asm_.new_label();
  asm_.jump_if(Opcode::kLoadOverlay, ask, value, 0, 0, asm_.path(path));
  asm_.jump(have);
  asm_.bind(ask);
  asm_.jump_if(Opcode::kCallDocument, undefined, value, 0, 0, document);
  const Label below = asm_.new_label();
  asm_.jump(below);
  asm_.bind(undefined);
  asm_.emit(Opcode::kClear, value);
  asm_.bind(below);
  asm_.emit(Opcode::kApplyOverlay, value, 0, 0, asm_.path(path));
  asm_.bind(have);
  asm_.jump_if(Opcode::kJumpUndefined, fail_, value);
  return value;
}

void Emitter::add_entry(Reg entries, Reg rank, Reg key, Reg value) {
  const Reg window = new_register(3);
  asm_.emit(Opcode::kMove, window, rank);
  asm_.emit(Opcode::kMove, static_cast<Reg>(window + 1), key);
  asm_.emit(Opcode::kMove, static_cast<Reg>(window + 2), value);
  const Reg entry = new_register();
  asm_.emit(Opcode::kMakeArray, entry, window, 3);
  asm_.emit(Opcode::kAppend, entries, entry);
}

// data.a[x].b where a has children: x is any child or any loaded key. Collects [rank, x, value of
// .b] for each, then iterates; only the rules that the reference can mean are evaluated. As in OPA
// the loaded keys come first, and with them the children of the same names.
Reg Emitter::expand(const plan::Node& node, const std::vector<core::Term>& operands, std::size_t at,
                    std::vector<Value>& path) {
  const std::size_t stop = constant_run(operands, at + 1);
  std::optional<Reg> key;
  if (is_ground(operands[at])) key = eval(operands[at]);
  const Reg entries = new_register();
  asm_.emit(Opcode::kStart, entries);
  const Label collected = asm_.new_label();
  if (documents_.overlay_of(path) != Overlay::kNone) {
    // What `with` puts in the place of the node, or of one above, has no rules.
    const Label ask = asm_.new_label();
    const Reg given = new_register();
    asm_.jump_if(Opcode::kLoadOverlay, ask, given, 0, 0, asm_.path(path));
    asm_.jump_if(Opcode::kJumpUndefined, fail_, given);
    expand_value(nullptr, given, operands, at, stop, key, entries);
    asm_.jump(collected);
    asm_.bind(ask);
  }
  for (const auto& [name, child] : node.children) {
    if (is_function_alone(*child)) continue;
    path.push_back(Value::string(name, asm_.program().arena));
    expand_child(*child, operands, at, stop, key, entries, path);
    path.pop_back();
  }
  expand_loaded(node, operands, at, stop, key, entries, path);
  asm_.bind(collected);
  const Reg all = new_register();
  asm_.emit(Opcode::kFinishSet, all, entries);
  const Reg iterator = new_register(2);
  const Reg entry = new_register();
  const Reg position = new_register();
  asm_.jump_if(Opcode::kScan, fail_, iterator, all);
  const Label loop = asm_.new_label();
  asm_.bind(loop);
  asm_.jump_if(Opcode::kNext, fail_, iterator, position, entry);
  fail_ = loop;
  const Reg found_key = new_register();
  const Reg value = new_register();
  asm_.jump_if(Opcode::kGetConstant, fail_, found_key, entry, 0, asm_.constant(Value::integer(1)));
  asm_.jump_if(Opcode::kGetConstant, fail_, value, entry, 0, asm_.constant(Value::integer(2)));
  match(operands[at], found_key);
  return walk(value, operands, stop);
}

void Emitter::expand_child(const plan::Node& child, const std::vector<core::Term>& operands,
                           std::size_t at, std::size_t stop, const std::optional<Reg>& key,
                           Reg entries, std::vector<Value>& path) {
  const Label skip = asm_.new_label();
  const Scope outer = enter();
  fail_ = skip;
  const Value name = path.back();
  if (key) asm_.jump_if(Opcode::kTestEqualConstant, skip, *key, 0, 0, asm_.constant(name));
  std::vector<core::Term> rest;
  for (std::size_t i = at + 1; i < stop; ++i) {
    rest.push_back({core::Constant{*scalar(operands[i])}, operands[i].span});
  }
  const Reg value = along(child, rest, 0, path);
  const Reg name_reg = new_register();
  load(name_reg, name);
  const Label ranked = asm_.new_label();
  const Reg rank = new_register();
  const Reg loaded = new_register();
  load(rank, kRankOfRules);
  asm_.jump_if(Opcode::kLoadData, ranked, loaded, 0, 0, asm_.path(path));
  load(rank, kRankOfLoaded);
  asm_.bind(ranked);
  add_entry(entries, rank, name_reg, value);
  asm_.bind(skip);
  leave(outer);
}

void Emitter::expand_loaded(const plan::Node& node, const std::vector<core::Term>& operands,
                            std::size_t at, std::size_t stop, const std::optional<Reg>& key,
                            Reg entries, const std::vector<Value>& path) {
  const Label end = asm_.new_label();
  const Scope outer = enter();
  fail_ = end;
  expand_value(&node, loaded_data(path), operands, at, stop, key, entries);
  asm_.bind(end);
  leave(outer);
}

// What is in a value; without the children of a node.
void Emitter::expand_value(const plan::Node* node, Reg value,
                           const std::vector<core::Term>& operands, std::size_t at,
                           std::size_t stop, const std::optional<Reg>& key, Reg entries) {
  const Label end = asm_.new_label();
  const Scope outer = enter();
  const Reg rank = new_register();
  load(rank, kRankOfLoaded);
  const Reg iterator = new_register(2);
  const Reg found_key = new_register();
  const Reg found = new_register();
  asm_.jump_if(Opcode::kScan, end, iterator, value);
  const Label loop = asm_.new_label();
  asm_.bind(loop);
  asm_.jump_if(Opcode::kNext, end, iterator, found_key, found);
  fail_ = loop;
  if (key) asm_.jump_if(Opcode::kTestEqual, loop, found_key, *key);
  if (node != nullptr) {
    for (const auto& [name, child] : node->children) {
      if (is_function_alone(*child)) continue;
      const Reg name_reg = new_register();
      load(name_reg, Value::string(name, asm_.program().arena));
      asm_.jump_if(Opcode::kTestNotEqual, loop, found_key, name_reg);
    }
  }
  Reg part = found;
  for (std::size_t i = at + 1; i < stop; ++i) {
    const Reg next = new_register();
    asm_.jump_if(Opcode::kGetConstant, loop, next, part, 0, asm_.constant(*scalar(operands[i])));
    part = next;
  }
  add_entry(entries, rank, found_key, part);
  asm_.jump(loop);
  asm_.bind(end);
  leave(outer);
}

}  // namespace licet::lang::emit
