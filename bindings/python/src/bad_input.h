// What is wrong with an object that a caller handed over, and where in it.
#pragma once

#include <pybind11/pybind11.h>

#include <exception>
#include <string>
#include <utility>

namespace licet::python {

// A step from a root to a value; on the stack of whoever reads. Names the place only when it has
// to be told.
struct Where {
  const Where* above = nullptr;
  PyObject* key = nullptr;  // borrowed; a string, or null
  Py_ssize_t index = -1;    // of a list, if there is no key
};

std::string path_text(const Where* where);  // user.roles[2]

class BadInput : public std::exception {
 public:
  BadInput(const Where* where, std::string expected, std::string found, pybind11::object cause = {})
      : path_(path_text(where)),
        expected_(std::move(expected)),
        found_(std::move(found)),
        cause_(std::move(cause)) {}

  const std::string& path() const { return path_; }
  const std::string& expected() const { return expected_; }
  const std::string& found() const { return found_; }
  // The exception that code of the object raised; null if it is not about one.
  const pybind11::object& cause() const { return cause_; }
  const char* what() const noexcept override { return found_.c_str(); }

 private:
  std::string path_;
  std::string expected_;
  std::string found_;
  pybind11::object cause_;
};

// For the Python error that is set: code of the object at `where` raised it. What is no Exception,
// as KeyboardInterrupt, goes on as it is.
[[noreturn]] void refuse_raised(const Where* where);

}  // namespace licet::python
