// Which members of a caller's objects a program wants, as a tree of dict keys.
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
  Py_hash_t hash = -1;                   // of it
  std::optional<AttributeIndex> taken;   // the whole value goes there
  TypedSlots slots;                      // of `taken`
  std::optional<AttributeIndex> record;  // a schema's record: an object with these members only
  std::vector<ReadNode> members;         // if it is not taken as a whole

  const ReadNode* find(PyObject* name) const;
  // The member that a dict's key names, null if none; `place` is where in the dict it stands.
  // PRECONDITION: an exact string.
  const ReadNode* member_at(std::size_t place, PyObject* name) const;

 private:
  // What stood at each place in the last dict: most dicts for one node are made by the same code,
  // so comparing with one key costs less than looking up all of them. Guarded by the GIL.
  struct Guess {
    Py_hash_t hash = -1;  // of no string
    const ReadNode* member = nullptr;
  };
  const ReadNode* guess_again(std::size_t place, PyObject* name, Py_hash_t hash) const;

  mutable std::vector<Guess> guesses_;
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
  // Throws BadInput, which says which root was probably meant.
  [[noreturn]] void refuse_root(PyObject* name) const;

 private:
  ReadTree(const RequestLayout& layout, const Engine* engine);
  std::string suggested_root(const std::string& name) const;  // empty if none is close

  std::uint64_t layout_id_;
  bool reads_everything_;
  ReadNode top_;
};

}  // namespace licet::python
