// What one request evaluates with.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "eval/cache/counters.h"
#include "eval/cache/worth.h"
#include "eval/decision_details.h"
#include "eval/decision_source.h"
#include "eval/engine/state.h"
#include "eval/request/json_reader.h"
#include "eval/struct_binding.h"
#include "eval/vm/decide.h"
#include "eval/vm/run.h"
#include "eval/vm/struct_graph.h"

namespace licet {

// For one thread at a time. Remembers the state it last ran with, so that a call touches nothing
// that other threads write: neither a lock nor a count of owners.
struct Evaluation final : builtins::ReadingSource {
  explicit Evaluation(EngineShared& its_engine);
  ~Evaluation() { source.leave_thread(); }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  // From now on with the program in force.
  void adopt() {
    if (generation != engine.generation.load(std::memory_order_acquire)) [[unlikely]]
      adopt_current();
  }
  void begin(SlotValues& slots, const CallOptions& options);
  // With an input that is not checked.
  void begin(const Value& input, const CallOptions& options);
  // Whether a graph of guards may answer instead of the machine. It costs less than to look into a
  // cache, but if looking is always wanted, it is done.
  bool may_walk(const CallOptions& options) const { return can_walk && asks_little(options); }
  // That is all that a graph can tell. Most calls have no options of their own.
  static bool asks_little(const CallOptions& options) {
    return &options == &kDefaultCall ||
           (options.explain == Explain::kNo && options.package.empty());
  }
  std::uint64_t next_number() {
    if (number == last_number) [[unlikely]]
      take_numbers();
    return ++number;
  }

  std::int64_t read_now_ns() override;
  std::uint64_t draw_seed() override;

  EngineShared& engine;
  std::shared_ptr<const EngineState> state;
  std::uint64_t generation = 0;
  // Of the state.
  std::uint64_t layout_id = 0;
  bool can_walk = false;
  std::uint64_t layout_to_walk = 0;  // layout_id if can_walk
  bool requires_attributes = false;
  SharedSource source;
  std::uint64_t number = 0;  // of the last decision
  std::uint64_t last_number = 0;
  std::uint64_t seeds;  // splitmix64's state
  vm::Run run;
  vm::Outcome outcome;
  SharedDetails details;  // of the last decision that had some
  // With a memory of decisions only.
  std::shared_ptr<cache::Counters> counters;
  cache::Worth worth;
  std::string key;
  std::vector<Value> large;  // values of the key
  vm::Outcome rest;          // of the rules that are not remembered
  std::shared_ptr<const cache::Entry> used;
  // Of requests from JSON.
  JsonReader reader;
  bool has_text = false;  // the request is what `reader` keeps
  // Of requests that do not have their slots ready.
  SlotValues room;
  Arena arena;

 private:
  void adopt_current();
  void take_numbers();
};

inline bool Engine::may_walk_struct(const Evaluation& evaluation, const Request& request,
                                    const CallOptions& options) {
  return request.bound_->layout_ == evaluation.layout_to_walk && Evaluation::asks_little(options);
}

}  // namespace licet
