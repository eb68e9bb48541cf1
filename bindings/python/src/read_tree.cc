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

bool is_same_name(PyObject* a, PyObject* b) {
  if (a == b) return true;
  if (PyUnicode_GET_LENGTH(a) != PyUnicode_GET_LENGTH(b)) return false;
  if (PyUnicode_IS_COMPACT_ASCII(a) && PyUnicode_IS_COMPACT_ASCII(b)) {
    return ascii_text(a) == ascii_text(b);
  }
  return PyUnicode_Compare(a, b) == 0;
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
    added.hash = PyObject_Hash(key.ptr());
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

const ReadNode* ReadNode::member_at(std::size_t place, PyObject* name) const {
  // A string that is a key of a dict has its hash.
  const Py_hash_t name_hash = reinterpret_cast<const PyASCIIObject*>(name)->hash;
  if (place < guesses_.size() && guesses_[place].hash == name_hash) {
    const ReadNode* const member = guesses_[place].member;
    if (member == nullptr || is_same_name(member->key.ptr(), name)) return member;
  }
  return guess_again(place, name, name_hash);
}

// INVARIANT: a guess that a key is no member is kept only if no member has its hash.
const ReadNode* ReadNode::guess_again(std::size_t place, PyObject* name,
                                      Py_hash_t name_hash) const {
  bool has_hash = false;
  const ReadNode* found = nullptr;
  for (const ReadNode& member : members) {
    if (member.hash != name_hash) continue;
    has_hash = true;
    if (is_same_name(member.key.ptr(), name)) found = &member;
  }
  if (found != nullptr || !has_hash) {
    if (guesses_.size() <= place) guesses_.resize(place + 1);
    guesses_[place] = {name_hash, found};
  }
  return found;
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

void ReadTree::refuse_root(PyObject* name) const {
  const Where where{.above = nullptr, .key = name};
  const std::string meant = suggested_root(path_text(&where));
  throw BadInput(
      &where,
      "a root that policies can read" + (meant.empty() ? "" : " (did you mean `" + meant + "`?)"),
      "an unknown keyword");
}

}  // namespace licet::python
