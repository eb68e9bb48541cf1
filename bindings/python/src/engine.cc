#include "bindings/python/src/engine.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "bindings/python/src/released.h"
#include "bindings/python/src/request_error.h"
#include "eval/builder.h"

namespace licet::python {
namespace {

namespace py = pybind11;

// Guarded by the GIL. Never freed: handles may outlive the module.
std::set<EngineHandle*>& handles() {
  static auto* const all = new std::set<EngineHandle*>;
  return *all;
}

}  // namespace

// --- making and changing ---------------------------------------------------------------------

EngineHandle::EngineHandle(const Origin& origin, EngineOptions options,
                           std::shared_ptr<LogHandle> log)
    : origin_(origin), options_(std::move(options)), log_(std::move(log)) {
  std::optional<Result<Origin, FileError>> sources;
  std::optional<Result<LoadedProgram, LoadError>> loaded;
  run_released([&] {
    sources.emplace(read_origin(origin_));
    if (*sources) loaded.emplace(compile_origin(sources->value(), Explanations::kNo));
  });
  if (!*sources) raise_policy_error(sources->error());
  if (!*loaded) raise_policy_error(loaded->error());
  sources_ = std::move(*sources).value();
  warnings_ = loaded->value().warnings;
  program_ = loaded->value().program;
  engine_ = std::make_unique<Engine>(program_, options_);
  handles().insert(this);
}

EngineHandle::~EngineHandle() { handles().erase(this); }

void EngineHandle::require_open() const {
  if (is_closed_) raise_licet_error("EngineClosed", "the engine is closed");
}

const Engine& EngineHandle::engine() const {
  require_open();
  return *engine_;
}

std::shared_ptr<const Program> EngineHandle::program() const {
  require_open();
  return program_;
}

void EngineHandle::put_program(std::shared_ptr<const Program> program) {
  program_ = std::move(program);
  tracing_.reset();
  Engine engine = *engine_;
  run_released([&] { engine.swap(program_); });  // frees the contexts of the old program
}

void EngineHandle::adopt(const EngineHandle& candidate) {
  require_open();
  candidate.require_open();
  origin_ = candidate.origin_;
  sources_ = candidate.sources_;
  warnings_ = candidate.warnings_;
  put_program(candidate.program_);
}

void EngineHandle::close() {
  is_closed_ = true;
  contexts_.clear();
  tracing_.reset();
  log_.reset();
}

// The old engine is not freed: a thread that is not here any more may have held its locks.
void EngineHandle::renew() {
  for (auto& context : contexts_) static_cast<void>(context.release());
  contexts_.clear();
  static_cast<void>(tracing_.release());
  static_cast<void>(engine_.release());
  engine_ = std::make_unique<Engine>(program_, options_);
}

void EngineHandle::renew_all_after_fork() {
  for (EngineHandle* const handle : handles()) handle->renew();
}

const Engine& EngineHandle::tracing_engine() {
  require_open();
  if (tracing_) return *tracing_;
  const std::shared_ptr<const Program> program = program_;
  if (!program->trace_points.empty()) return *engine_;
  std::optional<Result<LoadedProgram, LoadError>> loaded;
  const Origin sources = sources_;
  run_released([&] { loaded.emplace(compile_origin(sources, Explanations::kYes)); });
  if (!*loaded) raise_policy_error(loaded->error());
  auto engine = std::make_unique<Engine>(loaded->value().program, options_);
  // Another thread may have been quicker, or have changed the policies.
  if (!tracing_ || program_ == program) tracing_ = std::move(engine);
  return *tracing_;
}

// --- requests --------------------------------------------------------------------------------

std::unique_ptr<RequestContext> EngineHandle::take_context() {
  if (contexts_.empty()) return std::make_unique<RequestContext>(*engine_);
  auto context = std::move(contexts_.back());
  contexts_.pop_back();
  return context;
}

void EngineHandle::give_back(std::unique_ptr<RequestContext> context) {
  constexpr std::size_t kMostKept = 64;
  context->kept.reset();
  context->cause = {};
  if (!is_closed_ && contexts_.size() < kMostKept) contexts_.push_back(std::move(context));
}

void EngineHandle::adopt_tree(RequestContext& context) const {
  const RequestLayout& layout = context.request.layout();
  if (context.tree && context.tree->layout_id() == layout.id()) return;
  if (!tree_ || tree_->layout_id() != layout.id())
    tree_ = std::make_shared<ReadTree>(layout, *engine_);
  context.tree = tree_;
}

void EngineHandle::fill(RequestContext& context, const Prepared* prepared,
                        const Arguments& arguments, CallArguments& call) const {
  Request& request = context.request;
  request.reset();
  adopt_tree(context);
  context.values.reset();
  if (arguments.positional > 1 || (prepared != nullptr && arguments.positional > 0)) {
    PyErr_SetString(PyExc_TypeError, "decide takes one document, or roots by name");
    throw py::error_already_set();
  }
  read_or_refuse(
      [&] {
        fill_from_names(context, prepared, arguments, call);
        if (arguments.positional == 1) fill_from_document(context, arguments.values[0]);
      },
      [&](const RequestError& error, const py::object& cause) {
        request.reject(error);
        context.cause = cause;
      });
}

namespace {

void add_entry(PyObject* name, PyObject* object, RequestContext& context,
               std::vector<Entry>& entries) {
  const Where where{.above = nullptr, .key = name};
  const Value key = context.values.text(name, &where);
  entries.push_back({key, context.values.read(object, &where)});
}

}  // namespace

void EngineHandle::fill_from_names(RequestContext& context, const Prepared* prepared,
                                   const Arguments& arguments, CallArguments& call) const {
  const ReadTree& tree = *context.tree;
  const RequestLayout& layout = context.request.layout();
  RequestReader reader(layout, context.values, context.room, &context.request);
  std::vector<Entry> entries;  // if everything is wanted
  if (prepared != nullptr && tree.reads_everything()) {
    for (const auto& [name, object] : prepared->roots()) {
      add_entry(name.ptr(), object.ptr(), context, entries);
    }
  } else if (prepared != nullptr) {
    for (const Taken& taken : prepared->taken(layout, tree, context.kept)) {
      context.request.set(taken.attribute, taken.value);
    }
  }
  for (Py_ssize_t i = 0; i < arguments.named(); ++i) {
    PyObject* const name = PyTuple_GET_ITEM(arguments.names, i);
    PyObject* const object = arguments.values[arguments.positional + i];
    const ReadNode* const root = tree.root(name);
    if (root == nullptr && take_option(name, object, call)) continue;
    if (prepared != nullptr && prepared->holds(name)) {
      const Where where{.above = nullptr, .key = name};
      throw BadInput(&where, "what was prepared", "another value");
    }
    if (arguments.positional == 1) {
      PyErr_SetString(PyExc_TypeError, "decide takes one document, or roots by name");
      throw py::error_already_set();
    }
    if (tree.reads_everything()) {
      add_entry(name, object, context, entries);
    } else if (root != nullptr) {
      reader.read_root(*root, object);
    } else if (!tree.knows_root(name)) {
      tree.refuse_root(name);
    }
  }
  if (tree.reads_everything() && arguments.positional == 0) {
    context.request.set_document(Value::object(entries, context.request.arena()));
  }
}

void EngineHandle::fill_from_document(RequestContext& context, PyObject* document) const {
  if (PyUnicode_Check(document)) {
    Py_ssize_t size = 0;
    const char* const text = PyUnicode_AsUTF8AndSize(document, &size);
    if (text == nullptr) {
      PyErr_Clear();
      throw BadInput(nullptr, "text that UTF-8 can write", "a string with a lone surrogate");
    }
    context.request.parse({text, static_cast<std::size_t>(size)});
    return;
  }
  if (PyObject_CheckBuffer(document) != 0) {
    const py::buffer_info bytes = py::reinterpret_borrow<py::buffer>(document).request();
    if (bytes.ndim != 1 || bytes.itemsize != 1 || bytes.strides[0] != 1) {
      throw BadInput(nullptr, "the bytes of JSON", type_name(document));
    }
    context.request.parse(
        {static_cast<const char*>(bytes.ptr), static_cast<std::size_t>(bytes.size)});
    return;
  }
  const ReadTree& tree = *context.tree;
  if (tree.reads_everything()) {
    context.request.set_document(context.values.read(document, nullptr));
    return;
  }
  if (!PyDict_Check(document) && shape_of(Py_TYPE(document)).kind == Shape::Kind::kUnknown) {
    throw BadInput(nullptr, "a mapping, or JSON", type_name(document));
  }
  RequestReader reader(context.request.layout(), context.values, context.room, &context.request);
  for (const ReadNode& root : tree.roots()) {
    const Where where{.above = nullptr, .key = root.key.ptr()};
    const py::object object = context.values.member(document, root.key.ptr(), &where);
    if (object) reader.read_root(root, object.ptr());
  }
}

// --- deciding --------------------------------------------------------------------------------

// Handing over the GIL costs about what a quick decision does, and much more when threads wait for
// it; so quick ones keep it. Every 64th call is timed, without the GIL, to know which they are.
Decision EngineHandle::run_quickly(Request& request, const CallOptions& options) {
  constexpr std::uint32_t kSample = 64;
  constexpr auto kQuick = std::chrono::microseconds(20);
  const bool is_sample = calls_++ % kSample == 0;
  if (is_quick_ && !is_sample && remaining_stack_bytes() >= kDecideStackBytes) {
    return engine_->decide(request, options);
  }
  const Engine engine = *engine_;
  std::optional<Decision> decision;
  std::chrono::steady_clock::duration took{};
  run_released([&] {
    const auto begin = std::chrono::steady_clock::now();
    decision.emplace(engine.decide(request, options));
    took = std::chrono::steady_clock::now() - begin;
  });
  is_quick_ = took < kQuick;
  return std::move(*decision);
}

Decided EngineHandle::run_released_and_log(const Engine& engine, Request& request,
                                           const CallArguments& call, LogHandle* log) {
  if (log != nullptr) log->require_own();
  const TraceIds trace = trace_from_text(call.trace).value_or(TraceIds{});
  Decided decided;
  run_released([&] {
    decided.decision = log == nullptr
                           ? engine.decide(request, call.options)
                           : log->decide(engine, request, call.options, trace, decided.log_error);
  });
  return decided;
}

Decided EngineHandle::run(RequestContext& context, const CallArguments& call) {
  if (log_ == nullptr) {
    return {.decision = run_quickly(context.request, call.options), .log_error = {}};
  }
  const std::shared_ptr<LogHandle> log = log_;  // close() may let go of it meanwhile
  return run_released_and_log(Engine(*engine_), context.request, call, log.get());
}

Decided EngineHandle::run_traced(const Prepared* prepared, const Arguments& arguments,
                                 const CallArguments& call, LogHandle* log) {
  const Engine engine = tracing_engine();
  RequestContext context(engine);
  CallArguments again = call;
  fill(context, prepared, arguments, again);
  again.options.explain = Explain::kYes;
  return run_released_and_log(engine, context.request, again, log);
}

namespace {

py::object tuple_of(PyObject* const* values, Py_ssize_t count) {
  auto tuple = py::reinterpret_steal<py::object>(PyTuple_New(count));
  if (!tuple) throw py::error_already_set();
  for (Py_ssize_t i = 0; i < count; ++i) {
    Py_INCREF(values[i]);
    PyTuple_SET_ITEM(tuple.ptr(), i, values[i]);
  }
  return tuple;
}

}  // namespace

py::object EngineHandle::decide(py::handle self, const Prepared* prepared, py::handle prepared_self,
                                const Arguments& arguments) {
  require_open();
  auto context = take_context();
  CallArguments call;
  fill(*context, prepared, arguments, call);
  const std::shared_ptr<LogHandle> log = log_;
  Decided decided = call.options.explain == Explain::kYes
                        ? run_traced(prepared, arguments, call, log.get())
                        : run(*context, call);
  Decision& decision = decided.decision;
  Asked asked{.engine = py::reinterpret_borrow<py::object>(self),
              .prepared = py::reinterpret_borrow<py::object>(prepared_self),
              .names = py::reinterpret_borrow<py::object>(
                  arguments.positional == 0 ? arguments.names : nullptr),
              .values = tuple_of(arguments.values, arguments.positional + arguments.named()),
              .package = std::move(call.package)};
  if (arguments.positional == 0 && !asked.names) asked.names = py::tuple();
  if (decided.log_error) {
    raise_log_error(*decided.log_error, python_from_decision(std::move(decision), {}));
  }
  if (decision.cause() != Cause::kInvalidRequest) {
    give_back(std::move(context));
    return python_from_decision(std::move(decision), std::move(asked));
  }
  const RequestError error = context->request.problem().value_or(
      RequestError{.path = {}, .expected = {}, .found = {}, .message = decision.error()});
  const py::object cause = context->cause;
  give_back(std::move(context));
  raise_request_error(error, python_from_decision(std::move(decision), std::move(asked)), cause);
}

py::object EngineHandle::decide_again(const py::object& prepared, const py::object& names,
                                      const py::tuple& values, const py::object& package,
                                      std::optional<std::int64_t> now_ns,
                                      std::optional<std::uint64_t> seed) {
  require_open();
  std::vector<PyObject*> arguments;
  for (const py::handle value : values) arguments.push_back(value.ptr());
  CallArguments call;
  call.options.now_ns = now_ns;
  call.options.seed = seed;
  if (!package.is_none()) call.options.package = package.cast<std::string>();
  const auto* const fixed = prepared.is_none() ? nullptr : prepared.cast<const Prepared*>();
  const Arguments given{.values = arguments.data(),
                        .positional = names.is_none() ? 1 : 0,
                        .names = names.is_none() ? nullptr : names.ptr()};
  // A decision that was handed out is in the log already.
  return python_from_decision(run_traced(fixed, given, call, nullptr).decision, {});
}

py::object EngineHandle::query(const std::string& path, const py::object& input,
                               const py::object& otherwise, const py::object& now,
                               const py::object& seed) {
  require_open();
  Arena arena;
  arena.set_limit(options_.limits.request_bytes);
  Value value;
  ValueReader reader(arena);
  if (!input.is_none()) {
    const py::str name("input");
    const Where where{.above = nullptr, .key = name.ptr()};
    read_or_refuse([&] { value = reader.read(input.ptr(), &where); },
                   [](const RequestError& error, const py::object& cause) {
                     raise_request_error(error, py::none(), cause);
                   });
  }
  CallOptions options;
  if (!now.is_none()) options.now_ns = nanoseconds_from(now.ptr());
  if (!seed.is_none()) options.seed = seed_from(seed.ptr());
  const Engine engine = *engine_;
  std::optional<Result<Answer, EvalError>> answer;
  run_released([&] { answer.emplace(engine.query(path, value, options)); });
  if (!*answer) {
    const EvalError& error = answer->error();
    py::dict fields;
    fields["code"] = std::string(text_of(error.code));
    fields["file"] = error.file;
    fields["line"] = error.line;
    raise_licet_error("EvaluationError", text_of(error), fields);
  }
  return answer->value().value.is_undefined() ? otherwise
                                              : python_from_value(answer->value().value);
}

}  // namespace licet::python
