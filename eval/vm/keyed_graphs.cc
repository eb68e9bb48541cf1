#include "eval/vm/keyed_graphs.h"

#include <new>

#include "eval/vm/tables.h"

namespace licet::vm {

std::unique_ptr<KeyedGraphs> KeyedGraphs::of(const Tables& tables, const KeyPlan& plan,
                                             std::optional<DocumentIndex> document,
                                             std::atomic<std::int64_t>& bytes_left,
                                             std::size_t& nodes_left) {
  auto without_key = unfold(tables, {.document = document, .plan = &plan}, nodes_left);
  if (!without_key || !without_key->depends_on_key()) return nullptr;
  return std::unique_ptr<KeyedGraphs>(
      new KeyedGraphs(tables, plan, document, *std::move(without_key), bytes_left));
}

KeyedGraphs::KeyedGraphs(const Tables& tables, const KeyPlan& plan,
                         std::optional<DocumentIndex> document, GuardGraph without_key,
                         std::atomic<std::int64_t>& bytes_left)
    : tables_(tables),
      plan_(plan),
      document_(document),
      without_key_(std::move(without_key)),
      leaves_(tables),
      graphs_(std::make_unique<std::atomic<const GuardGraph*>[]>(plan.key_count())),
      bytes_left_(bytes_left) {}

KeyedGraphs::~KeyedGraphs() {
  for (std::size_t key = 0; key < plan_.key_count(); ++key) {
    const GuardGraph* const graph = graphs_[key].load(std::memory_order_acquire);
    if (graph != &leaves_) delete graph;
  }
}

const GuardGraph& KeyedGraphs::add(std::uint32_t key) const {
  const GuardGraph* made = &leaves_;
  if (bytes_left_.load(std::memory_order_relaxed) > 0) {
    try {
      std::size_t nodes_left = 2 * GuardGraph::kMostNodes;
      auto graph = unfold(tables_, {.document = document_, .plan = &plan_, .key = key}, nodes_left);
      if (graph) made = new GuardGraph(*std::move(graph));
    } catch (const std::bad_alloc&) {
      return leaves_;  // a later request may have more luck
    }
    bytes_left_.fetch_sub(static_cast<std::int64_t>(made->byte_count()), std::memory_order_relaxed);
  }
  const GuardGraph* known = nullptr;
  if (graphs_[key].compare_exchange_strong(known, made, std::memory_order_acq_rel)) return *made;
  if (made != &leaves_) delete made;  // another thread was faster
  return *known;
}

}  // namespace licet::vm
