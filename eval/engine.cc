#include "eval/engine.h"

#include "eval/engine/evaluation.h"
#include "eval/engine/remembering.h"
#include "eval/value_json.h"

namespace licet {

Engine::Engine(std::shared_ptr<const Program> program, EngineOptions options)
    : shared_(std::make_shared<EngineShared>(std::move(program), std::move(options))) {}

const EngineOptions& Engine::options() const { return shared_->options; }
std::shared_ptr<const Program> Engine::program() const {
  std::shared_ptr<const EngineState> state = shared_->current();
  const Program* const program = state->program.get();
  return {std::move(state), program};
}

std::shared_ptr<const RequestLayout> Engine::layout() const {
  std::shared_ptr<const EngineState> state = shared_->current();
  const RequestLayout* const layout = state->layout.get();
  return {std::move(state), layout};
}

void Engine::swap(std::shared_ptr<const Program> program) {
  shared_->swap(std::make_shared<const EngineState>(std::move(program), shared_->options));
  // Idle ones would keep the old program in memory.
  shared_->drop_requests();
  shared_->free_retired();
}

void Engine::free_retired() { shared_->free_retired(); }

Symbol Engine::symbol(std::string_view text) const {
  return Symbol(shared_->symbols.find_or_add(text));
}

CacheStatistics Engine::cache_statistics() const {
  CacheStatistics statistics = shared_->cache_counters.sum();
  if (const auto state = shared_->current(); state->memory) {
    statistics.entries = state->memory->cache.entry_count();
    statistics.bytes = state->memory->cache.byte_count();
  }
  return statistics;
}

namespace {

bool has_details(const vm::Outcome& outcome, const vm::Run& run, const CallOptions& options) {
  return !outcome.messages.empty() || !outcome.controls.empty() || !outcome.obligations.empty() ||
         outcome.rules.size() > Decision::kInlineRules || !run.warnings().empty() ||
         outcome.error || options.explain == Explain::kYes;
}

// To that many, whose room is used again.
template <class T>
void resize(std::vector<T>& parts, std::size_t count, std::vector<T>& spare) {
  for (; parts.size() > count; parts.pop_back()) spare.push_back(std::move(parts.back()));
  for (; parts.size() < count && !spare.empty(); spare.pop_back()) {
    parts.push_back(std::move(spare.back()));
  }
  parts.resize(count);
}

void write_json(const Value& value, std::string& text) {
  text.clear();
  append_json(value, text);
}

void write_text(const Value& value, std::string& text) {
  if (!value.is_string()) return write_json(value, text);
  text = value.as_string();
}

void write_texts(const std::vector<Value>& values, std::vector<std::string>& texts,
                 std::vector<std::string>& spare) {
  resize(texts, values.size(), spare);
  for (std::size_t i = 0; i < values.size(); ++i) write_text(values[i], texts[i]);
}

// One after the other those of one key.
void write_obligations(const std::vector<AskedObligation>& asked, DecisionDetails& details) {
  std::size_t keys = 0;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (i == 0 || asked[i].key != asked[i - 1].key) ++keys;
  }
  resize(details.obligations, keys, details.spare_obligations);
  std::size_t begin = 0;
  for (Obligation& obligation : details.obligations) {
    std::size_t end = begin;
    while (end < asked.size() && asked[end].key == asked[begin].key) ++end;
    write_text(asked[begin].key, obligation.key);
    resize(obligation.values, end - begin, details.spare_texts);
    for (std::string& value : obligation.values) write_json(asked[begin++].value, value);
  }
}

void fill_details(const vm::Outcome& outcome, const vm::Run& run, const CallOptions& options,
                  DecisionDetails& details) {
  details.rules.clear();
  write_texts(outcome.messages, details.messages, details.spare_texts);
  write_texts(outcome.controls, details.controls, details.spare_texts);
  write_obligations(outcome.obligations, details);
  details.warnings.clear();
  for (const EvalError& warning : run.warnings()) details.warnings.push_back(text_of(warning));
  details.error = outcome.error ? text_of(*outcome.error) : std::string();
  details.explanation = options.explain == Explain::kYes ? explanation_of(run) : Explanation();
}

Decision invalid_request(Evaluation& evaluation, const RequestError& error,
                         const CallOptions& options) {
  Decision decision(evaluation.source);
  decision.set_number(evaluation.next_number());
  decision.set_cause(Cause::kInvalidRequest);
  decision.new_details().error = error.message;
  decision.set_readings(options.now_ns, options.seed);
  return decision;
}

}  // namespace

namespace {

// A table, as which end it is cannot be foreseen.
Cause cause_of(vm::GuardGraph::Test end) {
  using Test = vm::GuardGraph::Test;
  static constexpr Cause kCauses[] = {Cause::kForbidden, Cause::kPermitted, Cause::kNoPermit};
  static_assert(static_cast<int>(Test::kForbidden) + 1 == static_cast<int>(Test::kPermitted) &&
                static_cast<int>(Test::kPermitted) + 1 == static_cast<int>(Test::kNoPermit));
  return kCauses[static_cast<std::size_t>(end) - static_cast<std::size_t>(Test::kForbidden)];
}

[[gnu::always_inline]] inline void take_walk(Decision& decision, Evaluation& evaluation,
                                             const vm::GuardGraph::Walk& walk,
                                             const CallOptions& options) {
  if (evaluation.counters) evaluation.counters->add_bypass();
  decision.set_number(evaluation.next_number());
  decision.set_cause(cause_of(walk.end));
  decision.set_rule_count(walk.rule_count);
  decision.set_steps(walk.steps);
  if (&options != &kDefaultCall) decision.set_readings(options.now_ns, options.seed);
}

}  // namespace

// Each of these has one decision, which is made where the caller wants it.
static_assert(vm::GuardGraph::kMostRules == Decision::kInlineRules);

Decision Engine::decide_cells(Request& request, const CallOptions& options) {
  Evaluation& evaluation = *request.evaluation_;
  evaluation.adopt();
  Decision decision(evaluation.source);
  // What most decisions are: attributes in their cells, and a graph. Nothing else costs them time.
  const bool is_simple = request.direct_layout_ == evaluation.layout_id &&
                         !evaluation.requires_attributes && evaluation.may_walk(options);
  if (is_simple) [[likely]] {
    vm::GuardGraph::Walk walk(decision.room_for_rules());
    evaluation.state->tables.walk_decision(request.slots_, walk);
    if (walk.is_settled()) [[likely]] {
      take_walk(decision, evaluation, walk, options);
      return decision;
    }
  }
  decision = decide_with(evaluation, request, options, is_simple ? Walk::kWasInVain : Walk::kFirst);
  return decision;
}

Decision Engine::decide_struct(Request& request, const CallOptions& options) {
  Evaluation& evaluation = *request.evaluation_;
  evaluation.adopt();
  Decision decision(evaluation.source);
  if (may_walk_struct(evaluation, request, options)) [[likely]] {
    vm::StructGraph::Walk walk(decision.room_for_rules());
    request.bound_->graphs_->walk_decision(request.struct_, walk);
    if (walk.is_settled()) [[likely]] {
      take_walk(decision, evaluation, walk, options);
      return decision;
    }
  }
  decide_outside(decision, request, options);
  return decision;
}

// The graph of cells knows more than that of the struct, as addresses that are not IPv4.
[[gnu::noinline]] void Engine::decide_outside(Decision& decision, Request& request,
                                              const CallOptions& options) {
  request.take_struct();
  decision = decide_cells(request, options);
}

// A request of another engine brings its attributes only.
Decision Engine::decide_other(Request& request, const CallOptions& options) const {
  const Lease lease(*shared_);
  return decide_with(*lease.request().evaluation_, request, options);
}

Decision Engine::decide_with(Evaluation& evaluation, Request& request, const CallOptions& options,
                             Walk walked) {
  evaluation.adopt();
  Decision decision(evaluation.source);
  request.take_struct();
  SlotValues* slots = &request.slots_;
  const RequestLayout& layout = *evaluation.state->layout;
  if (!request.is_ready(layout)) [[unlikely]] {
    const auto found = request.slots_for(layout, evaluation.room, evaluation.arena);
    if (!found) {
      decision = invalid_request(evaluation, found.error(), options);
      return decision;
    }
    slots = found.value();
  }
  if (walked == Walk::kFirst && evaluation.may_walk(options)) {
    vm::GuardGraph::Walk walk(decision.room_for_rules());
    evaluation.state->tables.walk_decision(*slots, walk);
    if (walk.is_settled()) {
      take_walk(decision, evaluation, walk, options);
      return decision;
    }
  }
  if (request.slots_.has_lent()) [[unlikely]] {
    request.take_lent();
    decision = decide_with(evaluation, request, options, Walk::kWasInVain);
    return decision;
  }
  evaluation.begin(*slots, options);
  const vm::Outcome& outcome = evaluation.outcome;
  if (evaluation.state->memory == nullptr) [[likely]] {
    vm::decide(evaluation.run, {.package = options.package}, evaluation.outcome);
  } else {
    decision.set_cached(decide_remembering(evaluation, *slots, options));
  }
  decision.set_number(evaluation.next_number());
  decision.set_cause(outcome.cause);
  decision.set_steps(evaluation.run.steps_used());
  decision.set_readings(evaluation.run.now_ns(), evaluation.run.seed());
  if (has_details(outcome, evaluation.run, options)) [[unlikely]] {
    fill_details(outcome, evaluation.run, options, decision.reuse_details(evaluation.details));
  }
  decision.set_rules(outcome.rules);
  return decision;
}

Decision Engine::decide_json(std::string_view json, const CallOptions& options) const {
  const Lease lease(*shared_);
  lease.request().parse(json);
  return decide_with(*lease.request().evaluation_, lease.request(), options);
}

}  // namespace licet
