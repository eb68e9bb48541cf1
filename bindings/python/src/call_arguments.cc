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

std::string text_argument(const char* name, PyObject* value) {
  if (!PyUnicode_Check(value)) throw py::type_error(std::string(name) + ": expected a string");
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(value, &size);
  if (text == nullptr) throw py::error_already_set();  // UnicodeEncodeError, a ValueError
  return {text, static_cast<std::size_t>(size)};
}

bool is_name(PyObject* given, PyObject* name) {
  return given == name || PyUnicode_Compare(given, name) == 0;
}

}  // namespace

std::int64_t nanoseconds_from(PyObject* time) {
  const auto number =
      PyLong_Check(time)
          ? py::reinterpret_borrow<py::object>(time)
          : py::module_::import("licet._shapes").attr("nanoseconds")(py::handle(time));
  const long long nanoseconds = PyLong_AsLongLong(number.ptr());
  if (nanoseconds == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  return nanoseconds;
}

std::uint64_t seed_from(PyObject* seed) {
  if (!PyLong_Check(seed)) throw py::type_error("seed: expected an integer");
  const unsigned long long number = PyLong_AsUnsignedLongLong(seed);
  if (number == static_cast<unsigned long long>(-1) && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    throw py::value_error("seed: expected an integer from 0 to 2**64 - 1");
  }
  return number;
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
      call.options.package = text_argument("package", value);
      call.package = py::reinterpret_borrow<py::object>(value);
    }
    return true;
  }
  if (is_name(name, names.now)) {
    if (is_given) call.options.now_ns = nanoseconds_from(value);
    return true;
  }
  if (is_name(name, names.seed)) {
    if (is_given) call.options.seed = seed_from(value);
    return true;
  }
  if (is_name(name, names.trace)) {
    if (is_given) call.trace = text_argument("trace", value);
    if (is_given && !trace_from_text(call.trace)) {
      throw py::value_error("trace: expected a W3C traceparent, 00-TRACE-SPAN-FLAGS");
    }
    return true;
  }
  return false;
}

}  // namespace licet::python
