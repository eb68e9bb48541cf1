#include "bindings/python/src/request_error.h"

namespace licet::python {

namespace py = pybind11;

RequestError error_from(const BadInput& bad) {
  const std::string place = bad.path().empty() ? "the request" : bad.path();
  return {.path = bad.path(),
          .expected = bad.expected(),
          .found = bad.found(),
          .message = place + ": expected " + bad.expected() + ", found " + bad.found()};
}

void raise_request_error(const RequestError& error, const py::object& decision,
                         const py::object& cause) {
  const auto text = [](const std::string& bytes) {
    return py::reinterpret_steal<py::object>(
        PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
  };
  const py::object type = py::module_::import("licet._errors").attr("RequestError");
  const py::object raised =
      type(text(error.message), py::arg("path") = text(error.path),
           py::arg("expected") = text(error.expected), py::arg("found") = text(error.found),
           py::arg("decision") = decision);
  if (cause) PyException_SetCause(raised.ptr(), py::object(cause).release().ptr());
  PyErr_SetObject(type.ptr(), raised.ptr());
  throw py::error_already_set();
}

}  // namespace licet::python
