#include "bindings/python/src/request_reader.h"

#include "eval/path_text.h"

namespace licet::python {

namespace py = pybind11;

void RequestReader::read_root(const ReadNode& root, PyObject* object) {
  const Where where{.above = nullptr, .key = root.key.ptr()};
  if (root.taken) {
    take(root, object, &where);
  } else {
    read_members(root, object, &where);
  }
}

void RequestReader::take(const ReadNode& node, PyObject* object, const Where* where) {
  if (request_ == nullptr) {
    room_.taken.push_back({*node.taken, values_.read(object, where)});
  } else if (!set_directly(node.slots, object)) {
    request_->set(*node.taken, values_.read(object, where));
  }
}

// False: it takes more than that. Runs no code of Python.
bool RequestReader::set_directly(const TypedSlots& slots, PyObject* object) {
  if (PyUnicode_CheckExact(object)) {
    if (!slots.text || !PyUnicode_IS_COMPACT_ASCII(object)) return false;
    request_->set(*slots.text, ascii_text(object));
    return true;
  }
  if (PyLong_CheckExact(object)) {
    if (!slots.integer) return false;
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow != 0) return false;
    request_->set(*slots.integer, static_cast<std::int64_t>(number));
    return true;
  }
  if (PyBool_Check(object)) {
    if (!slots.boolean) return false;
    request_->set(*slots.boolean, object == Py_True);
    return true;
  }
  return PyList_CheckExact(object) && slots.texts && set_texts(*slots.texts, object);
}

bool RequestReader::set_texts(const Slot<StringList>& slot, PyObject* list) {
  room_.texts.clear();
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
    PyObject* const element = PyList_GET_ITEM(list, i);
    if (!PyUnicode_CheckExact(element) || !PyUnicode_IS_COMPACT_ASCII(element)) return false;
    room_.texts.push_back(ascii_text(element));
  }
  request_->set(slot, StringList(room_.texts));
  return true;
}

void RequestReader::read_members(const ReadNode& node, PyObject* object, const Where* where) {
  if (PyDict_CheckExact(object)) {
    const Py_ssize_t known = read_dict(node, object, where);
    if (node.record && known != PyDict_GET_SIZE(object)) refuse_unknown_key(node, object, where);
    return;
  }
  check_object(node, object, where);
  const Py_ssize_t known = read_object(node, object, where);
  if (node.record && PyDict_Check(object) && known != PyDict_GET_SIZE(object)) {
    refuse_unknown_key(node, object, where);
  }
}

void RequestReader::read_member(const ReadNode& member, PyObject* value, const Where* where) {
  const Where at{.above = where, .key = member.key.ptr()};
  if (member.taken) {
    take(member, value, &at);
  } else {
    // Code of objects in it may drop the last reference to it.
    const auto held = py::reinterpret_borrow<py::object>(value);
    read_members(member, value, &at);
  }
}

// How many of the node's members the dict has.
Py_ssize_t RequestReader::read_dict(const ReadNode& node, PyObject* dict, const Where* where) {
  const auto most = static_cast<Py_ssize_t>(2 * node.members.size() + 4);
  if (PyDict_GET_SIZE(dict) > most) return look_up_members(node, dict, where);
  Py_ssize_t known = 0;
  Py_ssize_t position = 0;
  std::size_t place = 0;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  while (PyDict_Next(dict, &position, &key, &value) != 0) {
    if (!PyUnicode_CheckExact(key)) return look_up_members(node, dict, where);
    const ReadNode* const member = node.member_at(place++, key);
    if (member == nullptr) continue;
    ++known;
    read_member(*member, value, where);
  }
  return known;
}

Py_ssize_t RequestReader::look_up_members(const ReadNode& node, PyObject* dict,
                                          const Where* where) {
  Py_ssize_t known = 0;
  for (const ReadNode& member : node.members) {
    PyObject* const value = PyDict_GetItemWithError(dict, member.key.ptr());
    if (value != nullptr) {
      ++known;
      read_member(member, value, where);
    } else if (PyErr_Occurred() != nullptr) {
      refuse_raised(where);
    }
  }
  return known;
}

Py_ssize_t RequestReader::read_object(const ReadNode& node, PyObject* object, const Where* where) {
  Py_ssize_t known = 0;
  for (const ReadNode& member : node.members) {
    const Where at{.above = where, .key = member.key.ptr()};
    const py::object value = values_.member(object, member.key.ptr(), &at);
    if (!value) continue;
    ++known;
    if (member.taken) {
      take(member, value.ptr(), &at);
    } else {
      read_members(member, value.ptr(), &at);
    }
  }
  return known;
}

// Whatever has no members reads as an object without any, as in Rego; but not a root, and not where
// a schema says that there is a record.
void RequestReader::check_object(const ReadNode& node, PyObject* object, const Where* where) const {
  if (!node.record && where->above != nullptr) return;
  if (PyDict_Check(object)) return;
  const bool is_absent = object == Py_None && !node.record;
  const Shape::Kind kind = shape_of(Py_TYPE(object)).kind;
  if (is_absent || kind == Shape::Kind::kMapping || kind == Shape::Kind::kFields ||
      kind == Shape::Kind::kConvert) {
    return;
  }
  const Schema& schema = layout_.program().schema;
  throw BadInput(where,
                 node.record ? type_text(schema, *layout_.attributes()[*node.record].type)
                             : "a mapping or an object with attributes",
                 type_name(object));
}

void RequestReader::refuse_unknown_key(const ReadNode& node, PyObject* dict,
                                       const Where* where) const {
  std::vector<std::string> names;
  for (const ReadNode& member : node.members) names.push_back(utf8_text(member.key.ptr()));
  const std::vector<std::string_view> views(names.begin(), names.end());
  Py_ssize_t position = 0;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  while (PyDict_Next(dict, &position, &key, &value) != 0) {
    if (!PyUnicode_Check(key)) throw BadInput(where, "keys that are strings", type_name(key));
    if (node.find(key) != nullptr) continue;
    const Where at{.above = where, .key = key};
    const std::string_view meant = suggestion(utf8_text(key), views);
    std::string expected = "no attribute of this name";
    if (!meant.empty()) expected += " (did you mean `" + std::string(meant) + "`?)";
    throw BadInput(&at, expected, type_name(value));
  }
  throw BadInput(where, "a dict that nobody changes meanwhile", "another number of keys");
}

}  // namespace licet::python
