#include "eval/engine/state.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <thread>

#include "eval/engine/evaluation.h"
#include "eval/path_text.h"
#include "eval/value_json.h"

namespace licet {
namespace {

std::uint64_t random_bits() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) ^ device();
}

// Vigna's splitmix64.
std::uint64_t next_seed(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

DecisionMemory::DecisionMemory(const Program& program, std::size_t bytes)
    : stability(cache::stability_of(program)), cache(bytes, random_bits()) {}

EngineState::EngineState(std::shared_ptr<const Program> its_program, const EngineOptions& options)
    : program(std::move(its_program)),
      layout(std::make_shared<const RequestLayout>(program)),
      read_plan(*program),
      tables(program) {
  if (options.cache_bytes > 0) {
    memory = std::make_unique<DecisionMemory>(*program, options.cache_bytes);
  }
  for (const EntryPoint& entry : program->entry_points) {
    if (auto path = path_from_text(entry.path)) entries[*std::move(path)] = entry.document;
  }
}

EngineShared::EngineShared(std::shared_ptr<const Program> program, EngineOptions its_options)
    : options(std::move(its_options)),
      state(std::make_shared<const EngineState>(std::move(program), options)),
      in_force(state.get()),
      layout_id(state->layout->id()),
      id{random_bits(), random_bits()} {}

void EngineShared::drop_requests() {
  for (auto& request : idle) delete request.exchange(nullptr);
}

std::shared_ptr<const EngineState> EngineShared::current() {
  looking.fetch_add(1);
  std::shared_ptr<const EngineState> found = in_force.load()->shared_from_this();
  looking.fetch_sub(1);
  return found;
}

void EngineShared::swap(std::shared_ptr<const EngineState> next) {
  const std::lock_guard lock(mutex);
  retired.push_back(std::move(state));
  state = std::move(next);
  layout_id.store(state->layout->id(), std::memory_order_release);
  in_force.store(state.get());
  generation.fetch_add(1, std::memory_order_release);
}

void EngineShared::free_retired() {
  constexpr int kMostTries = 1000;                         // a look takes some nanoseconds
  std::vector<std::shared_ptr<const EngineState>> unused;  // freed last, without the lock
  const std::lock_guard lock(mutex);
  // INVARIANT: none of them is in force, so who begins to look after this does not find them, and
  // only owners make more owners.
  for (int tries = 0; looking.load() != 0; ++tries) {
    if (tries == kMostTries) return;
    std::this_thread::yield();
  }
  const auto in_use = [](const auto& one) { return one.use_count() > 1; };
  const auto gone = std::partition(retired.begin(), retired.end(), in_use);
  std::move(gone, retired.end(), std::back_inserter(unused));
  retired.erase(gone, retired.end());
}

Lease::Lease(EngineShared& shared) : shared_(shared) {
  request_.reset(home().exchange(nullptr, std::memory_order_acquire));
  if (request_) return;
  // The engine owns the request, so the request must not own the engine.
  request_.reset(new Request(std::shared_ptr<EngineShared>(std::shared_ptr<void>(), &shared)));
}

Lease::~Lease() { delete home().exchange(request_.release(), std::memory_order_acq_rel); }

std::atomic<Request*>& Lease::home() const {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t thread = threads.fetch_add(1, std::memory_order_relaxed);
  return shared_.idle[thread % EngineShared::kPlaces];
}

Evaluation::Evaluation(EngineShared& its_engine) : engine(its_engine), seeds(random_bits()) {
  if (engine.options.cache_bytes > 0) counters = engine.cache_counters.enroll();
  adopt_current();
}

// Once for each request after a swap.
void Evaluation::adopt_current() {
  generation = engine.generation.load(std::memory_order_acquire);  // before what it may be late for
  std::shared_ptr<const EngineState> current = engine.current();
  if (state == current) return;
  state = std::move(current);
  layout_id = state->layout->id();
  can_walk = engine.options.limits.steps >= vm::GuardGraph::kMostNodes &&
             (state->memory == nullptr || engine.options.cache_use == CacheUse::kWhenItPays);
  layout_to_walk = can_walk ? layout_id : 0;
  requires_attributes = state->layout->requires_attributes();
  worth = {};
  source.leave_thread();
  source = SharedSource({.program = std::shared_ptr<const Program>(state, state->program.get()),
                         .engine = engine.id});
}

void Evaluation::take_numbers() {
  number = engine.numbers_taken.fetch_add(EngineShared::kNumbersAtATime, std::memory_order_relaxed);
  last_number = number + EngineShared::kNumbersAtATime;
}

std::int64_t Evaluation::read_now_ns() {
  const auto since_epoch = engine.options.clock->now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count();
}

std::uint64_t Evaluation::draw_seed() {
  return engine.options.seed ? engine.options.seed() : next_seed(seeds);
}

void Evaluation::begin(SlotValues& slots, const CallOptions& options) {
  run.begin(state->tables, slots,
            {.limits = engine.options.limits,
             .builtin_errors = engine.options.builtin_errors,
             .explain = options.explain,
             .clock = engine.options.clock.get(),
             .now_ns = options.now_ns,
             .seed = options.seed,
             .readings = this,
             .printed = options.printed});
}

void Evaluation::begin(const Value& input, const CallOptions& options) {
  arena.reset();
  room.begin(state->layout->cell_count(), arena);
  fill_slots(*state->program, input, room);
  begin(room, options);
}

namespace {

std::vector<ExplainedPart> parts_of(const TracePoint& point, const std::vector<Value>& values) {
  std::vector<ExplainedPart> parts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    parts.push_back({.text = point.parts[i].text,
                     .value = values[i].is_defined() ? json_from_value(values[i]) : ""});
  }
  return parts;
}

}  // namespace

Explanation explanation_of(const vm::Run& run) {
  Explanation explanation;
  const Program& program = run.program();
  for (std::size_t i = 0; i < run.traces().size(); ++i) {
    const TracePoint& point = program.trace_points[i];
    const vm::PointTrace& trace = run.traces()[i];
    explanation.push_back(
        {.text = point.text,
         .rule = point.rule,
         .body = point.body,
         .file = point.place.file < program.files.size() ? program.files[point.place.file] : "",
         .line = point.place.line,
         .column = point.place.column,
         .begun = trace.begun,
         .held = trace.held,
         .failed = trace.failed,
         .unknown = trace.unknown,
         .when_held = parts_of(point, trace.held_values),
         .when_failed = parts_of(point, trace.failed_values)});
  }
  return explanation;
}

}  // namespace licet
