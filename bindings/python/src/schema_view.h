// The schema of the policies, for Python.
#pragma once

#include <pybind11/pybind11.h>

#include "eval/schema.h"

namespace licet::python {

// {"roots": {name: type}, "types": [(kind, literal, members, fields)]}: types are indexes into
// `types`, `fields` are tuples (name, type, is optional).
pybind11::dict python_from_schema(const Schema& schema);

}  // namespace licet::python
