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

// The first operand that no package below the node takes.
std::size_t reach_of(const plan::Node& node, const std::vector<core::Term>& operands,
                     std::size_t at) {
  if (node.defines_document() || at == operands.size() || node.children.empty()) return at;
  if (const Value* key = scalar(operands[at])) {
    const plan::Node* child = child_of(node, *key);
    return child == nullptr ? at : reach_of(*child, operands, at + 1);
  }
  if (!std::holds_alternative<core::Variable>(operands[at].node)) return at;
  std::size_t reach = at + 1;
  for (const auto& [name, child] : node.children) {
    reach = std::max(reach, reach_of(*child, operands, at + 1));
  }
  return reach;
}

// Of a constant or a variable.
core::Term copy_of(const core::Term& operand) {
  if (const auto* variable = std::get_if<core::Variable>(&operand.node)) {
    return {core::Variable{variable->id}, operand.span};
  }
  return {core::Constant{std::get<core::Constant>(operand.node).value}, operand.span};
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

std::vector<Value> Emitter::path_of(const plan::Node& node) {
  std::vector<Value> path;
  for (const std::string& element : node.path()) {
    path.push_back(Value::string(element, asm_.program().arena));
  }
  return path;
}

Reg Emitter::node_value(const plan::Node& node, const Value* first_key) {
  if (is_function_alone(node)) return nothing();
  const Reg value = new_register();
  const DocumentIndex document = documents_.document(node, first_key);
  if (documents_.overlay_of(node) == Overlay::kNone) {
    asm_.jump_if(Opcode::kCallDocument, fail_, value, 0, 0, document);
    return value;
  }
  const std::vector<Value> path = path_of(node);
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

// A value that is not there.
Reg Emitter::nothing() {
  const Reg value = new_register();
  asm_.emit(Opcode::kClear, value);
  asm_.jump_if(Opcode::kJumpUndefined, fail_, value);
  return value;
}

void Emitter::add_entry(Reg entries, std::optional<Reg> rank, Reg key, Reg value) {
  const auto ranks = static_cast<Reg>(rank ? 1 : 0);
  const auto size = static_cast<Reg>(ranks + 2);
  const Reg window = new_register(size);
  if (rank) asm_.emit(Opcode::kMove, window, *rank);
  asm_.emit(Opcode::kMove, static_cast<Reg>(window + ranks), key);
  asm_.emit(Opcode::kMove, static_cast<Reg>(window + ranks + 1), value);
  const Reg entry = new_register();
  asm_.emit(Opcode::kMakeArray, entry, window, size);
  asm_.emit(Opcode::kAppend, entries, entry);
}

// data.a[x].b where a has children: x is any child or any loaded key. Collects [x, value of .b] or
// [rank, x, value of .b] for each, then iterates; only the rules that the reference can mean are
// evaluated. As in OPA the loaded keys come first, and with them the children of the same names:
// where there are some of both, the ranks sort them. Of data.a[x][y], where y is a child, too, the
// value is a list of [y, value].
Reg Emitter::expand(const plan::Node& node, const std::vector<core::Term>& operands, std::size_t at,
                    std::vector<Value>& path) {
  const Expansion all{operands,
                      at,
                      stop_of(node, operands, at),
                      new_register(),
                      is_ground(operands[at]) ? std::optional(eval(operands[at])) : std::nullopt,
                      order_of(node)};
  asm_.emit(Opcode::kStart, all.entries);
  const Label collected = asm_.new_label();
  if (documents_.overlay_of(path) != Overlay::kNone) {
    // What `with` puts in the place of the node, or of one above, has no rules.
    const Label ask = asm_.new_label();
    const Reg given = new_register();
    asm_.jump_if(Opcode::kLoadOverlay, ask, given, 0, 0, asm_.path(path));
    asm_.jump_if(Opcode::kJumpUndefined, fail_, given);
    expand_value(nullptr, given, all);
    asm_.jump(collected);
    asm_.bind(ask);
  }
  if (all.order == Order::kLoadedFirst) expand_loaded(node, all, path);
  for (const auto& [name, child] : node.children) {
    if (is_function_alone(*child)) continue;
    path.push_back(Value::string(name, asm_.program().arena));
    expand_child(*child, all, path);
    path.pop_back();
  }
  if (all.order == Order::kByRank) expand_loaded(node, all, path);
  asm_.bind(collected);
  const Reg found = new_register();
  asm_.emit(all.order == Order::kByRank ? Opcode::kFinishSet : Opcode::kFinishArray, found,
            all.entries);
  const Reg entry = next_of(found);
  const std::size_t ranks = all.order == Order::kByRank ? 1 : 0;
  match(operands[at], part_of(entry, ranks));
  Reg value = part_of(entry, ranks + 1);
  if (const std::vector<std::size_t> more = variable_operands(all); !more.empty()) {
    const Reg below = next_of(value);
    for (std::size_t i = 0; i < more.size(); ++i) match(operands[more[i]], part_of(below, i));
    value = part_of(below, more.size());
  }
  return walk(value, operands, all.stop);
}

// Children have the order of their names; so has what is loaded. Only where rules and data have the
// same key, or a `with` may bring one, it takes ranks to tell which comes when.
Emitter::Order Emitter::order_of(const plan::Node& node) {
  const Value& loaded = documents_.loaded_at(node);
  if (documents_.overlay_of(node) != Overlay::kNone) return Order::kByRank;
  if (!loaded.is_composite()) return Order::kOfRules;
  const bool shares_a_key =
      std::any_of(node.children.begin(), node.children.end(), [&](const auto& child) {
        return loaded.get(Value::string(child.first, asm_.program().arena)).is_defined();
      });
  return shares_a_key ? Order::kByRank : Order::kLoadedFirst;
}

// The operands after `at` that are looked at with it: constants, and variables as long as packages
// are below.
std::size_t Emitter::stop_of(const plan::Node& node, const std::vector<core::Term>& operands,
                             std::size_t at) {
  std::size_t stop = at + 1;
  for (const auto& [name, child] : node.children) {
    stop = std::max(stop, reach_of(*child, operands, at + 1));
  }
  return constant_run(operands, stop);
}

std::vector<std::size_t> Emitter::variable_operands(const Expansion& all) {
  std::vector<std::size_t> found;
  for (std::size_t i = all.at + 1; i < all.stop; ++i) {
    if (scalar(all.operands[i]) == nullptr) found.push_back(i);
  }
  return found;
}

// The next element of a collection, over which what follows is repeated.
Reg Emitter::next_of(Reg collection) {
  const Reg iterator = new_register(2);
  const Reg element = new_register();
  const Reg position = new_register();
  asm_.jump_if(Opcode::kScan, fail_, iterator, collection);
  const Label loop = asm_.new_label();
  asm_.bind(loop);
  asm_.jump_if(Opcode::kNext, fail_, iterator, position, element);
  fail_ = loop;
  return element;
}

Reg Emitter::part_of(Reg array, std::size_t index) {
  const Reg part = new_register();
  const Value position = Value::integer(static_cast<std::int64_t>(index));
  asm_.jump_if(Opcode::kGetConstant, fail_, part, array, 0, asm_.constant(position));
  return part;
}

// The value at the operands that are looked at with the first one, or the list of those.
template <class Follow>
Reg Emitter::value_below(const Expansion& all, const Follow& follow) {
  std::vector<core::Term> rest;
  for (std::size_t i = all.at + 1; i < all.stop; ++i) rest.push_back(copy_of(all.operands[i]));
  const std::vector<std::size_t> more = variable_operands(all);
  if (more.empty()) return follow(rest);
  const Reg found = new_register();
  asm_.emit(Opcode::kStart, found);
  const Label done = asm_.new_label();
  const Scope outer = enter();
  fail_ = done;
  const Reg value = follow(rest);
  const Reg window = new_register(more.size() + 1);
  for (std::size_t i = 0; i < more.size(); ++i) {
    asm_.emit(Opcode::kMove, static_cast<Reg>(window + i), eval(all.operands[more[i]]));
  }
  asm_.emit(Opcode::kMove, static_cast<Reg>(window + more.size()), value);
  const Reg one = new_register();
  asm_.emit(Opcode::kMakeArray, one, window, static_cast<Reg>(more.size() + 1));
  asm_.emit(Opcode::kAppend, found, one);
  asm_.jump(fail_);
  asm_.bind(done);
  leave(outer);
  const Reg list = new_register();
  asm_.emit(Opcode::kFinishArray, list, found);
  return list;
}

void Emitter::expand_child(const plan::Node& child, const Expansion& all,
                           std::vector<Value>& path) {
  const Label skip = asm_.new_label();
  const Scope outer = enter();
  fail_ = skip;
  const Value name = path.back();
  if (all.key) asm_.jump_if(Opcode::kTestEqualConstant, skip, *all.key, 0, 0, asm_.constant(name));
  const Reg name_reg = new_register();
  load(name_reg, name);
  match(all.operands[all.at], name_reg);
  const Reg value = value_below(
      all, [&](const std::vector<core::Term>& rest) { return along(child, rest, 0, path); });
  std::optional<Reg> rank;
  if (all.order == Order::kByRank) {
    const Label ranked = asm_.new_label();
    const Reg loaded = new_register();
    rank = new_register();
    load(*rank, kRankOfRules);
    asm_.jump_if(Opcode::kLoadData, ranked, loaded, 0, 0, asm_.path(path));
    load(*rank, kRankOfLoaded);
    asm_.bind(ranked);
  }
  add_entry(all.entries, rank, name_reg, value);
  asm_.bind(skip);
  leave(outer);
}

void Emitter::expand_loaded(const plan::Node& node, const Expansion& all,
                            const std::vector<Value>& path) {
  const Label end = asm_.new_label();
  const Scope outer = enter();
  fail_ = end;
  expand_value(&node, loaded_data(path), all);
  asm_.bind(end);
  leave(outer);
}

// What is in a value; without the children of a node.
void Emitter::expand_value(const plan::Node* node, Reg value, const Expansion& all) {
  const Label end = asm_.new_label();
  const Scope outer = enter();
  std::optional<Reg> rank;
  if (all.order == Order::kByRank) load(*(rank = new_register()), kRankOfLoaded);
  const Reg iterator = new_register(2);
  const Reg found_key = new_register();
  const Reg found = new_register();
  asm_.jump_if(Opcode::kScan, end, iterator, value);
  const Label loop = asm_.new_label();
  asm_.bind(loop);
  asm_.jump_if(Opcode::kNext, end, iterator, found_key, found);
  fail_ = loop;
  if (all.key) asm_.jump_if(Opcode::kTestEqual, loop, found_key, *all.key);
  if (node != nullptr) {
    for (const auto& [name, child] : node->children) {
      if (is_function_alone(*child)) continue;
      const Reg name_reg = new_register();
      load(name_reg, Value::string(name, asm_.program().arena));
      asm_.jump_if(Opcode::kTestNotEqual, loop, found_key, name_reg);
    }
  }
  match(all.operands[all.at], found_key);
  const Reg part =
      value_below(all, [&](const std::vector<core::Term>& rest) { return walk(found, rest, 0); });
  add_entry(all.entries, rank, found_key, part);
  asm_.jump(loop);
  asm_.bind(end);
  leave(outer);
}

}  // namespace licet::lang::emit
