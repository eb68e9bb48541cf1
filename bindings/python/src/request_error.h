// Bad requests as exceptions.
#pragma once

#include <pybind11/pybind11.h>

#include "bindings/python/src/bad_input.h"
#include "eval/request.h"

namespace licet::python {

RequestError error_from(const BadInput& bad);
// `decision` is the deny, or None where nothing was decided; `cause` may be null.
[[noreturn]] void raise_request_error(const RequestError& error, const pybind11::object& decision,
                                      const pybind11::object& cause);

// Runs `read`; what it finds wrong with an object becomes `refuse(RequestError, cause)`.
template <class Read, class Refuse>
void read_or_refuse(const Read& read, const Refuse& refuse) {
  try {
    read();
  } catch (const BadInput& bad) {
    refuse(error_from(bad), bad.cause());
  } catch (const DepthExceeded&) {
    refuse(error_from(BadInput(nullptr, "values that nest less than 512 deep, and no cycle",
                               "deeper ones")),
           pybind11::object());
  } catch (const MemoryExceeded&) {
    refuse(error_from(BadInput(nullptr, "a request within `request_bytes`", "a larger one")),
           pybind11::object());
  }
}

}  // namespace licet::python
