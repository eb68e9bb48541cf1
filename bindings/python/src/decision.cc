// A type of its own instead of a class of pybind11: making one is on the path of every decision.
#include "bindings/python/src/decision.h"

#include <pybind11/stl.h>

#include <new>
#include <string>
#include <utility>

#include "bindings/python/src/guarded.h"
#include "bindings/python/src/values.h"
#include "eval/value_json.h"

namespace licet::python {
namespace {

namespace py = pybind11;

struct DecisionObject {
  PyObject ob_base;  // what PyObject_HEAD makes, which ends in no semicolon of its own
  Decision decision;
  Asked asked;
};

PyTypeObject* decision_type = nullptr;

DecisionObject& object_of(PyObject* self) { return *reinterpret_cast<DecisionObject*>(self); }
const Decision& decision_of(PyObject* self) { return object_of(self).decision; }

py::object python_text(std::string_view text) {
  auto string = py::reinterpret_steal<py::object>(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
  if (!string) throw py::error_already_set();
  return string;
}

template <class Texts>
py::tuple python_texts(const Texts& texts) {
  py::tuple tuple(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) tuple[i] = python_text(texts[i]);
  return tuple;
}

py::object type_of_results(const char* name) {
  return py::module_::import("licet._results").attr(name);
}

py::object python_rules(const Decision& decision) {
  const py::object rule_type = type_of_results("Rule");
  const std::vector<DeterminingRule> found = decision.rules();
  py::tuple rules(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const DeterminingRule& rule = found[i];
    rules[i] =
        rule_type(rule.verdict == Verdict::kPermit ? "permit" : "forbid", python_text(rule.package),
                  python_text(rule.name), python_text(rule.file), rule.line);
  }
  return rules;
}

py::object python_from_json(const std::string& json) {
  Arena arena;
  const auto value = value_from_json(json, arena);
  return value ? python_from_value(value.value()) : python_text(json);
}

py::object python_obligations(const Decision& decision) {
  py::dict obligations;
  for (const Obligation& obligation : decision.obligations()) {
    py::list values;
    for (const std::string& value : obligation.values) values.append(python_from_json(value));
    obligations[python_text(obligation.key)] = values;
  }
  return obligations;
}

#define LICET_GETTER(name, expression)              \
  PyObject* get_##name(PyObject* self, void*) {     \
    return guarded([&]() -> py::object {            \
      const Decision& decision = decision_of(self); \
      return expression;                            \
    });                                             \
  }
LICET_GETTER(effect, python_text(name_of(decision.effect())))
LICET_GETTER(cause, python_text(name_of(decision.cause())))
LICET_GETTER(reason, python_text(decision.message()))
LICET_GETTER(rules, python_rules(decision))
LICET_GETTER(messages, python_texts(decision.messages()))
LICET_GETTER(controls, python_texts(decision.controls()))
LICET_GETTER(obligations, python_obligations(decision))
LICET_GETTER(warnings, python_texts(decision.warnings()))
LICET_GETTER(revision, python_text(decision.revision()))
LICET_GETTER(id, python_text(decision.id().text()))
LICET_GETTER(cached, py::bool_(decision.is_cached()))
LICET_GETTER(error,
             decision.error().empty() ? py::object(py::none()) : python_text(decision.error()))
LICET_GETTER(time_ns, py::cast(decision.now_ns()))
LICET_GETTER(seed, py::cast(decision.seed()))
#undef LICET_GETTER

int is_permit(PyObject* self) { return decision_of(self) ? 1 : 0; }

// Methods whose text Python writes: licet._results.NAME(self).
PyObject* call_results(PyObject* self, const char* name) {
  return guarded([&] { return type_of_results(name)(py::handle(self)); });
}
PyObject* repr(PyObject* self) { return call_results(self, "decision_repr"); }
PyObject* repr_html(PyObject* self, PyObject*) { return call_results(self, "decision_html"); }
PyObject* to_dict(PyObject* self, PyObject*) { return call_results(self, "decision_dict"); }

PyObject* explain(PyObject* self, PyObject*) {
  return guarded([&]() -> py::object {
    const DecisionObject& object = object_of(self);
    const py::object make = type_of_results("explanation_of");
    if (!object.decision.explanation().empty() || !object.asked.engine) {
      return make(py::handle(self), python_from_explanation(object.decision.explanation()));
    }
    const Asked& asked = object.asked;
    const auto or_none = [](const py::object& part) { return part ? part : py::none(); };
    const py::object again = asked.engine.attr("_decide_again")(
        or_none(asked.prepared), or_none(asked.names), asked.values, or_none(asked.package),
        object.decision.now_ns(), object.decision.seed());
    return make(py::handle(self), python_from_explanation(decision_of(again.ptr()).explanation()));
  });
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  const Asked& asked = object_of(self).asked;
  Py_VISIT(asked.engine.ptr());
  Py_VISIT(asked.prepared.ptr());
  Py_VISIT(asked.values.ptr());
  return 0;
}

int clear(PyObject* self) {
  object_of(self).asked = {};
  return 0;
}

void deallocate(PyObject* self) {
  PyObject_GC_UnTrack(self);
  PyTypeObject* const type = Py_TYPE(self);
  object_of(self).asked.~Asked();
  object_of(self).decision.~Decision();
  type->tp_free(self);
  Py_DECREF(type);
}

PyGetSetDef getters[] = {
    {"effect", get_effect, nullptr, "`permit` or `deny`.", nullptr},
    {"cause", get_cause, nullptr, "Why: `permitted`, `forbidden`, `no_permit` and so on.", nullptr},
    {"reason", get_reason, nullptr, "One line for people.", nullptr},
    {"rules", get_rules, nullptr, "The rules that determined it.", nullptr},
    {"messages", get_messages, nullptr, "What these rules say.", nullptr},
    {"controls", get_controls, nullptr, "The controls that they implement.", nullptr},
    {"obligations", get_obligations, nullptr, "For each key the distinct values asked for.",
     nullptr},
    {"warnings", get_warnings, nullptr, "Errors that made expressions undefined.", nullptr},
    {"revision", get_revision, nullptr, "Digest of the policies and data that decided.", nullptr},
    {"id", get_id, nullptr, "Unique to this decision.", nullptr},
    {"cached", get_cached, nullptr, "Whether some of it was remembered; see `cache_bytes`.",
     nullptr},
    {"error", get_error, nullptr, "Of a bad request, or of a budget that ran out.", nullptr},
    {"time_ns", get_time_ns, nullptr, "The time that the policies saw.", nullptr},
    {"seed", get_seed, nullptr, "Of random builtins.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef methods[] = {
    {"explain", explain, METH_NOARGS, "Which literals of the rules held, with their values."},
    {"to_dict", to_dict, METH_NOARGS, "All of it as a dict that JSON can write."},
    {"_repr_html_", repr_html, METH_NOARGS, "For notebooks."},
    {nullptr, nullptr, 0, nullptr}};

template <class Function>
void* slot_of(Function function) {
  return reinterpret_cast<void*>(function);
}

}  // namespace

py::object make_decision_type() {
  static char doc[] = "What a request was decided to be, and why. True if it is permitted.";
  PyType_Slot slots[] = {{Py_tp_doc, doc},
                         {Py_tp_getset, getters},
                         {Py_tp_methods, methods},
                         {Py_tp_repr, slot_of(repr)},
                         {Py_nb_bool, slot_of(is_permit)},
                         {Py_tp_traverse, slot_of(traverse)},
                         {Py_tp_clear, slot_of(clear)},
                         {Py_tp_dealloc, slot_of(deallocate)},
                         {0, nullptr}};
  PyType_Spec spec = {"licet.Decision", sizeof(DecisionObject), 0,
                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE |
                          Py_TPFLAGS_DISALLOW_INSTANTIATION,
                      slots};
  auto type = py::reinterpret_steal<py::object>(PyType_FromSpec(&spec));
  if (!type) throw py::error_already_set();
  decision_type = reinterpret_cast<PyTypeObject*>(type.ptr());
  Py_INCREF(decision_type);
  return type;
}

py::object python_from_decision(Decision decision, Asked asked) {
  auto* const self = PyObject_GC_New(DecisionObject, decision_type);
  if (self == nullptr) throw std::bad_alloc();
  new (&self->decision) Decision(std::move(decision));
  new (&self->asked) Asked(std::move(asked));
  PyObject_GC_Track(reinterpret_cast<PyObject*>(self));
  return py::reinterpret_steal<py::object>(reinterpret_cast<PyObject*>(self));
}

namespace {

py::list python_parts(const std::vector<ExplainedPart>& parts) {
  py::list list;
  for (const ExplainedPart& part : parts) {
    list.append(py::make_tuple(python_text(part.text), part.value.empty()
                                                           ? py::object(py::none())
                                                           : python_text(part.value)));
  }
  return list;
}

}  // namespace

py::list python_from_explanation(const Explanation& explanation) {
  const py::object literal_type = type_of_results("ExplainedLiteral");
  py::list list;
  for (const ExplainedLiteral& literal : explanation) {
    list.append(literal_type(python_text(literal.rule), literal.body, python_text(literal.text),
                             python_text(literal.file), literal.line, literal.column, literal.begun,
                             literal.held, literal.failed, literal.unknown,
                             python_parts(literal.when_held), python_parts(literal.when_failed)));
  }
  return list;
}

}  // namespace licet::python
