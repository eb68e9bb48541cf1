#include "bindings/python/src/table.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "bindings/python/src/arrow_column.h"
#include "bindings/python/src/released.h"
#include "bindings/python/src/request_error.h"
#include "bindings/python/src/table_result.h"

namespace licet::python {
namespace {

namespace py = pybind11;

// A table as it came: its chunks and their columns.
class Table {
 public:
  struct Chunk {
    ArrowArray array{};
    std::unique_ptr<Column> columns;
  };

  explicit Table(const py::object& source) {
    const py::object capsule = source.attr("__arrow_c_stream__")();
    auto* const stream =
        static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
    if (stream == nullptr) throw py::error_already_set();
    read(*stream);
  }
  ~Table() {
    for (const auto& chunk : chunks_) {
      chunk->columns.reset();
      if (chunk->array.release != nullptr) chunk->array.release(&chunk->array);
    }
    if (schema_.release != nullptr) schema_.release(&schema_);
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const std::vector<std::unique_ptr<Chunk>>& chunks() const { return chunks_; }

 private:
  void read(ArrowArrayStream& stream) {
    check(stream, stream.get_schema(&stream, &schema_));
    while (true) {
      auto chunk = std::make_unique<Chunk>();
      check(stream, stream.get_next(&stream, &chunk->array));
      if (chunk->array.release == nullptr) return;
      chunks_.push_back(std::move(chunk));
      try {
        chunks_.back()->columns = Column::of_chunk(schema_, chunks_.back()->array);
      } catch (const Column::UnknownType& unknown) {
        throw py::type_error("the stream is of type " + unknown.format + ", not a table");
      }
      chunks_.back()->columns->make_dictionaries();
    }
  }

  static void check(ArrowArrayStream& stream, int code) {
    if (PyErr_Occurred() != nullptr) throw py::error_already_set();
    if (code == 0) return;
    const char* const error = stream.get_last_error(&stream);
    throw py::value_error(error == nullptr ? "the table cannot be read" : error);
  }

  ArrowSchema schema_{};
  std::vector<std::unique_ptr<Chunk>> chunks_;
};

// Which column goes where in a request.
struct Source {
  AttributeIndex attribute = 0;
  const Column* column = nullptr;
};

struct ChunkPlan {
  const Column* columns = nullptr;  // of a request that is read as a whole
  std::vector<Source> sources;
  std::int64_t rows = 0;
};

std::string text_of_key(const ReadNode& node) { return node.key.cast<std::string>(); }

void add_sources(const std::vector<ReadNode>& nodes, const Column& columns,
                 std::vector<Source>& sources) {
  for (const ReadNode& node : nodes) {
    const Column* const column = columns.member(text_of_key(node));
    if (column == nullptr) continue;
    if (node.taken) {
      sources.push_back({*node.taken, column});
    } else {
      add_sources(node.members, *column, sources);
    }
  }
}

// Rows that one thread decides at a time: many, so that handing them out costs nothing.
struct Batch {
  const ChunkPlan* chunk = nullptr;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

std::vector<Batch> batches_of(const std::vector<ChunkPlan>& plans) {
  constexpr std::int64_t kRows = 4096;
  std::vector<Batch> batches;
  for (const ChunkPlan& plan : plans) {
    for (std::int64_t begin = 0; begin < plan.rows; begin += kRows) {
      batches.push_back({&plan, begin, std::min(begin + kRows, plan.rows)});
    }
  }
  return batches;
}

class TableDecider {
 public:
  TableDecider(Engine engine, const CallOptions& options, std::vector<Taken> fixed,
               std::vector<Entry> fixed_roots)
      : engine_(std::move(engine)),
        options_(options),
        fixed_(std::move(fixed)),
        fixed_roots_(std::move(fixed_roots)) {}

  std::vector<DecidedRows> decide(const std::vector<Batch>& batches, unsigned threads) {
    std::vector<DecidedRows> results(batches.size());
    std::atomic<std::size_t> next{0};
    std::atomic<bool> has_failed{false};
    const auto work = [&] {
      try {
        Request request(engine_);
        for (std::size_t i = next++; i < batches.size() && !has_failed; i = next++) {
          decide_batch(request, batches[i], results[i]);
        }
      } catch (...) {
        has_failed = true;
      }
    };
    std::vector<std::thread> helpers;
    try {
      while (helpers.size() + 1 < std::min<std::size_t>(threads, batches.size())) {
        helpers.emplace_back(work);
      }
    } catch (const std::system_error&) {
      // With fewer threads it takes longer.
    }
    work();
    for (std::thread& helper : helpers) helper.join();
    if (has_failed) throw std::bad_alloc();
    return results;
  }

 private:
  void decide_batch(Request& request, const Batch& batch, DecidedRows& result) {
    for (std::int64_t row = batch.begin; row < batch.end; ++row) {
      request.reset();
      try {
        fill(request, *batch.chunk, row);
      } catch (const MemoryExceeded&) {
        request.reject(
            {.path = {}, .expected = {}, .found = {}, .message = "the request is too large"});
      } catch (const DepthExceeded&) {
        request.reject(
            {.path = {}, .expected = {}, .found = {}, .message = "a value nests too deep"});
      }
      result.add(engine_.decide(request, options_));
    }
  }

  void fill(Request& request, const ChunkPlan& chunk, std::int64_t row) const {
    if (chunk.columns == nullptr) {
      for (const Taken& taken : fixed_) request.set(taken.attribute, taken.value);
      for (const Source& source : chunk.sources) {
        const Value value = source.column->value(row, request.arena());
        if (value.is_defined()) request.set(source.attribute, value);
      }
      return;
    }
    std::vector<Entry> entries = fixed_roots_;
    const Value columns = chunk.columns->value(row, request.arena());
    entries.insert(entries.end(), columns.entries().begin(), columns.entries().end());
    request.set_document(Value::object(entries, request.arena()));
  }

  Engine engine_;
  const CallOptions& options_;
  std::vector<Taken> fixed_;
  std::vector<Entry> fixed_roots_;
};

}  // namespace

py::object decide_table(EngineHandle& handle, const py::object& source, const Prepared* prepared,
                        const std::string& package, const py::object& now, unsigned threads) {
  handle.require_open();
  const Table table(source);
  // All rows are decided by the policies of now: the engine that everybody shares may change.
  const Engine engine(handle.program(), handle.engine().options());
  const Request request(engine);
  const ReadTree tree(request.layout());
  std::shared_ptr<const Arena> kept;
  std::vector<Taken> fixed;
  std::vector<Entry> fixed_roots;
  Arena root_arena;
  if (prepared != nullptr && tree.reads_everything()) {
    ValueReader reader(root_arena);
    for (const auto& [name, object] : prepared->roots()) {
      const Where where{.above = nullptr, .key = name.ptr()};
      const Value key = reader.text(name.ptr(), &where);
      fixed_roots.push_back({key, reader.read(object.ptr(), &where)});
    }
  } else if (prepared != nullptr) {
    fixed = prepared->read_for(request.layout(), tree, kept);
  }
  std::vector<ChunkPlan> plans;
  for (const auto& chunk : table.chunks()) {
    ChunkPlan& plan = plans.emplace_back();
    plan.rows = chunk->array.length;
    if (tree.reads_everything()) {
      plan.columns = chunk->columns.get();
    } else {
      add_sources(tree.roots(), *chunk->columns, plan.sources);
    }
  }
  CallOptions options;
  options.package = package;
  if (!now.is_none()) options.now_ns = now.cast<std::int64_t>();
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::shared_ptr<const TableColumns> columns;
  run_released([&] {
    TableDecider decider(engine, options, std::move(fixed), std::move(fixed_roots));
    columns = std::make_shared<TableColumns>(decider.decide(batches_of(plans), threads));
  });
  return py::cast(std::make_shared<TableResult>(TableResult{columns}));
}

void bind_table_result(const py::module_& module) {
  py::class_<TableResult, std::shared_ptr<TableResult>>(module, "TableResult")
      .def("__len__", [](const TableResult& self) { return self.columns->rows(); })
      .def(
          "__arrow_c_stream__",
          [](const TableResult& self, const py::object&) {
            auto stream = std::make_unique<ArrowArrayStream>();
            export_stream(self.columns, stream.get());
            return py::capsule(stream.release(), "arrow_array_stream", [](PyObject* capsule) {
              auto* const left = static_cast<ArrowArrayStream*>(
                  PyCapsule_GetPointer(capsule, "arrow_array_stream"));
              if (left->release != nullptr) left->release(left);
              delete left;
            });
          },
          py::arg("requested_schema") = py::none());
}

}  // namespace licet::python
