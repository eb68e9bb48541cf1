// graph.reachable and graph.reachable_paths: an object maps each node to an array or set of its
// neighbours.
#include <unordered_set>

#include "eval/builtins/families.h"
#include "eval/builtins/operands.h"

namespace licet::builtins {
namespace {

struct HashOfValue {
  std::size_t operator()(const Value& value) const { return value.hash(); }
};
using ValueSet = std::unordered_set<Value, HashOfValue>;

// A set that only grows: nothing but two pieces of memory.
class SeenValues {
 public:
  explicit SeenValues(Arena& arena) : slots_(kFirstSlots, Value::undefined(), arena) {}
  // False: it has been there.
  bool insert(const Value& value) {
    if (2 * count_ >= slots_.size()) grow();
    Value& slot = slot_of(value);
    if (slot.is_defined()) return false;
    slot = value;
    ++count_;
    return true;
  }

 private:
  Value& slot_of(const Value& value) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = value.hash() & mask;
    while (slots_[at].is_defined() && !(slots_[at] == value)) at = (at + 1) & mask;
    return slots_[at];
  }
  void grow() {
    CountedVector<Value> old(2 * slots_.size(), Value::undefined(), slots_.get_allocator());
    old.swap(slots_);
    for (const Value& value : old) {
      if (value.is_defined()) slot_of(value) = value;
    }
  }

  static constexpr std::size_t kFirstSlots = 64;

  CountedVector<Value> slots_;  // a power of two, at most half in use
  std::size_t count_ = 0;
};

// The neighbours; what is neither array nor set has none.
std::span<const Value> neighbours_in(const Value& edges) {
  if (edges.is_array() || edges.is_set()) return edges.elements();
  return {};
}

Value graph_reachable(Context& context, std::span<const Value> arguments) {
  const Value& graph = arguments[0];
  const std::span<const Value> starts = arguments[1].elements();
  CountedVector<Value> waiting(starts.begin(), starts.end(), context.arena);
  if (!context.charge(1 + waiting.size())) return Value::undefined();
  SeenValues seen(context.arena);
  for (const Value& start : waiting) seen.insert(start);
  ArrayBuilder reached(context.arena);
  while (!waiting.empty()) {
    const Value node = waiting.back();
    waiting.pop_back();
    const Value edges = graph.get(node);
    if (edges.is_undefined()) continue;
    const std::span<const Value> neighbours = neighbours_in(edges);
    if (!context.charge(16 + 8 * neighbours.size())) return Value::undefined();
    for (const Value& neighbour : neighbours) {
      if (seen.insert(neighbour)) waiting.push_back(neighbour);
    }
    reached.add(node);
  }
  return reached.set();
}

// Collects the paths from one node on. A path ends at a node without neighbours, before one that
// is not in the graph, and before one that it already went through.
class PathCollector {
 public:
  PathCollector(Context& context, const Value& graph)
      : context_(context), graph_(graph), paths_(context.arena) {}

  // False: the budget ran out.
  bool collect_from(const Value& start);
  Value paths() const { return paths_.set(); }

 private:
  struct Step {
    std::span<const Value> neighbours;
    std::size_t next = 0;
    bool is_first_visit = false;  // of its node on this path
  };

  bool add_path() {
    if (!context_.charge(4 + path_.size())) return false;
    paths_.add(Value::array(path_, context_.arena));
    return true;
  }
  bool enter(const Value& node);
  bool walk();

  Context& context_;
  const Value& graph_;
  ArrayBuilder paths_;
  std::vector<Value> path_;
  std::vector<Step> steps_;  // one for each node of the path after the first
  ValueSet on_path_;
};

bool PathCollector::enter(const Value& node) {
  const Value edges = graph_.get(node);
  if (edges.is_undefined()) return add_path();
  path_.push_back(node);
  const std::span<const Value> neighbours = neighbours_in(edges);
  if (neighbours.empty()) {
    const bool added = add_path();
    path_.pop_back();
    return added;
  }
  const bool is_first_visit = on_path_.insert(node).second;
  steps_.push_back({neighbours, 0, is_first_visit});
  return true;
}

bool PathCollector::walk() {
  while (!steps_.empty()) {
    if (!context_.charge(4)) return false;
    Step& step = steps_.back();
    if (step.next == step.neighbours.size()) {
      if (step.is_first_visit) on_path_.erase(path_.back());
      path_.pop_back();
      steps_.pop_back();
      continue;
    }
    const Value neighbour = step.neighbours[step.next++];
    if (!(on_path_.contains(neighbour) ? add_path() : enter(neighbour))) return false;
  }
  return true;
}

bool PathCollector::collect_from(const Value& start) {
  const Value edges = graph_.get(start);
  if (edges.is_undefined()) return true;
  path_ = {start};
  on_path_ = {start};
  const std::span<const Value> neighbours = neighbours_in(edges);
  if (neighbours.empty()) return add_path();
  for (const Value& neighbour : neighbours) {
    // Even the start itself is entered once more.
    if (!enter(neighbour) || !walk()) return false;
  }
  return true;
}

Value graph_reachable_paths(Context& context, std::span<const Value> arguments) {
  PathCollector collector(context, arguments[0]);
  for (const Value& start : arguments[1].elements()) {
    if (!context.charge(1) || !collector.collect_from(start)) return Value::undefined();
  }
  return collector.paths();
}

constexpr Row kRows[] = {
    {"graph.reachable",
     "(object[any: any<array[any], set[any]>], any<array[any], set[any]>) => set[any]",
     graph_reachable,
     "The nodes of the graph that can be reached from the given ones.",
     {R"(graph.reachable({"a": ["b"], "b": [], "c": ["a"]}, ["a"]))", R"({"a", "b"})"}},
    {"graph.reachable_paths",
     "(object[any: any<array[any], set[any]>], any<array[any], set[any]>) => set[array[any]]",
     graph_reachable_paths,
     "The paths through the graph from the given nodes, without loops.",
     {R"(graph.reachable_paths({"a": ["b", "c"], "b": [], "c": []}, ["a"]))",
      R"({["a", "b"], ["a", "c"]})"}},
};

}  // namespace

Family graph_family() { return kRows; }

}  // namespace licet::builtins
