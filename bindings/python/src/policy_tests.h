// The tests in policies, for pytest.
#pragma once

#include <pybind11/pybind11.h>

#include "bindings/python/src/engine.h"

namespace licet::python {

// (package, name, file, line) of each test, in the order of the program.
pybind11::list python_tests(EngineHandle& handle);

// Runs one of them: (value, None where undefined; the error, None if there is none; what it
// printed; its literals). Raises IndexError if there is no such test.
pybind11::tuple run_policy_test(EngineHandle& handle, std::size_t index);

}  // namespace licet::python
