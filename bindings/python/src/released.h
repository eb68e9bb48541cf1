// Work of the engine while other Python threads run.
#pragma once

#include <pybind11/pybind11.h>

#include <exception>
#include <new>

#include "bindings/python/src/stack.h"

namespace licet::python {

// Takes the GIL again. When the interpreter is at its end, Python ends the threads that still want
// it, by unwinding their stacks; but objects on this stack must not be freed without the GIL. Such
// a thread stops here for good, as it does from Python 3.14 on.
void take_gil_again(PyThreadState* state);

// Runs `work` without the GIL, on a stack that is large enough. `work` does not touch Python.
template <class Work>
void run_released(const Work& work) {
  std::exception_ptr raised;
  const auto guarded = [&]() noexcept {
    try {
      work();
    } catch (...) {
      raised = std::current_exception();
    }
  };
  constexpr std::size_t kStackBytes = std::size_t{8} << 20;
  bool has_run = true;
  PyThreadState* const state = PyEval_SaveThread();
  if (remaining_stack_bytes() >= kDecideStackBytes) {
    guarded();
  } else {
    has_run = run_with_stack(kStackBytes, guarded);
  }
  take_gil_again(state);
  if (raised) std::rethrow_exception(raised);
  if (!has_run) throw std::bad_alloc();
}

}  // namespace licet::python
