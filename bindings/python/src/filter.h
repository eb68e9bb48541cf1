// Filters for Python.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "bindings/python/src/engine.h"

namespace licet::python {

// What must hold of the root `unknown`, `known` being the others: nested tuples (kind, path,
// comparison, other path, value, parts). Raises licet.FilterError.
pybind11::tuple python_filter(EngineHandle& handle, const std::string& unknown,
                              const pybind11::dict& known, const std::string& package);

}  // namespace licet::python
