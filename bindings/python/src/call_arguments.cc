#include "bindings/python/src/call_arguments.h"

#include "bindings/python/src/decision_log.h"

namespace licet::python {
namespace {

namespace py = pybind11;

PyObject* interned(const char* text) { return PyUnicode_InternFromString(text); }

// Names of the keyword arguments that are no roots.
struct OptionNames {
  PyObject* explain = interned("explain");
  PyObject* package = interned("package");
  PyObject* now = interned("now");
  PyObject* seed = interned("seed");
  PyObject* trace = interned("trace");
};
const OptionNames& option_names() {
  static const OptionNames names;
  return names;
}

bool is_name(PyObject* given, PyObject* name) {
  return given == name || PyUnicode_Compare(given, name) == 0;
}

}  // namespace

std::int64_t nanoseconds_from(PyObject* time) {
  if (PyLong_Check(time)) return py::handle(time).cast<std::int64_t>();
  return py::module_::import("licet._shapes")
      .attr("nanoseconds")(py::handle(time))
      .cast<std::int64_t>();
}

bool take_option(PyObject* name, PyObject* value, CallArguments& call) {
  const OptionNames& names = option_names();
  if (is_name(name, names.explain)) {
    const int is_true = PyObject_IsTrue(value);
    if (is_true < 0) throw py::error_already_set();
    call.options.explain = is_true == 1 ? Explain::kYes : Explain::kNo;
    return true;
  }
  const bool is_given = value != Py_None;
  if (is_name(name, names.package)) {
    if (is_given) {
      call.options.package = py::handle(value).cast<std::string>();
      call.package = py::reinterpret_borrow<py::object>(value);
    }
    return true;
  }
  if (is_name(name, names.now)) {
    if (is_given) call.options.now_ns = nanoseconds_from(value);
    return true;
  }
  if (is_name(name, names.seed)) {
    if (is_given) call.options.seed = py::handle(value).cast<std::uint64_t>();
    return true;
  }
  if (is_name(name, names.trace)) {
    if (is_given) call.trace = py::handle(value).cast<std::string>();
    if (is_given && !trace_from_text(call.trace)) {
      throw py::value_error("trace: expected a W3C traceparent, 00-TRACE-SPAN-FLAGS");
    }
    return true;
  }
  return false;
}

}  // namespace licet::python
