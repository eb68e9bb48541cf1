// From functions that the interpreter calls, no C++ exception may leave.
#pragma once

#include <pybind11/pybind11.h>

#include <exception>
#include <new>

namespace licet::python {

// Runs what makes an object of Python; an exception of C++ becomes one of Python.
template <class Make>
PyObject* guarded(const Make& make) {
  namespace py = pybind11;
  try {
    return py::object(make()).release().ptr();
  } catch (py::error_already_set& error) {
    error.restore();
  } catch (const py::builtin_exception& error) {
    error.set_error();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

}  // namespace licet::python
