// Decisions about the rows of a table.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

#include "bindings/python/src/engine.h"

namespace licet::python {

// `table` has __arrow_c_stream__; `prepared` holds the roots that all rows share, or is null.
// `threads`: 0 for as many as there are cores. Gives a licet._licet.TableResult, which has
// __arrow_c_stream__ with the columns effect, cause, rule and message.
pybind11::object decide_table(EngineHandle& handle, const pybind11::object& table,
                              const Prepared* prepared, const std::string& package,
                              const pybind11::object& now, unsigned threads);

struct TableResult {
  std::shared_ptr<const struct TableColumns> columns;
};

void bind_table_result(const pybind11::module_& module);

}  // namespace licet::python
