#include "lang/check/rule_order.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lang/resolve/visit.h"

namespace licet::lang::check {

// A rule with its else-branches.
struct RuleOrder::Entry {
  const core::Rule* rule = nullptr;
  Node* node = nullptr;
  Keys keys;  // of the whole path
  UnitIndex first = 0;
  UnitIndex end = 0;
  std::vector<UnitIndex> needed_by;
};

// The rules whose paths are constant to here.
struct RuleOrder::Node {
  std::map<Value, std::unique_ptr<Node>> children;
  std::vector<Entry*> rules;
  bool has_keys = false;  // the path of one of them goes on
  std::vector<UnitIndex> needed_by;
  bool entered = false;  // and all of its rules
};

struct RuleOrder::Unit {
  RuleBranch branch;
  const Entry* entry = nullptr;
  std::vector<Node*> nodes;     // it needs all of their rules
  std::vector<Entry*> entries;  // and these
  bool entered = false;
};

struct RuleOrder::Reached {
  std::vector<Node*> nodes;
  std::vector<Entry*> entries;

  // Those rules of a node whose further keys can be those of a reference.
  void add_rules(Node& node, const Keys& keys, std::size_t next) {
    if (node.rules.empty()) return;
    if (!node.has_keys) {
      nodes.push_back(&node);
      return;
    }
    const auto may_meet = [&](const Entry& entry) {
      for (std::size_t i = next; i < keys.size() && i < entry.keys.size(); ++i) {
        const bool known = !keys[i].is_undefined() && !entry.keys[i].is_undefined();
        if (known && !(keys[i] == entry.keys[i])) return false;
      }
      return true;
    };
    for (Entry* entry : node.rules) {
      if (may_meet(*entry)) entries.push_back(entry);
    }
  }
  void add_below(Node& node) {
    if (!node.rules.empty()) nodes.push_back(&node);
    for (const auto& [key, child] : node.children) add_below(*child);
  }
  void add(Node& node, const Keys& keys, std::size_t next) {
    if (next == keys.size()) return add_below(node);
    if (keys[next].is_undefined()) {
      for (const auto& [key, child] : node.children) {
        add_rules(*child, keys, next + 1);
        add(*child, keys, next + 1);
      }
      return;
    }
    const auto child = node.children.find(keys[next]);
    if (child == node.children.end()) return;
    add_rules(*child->second, keys, next + 1);
    add(*child->second, keys, next + 1);
  }
};

namespace {

std::vector<Value> names_of(const core::Path& path, Arena& arena) {
  std::vector<Value> names;
  for (const std::string& name : path) names.push_back(Value::string(name, arena));
  return names;
}

const Value* scalar_of(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr || constant->value.is_composite() ? nullptr : &constant->value;
}

}  // namespace

std::vector<Value> constant_path(const core::Rule& rule, Arena& arena) {
  std::vector<Value> path = names_of(rule.path, arena);
  for (const core::Term& key : rule.keys) {
    const Value* value = scalar_of(key);
    if (value == nullptr) break;
    path.push_back(*value);
  }
  return path;
}

RuleOrder::RuleOrder(const core::Policy& policy, const SourceSet& sources)
    : root_(std::make_unique<Node>()) {
  add_all(policy, sources);
  const auto count = static_cast<UnitIndex>(units_.size());
  for (UnitIndex i = 0; i < count; ++i) find_needs(i);
  for (UnitIndex i = 0; i < count; ++i) enter(i);
}

RuleOrder::~RuleOrder() = default;

// What a policy means does not depend on the order in which its files are given.
void RuleOrder::add_all(const core::Policy& policy, const SourceSet& sources) {
  std::vector<const core::Rule*> rules;
  for (const core::Rule& rule : policy.rules) rules.push_back(&rule);
  const auto file = [&](const core::Rule* rule) -> const std::string& {
    return sources[rule->span.source].name();
  };
  std::stable_sort(rules.begin(), rules.end(), [&](const core::Rule* a, const core::Rule* b) {
    return a->span.source != b->span.source && file(a) < file(b);
  });
  for (const core::Rule* rule : rules) add(*rule);
}

void RuleOrder::add(const core::Rule& rule) {
  auto entry = std::make_unique<Entry>();
  entry->rule = &rule;
  entry->keys = constant_path(rule, arena_);
  Node* node = root_.get();
  for (const Value& key : entry->keys) {
    auto& child = node->children[key];
    if (!child) child = std::make_unique<Node>();
    node = child.get();
  }
  for (std::size_t i = entry->keys.size() - rule.path.size(); i < rule.keys.size(); ++i) {
    const Value* value = scalar_of(rule.keys[i]);
    entry->keys.push_back(value == nullptr ? Value::undefined() : *value);
    node->has_keys = true;
  }
  entry->node = node;
  node->rules.push_back(entry.get());
  entry->first = static_cast<UnitIndex>(units_.size());
  for (const core::Rule* branch = &rule; branch != nullptr; branch = branch->else_rule.get()) {
    units_.push_back({{&rule, branch}, entry.get(), {}, {}, false});
  }
  entry->end = static_cast<UnitIndex>(units_.size());
  entries_.push_back(std::move(entry));
}

void RuleOrder::find_needs(UnitIndex unit) {
  Reached reached;
  const auto called = [&](const core::Callee& callee) {
    const auto* rule = std::get_if<core::RuleCallee>(&callee);
    if (rule != nullptr) reached.add(*root_, names_of(rule->path, arena_), 0);
  };
  core::Visitor visitor;
  visitor.reference = [&](const core::Reference& reference, Span) {
    if (reference.root != core::Root::kData) return;
    Keys keys;
    for (const core::Term& operand : reference.operands) {
      const auto* constant = std::get_if<core::Constant>(&operand.node);
      keys.push_back(constant == nullptr ? Value::undefined() : constant->value);
    }
    reached.add(*root_, keys, 0);
  };
  visitor.call = [&](const core::Call& call, const core::Literal&) { called(call.callee); };
  visitor.enter = [&](const core::Literal& literal) {
    for (const core::With& with : literal.with) {
      if (with.target == core::WithTarget::kData) reached.add(*root_, with.path, 0);
      if (with.function) called(*with.function);
      if (with.replacement) called(*with.replacement);
    }
  };
  core::visit_branch(*units_[unit].branch.branch, visitor);
  const auto unique = [](auto& all) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  };
  unique(reached.nodes);
  unique(reached.entries);
  for (Node* node : reached.nodes) node->needed_by.push_back(unit);
  for (Entry* entry : reached.entries) entry->needed_by.push_back(unit);
  units_[unit].nodes = std::move(reached.nodes);
  units_[unit].entries = std::move(reached.entries);
}

// What a unit needs and was not entered yet, in the order of the policy.
std::vector<RuleOrder::UnitIndex> RuleOrder::open_needs(UnitIndex unit) {
  std::vector<UnitIndex> open;
  const auto add = [&](const Entry& entry) {
    for (UnitIndex i = entry.first; i < entry.end; ++i) {
      if (!units_[i].entered) open.push_back(i);
    }
  };
  for (Node* node : units_[unit].nodes) {
    // Many rules may need the same many: when all are entered, nobody looks again.
    if (node->entered) continue;
    const std::size_t before = open.size();
    for (const Entry* entry : node->rules) add(*entry);
    node->entered = open.size() == before;
  }
  for (const Entry* entry : units_[unit].entries) add(*entry);
  std::sort(open.begin(), open.end());
  open.erase(std::unique(open.begin(), open.end()), open.end());
  return open;
}

// Depth first with a stack of its own: chains of rules may be long.
void RuleOrder::enter(UnitIndex start) {
  struct Visit {
    UnitIndex unit;
    std::vector<UnitIndex> needs;
    std::size_t next = 0;
  };
  if (std::exchange(units_[start].entered, true)) return;
  std::vector<Visit> stack{{start, open_needs(start)}};
  while (!stack.empty()) {
    Visit& top = stack.back();
    if (top.next < top.needs.size()) {
      const UnitIndex need = top.needs[top.next++];
      if (std::exchange(units_[need].entered, true)) continue;
      stack.push_back({need, open_needs(need)});
      continue;
    }
    ordered_.push_back(units_[top.unit].branch);
    stack.pop_back();
  }
}

std::vector<const core::Rule*> RuleOrder::dependents(const std::vector<Value>& path) const {
  Reached reached;
  reached.add(*root_, path, 0);
  std::vector<const Entry*> todo(reached.entries.begin(), reached.entries.end());
  for (const Node* node : reached.nodes) {
    todo.insert(todo.end(), node->rules.begin(), node->rules.end());
  }
  std::set<const void*> seen;
  std::vector<const core::Rule*> rules;
  const auto add_all = [&](const std::vector<UnitIndex>& units) {
    for (const UnitIndex unit : units) todo.push_back(units_[unit].entry);
  };
  for (std::size_t i = 0; i < todo.size(); ++i) {
    const Entry& entry = *todo[i];
    if (!seen.insert(&entry).second) continue;
    rules.push_back(entry.rule);
    add_all(entry.needed_by);
    if (seen.insert(entry.node).second) add_all(entry.node->needed_by);
  }
  return rules;
}

}  // namespace licet::lang::check
