#include "bindings/python/src/loading.h"

#include <pybind11/stl.h>

#include <chrono>
#include <new>
#include <utility>

#include "bindings/python/src/stack.h"

namespace licet::python {
namespace {

namespace py = pybind11;

std::optional<FileError> read_into(const std::vector<std::string>& files,
                                   std::vector<NamedText>& texts) {
  for (const std::string& file : files) {
    auto text = read_file(file);
    if (!text) return text.error();
    texts.push_back({file, std::move(text).value()});
  }
  return std::nullopt;
}

std::vector<NamedText> texts_from_python(const py::handle& pairs) {
  std::vector<NamedText> texts;
  for (const py::handle pair : pairs) {
    const auto tuple = pair.cast<py::tuple>();
    texts.push_back({tuple[0].cast<std::string>(), tuple[1].cast<std::string>()});
  }
  return texts;
}

// As bytes: an image is no text.
py::list python_from_texts(const std::vector<NamedText>& texts) {
  py::list list;
  for (const NamedText& text : texts) list.append(py::make_tuple(text.name, py::bytes(text.text)));
  return list;
}

py::str text_of_bytes(const std::string& text) {
  PyObject* const string =
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
  if (string == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(string);
}

}  // namespace

Result<Origin, FileError> read_origin(const Origin& origin) {
  Origin read = origin;
  read.paths.clear();
  read.data_paths.clear();
  if (!origin.paths.empty()) {
    const auto files = policy_files(origin.paths);
    if (!files) return Failure{files.error()};
    if (auto error = read_into(files.value(), read.texts)) return Failure{std::move(*error)};
  }
  if (auto error = read_into(origin.data_paths, read.data_texts)) return Failure{std::move(*error)};
  return read;
}

Result<LoadedProgram, LoadError> compile_origin(const Origin& origin, Explanations explanations) {
  LoadOptions options;
  options.explanations = explanations;
  options.strict = origin.strict;
  std::optional<Result<LoadedProgram, LoadError>> loaded;
  const auto compile = [&] {
    try {
      loaded.emplace(load_texts(origin.texts, origin.data_texts, options));
    } catch (const std::bad_alloc&) {
      loaded.reset();
    }
  };
  if (run_with_stack(kCompileStackBytes, compile) && loaded) return std::move(*loaded);
  return Failure{LoadError{.message = "there is no memory left to compile the policies",
                           .help = {},
                           .problems = {},
                           .text = {}}};
}

void raise_licet_error(const char* name, const std::string& message, const py::dict& fields) {
  const py::object type = py::module_::import("licet._errors").attr(name);
  const py::object error = type(text_of_bytes(message), **fields);
  PyErr_SetObject(type.ptr(), error.ptr());
  throw py::error_already_set();
}

py::tuple python_problems(const std::vector<PolicyProblem>& problems) {
  const py::object type = py::module_::import("licet._errors").attr("Problem");
  py::tuple tuple(problems.size());
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const PolicyProblem& problem = problems[i];
    const bool is_error = problem.severity == PolicyProblem::Severity::kError;
    tuple[i] = type(problem.code, is_error ? "error" : "warning", text_of_bytes(problem.file),
                    problem.line, problem.column, text_of_bytes(problem.message),
                    text_of_bytes(problem.help));
  }
  return tuple;
}

void raise_policy_error(const LoadError& error) {
  py::dict fields;
  fields["problems"] = python_problems(error.problems);
  fields["text"] = text_of_bytes(error.text);
  fields["help"] = text_of_bytes(error.help);
  raise_licet_error("PolicyError", error.message, fields);
}

void raise_policy_error(const FileError& error) {
  raise_policy_error(
      LoadError{.message = error.message, .help = error.help, .problems = {}, .text = {}});
}

Origin origin_from_python(const py::dict& spec) {
  return {.paths = spec["paths"].cast<std::vector<std::string>>(),
          .texts = texts_from_python(spec["texts"]),
          .data_paths = spec["data_paths"].cast<std::vector<std::string>>(),
          .data_texts = texts_from_python(spec["data_texts"]),
          .strict = spec["strict"].cast<bool>()};
}

py::dict python_from_origin(const Origin& origin) {
  py::dict spec;
  spec["paths"] = origin.paths;
  spec["texts"] = python_from_texts(origin.texts);
  spec["data_paths"] = origin.data_paths;
  spec["data_texts"] = python_from_texts(origin.data_texts);
  spec["strict"] = origin.strict;
  return spec;
}

EngineOptions options_from_python(const py::dict& options) {
  EngineOptions engine;
  Limits& limits = engine.limits;
  limits.steps = options["steps"].cast<std::uint64_t>();
  limits.memory_bytes = options["memory_bytes"].cast<std::size_t>();
  limits.call_depth = options["call_depth"].cast<std::uint32_t>();
  limits.time = std::chrono::milliseconds(options["time_ms"].cast<std::int64_t>());
  limits.request_bytes = options["request_bytes"].cast<std::size_t>();
  engine.builtin_errors =
      options["strict_builtins"].cast<bool>() ? BuiltinErrors::kFail : BuiltinErrors::kUndefined;
  engine.cache_bytes = options["cache_bytes"].cast<std::size_t>();
  engine.cache_use =
      options["cache_always"].cast<bool>() ? CacheUse::kAlways : CacheUse::kWhenItPays;
  return engine;
}

}  // namespace licet::python
