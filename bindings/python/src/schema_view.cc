#include "bindings/python/src/schema_view.h"

#include "bindings/python/src/values.h"

namespace licet::python {

namespace py = pybind11;

namespace {

const char* text_of_kind(TypeKind kind) {
  static constexpr const char* kTexts[] = {"any",     "null",  "bool", "int",  "number",
                                           "string",  "ip",    "cidr", "uuid", "time",
                                           "literal", "union", "list", "map",  "record"};
  return kTexts[static_cast<std::size_t>(kind)];
}

py::tuple python_from_type(const Type& type) {
  py::list members;
  for (const TypeIndex member : type.members) members.append(member);
  py::list fields;
  for (const FieldType& field : type.fields) {
    fields.append(py::make_tuple(field.name, field.type, field.optional));
  }
  return py::make_tuple(text_of_kind(type.kind), python_from_value(type.literal), members, fields);
}

}  // namespace

py::dict python_from_schema(const Schema& schema) {
  py::list types;
  for (const Type& type : schema.types) types.append(python_from_type(type));
  py::dict roots;
  for (const RootType& root : schema.roots) roots[py::str(root.name)] = root.type;
  py::dict view;
  view["roots"] = roots;
  view["types"] = types;
  return view;
}

}  // namespace licet::python
