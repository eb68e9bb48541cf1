#include "bindings/python/src/shapes.h"

#include <memory>
#include <string>

namespace licet::python {
namespace {

namespace py = pybind11;

// Never freed: types may be used until the interpreter is gone. A type that is kept cannot die, so
// its address stays its own.
using Shapes = std::unordered_map<PyTypeObject*, std::unique_ptr<const Shape>>;
Shapes& shapes() {
  static auto* const all = new Shapes;
  return *all;
}

Shape shape_from_python(PyTypeObject* type) {
  const py::object answer = py::module_::import("licet._shapes")
                                .attr("shape_of")(py::handle(reinterpret_cast<PyObject*>(type)));
  Shape shape;
  if (answer.is_none()) return shape;
  const auto pair = answer.cast<py::tuple>();
  const auto kind = pair[0].cast<std::string>();
  if (kind == "mapping") {
    shape.kind = Shape::Kind::kMapping;
  } else if (kind == "fields") {
    shape.kind = Shape::Kind::kFields;
    for (const py::handle name : pair[1]) {
      PyObject* text = py::str(name).release().ptr();
      PyUnicode_InternInPlace(&text);
      shape.fields.push_back(py::reinterpret_steal<py::object>(text));
    }
  } else {
    shape.kind = kind == "number" ? Shape::Kind::kNumber : Shape::Kind::kConvert;
    shape.convert = pair[1];
  }
  return shape;
}

}  // namespace

const Shape& shape_of(PyTypeObject* type) {
  const auto found = shapes().find(type);
  if (found != shapes().end()) return *found->second;
  auto shape = std::make_unique<const Shape>(shape_from_python(type));
  Py_INCREF(type);
  return *shapes().insert_or_assign(type, std::move(shape)).first->second;
}

void forget_shapes() {
  // The old ones may be in use further down the stack.
  for (auto& [type, shape] : shapes()) static_cast<void>(shape.release());
  shapes().clear();
}

}  // namespace licet::python
