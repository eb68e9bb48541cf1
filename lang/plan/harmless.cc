#include "lang/plan/harmless.h"

#include <algorithm>

namespace licet::lang::plan {
namespace {

// Deeper chains of rules are taken for harmful: this walk uses the C++ stack.
constexpr int kMaxDepth = 32;

}  // namespace

bool is_total(BuiltinId id) {
  static const std::vector<bool> total = [] {
    std::vector<bool> made(all_builtins().size());
    for (const char* name : {"equal", "neq", "lt", "lte", "gt", "gte", "is_array", "is_boolean",
                             "is_null", "is_number", "is_object", "is_set", "is_string",
                             "type_name", "internal.member_2", "internal.member_3"}) {
      if (const BuiltinInfo* info = find_builtin(name)) {
        made[static_cast<std::size_t>(info->id)] = true;
      }
    }
    return made;
  }();
  return total[static_cast<std::size_t>(id)];
}

const Value* common_constant(const std::vector<const core::Rule*>& rules) {
  const Value* common = nullptr;
  for (const core::Rule* rule : rules) {
    if (rule->is_default) continue;
    for (const core::Rule* branch = rule; branch != nullptr; branch = branch->else_rule.get()) {
      const auto* constant = std::get_if<core::Constant>(&branch->value.node);
      if (constant == nullptr || (common != nullptr && !(constant->value == *common))) {
        return nullptr;
      }
      common = &constant->value;
    }
  }
  return common;
}

struct Harmless::TermVisitor {
  Harmless& harmless;
  bool operator()(const core::Constant&) const { return true; }
  bool operator()(const core::Variable&) const { return true; }
  bool operator()(const core::Reference& r) const {
    if (r.base && !harmless(*r.base)) return false;
    if (!harmless.all(r.operands)) return false;
    if (r.root != core::Root::kData) return true;
    bool fine = true;
    for_each_read(harmless.tree_, r, [&](const Node& node) { fine = fine && harmless(node); });
    return fine;
  }
  bool operator()(const core::Array& a) const { return harmless.all(a.elements); }
  bool operator()(const core::Set& s) const { return harmless.all(s.elements); }
  bool operator()(const core::Object& o) const {
    return std::all_of(o.entries.begin(), o.entries.end(), [this](const auto& entry) {
      return harmless(entry.key) && harmless(entry.value);
    });
  }
  bool operator()(const core::Comprehension& c) const {
    // An object may get two values for one key.
    return c.kind != ast::ComprehensionKind::kObject && harmless(c.body) && harmless(*c.head);
  }
};

struct Harmless::LiteralVisitor {
  Harmless& harmless;
  bool operator()(const core::Test& t) const { return harmless(t.term); }
  bool operator()(const core::Unify& u) const { return harmless(u.left) && harmless(u.right); }
  bool operator()(const core::Call& c) const { return harmless.call(c); }
  bool operator()(const core::SomeIn& s) const {
    return (!s.key || harmless(*s.key)) && harmless(s.value) && harmless(s.collection);
  }
  bool operator()(const core::Every& e) const { return harmless(e.domain) && harmless(e.body); }
  bool operator()(const core::Not& n) const { return harmless(n.body); }
  bool operator()(const core::Logic& l) const { return harmless(l.left) && harmless(l.right); }
};

bool Harmless::all(const std::vector<core::Term>& terms) {
  return std::all_of(terms.begin(), terms.end(),
                     [this](const core::Term& t) { return (*this)(t); });
}

bool Harmless::operator()(const core::Term& term) {
  return std::visit(TermVisitor{*this}, term.node);
}

bool Harmless::operator()(const core::Literal& literal) {
  return literal.with.empty() && std::visit(LiteralVisitor{*this}, literal.node);
}

bool Harmless::operator()(const core::Body& body) {
  return std::all_of(body.begin(), body.end(),
                     [this](const core::Literal& l) { return (*this)(l); });
}

bool Harmless::call(const core::Call& call) {
  if (replaced_.callee(call.callee) || !all(call.arguments)) return false;
  if (call.result && !(*this)(*call.result)) return false;
  if (const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee)) {
    return is_total(builtin->id);
  }
  const auto* rule = std::get_if<core::RuleCallee>(&call.callee);
  const Node* node = rule == nullptr ? nullptr : tree_.find(rule->path);
  return node != nullptr && (*this)(*node);
}

bool Harmless::operator()(const Node& node) {
  const auto known = nodes_.find(&node);
  if (known != nodes_.end()) return known->second;
  if (depth_ >= kMaxDepth) return false;
  ++depth_;
  const bool answer = rules(node);
  --depth_;
  nodes_[&node] = answer;
  return answer;
}

bool Harmless::rules(const Node& node) {
  if (node.provided != Provided::kNothing || node.rules.empty()) return false;
  const bool is_set =
      node.is_partial() && std::all_of(node.rules.begin(), node.rules.end(),
                                       [](const core::Rule* rule) { return rule->keys.empty(); });
  // Two bodies may give two values.
  if (!is_set && (node.is_partial() || common_constant(node.rules) == nullptr)) return false;
  for (const core::Rule* rule : node.rules) {
    for (const core::Rule* branch = rule; branch != nullptr; branch = branch->else_rule.get()) {
      if (!(*this)(branch->body) || !(*this)(branch->value)) return false;
    }
    if (rule->parameters && !all(*rule->parameters)) return false;
  }
  return true;
}

}  // namespace licet::lang::plan
