// All graphs of a program, and those by key. Walks are in struct_steps.cc, how a graph is
// translated in struct_translator.cc.
#include "eval/vm/struct_graph.h"

#include <algorithm>
#include <new>
#include <utility>

#include "eval/vm/keyed_graphs.h"

namespace licet::vm {

// As KeyedGraphs: each graph is translated when it is first wanted.
struct StructGraphs::Keyed {
  Keyed(const KeyedGraphs& its_graphs, const StructShape& its_shape,
        const StructMember& its_key_member, std::atomic<std::int64_t>& its_bytes_left)
      : graphs(its_graphs),
        shape(its_shape),
        key_member(its_key_member),
        bytes_left(its_bytes_left),
        key_count(graphs.plan().key_count()),
        without_key(graphs.graph_of(KeyPlan::kNoKey), shape),
        translated(std::make_unique<std::atomic<const StructGraph*>[]>(key_count)) {}
  ~Keyed() {
    for (std::size_t key = 0; key < key_count; ++key) {
      delete translated[key].load(std::memory_order_acquire);
    }
  }
  Keyed(const Keyed&) = delete;
  Keyed& operator=(const Keyed&) = delete;

  void walk(const void* from, StructGraph::Walk& walk) const {
    SlotValues::Cell cell;
    put_member(cell, key_member, from);
    const std::uint32_t key = graphs.plan().find(cell);
    if (key == KeyPlan::kNoKey) return without_key.walk(from, walk);
    const StructGraph* graph = translated[key].load(std::memory_order_acquire);
    if (graph == nullptr) [[unlikely]]
      graph = add(key);
    if (graph != nullptr) [[likely]]
      graph->walk(from, walk);
  }
  // Null if there is no room for it.
  const StructGraph* add(std::uint32_t key) const {
    if (bytes_left.load(std::memory_order_relaxed) <= 0) return nullptr;
    try {
      auto made = std::make_unique<const StructGraph>(graphs.graph_of(key), shape);
      bytes_left.fetch_sub(static_cast<std::int64_t>(made->byte_count()),
                           std::memory_order_relaxed);
      const StructGraph* known = nullptr;
      const bool is_first =
          translated[key].compare_exchange_strong(known, made.get(), std::memory_order_acq_rel);
      return is_first ? made.release() : known;
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }

  const KeyedGraphs& graphs;
  const StructShape& shape;
  StructMember key_member;
  std::atomic<std::int64_t>& bytes_left;
  std::size_t key_count;
  StructGraph without_key;
  std::unique_ptr<std::atomic<const StructGraph*>[]> translated;  // by key
};

StructGraphs::StructGraphs(const Tables& tables, StructShape shape)
    : shape_(std::move(shape)), bytes_left_(tables.bytes_for_keyed_graphs()) {
  decision_ = graph_of(tables.decision_graph());
  for (const Tables::SomeGraph& graph : tables.document_graphs()) {
    documents_.push_back(graph_of(graph));
  }
}

StructGraphs::~StructGraphs() = default;

bool StructGraphs::are_none() const {
  const auto is_none = [](const SomeGraph& graph) { return !graph.one && !graph.keyed; };
  return is_none(decision_) && std::all_of(documents_.begin(), documents_.end(), is_none);
}

StructGraphs::SomeGraph StructGraphs::graph_of(const Tables::SomeGraph& graph) {
  SomeGraph made;
  if (graph.one) made.one.emplace(*graph.one, shape_);
  if (!graph.keyed) return made;
  const StructMember* const member = shape_.member(graph.keyed->plan().cell());
  if (member != nullptr) {
    made.keyed = std::make_unique<const Keyed>(*graph.keyed, shape_, *member, bytes_left_);
  }
  return made;
}

void StructGraphs::walk_keyed(const Keyed& keyed, const void* from, StructGraph::Walk& walk) {
  keyed.walk(from, walk);
}

}  // namespace licet::vm
