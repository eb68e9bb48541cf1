// The walk that takes from a caller's objects what a program wants, and puts it into a request.
#pragma once

#include <pybind11/pybind11.h>

#include <string_view>
#include <vector>

#include "bindings/python/src/read_tree.h"
#include "bindings/python/src/values.h"
#include "eval/request.h"

namespace licet::python {

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
  Py_ssize_t look_up_members(const ReadNode& node, PyObject* dict, const Where* where);
  void read_member(const ReadNode& member, PyObject* value, const Where* where);
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
