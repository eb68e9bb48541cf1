#include "bindings/python/src/read_tree.h"

#include <algorithm>
#include <array>

#include "eval/path_text.h"

namespace licet::python {
namespace {

namespace py = pybind11;

// Every engine has these, whether its policies read them or not.
constexpr std::array<const char*, 4> kRoots = {"user", "model", "dataset", "request"};

py::object interned(const std::string& text) {
  PyObject* string =
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "strict");
  if (string == nullptr) throw py::error_already_set();
  PyUnicode_InternInPlace(&string);
  return py::reinterpret_steal<py::object>(string);
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

bool is_same_name(PyObject* a, PyObject* b) {
  return a == b ||
         (PyUnicode_GET_LENGTH(a) == PyUnicode_GET_LENGTH(b) && PyUnicode_Compare(a, b) == 0);
}

// Builds the tree below one attribute after the other; shorter paths come first.
class TreeBuilder {
 public:
  TreeBuilder(const RequestLayout& layout, const Engine* engine)
      : layout_(layout), engine_(engine) {}

  ReadNode build() {
    std::vector<AttributeIndex> order(layout_.attributes().size());
    for (AttributeIndex i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](AttributeIndex a, AttributeIndex b) {
      return layout_.attributes()[a].path.size() < layout_.attributes()[b].path.size();
    });
    for (const AttributeIndex index : order) add(index);
    return std::move(top_);
  }

 private:
  void add(AttributeIndex index) {
    const Attribute& attribute = layout_.attributes()[index];
    ReadNode* node = &top_;
    for (const std::string& name : attribute.path) {
      if (node->taken) return;  // with what lies above
      node = member(*node, name);
    }
    if (node->taken) return;
    const bool is_record =
        attribute.type && layout_.program().schema.types[*attribute.type].kind == TypeKind::kRecord;
    // The record of an optional attribute stands or falls as a whole.
    if (!is_record || attribute.is_read || is_optional(attribute)) {
      node->taken = index;
      if (engine_ != nullptr) node->slots = typed_slots(attribute.text);
    } else {
      node->record = index;
    }
  }

  template <class T>
  std::optional<Slot<T>> typed_slot(const std::string& path) const {
    auto slot = engine_->slot<T>(path);
    return slot ? std::optional(std::move(slot).value()) : std::nullopt;
  }

  TypedSlots typed_slots(const std::string& path) const {
    return {.text = typed_slot<std::string_view>(path),
            .integer = typed_slot<std::int64_t>(path),
            .boolean = typed_slot<bool>(path),
            .texts = typed_slot<StringList>(path)};
  }

  // Whether the schema lets the record at the end of the path be missing.
  bool is_optional(const Attribute& attribute) const {
    const Schema& schema = layout_.program().schema;
    std::optional<TypeIndex> type;
    for (std::size_t i = 0; i < attribute.path.size(); ++i) {
      if (i == 0) {
        type = root_type(attribute.path[0]);
      } else {
        const std::vector<FieldType>& fields = schema.types[*type].fields;
        const auto field = std::find_if(fields.begin(), fields.end(), [&](const FieldType& f) {
          return f.name == attribute.path[i];
        });
        if (field == fields.end() || field->optional) return true;
        type = field->type;
      }
      if (!type) return true;
    }
    return false;
  }

  std::optional<TypeIndex> root_type(const std::string& name) const {
    for (const RootType& root : layout_.program().schema.roots) {
      if (root.name == name) return root.type;
    }
    return std::nullopt;
  }

  static ReadNode* member(ReadNode& node, const std::string& name) {
    const py::object key = interned(name);
    for (ReadNode& there : node.members) {
      if (is_same_name(there.key.ptr(), key.ptr())) return &there;
    }
    ReadNode& added = node.members.emplace_back();
    added.key = key;
    return &added;
  }

  const RequestLayout& layout_;
  const Engine* engine_;  // null: typed slots are not wanted
  ReadNode top_;
};

}  // namespace

const ReadNode* ReadNode::find(PyObject* name) const {
  for (const ReadNode& node : members) {
    if (node.key.ptr() == name) return &node;
  }
  for (const ReadNode& node : members) {
    if (is_same_name(node.key.ptr(), name)) return &node;
  }
  return nullptr;
}

ReadTree::ReadTree(const RequestLayout& layout, const Engine* engine)
    : layout_id_(layout.id()),
      reads_everything_(layout.always_needs_document()),
      top_(TreeBuilder(layout, engine).build()) {}

bool ReadTree::knows_root(PyObject* name) const {
  if (reads_everything_ || root(name) != nullptr) return true;
  return std::any_of(kRoots.begin(), kRoots.end(), [&](const char* root) {
    return PyUnicode_CompareWithASCIIString(name, root) == 0;
  });
}

std::string ReadTree::suggested_root(const std::string& name) const {
  std::vector<std::string> names(kRoots.begin(), kRoots.end());
  for (const ReadNode& root : roots()) names.push_back(utf8_text(root.key.ptr()));
  const std::vector<std::string_view> views(names.begin(), names.end());
  return std::string(suggestion(name, views));
}

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

// How many of the node's members the dict has.
Py_ssize_t RequestReader::read_dict(const ReadNode& node, PyObject* dict, const Where* where) {
  Py_ssize_t known = 0;
  for (const ReadNode& member : node.members) {
    PyObject* const value = PyDict_GetItemWithError(dict, member.key.ptr());
    if (value == nullptr) {
      if (PyErr_Occurred() != nullptr) refuse_raised(where);
      continue;
    }
    ++known;
    const Where at{.above = where, .key = member.key.ptr()};
    if (member.taken) {
      take(member, value, &at);
    } else {
      // Code of objects in it may drop the last reference to it.
      const auto held = py::reinterpret_borrow<py::object>(value);
      read_members(member, value, &at);
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
