#include "bindings/python/src/policy_tests.h"

#include "bindings/python/src/released.h"

namespace licet::python {

namespace py = pybind11;

py::list python_tests(EngineHandle& handle) {
  handle.require_open();
  const auto program = handle.tracing_engine().program();
  py::list tests;
  for (const TestCase& test : program->tests) {
    tests.append(
        py::make_tuple(test.package, test.name, program->files[test.place.file], test.place.line));
  }
  return tests;
}

py::tuple run_policy_test(EngineHandle& handle, std::size_t index) {
  handle.require_open();
  const Engine engine = handle.tracing_engine();
  const auto program = engine.program();
  if (index >= program->tests.size()) throw py::index_error("there is no such test");
  std::string printed;
  CallOptions options;
  options.explain = Explain::kYes;
  options.printed = &printed;
  std::optional<Result<Answer, EvalError>> answer;
  run_released([&] { answer.emplace(engine.run_test(program->tests[index], options)); });
  const py::bytes output(printed);
  if (!*answer) return py::make_tuple(py::none(), text_of(answer->error()), output, py::list());
  const Answer& found = answer->value();
  return py::make_tuple(python_from_value(found.value), py::none(), output,
                        python_from_explanation(found.explanation));
}

}  // namespace licet::python
