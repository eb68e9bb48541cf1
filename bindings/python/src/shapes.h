// What to do with objects of types that are not JSON's: dataclasses, models, dates, arrays.
//
// licet/_shapes.py knows the types; what it says of one is kept, so that Python is asked once.
#pragma once

#include <pybind11/pybind11.h>

#include <unordered_map>
#include <vector>

namespace licet::python {

struct Shape {
  enum class Kind {
    kUnknown,  // no value can be made of it
    kMapping,  // has keys and items
    kFields,   // has these attributes
    kNumber,   // `convert` makes the text of a number
    kConvert,  // `convert` makes an object of another type
  };
  Kind kind = Kind::kUnknown;
  std::vector<pybind11::object> fields;  // interned strings
  pybind11::object convert;
};

// Of `type`; the reference is good until the process ends. The caller holds the GIL.
const Shape& shape_of(PyTypeObject* type);
// Types are asked about again: a converter was registered.
void forget_shapes();

}  // namespace licet::python
