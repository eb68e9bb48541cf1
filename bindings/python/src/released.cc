#include "bindings/python/src/released.h"

#include <cxxabi.h>
#include <unistd.h>

namespace licet::python {

void take_gil_again(PyThreadState* state) {
  try {
    PyEval_RestoreThread(state);
  } catch (const abi::__forced_unwind&) {
    while (true) pause();
  }
}

}  // namespace licet::python
