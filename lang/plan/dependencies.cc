#include "lang/plan/dependencies.h"

#include <algorithm>

#include "lang/resolve/globals.h"
#include "lang/resolve/visit.h"

namespace licet::lang::plan {
namespace {

constexpr int kOpen = 1;
constexpr int kDone = 2;

InputPath constant_part(const std::vector<core::Term>& operands) {
  InputPath path;
  for (const core::Term& operand : operands) {
    const auto* constant = std::get_if<core::Constant>(&operand.node);
    if (constant == nullptr || constant->value.is_composite()) break;
    path.push_back(constant->value);
  }
  return path;
}

// Whether one of `replaced` gives the path, or something below it.
bool is_replaced(const InputPath& path, const ReadSet& replaced) {
  return std::any_of(replaced.begin(), replaced.end(), [&](const InputPath& other) {
    const std::size_t common = std::min(path.size(), other.size());
    return std::equal(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(common),
                      other.begin());
  });
}

void add_unless_replaced(const ReadSet& paths, const ReadSet& replaced, ReadSet& to) {
  for (const InputPath& path : paths) {
    if (!is_replaced(path, replaced)) to.insert(path);
  }
}

// Whether a node's value can hold more because something is missing: a default, an else, or a set
// or object whose elements others may count.
bool collects(const Node& node) {
  return node.is_partial() || node.provided != Provided::kNothing ||
         std::any_of(node.rules.begin(), node.rules.end(), [](const core::Rule* rule) {
           return rule->is_default || rule->else_rule != nullptr;
         });
}

}  // namespace

bool InputPathLess::operator()(const InputPath& a, const InputPath& b) const {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

// Gathers what a piece of the core reads directly. A path that an enclosing `with` replaces is not
// read from the request.
class Dependencies::Collector {
 public:
  Collector(const RuleTree& tree, Needs& needs) : tree_(tree), needs_(needs) {
    visitor_.reference = [this](const core::Reference& r, Span) { reference(r); };
    visitor_.call = [this](const core::Call& c, const core::Literal&) { callee(c.callee); };
    visitor_.enter = [this](const core::Literal& l) { enter(l); };
    visitor_.leave = [this](const core::Literal& l) { leave(l); };
    visitor_.enter_comprehension = [this](const core::Comprehension&) { enter_doubt(); };
    visitor_.leave_comprehension = [this](const core::Comprehension&) { --doubt_; };
  }
  const core::Visitor& visitor() const { return visitor_; }

 private:
  static bool is_doubtful(const core::Literal& literal) {
    return std::holds_alternative<core::Not>(literal.node) ||
           std::holds_alternative<core::Every>(literal.node);
  }
  void enter_doubt() {
    ++doubt_;
    needs_.doubtful = true;
  }
  void need(const Node& node) {
    needs_.nodes.push_back(&node);
    needs_.uses.insert({&node, ReadSet(replaced_.begin(), replaced_.end()), doubt_ > 0});
  }
  void reference(const core::Reference& r) {
    if (r.root == core::Root::kData) {
      for_each_read(tree_, r, [this](const Node& node) { need(node); });
    } else if (r.root == core::Root::kInput) {
      InputPath path = constant_part(r.operands);
      if (is_replaced(path, ReadSet(replaced_.begin(), replaced_.end()))) return;
      if (doubt_ > 0) needs_.doubtful_paths.insert(path);
      needs_.paths.insert(std::move(path));
    }
  }
  // What is replaced is not read, but a rule that replaces itself depends on itself, as in OPA.
  void replaces(const std::vector<Value>& path) {
    for_each_read(tree_, path, [this](const Node& node) { needs_.nodes.push_back(&node); });
  }
  void replaces(const core::Callee& function) {
    const auto* rule = std::get_if<core::RuleCallee>(&function);
    const Node* node = rule == nullptr ? nullptr : tree_.find(rule->path);
    if (node != nullptr) needs_.nodes.push_back(node);
  }
  void callee(const core::Callee& callee) {
    const auto* rule = std::get_if<core::RuleCallee>(&callee);
    if (rule == nullptr) return;
    if (const Node* node = tree_.find(rule->path)) need(*node);
  }
  void enter(const core::Literal& literal) {
    if (is_doubtful(literal)) enter_doubt();
    for (const core::With& with : literal.with) {
      if (with.target == core::WithTarget::kInput) replaced_.push_back(with.path);
      if (with.target == core::WithTarget::kData) replaces(with.path);
      if (with.function) replaces(*with.function);
      if (with.replacement) callee(*with.replacement);
    }
  }
  void leave(const core::Literal& literal) {
    if (is_doubtful(literal)) --doubt_;
    for (const core::With& with : literal.with) {
      if (with.target == core::WithTarget::kInput) replaced_.pop_back();
    }
  }

  const RuleTree& tree_;
  Needs& needs_;
  core::Visitor visitor_;
  std::vector<InputPath> replaced_;
  int doubt_ = 0;
};

Dependencies::Dependencies(const RuleTree& tree, const std::vector<lower::DecisionGroup>& decisions,
                           Diagnostics& diagnostics)
    : tree_(tree), decisions_(decisions) {
  std::vector<const Node*> all{&tree.root()};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const auto& [name, child] : all[i]->children) all.push_back(child.get());
  }
  for (const Node* node : all) {
    if (!node->rules.empty() || node->provided != Provided::kNothing) search(*node, diagnostics);
  }
  find_nodes_of_forbids();
}

void Dependencies::find_nodes_of_forbids() {
  Needs needs;
  Collector collector(tree_, needs);
  for (const lower::DecisionGroup& group : decisions_) {
    if (group.verdict != core::Verdict::kForbid) continue;
    for (const core::DecisionBody* body : group.bodies) core::visit(*body, collector.visitor());
  }
  std::vector<const Node*> todo = std::move(needs.nodes);
  while (!todo.empty()) {
    const Node* node = todo.back();
    todo.pop_back();
    if (!of_forbids_.insert(node).second) continue;
    const auto found = needs_.find(node);
    if (found == needs_.end()) continue;
    todo.insert(todo.end(), found->second.nodes.begin(), found->second.nodes.end());
  }
}

Dependencies::Needs Dependencies::needs_of(const Node& node) const {
  Needs needs;
  Collector collector(tree_, needs);
  for (const core::Rule* rule : node.rules) core::visit(*rule, collector.visitor());
  if (node.provided == Provided::kDecision) {
    for (const lower::DecisionGroup& group : decisions_) {
      for (const core::DecisionBody* body : group.bodies) core::visit(*body, collector.visitor());
    }
  }
  for (const lower::DecisionGroup* group : node.decisions) {
    for (const core::DecisionBody* body : group->bodies) core::visit(*body, collector.visitor());
  }
  std::sort(needs.nodes.begin(), needs.nodes.end());
  needs.nodes.erase(std::unique(needs.nodes.begin(), needs.nodes.end()), needs.nodes.end());
  return needs;
}

const Dependencies::Needs& Dependencies::add(const Node& node) {
  state_[&node] = kOpen;
  return needs_[&node] = needs_of(node);
}

// Depth first, with a stack of our own: chains of rules may be long.
void Dependencies::search(const Node& start, Diagnostics& diagnostics) {
  struct Visit {
    const Node* node;
    std::size_t next;
  };
  if (state_[&start] != 0) return;
  std::vector<Visit> stack{{&start, 0}};
  add(start);
  while (!stack.empty()) {
    Visit& top = stack.back();
    const std::vector<const Node*>& nodes = needs_[top.node].nodes;
    if (top.next == nodes.size()) {
      state_[top.node] = kDone;
      stack.pop_back();
      continue;
    }
    const Node* node = nodes[top.next++];
    const int state = state_[node];
    if (state == 0) {
      add(*node);
      stack.push_back({node, 0});
    } else if (state == kOpen) {
      std::vector<const Node*> cycle;
      for (const Visit& visit : stack) {
        if (!cycle.empty() || visit.node == node) cycle.push_back(visit.node);
      }
      report(cycle, diagnostics);
    }
  }
}

// The first of a node's rules, or of their else-branches, that needs one of a circle; as OPA takes
// branches one by one, that is where it tells of the circle.
Span Dependencies::place_of(const Node& node, const std::vector<const Node*>& cycle) const {
  for (const core::Rule* rule : node.rules) {
    for (const core::Rule* branch = rule; branch != nullptr; branch = branch->else_rule.get()) {
      Needs needs;
      core::visit_branch(*branch, Collector(tree_, needs).visitor());
      const bool needs_one = std::any_of(cycle.begin(), cycle.end(), [&](const Node* other) {
        return std::find(needs.nodes.begin(), needs.nodes.end(), other) != needs.nodes.end();
      });
      if (needs_one) return branch->span;
    }
  }
  return node.rules.front()->span;
}

void Dependencies::report(const std::vector<const Node*>& cycle, Diagnostics& diagnostics) const {
  constexpr std::size_t kShown = 8;  // rules of one circle that are told, and told of
  const auto text_from = [&](std::size_t first) {
    std::string text;
    for (std::size_t i = 0; i < cycle.size() && i < kShown; ++i) {
      text += resolve::path_text(cycle[(first + i) % cycle.size()]->path()) + " -> ";
    }
    if (cycle.size() > kShown) text += "... -> ";
    return text + resolve::path_text(cycle[first]->path());
  };
  for (std::size_t i = 0; i < cycle.size() && i < kShown; ++i) {
    const Node& node = *cycle[i];
    if (node.rules.empty() && node.decisions.empty()) continue;
    const Span span = node.rules.empty() ? node.decisions.front()->bodies.front()->name_span
                                         : place_of(node, cycle);
    diagnostics.add({Code::kRecursion,
                     span,
                     "rule " + resolve::path_text(node.path()) + " is recursive: " + text_from(i),
                     "depends on itself",
                     {},
                     {}});
  }
}

void Dependencies::for_each_use(const Needs& needs,
                                const std::function<void(const Use&, const Needs&)>& visit) const {
  // Above, paths count as read although some `with` gives them: a forbid is unknown then.
  constexpr std::size_t kMostUses = 20'000;
  std::vector<Use> todo(needs.uses.begin(), needs.uses.end());
  std::set<Use> seen(todo.begin(), todo.end());
  while (!todo.empty()) {
    Use use = std::move(todo.back());
    todo.pop_back();
    use.doubtful = use.doubtful || collects(*use.node);
    const auto found = needs_.find(use.node);
    if (found == needs_.end()) continue;
    visit(use, found->second);
    for (Use next : found->second.uses) {
      next.replaced.insert(use.replaced.begin(), use.replaced.end());
      if (seen.size() > kMostUses) next.replaced.clear();
      next.doubtful = next.doubtful || use.doubtful;
      if (seen.insert(next).second) todo.push_back(std::move(next));
    }
  }
}

ReadSet Dependencies::closure(const Needs& needs) const {
  ReadSet paths = needs.paths;
  for_each_use(needs, [&](const Use& use, const Needs& its) {
    add_unless_replaced(its.paths, use.replaced, paths);
  });
  return paths;
}

ReadSet Dependencies::reads(const core::Literal& literal) const {
  Needs needs;
  core::visit(literal, Collector(tree_, needs).visitor());
  return closure(needs);
}

ReadSet Dependencies::reads(const core::Term& term) const {
  Needs needs;
  core::visit(term, Collector(tree_, needs).visitor());
  return closure(needs);
}

std::optional<ReadSet> Dependencies::doubtful_reads(const core::Literal& literal) const {
  Needs needs;
  core::visit(literal, Collector(tree_, needs).visitor());
  return doubtful_closure(needs);
}

std::optional<ReadSet> Dependencies::doubtful_reads(const core::Term& term) const {
  Needs needs;
  core::visit(term, Collector(tree_, needs).visitor());
  return doubtful_closure(needs);
}

std::optional<ReadSet> Dependencies::doubtful_closure(const Needs& needs) const {
  ReadSet paths = needs.doubtful_paths;
  bool any = needs.doubtful;
  for_each_use(needs, [&](const Use& use, const Needs& its) {
    any = any || use.doubtful || its.doubtful;
    add_unless_replaced(use.doubtful ? its.paths : its.doubtful_paths, use.replaced, paths);
  });
  if (!any) return std::nullopt;
  return paths;
}

}  // namespace licet::lang::plan
