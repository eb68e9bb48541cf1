#include "bindings/python/src/filter.h"

#include <pybind11/stl.h>

#include "bindings/python/src/released.h"
#include "bindings/python/src/request_error.h"
#include "licet/filter.h"

namespace licet::python {

namespace py = pybind11;

namespace {

const char* text_of_kind(lang::Filter::Kind kind) {
  static constexpr const char* kTexts[] = {"true",    "false",  "and",     "or", "not",
                                           "present", "truthy", "compare", "in", "contains"};
  return kTexts[static_cast<std::size_t>(kind)];
}

py::tuple python_from_filter(const lang::Filter& filter) {
  py::list parts;
  for (const lang::Filter& part : filter.parts) parts.append(python_from_filter(part));
  return py::make_tuple(text_of_kind(filter.kind), filter.path, filter.comparison, filter.other,
                        python_from_value(filter.value), parts);
}

}  // namespace

py::tuple python_filter(EngineHandle& handle, const std::string& unknown, const py::dict& known,
                        const std::string& package) {
  handle.require_open();
  Arena arena;
  ValueReader reader(arena);
  Value request;
  read_or_refuse([&] { request = reader.read(known.ptr(), nullptr); },
                 [](const RequestError& error, const py::object& cause) {
                   raise_request_error(error, py::none(), cause);
                 });
  const Engine engine = handle.engine();
  const std::vector<NamedText> policies = handle.sources().texts;
  std::optional<Result<lang::Filter, lang::FilterRefusal>> filter;
  const auto work = [&] {
    filter.emplace(filter_from_policies(engine, policies, unknown, request, package, arena));
  };
  run_released([&] {
    if (!run_with_stack(kCompileStackBytes, work)) throw std::bad_alloc();
  });
  if (*filter) return python_from_filter(filter->value());
  const lang::FilterRefusal& refusal = filter->error();
  py::dict fields;
  fields["clause"] = refusal.clause;
  fields["file"] = refusal.file;
  fields["line"] = refusal.line;
  const std::string place =
      refusal.file.empty() ? "" : refusal.file + ":" + std::to_string(refusal.line) + ": ";
  raise_licet_error(
      "FilterError",
      place + refusal.message + (refusal.clause.empty() ? "" : ": `" + refusal.clause + "`"),
      fields);
}

}  // namespace licet::python
