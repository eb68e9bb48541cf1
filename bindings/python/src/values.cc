#include "bindings/python/src/values.h"

#include <cmath>
#include <string_view>

#include "bindings/python/src/stack.h"
#include "eval/builder.h"
#include "eval/number.h"
#include "eval/path_text.h"
#include "eval/utf8.h"
#include "eval/value_json.h"

namespace licet::python {

namespace py = pybind11;

std::string path_text(const Where* where) {
  std::vector<const Where*> steps;
  for (; where != nullptr; where = where->above) steps.push_back(where);
  std::string path;
  constexpr std::ptrdiff_t kMostShown = 24;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (step - steps.rbegin() == kMostShown) return path + "…";
    if ((*step)->key == nullptr) {
      path += "[" + std::to_string((*step)->index) + "]";
      continue;
    }
    append_key(path, utf8_text((*step)->key));
  }
  return path;
}

std::string utf8_text(PyObject* string) {
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(string, &size);
  if (text == nullptr) {
    PyErr_Clear();
    return "?";
  }
  return {text, static_cast<std::size_t>(size)};
}

std::string type_name(PyObject* object) { return Py_TYPE(object)->tp_name; }

void refuse_raised(const Where* where) {
  if (PyErr_ExceptionMatches(PyExc_Exception) == 0) throw py::error_already_set();
  py::error_already_set raised;
  throw BadInput(where, "an object that can be read",
                 "one whose code raises " + type_name(raised.value().ptr()), raised.value());
}

namespace {

// What `convert` makes of the object.
py::object converted(const Shape& shape, PyObject* object, const Where* where) {
  auto result = py::reinterpret_steal<py::object>(PyObject_CallOneArg(shape.convert.ptr(), object));
  if (!result) refuse_raised(where);
  return result;
}

class Holder {
 public:
  explicit Holder(PyObject* object) : object_(object) { Py_INCREF(object); }
  ~Holder() { Py_DECREF(object_); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

 private:
  PyObject* object_;
};

bool is_plain(PyObject* object) {
  return PyUnicode_CheckExact(object) || PyLong_CheckExact(object) || PyFloat_CheckExact(object) ||
         PyBool_Check(object) || object == Py_None;
}

}  // namespace

// INVARIANT: deep values end here with an error, before the stack or the depth of values does.
ValueReader::Level::Level(std::uint32_t& depth, const Where* where) : depth_(depth) {
  if (depth_ >= Value::kMaxDepth || remaining_stack_bytes() < kStackReserveBytes) {
    throw BadInput(where, "a value that nests less deep, and no cycle", "one too deep to read");
  }
  ++depth_;
}

Value ValueReader::read(PyObject* object, const Where* where) {
  if (PyUnicode_CheckExact(object)) return text(object, where);
  if (PyLong_CheckExact(object)) return read_integer(object, where);
  if (object == Py_True) return Value::boolean(true);
  if (object == Py_False) return Value::boolean(false);
  if (object == Py_None) return Value::null();
  if (PyFloat_CheckExact(object)) return read_float(object, where);
  // Code of objects may drop the last reference to what is being read.
  const Holder holder(object);
  if (PyList_Check(object) || PyTuple_CheckExact(object)) return read_list(object, where);
  if (PyDict_Check(object)) return read_dict(object, where);
  if (PyAnySet_Check(object)) return read_set(object, where);
  if (PyUnicode_Check(object)) return text(object, where);
  if (PyLong_Check(object)) return read_integer(object, where);
  if (PyFloat_Check(object)) return read_float(object, where);
  return read_other(object, where);
}

Value ValueReader::text(PyObject* string, const Where* where) {
  if (PyUnicode_IS_COMPACT_ASCII(string)) {
    return Value::string(ascii_text(string), arena_);
  }
  Py_ssize_t size = 0;
  const char* const bytes = PyUnicode_AsUTF8AndSize(string, &size);
  if (bytes == nullptr) {
    PyErr_Clear();
    throw BadInput(where, "text that UTF-8 can write", "a string with a lone surrogate");
  }
  return Value::string({bytes, static_cast<std::size_t>(size)}, arena_);
}

Value ValueReader::read_integer(PyObject* object, const Where* where) {
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
  if (overflow == 0) return Value::integer(value);
  const auto digits = py::reinterpret_steal<py::object>(PyLong_Type.tp_repr(object));
  if (!digits) {
    PyErr_Clear();
    throw BadInput(where, "a number that can be written out", "an integer of too many digits");
  }
  return read_number_text(digits.ptr(), where);
}

Value ValueReader::read_float(PyObject* object, const Where* where) {
  const double value = PyFloat_AS_DOUBLE(object);
  if (std::isfinite(value)) return number_from_double(value, arena_);
  throw BadInput(where, "a finite number", std::isnan(value) ? "NaN" : "infinity");
}

Value ValueReader::read_number_text(PyObject* text, const Where* where) {
  Py_ssize_t size = 0;
  const char* const bytes = PyUnicode_Check(text) ? PyUnicode_AsUTF8AndSize(text, &size) : nullptr;
  if (bytes != nullptr) {
    const std::string_view digits(bytes, static_cast<std::size_t>(size));
    if (const auto number = number_from_text(digits, arena_)) return *number;
    throw BadInput(where, "a finite number", std::string(digits.substr(0, 40)));
  }
  PyErr_Clear();
  throw BadInput(where, "a finite number", type_name(text));
}

Value ValueReader::array_from(std::size_t base) {
  const Value value = Value::array(std::span(pending_).subspan(base), arena_);
  pending_.resize(base);
  return value;
}

Value ValueReader::object_from(std::size_t base) {
  static_assert(sizeof(Entry) == 2 * sizeof(Value));
  std::vector<Entry> entries;
  entries.reserve((pending_.size() - base) / 2);
  for (std::size_t i = base; i < pending_.size(); i += 2) {
    entries.push_back({pending_[i], pending_[i + 1]});
  }
  pending_.resize(base);
  return Value::object(entries, arena_);
}

Value ValueReader::read_list(PyObject* object, const Where* where) {
  const Level level(depth_, where);
  const std::size_t base = pending_.size();
  // The list may change while code of its elements runs.
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(object); ++i) {
    const Where at{.above = where, .index = i};
    const Value value = read(PySequence_Fast_GET_ITEM(object, i), &at);
    pending_.push_back(value);
  }
  return array_from(base);
}

// Sorted as Rego sorts: JSON has no sets, and an order that changes would be no answer.
Value ValueReader::read_set(PyObject* object, const Where* where) {
  const Level level(depth_, where);
  const std::size_t base = pending_.size();
  const auto elements = py::reinterpret_steal<py::object>(PySequence_List(object));
  if (!elements) refuse_raised(where);
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(elements.ptr()); ++i) {
    const Where at{.above = where, .index = i};
    const Value value = read(PyList_GET_ITEM(elements.ptr(), i), &at);
    pending_.push_back(value);
  }
  const Value sorted = Value::set(std::span(pending_).subspan(base), arena_);
  pending_.resize(base);
  return Value::array(sorted.elements(), arena_);
}

void ValueReader::read_entry(PyObject* key, PyObject* value, const Where* where) {
  if (!PyUnicode_Check(key)) throw BadInput(where, "keys that are strings", type_name(key));
  const Where at{.above = where, .key = key};
  const Value name = text(key, &at);
  pending_.push_back(name);
  const Value member = read(value, &at);
  pending_.push_back(member);
}

Value ValueReader::read_dict(PyObject* object, const Where* where) {
  const Level level(depth_, where);
  const std::size_t base = pending_.size();
  Py_ssize_t position = 0;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  while (PyDict_Next(object, &position, &key, &value) != 0) {
    if (is_plain(value)) {
      read_entry(key, value, where);
    } else {
      const Holder holds_key(key);
      read_entry(key, value, where);
    }
  }
  return object_from(base);
}

Value ValueReader::read_mapping(PyObject* object, const Where* where) {
  const Level level(depth_, where);
  const std::size_t base = pending_.size();
  const auto items = py::reinterpret_steal<py::object>(PyMapping_Items(object));
  if (!items) refuse_raised(where);
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(items.ptr()); ++i) {
    PyObject* const item = PyList_GET_ITEM(items.ptr(), i);
    if (!PyTuple_Check(item) || PyTuple_GET_SIZE(item) != 2) {
      throw BadInput(where, "a mapping", type_name(object));
    }
    read_entry(PyTuple_GET_ITEM(item, 0), PyTuple_GET_ITEM(item, 1), where);
  }
  return object_from(base);
}

Value ValueReader::read_fields(PyObject* object, const Shape& shape, const Where* where) {
  const Level level(depth_, where);
  const std::size_t base = pending_.size();
  for (const py::object& field : shape.fields) {
    const auto value = py::reinterpret_steal<py::object>(PyObject_GetAttr(object, field.ptr()));
    if (!value) refuse_raised(where);
    read_entry(field.ptr(), value.ptr(), where);
  }
  return object_from(base);
}

Value ValueReader::read_other(PyObject* object, const Where* where) {
  const Level level(depth_, where);
  const Shape& shape = shape_of(Py_TYPE(object));
  switch (shape.kind) {
    case Shape::Kind::kMapping:
      return read_mapping(object, where);
    case Shape::Kind::kFields:
      return read_fields(object, shape, where);
    case Shape::Kind::kNumber:
      return read_number_text(converted(shape, object, where).ptr(), where);
    case Shape::Kind::kConvert:
      return read(converted(shape, object, where).ptr(), where);
    case Shape::Kind::kUnknown:
      break;
  }
  throw BadInput(where, "a value that policies know, or a type given to licet.register",
                 type_name(object));
}

py::object ValueReader::member(PyObject* object, PyObject* key, const Where* where) {
  if (PyDict_Check(object)) {
    PyObject* const found = PyDict_GetItemWithError(object, key);
    if (found == nullptr && PyErr_Occurred() != nullptr) refuse_raised(where);
    return py::reinterpret_borrow<py::object>(found);
  }
  if (is_plain(object)) return {};
  const Level level(depth_, where);
  const Shape& shape = shape_of(Py_TYPE(object));
  switch (shape.kind) {
    case Shape::Kind::kMapping: {
      const int is_there = PySequence_Contains(object, key);
      if (is_there == 0) return {};
      auto found =
          py::reinterpret_steal<py::object>(is_there < 0 ? nullptr : PyObject_GetItem(object, key));
      if (!found) refuse_raised(where);
      return found;
    }
    case Shape::Kind::kFields:
      for (const py::object& field : shape.fields) {
        if (PyUnicode_Compare(field.ptr(), key) != 0) continue;
        auto found = py::reinterpret_steal<py::object>(PyObject_GetAttr(object, key));
        if (!found) refuse_raised(where);
        return found;
      }
      return {};
    case Shape::Kind::kConvert:
      return member(converted(shape, object, where).ptr(), key, where);
    case Shape::Kind::kNumber:
    case Shape::Kind::kUnknown:
      break;
  }
  return {};
}

// --- values -> Python ------------------------------------------------------------------------

namespace {

py::object python_from_string(std::string_view text) {
  return py::reinterpret_steal<py::object>(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "strict"));
}

py::object python_from_number(const Value& value) {
  if (value.is_int64()) return py::int_(value.as_int64());
  const std::string text = number_text(value);
  if (is_integer(value)) {
    // Through Decimal, which knows no limit of digits.
    return py::int_(py::module_::import("decimal").attr("Decimal")(text));
  }
  Arena arena;
  const double nearest = number_to_double(value);
  if (std::isfinite(nearest) && number_from_double(nearest, arena) == value) {
    return py::float_(nearest);
  }
  return py::module_::import("decimal").attr("Decimal")(text);
}

py::object python_from_object(const Value& value) {
  py::dict dict;
  for (const Entry& entry : value.entries()) {
    const std::string text = entry.key.is_string() ? std::string() : json_from_value(entry.key);
    const std::string_view key = entry.key.is_string() ? entry.key.as_string() : text;
    dict[python_from_string(key)] = python_from_value(entry.value);
  }
  return dict;
}

}  // namespace

py::object python_from_value(const Value& value) {
  if (remaining_stack_bytes() < kStackReserveBytes) {
    PyErr_SetString(PyExc_RecursionError, "the answer nests too deep for the stack of this thread");
    throw py::error_already_set();
  }
  switch (value.kind()) {
    case Kind::kUndefined:
    case Kind::kNull:
      return py::none();
    case Kind::kBool:
      return py::bool_(value.as_bool());
    case Kind::kNumber:
      return python_from_number(value);
    case Kind::kString:
      return python_from_string(value.as_string());
    case Kind::kArray:
    case Kind::kSet: {
      py::list list(value.size());
      std::size_t at = 0;
      for (const Value& element : value.elements()) list[at++] = python_from_value(element);
      return list;
    }
    case Kind::kObject:
      return python_from_object(value);
  }
  return py::none();
}

}  // namespace licet::python
