// Policies from files and texts -> programs, for Python.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "licet/licet.h"

namespace licet::python {

// Where policies and data come from.
struct Origin {
  std::vector<std::string> paths;  // of policies, or of one compiled image
  std::vector<NamedText> texts;    // the same in memory
  std::vector<std::string> data_paths;
  std::vector<NamedText> data_texts;
  bool strict = false;
};

// Reads what lies in files, so that the same program can be made again when they have changed.
Result<Origin, FileError> read_origin(const Origin& origin);

// On a stack of its own: policies may nest deeper than the caller's stack. Does not touch Python.
Result<LoadedProgram, LoadError> compile_origin(const Origin& origin, Explanations explanations);

// Throws licet.PolicyError.
[[noreturn]] void raise_policy_error(const LoadError& error);
[[noreturn]] void raise_policy_error(const FileError& error);
// As licet.Problem objects.
pybind11::tuple python_problems(const std::vector<PolicyProblem>& problems);

// Raises licet.NAME(message, **fields).
[[noreturn]] void raise_licet_error(const char* name, const std::string& message,
                                    const pybind11::dict& fields = {});

// From keyword arguments, as licet.load gives them.
Origin origin_from_python(const pybind11::dict& spec);
pybind11::dict python_from_origin(const Origin& origin);
EngineOptions options_from_python(const pybind11::dict& options);

}  // namespace licet::python
