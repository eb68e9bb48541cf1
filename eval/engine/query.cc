// Queries and tests: values instead of decisions.
#include <algorithm>

#include "eval/engine/evaluation.h"
#include "eval/path_text.h"

namespace licet {
namespace {

template <class T>
void finish_answer(const vm::Run& run, const CallOptions& options, T& answer) {
  answer.warnings = run.warnings();
  answer.steps = run.steps_used();
  if (options.explain == Explain::kYes) answer.explanation = explanation_of(run);
}

Result<Answer, EvalError> answer_of(vm::Run& run, Result<Value, EvalError> value,
                                    const CallOptions& options) {
  if (!value) return Failure{std::move(value).error()};
  Answer answer;
  auto arena = std::make_shared<Arena>();
  answer.value = copy(value.value(), *arena);
  answer.arena = std::move(arena);
  finish_answer(run, options, answer);
  return answer;
}

using Entries = std::map<std::vector<std::string>, DocumentIndex>;

Value walk_names(Value value, std::span<const std::string> names) {
  for (const std::string& name : names) {
    if (value.is_undefined()) break;
    value = value.get(name);
  }
  return value;
}

bool is_prefix(const std::vector<std::string>& prefix, const std::vector<std::string>& of) {
  return prefix.size() <= of.size() && std::equal(prefix.begin(), prefix.end(), of.begin());
}

// No rule lies at the path or above it: what is loaded there, and all rules below.
Result<Value, EvalError> assemble(vm::Run& run, const Entries& entries,
                                  const std::vector<std::string>& path) {
  Value value = walk_names(run.program().data, path);
  const std::vector<std::string>* done = nullptr;
  for (auto at = entries.lower_bound(path); at != entries.end() && is_prefix(path, at->first);
       ++at) {
    if (done != nullptr && is_prefix(*done, at->first)) continue;  // a part of what is there
    Result<Value, EvalError> below = run.document(at->second);
    if (!below) return below;
    done = &at->first;
    if (below.value().is_undefined()) continue;
    std::vector<Value> keys;
    for (std::size_t i = path.size(); i < at->first.size(); ++i) {
      keys.push_back(Value::string(at->first[i], run.arena()));
    }
    value = vm::put(value, keys, below.value(), run.arena());
  }
  return value;
}

}  // namespace

Result<Value, EvalError> value_at(vm::Run& run, const EngineState& state,
                                  const std::vector<std::string>& path) {
  const Entries& entries = state.entries;
  for (std::size_t size = path.size() + 1; size-- > 0;) {
    const std::vector<std::string> prefix(path.begin(),
                                          path.begin() + static_cast<std::ptrdiff_t>(size));
    const auto entry = entries.find(prefix);
    if (entry == entries.end()) continue;
    Result<Value, EvalError> value = run.document(entry->second);
    if (!value) return value;
    return walk_names(value.value(), std::span(path).subspan(size));
  }
  try {
    return assemble(run, entries, path);
  } catch (const MemoryExceeded&) {
    return Failure{EvalError{.code = EvalErrorCode::kCancel,
                             .message = "memory budget exceeded",
                             .file = {},
                             .line = 0}};
  }
}

namespace {

EvalError error_of(std::string message) {
  return {.code = EvalErrorCode::kInternal, .message = std::move(message), .file = {}, .line = 0};
}

Result<std::vector<std::string>, EvalError> path_below_data(std::string_view path) {
  auto elements = path_from_text(path);
  if (!elements || elements->empty() || elements->front() != "data") {
    return Failure{error_of("`" + std::string(path) + "` is no path below `data`")};
  }
  elements->erase(elements->begin());
  return *std::move(elements);
}

}  // namespace

Result<Answer, EvalError> Engine::query(std::string_view path, const Value& input,
                                        const CallOptions& options) const {
  const auto elements = path_below_data(path);
  if (!elements) return Failure{elements.error()};
  return query(elements.value(), input, options);
}

Result<Answer, EvalError> Engine::query(const std::vector<std::string>& path, const Value& input,
                                        const CallOptions& options) const {
  const Lease lease(*shared_);
  Evaluation& evaluation = *lease.request().evaluation_;
  evaluation.adopt();
  evaluation.begin(input, options);
  return answer_of(evaluation.run, value_at(evaluation.run, *evaluation.state, path), options);
}

Result<PreparedQuery, EvalError> Engine::prepare(std::string_view path) const {
  auto elements = path_below_data(path);
  if (!elements) return Failure{std::move(elements).error()};
  const std::shared_ptr<const EngineState> state = shared_->current();
  PreparedQuery query;
  query.path_ = std::move(elements).value();
  query.layout_ = state->layout->id();
  const auto entry = state->entries.find(query.path_);
  if (entry != state->entries.end()) query.document_ = entry->second;
  return query;
}

Result<Value, EvalError> Engine::query(const PreparedQuery& query, Request& request,
                                       const CallOptions& options) const {
  if (request.engine_.get() != shared_.get()) {
    return Failure{error_of("the request belongs to another engine")};
  }
  Evaluation& evaluation = *request.evaluation_;
  evaluation.adopt();
  const RequestLayout& layout = *evaluation.state->layout;
  const bool is_known = query.document_ && query.layout_ == layout.id();
  if (is_known && request.struct_ != nullptr && may_walk_struct(evaluation, request, options)) {
    vm::GuardGraph::RuleRoom no_rules;
    vm::StructGraph::Walk walk(no_rules);
    request.bound_->graphs_->walk_graph(evaluation.state->tables.graph_number(*query.document_),
                                        request.struct_, walk);
    if (walk.is_settled()) [[likely]]
      return walk.value();
  }
  request.take_struct();
  SlotValues* slots = &request.slots_;
  if (!request.is_ready(layout)) [[unlikely]] {
    const auto found = request.slots_for(layout, evaluation.room, evaluation.arena);
    if (!found) return Failure{error_of(found.error().message)};
    slots = found.value();
  }
  if (is_known && evaluation.may_walk(options)) {
    vm::GuardGraph::RuleRoom no_rules;
    vm::GuardGraph::Walk walk(no_rules);
    evaluation.state->tables.walk_document(*query.document_, *slots, walk);
    if (walk.is_settled()) return walk.value();
  }
  if (request.slots_.has_lent()) {
    request.take_lent();
    return this->query(query, request, options);
  }
  evaluation.begin(*slots, options);
  if (is_known) return evaluation.run.document(*query.document_);
  return value_at(evaluation.run, *evaluation.state, query.path_);
}

Result<Answer, EvalError> Engine::run_test(const TestCase& test, const CallOptions& options) const {
  const Lease lease(*shared_);
  Evaluation& evaluation = *lease.request().evaluation_;
  evaluation.adopt();
  evaluation.begin(Value::undefined(), options);
  return answer_of(evaluation.run, evaluation.run.document(test.document), options);
}

Result<Rows, EvalError> Engine::run_query(const Value& input, const CallOptions& options) const {
  const Lease lease(*shared_);
  Evaluation& evaluation = *lease.request().evaluation_;
  evaluation.adopt();
  evaluation.begin(input, options);
  Result<std::vector<std::vector<Value>>, EvalError> found = evaluation.run.query();
  if (!found) return Failure{std::move(found).error()};
  Rows rows;
  auto arena = std::make_shared<Arena>();
  for (std::vector<Value>& row : found.value()) {
    for (Value& value : row) value = copy(value, *arena);
  }
  rows.names = evaluation.state->program->query_names;
  rows.rows = std::move(found).value();
  rows.arena = std::move(arena);
  finish_answer(evaluation.run, options, rows);
  return rows;
}

}  // namespace licet
