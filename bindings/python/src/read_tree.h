// Which members of a caller's objects a program wants, as a tree of dict keys; and the walk that
// takes them into a request.
//
// Only what policies read and what a schema describes is looked at, so a dict of a thousand keys
// costs what its three interesting ones cost. A dict where a schema has a record must have no other
// keys: they are counted, and looked at only if the count is wrong.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/python/src/values.h"
#include "eval/engine.h"
#include "eval/request.h"
#include "eval/request_layout.h"

namespace licet::python {

// To set an attribute from an object of a simple type, without a value in between. None: the
// schema says that it is of another type.
struct TypedSlots {
  std::optional<Slot<std::string_view>> text;
  std::optional<Slot<std::int64_t>> integer;
  std::optional<Slot<bool>> boolean;
  std::optional<Slot<StringList>> texts;
};

struct ReadNode {
  pybind11::object key;                  // an interned string
  std::optional<AttributeIndex> taken;   // the whole value goes there
  TypedSlots slots;                      // of `taken`
  std::optional<AttributeIndex> record;  // a schema's record: an object with these members only
  std::vector<ReadNode> members;         // if it is not taken as a whole

  const ReadNode* find(PyObject* name) const;
};

class ReadTree {
 public:
  explicit ReadTree(const RequestLayout& layout) : ReadTree(layout, nullptr) {}
  // With typed slots of the engine.
  ReadTree(const RequestLayout& layout, const Engine& engine) : ReadTree(layout, &engine) {}

  std::uint64_t layout_id() const { return layout_id_; }
  // All roots are wanted as they are: a policy reads the whole request.
  bool reads_everything() const { return reads_everything_; }
  const ReadNode* root(PyObject* name) const { return top_.find(name); }
  const std::vector<ReadNode>& roots() const { return top_.members; }
  // Whether a request can have a root of this name.
  bool knows_root(PyObject* name) const;
  // The root that was probably meant; empty if none is close.
  std::string suggested_root(const std::string& name) const;

 private:
  ReadTree(const RequestLayout& layout, const Engine* engine);

  std::uint64_t layout_id_;
  bool reads_everything_;
  ReadNode top_;
};

// An attribute and its value.
struct Taken {
  AttributeIndex attribute = 0;
  Value value;
};

// Room that reading takes, kept from call to call.
struct ReadRoom {
  std::vector<Taken> taken;             // without a request: what is to be set
  std::vector<std::string_view> texts;  // of one list
};

// Takes the members of one root's object. Throws as ValueReader.
class RequestReader {
 public:
  // What is read goes to `request`, or if that is null to `room.taken`.
  RequestReader(const RequestLayout& layout, ValueReader& values, ReadRoom& room,
                Request* request = nullptr)
      : layout_(layout), values_(values), room_(room), request_(request) {}

  void read_root(const ReadNode& root, PyObject* object);

 private:
  void take(const ReadNode& node, PyObject* object, const Where* where);
  bool set_directly(const TypedSlots& slots, PyObject* object);
  bool set_texts(const Slot<StringList>& slot, PyObject* list);
  void read_members(const ReadNode& node, PyObject* object, const Where* where);
  Py_ssize_t read_dict(const ReadNode& node, PyObject* dict, const Where* where);
  Py_ssize_t read_object(const ReadNode& node, PyObject* object, const Where* where);
  void check_object(const ReadNode& node, PyObject* object, const Where* where) const;
  [[noreturn]] void refuse_unknown_key(const ReadNode& node, PyObject* dict,
                                       const Where* where) const;

  const RequestLayout& layout_;
  ValueReader& values_;
  ReadRoom& room_;
  Request* request_;
};

}  // namespace licet::python
