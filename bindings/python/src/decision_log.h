// The decision log as Python holds it, and reading one back.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>

#include "licet/licet.h"

namespace licet::python {

// All members are called with the GIL held; those that wait for a disk give it up meanwhile, except
// decide(), whose caller does.
class LogHandle {
 public:
  // `settings` as licet.Log gives them. Raises licet.LogError.
  explicit LogHandle(const pybind11::dict& settings);
  ~LogHandle();
  LogHandle(const LogHandle&) = delete;
  LogHandle& operator=(const LogHandle&) = delete;

  // Without the GIL, and by several threads. `error`: why the decision is not in the log.
  Decision decide(const Engine& engine, Request& request, const CallOptions& options,
                  const TraceIds& trace, std::optional<log::LogError>& error);
  // Raises licet.LogError in a process that does not own the log.
  void require_own() const;

  void record_outcome(const std::string& decision_id, const pybind11::object& outcome,
                      const std::string& group);
  std::string checkpoint();
  std::size_t erase_subject(const pybind11::object& id);
  void rotate_keys();
  void rotate_segment();
  std::string verifier() const;
  pybind11::dict statistics() const;
  void close();
  bool is_closed() const { return is_closed_; }

  // In the child of a fork the logs belong to the parent.
  static void disown_all_after_fork();
  // At the end of the interpreter: what is queued is written.
  static void close_all();

 private:
  std::unique_ptr<Log> log_;
  bool is_closed_ = false;
  bool is_own_ = true;
};

// The ids of a W3C traceparent: 00-TRACE-SPAN-FLAGS. nullopt if it is none.
std::optional<TraceIds> trace_from_text(std::string_view text);

// Raises licet.LogError; `decision` is the deny, or None where nothing was decided.
[[noreturn]] void raise_log_error(const log::LogError& error,
                                  const pybind11::object& decision = pybind11::none());

void bind_log(const pybind11::module_& module);

}  // namespace licet::python
