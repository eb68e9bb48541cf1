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
  const TypedSlots* slots = nullptr;
  std::vector<Symbol> symbols;  // of the entries of a dictionary of texts
  std::uint64_t symbol_count = 0;
};

struct ChunkPlan {
  const Column* columns = nullptr;  // of a request that is read as a whole
  std::vector<Source> sources;
  std::int64_t rows = 0;
};

std::string text_of_key(const ReadNode& node) { return node.key.cast<std::string>(); }

// Texts of a dictionary are looked up once, unless one is not UTF-8.
std::vector<Symbol> symbols_of(const Column& column, const Engine& engine) {
  std::vector<Symbol> symbols;
  for (const Value& entry : column.entries()) {
    if (!entry.is_string()) return {};
    symbols.push_back(engine.symbol(entry.as_string()));
  }
  return symbols;
}

void add_sources(const std::vector<ReadNode>& nodes, const Column& columns, const Engine& engine,
                 std::vector<Source>& sources) {
  for (const ReadNode& node : nodes) {
    const Column* const column = columns.member(text_of_key(node));
    if (column == nullptr) continue;
    if (!node.taken) {
      add_sources(node.members, *column, engine, sources);
      continue;
    }
    Source& source = sources.emplace_back();
    source.attribute = *node.taken;
    source.column = column;
    source.slots = &node.slots;
    if (column->simple() == Column::Simple::kEntry && node.slots.text) {
      source.symbols = symbols_of(*column, engine);
      source.symbol_count = source.symbols.size();
    }
  }
}

// Sets the cell without a Value; false if it is not that simple. PRECONDITION: it is not missing.
bool set_directly(Request& request, const Source& source, std::int64_t row,
                  std::vector<std::string_view>& texts) {
  const Column& column = *source.column;
  const TypedSlots& slots = *source.slots;
  switch (column.simple()) {
    case Column::Simple::kNo:
      return false;
    case Column::Simple::kBool:
      if (slots.boolean) request.set(*slots.boolean, column.boolean(row));
      return slots.boolean.has_value();
    case Column::Simple::kInteger:
      if (slots.integer) request.set(*slots.integer, column.integer(row));
      return slots.integer.has_value();
    case Column::Simple::kText:
      if (slots.text) request.set(*slots.text, column.text(row));
      return slots.text.has_value();
    case Column::Simple::kEntry: {
      const std::uint64_t entry = column.entry(row);
      if (entry >= source.symbol_count) return false;
      request.set(*slots.text, source.symbols[entry]);
      return true;
    }
    case Column::Simple::kTexts:
      if (!slots.texts || !column.texts(row, texts)) return false;
      request.set(*slots.texts, StringList(texts));
      return true;
  }
  return false;
}

void set_cell(Request& request, const Source& source, std::int64_t row,
              std::vector<std::string_view>& texts) {
  if (source.column->simple() != Column::Simple::kNo) {
    if (source.column->is_missing(row)) return;
    if (set_directly(request, source, row, texts)) return;
  }
  const Value value = source.column->value(row, request.arena());
  if (value.is_defined()) request.set(source.attribute, value);
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
               std::vector<Entry> fixed_roots, LogHandle* log)
      : engine_(std::move(engine)),
        log_(log),
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
    std::vector<std::string_view> texts;
    result.begin(static_cast<std::size_t>(batch.end - batch.begin));
    for (std::int64_t row = batch.begin; row < batch.end; ++row) {
      request.reset();
      try {
        fill(request, *batch.chunk, row, texts);
      } catch (const MemoryExceeded&) {
        request.reject(
            {.path = {}, .expected = {}, .found = {}, .message = "the request is too large"});
      } catch (const DepthExceeded&) {
        request.reject(
            {.path = {}, .expected = {}, .found = {}, .message = "a value nests too deep"});
      }
      result.add(decide_row(request));
    }
    result.end();
  }

  // What cannot be logged is a deny that says so.
  Decision decide_row(Request& request) const {
    if (log_ == nullptr) return engine_.decide(request, options_);
    std::optional<log::LogError> error;
    return log_->decide(engine_, request, options_, {}, error);
  }

  void fill(Request& request, const ChunkPlan& chunk, std::int64_t row,
            std::vector<std::string_view>& texts) const {
    if (chunk.columns == nullptr) {
      for (const Taken& taken : fixed_) request.set(taken.attribute, taken.value);
      for (const Source& source : chunk.sources) set_cell(request, source, row, texts);
      return;
    }
    std::vector<Entry> entries = fixed_roots_;
    const Value columns = chunk.columns->value(row, request.arena());
    entries.insert(entries.end(), columns.entries().begin(), columns.entries().end());
    request.set_document(Value::object(entries, request.arena()));
  }

  Engine engine_;
  LogHandle* log_;  // null: none
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
  const ReadTree tree(request.layout(), engine);
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
      add_sources(tree.roots(), *chunk->columns, engine, plan.sources);
    }
  }
  CallOptions options;
  options.package = package;
  if (!now.is_none()) options.now_ns = now.cast<std::int64_t>();
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  const std::shared_ptr<LogHandle> log = handle.log();
  if (log) log->require_own();
  std::shared_ptr<const TableColumns> columns;
  run_released([&] {
    TableDecider decider(engine, options, std::move(fixed), std::move(fixed_roots), log.get());
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
