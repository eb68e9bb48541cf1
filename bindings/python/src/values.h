// Python objects <-> values.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/python/src/bad_input.h"
#include "bindings/python/src/shapes.h"
#include "eval/value.h"

namespace licet::python {

// Makes values of objects, in one arena. Throws BadInput for what cannot be one, MemoryExceeded,
// and py::error_already_set if code of an object raises. The caller holds the GIL.
class ValueReader {
 public:
  explicit ValueReader(Arena& arena) : arena_(arena) {}

  Value read(PyObject* object, const Where* where);
  // The member of an object that has members; null if there is none. What is neither a mapping nor
  // has fields has none.
  pybind11::object member(PyObject* object, PyObject* key, const Where* where);
  Value text(PyObject* string, const Where* where);

  // Of the arena's memory: forgets what is kept between calls.
  void reset() { pending_.clear(); }

 private:
  // One step down.
  class Level {
   public:
    Level(std::uint32_t& depth, const Where* where);
    ~Level() { --depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    std::uint32_t& depth_;
  };

  Value read_integer(PyObject* object, const Where* where);
  Value read_float(PyObject* object, const Where* where);
  Value read_list(PyObject* object, const Where* where);
  Value read_set(PyObject* object, const Where* where);
  Value read_dict(PyObject* object, const Where* where);
  Value read_mapping(PyObject* object, const Where* where);
  Value read_fields(PyObject* object, const Shape& shape, const Where* where);
  Value read_other(PyObject* object, const Where* where);
  Value read_number_text(PyObject* text, const Where* where);
  void read_entry(PyObject* key, PyObject* value, const Where* where);
  Value array_from(std::size_t base);
  Value object_from(std::size_t base);

  Arena& arena_;
  std::uint32_t depth_ = 0;
  std::vector<Value> pending_;  // of composites under way; of objects, keys and values in turn
};

// PRECONDITION: the string is compact and ASCII. The bytes are the string's.
inline std::string_view ascii_text(PyObject* string) {
  return {static_cast<const char*>(PyUnicode_DATA(string)),
          static_cast<std::size_t>(PyUnicode_GET_LENGTH(string))};
}

// Numbers are int, float, or decimal.Decimal where no float is equal. Sets are sorted lists and
// keys that are no strings their JSON text, as in JSON. Undefined is None.
pybind11::object python_from_value(const Value& value);

// For messages; `?` where UTF-8 cannot write the string.
std::string utf8_text(PyObject* string);

// dict, 3 and so on, for messages.
std::string type_name(PyObject* object);

}  // namespace licet::python
