// What an engine is made of: the program in force, and requests for calls that bring none.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "eval/cache/counters.h"
#include "eval/cache/decision_cache.h"
#include "eval/cache/stability.h"
#include "eval/engine.h"
#include "eval/engine/symbol_pool.h"
#include "eval/request/read_plan.h"
#include "eval/vm/run.h"
#include "eval/vm/tables.h"

namespace licet {

// What was decided before with one program; see cache/decision_cache.h.
struct DecisionMemory {
  DecisionMemory(const Program& program, std::size_t bytes);

  cache::Stability stability;
  cache::DecisionCache cache;
};

// What belongs to one program; replaced as a whole. Whatever refers to a part of it owns it all, so
// that its count of owners says whether anything of it is in use.
struct EngineState : std::enable_shared_from_this<EngineState> {
  EngineState(std::shared_ptr<const Program> its_program, const EngineOptions& options);

  std::shared_ptr<const Program> program;
  std::shared_ptr<const RequestLayout> layout;
  ReadPlan read_plan;  // of requests from JSON
  vm::Tables tables;
  std::map<std::vector<std::string>, DocumentIndex> entries;  // entry points by path
  std::unique_ptr<DecisionMemory> memory;                     // null: nothing is remembered
};

// The state in force is found without a lock: who looks for it announces that, takes the pointer
// and makes himself an owner of what it points to. A state that was replaced is kept among the
// retired ones until nobody owns it and nobody looks; it is freed by a later swap, never by the
// request that used it last, which would have to wait for the heap.
//
// Requests for calls without one are kept in places chosen by thread, each taken and put back with
// one atomic exchange.
struct EngineShared {
  EngineShared(std::shared_ptr<const Program> program, EngineOptions its_options);
  ~EngineShared() { drop_requests(); }
  void drop_requests();
  // Waits for nothing.
  std::shared_ptr<const EngineState> current();
  void swap(std::shared_ptr<const EngineState> next);
  void free_retired();

  static constexpr std::size_t kPlaces = 64;
  // How many numbers of decisions a request takes at a time, so that threads do not meet there.
  static constexpr std::uint64_t kNumbersAtATime = 4096;

  EngineOptions options;
  std::mutex mutex;                                         // of those who swap
  std::shared_ptr<const EngineState> state;                 // guarded by mutex
  std::vector<std::shared_ptr<const EngineState>> retired;  // guarded by mutex
  std::atomic<const EngineState*> in_force;                 // state.get()
  std::atomic<std::uint64_t> looking{0};                    // at in_force
  std::atomic<std::uint64_t> generation{1};
  std::atomic<std::uint64_t> layout_id;
  std::atomic<Request*> idle[kPlaces] = {};
  std::array<std::uint64_t, 2> id;
  std::atomic<std::uint64_t> numbers_taken{0};
  cache::CounterBoard cache_counters;
  SymbolPool symbols;
};

// A request of the engine's own, in use by one call.
class Lease {
 public:
  explicit Lease(EngineShared& shared);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Request& request() const { return *request_; }

 private:
  std::atomic<Request*>& home() const;

  EngineShared& shared_;
  std::unique_ptr<Request> request_;
};

// The value at a path below data; undefined if there is none.
Result<Value, EvalError> value_at(vm::Run& run, const EngineState& state,
                                  const std::vector<std::string>& path);
Explanation explanation_of(const vm::Run& run);

}  // namespace licet
