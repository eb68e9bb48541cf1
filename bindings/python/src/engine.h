// An engine as Python holds it. The seam between Python's objects and the engine's requests is here
// and in read_tree.h.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/python/src/call_arguments.h"
#include "bindings/python/src/decision.h"
#include "bindings/python/src/decision_log.h"
#include "bindings/python/src/loading.h"
#include "bindings/python/src/request_reader.h"
#include "licet/licet.h"

namespace licet::python {

class Prepared;

// What a call came to.
struct Decided {
  Decision decision;
  std::optional<log::LogError> log_error;  // why it is not in the log
};

// What makes a request, and the room it takes; used by one call at a time.
struct RequestContext {
  explicit RequestContext(const Engine& engine) : request(engine), values(request.arena()) {}

  Request request;
  ValueReader values;
  ReadRoom room;
  std::shared_ptr<const ReadTree> tree;  // of the request's layout
  std::shared_ptr<const Arena> kept;     // of values that were made before
  pybind11::object cause;                // of the request's error: an exception of Python
};

// All members are called with the GIL held; those that work for long give it up meanwhile.
class EngineHandle {
 public:
  // `log` may be null.
  EngineHandle(const Origin& origin, EngineOptions options, std::shared_ptr<LogHandle> log);
  ~EngineHandle();
  EngineHandle(const EngineHandle&) = delete;
  EngineHandle& operator=(const EngineHandle&) = delete;

  // `self` is the Python object of this handle.
  pybind11::object decide(pybind11::handle self, const Prepared* prepared,
                          pybind11::handle prepared_self, const Arguments& arguments);
  pybind11::object decide_again(const pybind11::object& prepared, const pybind11::object& names,
                                const pybind11::tuple& values, const pybind11::object& package,
                                std::optional<std::int64_t> now_ns,
                                std::optional<std::uint64_t> seed);
  pybind11::object query(const std::string& path, const pybind11::object& input,
                         const pybind11::object& otherwise, const pybind11::object& now,
                         const pybind11::object& seed);

  // Puts the policies of another engine in force.
  void adopt(const EngineHandle& candidate);
  void close();
  bool is_closed() const { return is_closed_; }

  // The program in force.
  std::shared_ptr<const Program> program() const;
  const Engine& engine() const;
  // One whose program records what literals come to; of the policies in force.
  const Engine& tracing_engine();
  const Origin& origin() const { return origin_; }
  void set_origin(Origin origin) { origin_ = std::move(origin); }
  const Origin& sources() const { return sources_; }  // as they were read
  const std::vector<PolicyProblem>& warnings() const { return warnings_; }
  const std::shared_ptr<LogHandle>& log() const { return log_; }

  // In the child of a fork: whatever other threads held is gone, and ids must not repeat.
  static void renew_all_after_fork();

  std::unique_ptr<RequestContext> take_context();
  void give_back(std::unique_ptr<RequestContext> context);
  // Sets the request from the arguments. What is wrong with them goes into the request.
  void fill(RequestContext& context, const Prepared* prepared, const Arguments& arguments,
            CallArguments& call) const;
  void require_open() const;

 private:
  Decided run(RequestContext& context, const CallArguments& call);
  Decision run_quickly(Request& request, const CallOptions& options);
  // Records what literals come to; in the log if `call` says so.
  Decided run_traced(const Prepared* prepared, const Arguments& arguments,
                     const CallArguments& call, LogHandle* log);
  static Decided run_released_and_log(const Engine& engine, Request& request,
                                      const CallArguments& call, LogHandle* log);
  void adopt_tree(RequestContext& context) const;
  void fill_from_names(RequestContext& context, const Prepared* prepared,
                       const Arguments& arguments, CallArguments& call) const;
  void fill_from_document(RequestContext& context, PyObject* document) const;
  void put_program(std::shared_ptr<const Program> program);
  void renew();

  Origin origin_;
  Origin sources_;
  EngineOptions options_;
  std::shared_ptr<LogHandle> log_;  // may be null
  std::vector<PolicyProblem> warnings_;
  std::shared_ptr<const Program> program_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Engine> tracing_;  // of the same sources; made when an explanation is asked for
  std::vector<std::unique_ptr<RequestContext>> contexts_;
  mutable std::shared_ptr<const ReadTree> tree_;  // the newest
  bool is_closed_ = false;
  std::uint32_t calls_ = 0;
  bool is_quick_ = false;  // decisions take less than handing over the GIL
};

// A fixed part of requests, read once.
class Prepared {
 public:
  Prepared(pybind11::object engine_self, EngineHandle& engine, pybind11::dict roots);

  EngineHandle& engine() const { return engine_; }
  const pybind11::object& engine_self() const { return engine_self_; }
  const pybind11::dict& roots() const { return roots_; }
  bool holds(PyObject* name) const { return PyDict_Contains(roots_.ptr(), name) == 1; }
  // The attributes for requests of a layout; `kept` keeps their values alive.
  std::vector<Taken> read_for(const RequestLayout& layout, const ReadTree& tree,
                              std::shared_ptr<const Arena>& kept) const;
  // The same, remembered for requests of this tree's layout. Reads the objects again if the
  // policies have changed. `kept` keeps their values alive.
  const std::vector<Taken>& taken(const RequestLayout& layout, const ReadTree& tree,
                                  std::shared_ptr<const Arena>& kept) const;

 private:
  pybind11::object engine_self_;  // keeps engine_ alive
  EngineHandle& engine_;
  pybind11::dict roots_;
  mutable std::shared_ptr<const Arena> arena_;
  mutable std::vector<Taken> taken_;
  mutable std::uint64_t layout_id_ = 0;
};

}  // namespace licet::python
