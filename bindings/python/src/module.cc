// The module licet._licet. The public API is licet/__init__.py.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "bindings/python/src/decision_log.h"
#include "bindings/python/src/engine.h"
#include "bindings/python/src/filter.h"
#include "bindings/python/src/guarded.h"
#include "bindings/python/src/policy_tests.h"
#include "bindings/python/src/schema_view.h"
#include "bindings/python/src/table.h"
#include "eval/image.h"

namespace licet::python {
namespace {

namespace py = pybind11;

// The C++ object of an instance of a class that is simple: one base, the usual holder. The
// interpreter has checked the type: a method is only called on its class.
template <class T>
T& object_of(PyObject* self) {
  const auto* const instance = reinterpret_cast<py::detail::instance*>(self);
  void* const object = instance->simple_layout ? instance->simple_value_holder[0] : nullptr;
  if (object == nullptr)
    throw py::type_error("__init__ was not called, or a base has another layout");
  return *static_cast<T*>(object);
}

// Not through pybind11: its dispatch would cost more than the decision.
PyObject* engine_decide(PyObject* self, PyObject* const* values, Py_ssize_t count,
                        PyObject* names) {
  return guarded([&] {
    return object_of<EngineHandle>(self).decide(
        self, nullptr, {}, {.values = values, .positional = count, .names = names});
  });
}

PyObject* prepared_decide(PyObject* self, PyObject* const* values, Py_ssize_t count,
                          PyObject* names) {
  return guarded([&] {
    const auto& prepared = object_of<Prepared>(self);
    return prepared.engine().decide(prepared.engine_self(), &prepared, self,
                                    {.values = values, .positional = count, .names = names});
  });
}

using FastFunction = PyObject* (*)(PyObject*, PyObject* const*, Py_ssize_t, PyObject*);

PyMethodDef method_definition(const char* name, FastFunction function, const char* doc) {
  return {name, reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function)),
          METH_FASTCALL | METH_KEYWORDS, doc};
}

void add_method(const py::object& type, PyMethodDef& definition) {
  auto method = py::reinterpret_steal<py::object>(
      PyDescr_NewMethod(reinterpret_cast<PyTypeObject*>(type.ptr()), &definition));
  if (!method) throw py::error_already_set();
  py::setattr(type, definition.ml_name, method);
}

void bind_engine(const py::module_& module) {
  py::class_<EngineHandle> type(module, "Engine");
  type.def(py::init([](const py::dict& spec, const py::dict& options,
                       const std::shared_ptr<LogHandle>& log) {
             return std::make_unique<EngineHandle>(origin_from_python(spec),
                                                   options_from_python(options), log);
           }),
           py::arg("spec"), py::arg("options"), py::arg("log") = py::none());
  static PyMethodDef decide = method_definition(
      "decide", engine_decide,
      "decide($self, document=None, /, *, explain=False, package=None, now=None, seed=None, "
      "trace=None, **roots)\n--\n\n"
      "Decides a request: roots by name, or one document that has them (a mapping, or JSON as "
      "text\n"
      "or bytes). The answer is a Decision, true if it is a permit.\n\n"
      "Roots are mappings, dataclasses, pydantic or attrs models. `explain` records what each\n"
      "literal came to, `package` restricts the decision to the rules of a package, `now` (a\n"
      "datetime with a time zone, or nanoseconds since the epoch) and `seed` are what policies "
      "see\n"
      "of time and chance, `trace` is a W3C traceparent for the decision log.\n\n"
      "Raises RequestError, with the path, if the request does not fit, LogError if the decision\n"
      "could not be logged, EngineClosed, and TypeError or ValueError for other arguments.");
  add_method(type, decide);
  type.def("_decide_again", &EngineHandle::decide_again)
      .def("_query", &EngineHandle::query)
      .def("_decide_table",
           [](EngineHandle& self, const py::object& table, const Prepared* prepared,
              const std::string& package, const py::object& now, unsigned threads) {
             return decide_table(self, table, prepared, package, now, threads);
           })
      .def("_filter", &python_filter)
      .def("_tests", &python_tests)
      .def("_run_test", &run_policy_test)
      .def("_schema",
           [](const EngineHandle& self) { return python_from_schema(self.program()->schema); })
      .def("_adopt", &EngineHandle::adopt)
      .def("_origin", [](const EngineHandle& self) { return python_from_origin(self.origin()); })
      .def("_set_origin", [](EngineHandle& self,
                             const py::dict& spec) { self.set_origin(origin_from_python(spec)); })
      .def("_sources", [](const EngineHandle& self) { return python_from_origin(self.sources()); })
      .def("_image",
           [](const EngineHandle& self) { return py::bytes(image_from_program(*self.program())); })
      .def("_cache_statistics",
           [](const EngineHandle& self) {
             const CacheStatistics found = self.engine().cache_statistics();
             return py::make_tuple(found.hits, found.misses, found.bypasses, found.evictions,
                                   found.entries, found.bytes);
           })
      .def("close", &EngineHandle::close,
           "Ends it: from now on every call raises EngineClosed. Its log stays open.")
      .def_property_readonly("closed", &EngineHandle::is_closed, "Whether close() was called.")
      .def_property_readonly(
          "revision", [](const EngineHandle& self) { return self.program()->revision; },
          "Digest of the policies and data in force: `sha256:` and hexadecimal.")
      .def_property_readonly(
          "warnings", [](const EngineHandle& self) { return python_problems(self.warnings()); },
          "What the compiler says about the policies besides errors: a tuple of Problem.");
}

void bind_prepared(const py::module_& module) {
  py::class_<Prepared> type(module, "Prepared");
  type.def(py::init([](const py::object& engine, const py::dict& roots) {
             return std::make_unique<Prepared>(engine, engine.cast<EngineHandle&>(), roots);
           }),
           py::arg("engine"), py::arg("roots"));
  static PyMethodDef decide = method_definition(
      "decide", prepared_decide,
      "decide($self, /, *, explain=False, package=None, now=None, seed=None, trace=None, **roots)\n"
      "--\n\nDecides a request of the prepared roots and these; otherwise as Engine.decide.");
  add_method(type, decide);
}

}  // namespace
}  // namespace licet::python

PYBIND11_MODULE(_licet, module) {
  using namespace licet::python;
  module.attr("Decision") = make_decision_type();
  bind_log(module);
  bind_engine(module);
  bind_prepared(module);
  bind_table_result(module);
  module.def("_after_fork", [] {
    LogHandle::disown_all_after_fork();
    EngineHandle::renew_all_after_fork();
  });
  module.def("_forget_shapes", &forget_shapes);
}
