// Structs that are lent as they are.
#include <algorithm>

#include "eval/engine/evaluation.h"
#include "eval/struct_binding.h"
#include "eval/vm/struct_graph.h"

namespace licet {

BoundStruct::BoundStruct() = default;
BoundStruct::~BoundStruct() = default;

void Engine::add_graphs(BoundStruct& bound, std::uint64_t layout,
                        const std::vector<StructMember>& members) const {
  const std::shared_ptr<const EngineState> state = shared_->current();
  const auto is_near = [](const StructMember& one) { return one.offset <= UINT16_MAX; };
  if (state->layout->id() != layout || !std::all_of(members.begin(), members.end(), is_near)) {
    return;
  }
  vm::StructShape shape;
  shape.members.resize(state->layout->cell_count());
  CellSet cells;
  cells.resize(state->layout->cell_count());
  for (const StructMember& member : members) {
    shape.members[member.cell] = member;
    cells.add(member.cell);
  }
  if (!cells.contains_all(state->layout->required_cells())) return;
  // INVARIANT: graphs are walked for requests of this engine only, which own what it shares.
  shape.symbol = [shared = shared_.get()](std::string_view text) -> const SymbolData& {
    return shared->symbols.find_or_add(text);
  };
  auto graphs = std::make_unique<const vm::StructGraphs>(state->tables, std::move(shape));
  if (graphs->are_none()) return;
  bound.graphs_ = std::move(graphs);
  bound.layout_ = layout;
}

}  // namespace licet
