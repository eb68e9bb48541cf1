// The arguments of a call that are no roots of the request.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>

#include "eval/options.h"

namespace licet::python {

// The arguments of one call, as the interpreter hands them over.
struct Arguments {
  PyObject* const* values = nullptr;
  Py_ssize_t positional = 0;
  PyObject* names = nullptr;  // tuple of those that follow the positional ones; may be null
  Py_ssize_t named() const { return names == nullptr ? 0 : PyTuple_GET_SIZE(names); }
};

// What a call says besides the request.
struct CallArguments {
  CallOptions options;
  pybind11::object package;  // null: all
  std::string trace;         // a W3C traceparent; empty: none
};

// Whether the name is that of an option. Throws for a value that makes no sense.
bool take_option(PyObject* name, PyObject* value, CallArguments& call);

// A datetime with a time zone, or nanoseconds since the epoch.
std::int64_t nanoseconds_from(PyObject* time);
std::uint64_t seed_from(PyObject* seed);

}  // namespace licet::python
