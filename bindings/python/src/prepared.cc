#include "bindings/python/src/engine.h"
#include "bindings/python/src/request_error.h"

namespace licet::python {

namespace py = pybind11;

Prepared::Prepared(py::object engine_self, EngineHandle& engine, py::dict roots)
    : engine_self_(std::move(engine_self)), engine_(engine), roots_(std::move(roots)) {
  engine_.require_open();
  const Request request(engine_.engine());
  const ReadTree tree(request.layout());
  std::shared_ptr<const Arena> kept;
  read_or_refuse(
      [&] {
        for (const auto& [name, object] : roots_) {
          if (!tree.knows_root(name.ptr())) tree.refuse_root(name.ptr());
        }
        taken(request.layout(), tree, kept);
      },
      [](const RequestError& error, const py::object& cause) {
        raise_request_error(error, py::none(), cause);
      });
}

std::vector<Taken> Prepared::read_for(const RequestLayout& layout, const ReadTree& tree,
                                      std::shared_ptr<const Arena>& kept) const {
  auto arena = std::make_shared<Arena>(engine_.engine().options().limits.request_bytes);
  ValueReader values(*arena);
  ReadRoom room;
  RequestReader reader(layout, values, room);
  for (const auto& [name, object] : roots_) {
    const ReadNode* const root = tree.root(name.ptr());
    if (root != nullptr) reader.read_root(*root, object.ptr());
  }
  kept = std::move(arena);
  return std::move(room.taken);
}

const std::vector<Taken>& Prepared::taken(const RequestLayout& layout, const ReadTree& tree,
                                          std::shared_ptr<const Arena>& kept) const {
  if (layout_id_ != layout.id()) {
    taken_ = read_for(layout, tree, arena_);
    layout_id_ = layout.id();
  }
  kept = arena_;
  return taken_;
}

}  // namespace licet::python
