// What an embedder can choose, with defaults and units.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "eval/clock.h"

namespace licet {

// Of one decision or query. Whichever runs out first ends it with eval_cancel_error.
struct Limits {
  // An instruction is one step; builtins charge more as their work grows. Ten million take about
  // a tenth of a second.
  std::uint64_t steps = 10'000'000;
  // Values made by the evaluation, its registers and its memory of answers; not the request.
  std::size_t memory_bytes = std::size_t{64} << 20;
  // Rules and functions that wait for one another.
  std::uint32_t call_depth = 1000;
  // The last resort, when single steps are slow. Not exact: it is looked at every few hundred
  // steps.
  std::chrono::milliseconds time{1000};
  // Values of the request: this much, and 8 bytes for each byte of its text.
  std::size_t request_bytes = std::size_t{16} << 20;
};

enum class BuiltinErrors : std::uint8_t {
  kUndefined,  // the expression is undefined; a warning says why
  kFail,       // the evaluation ends with the error
};

// Of a cache of decisions.
enum class CacheUse : std::uint8_t {
  kWhenItPays,  // measured while deciding, by each request on its own
  kAlways,
};

enum class Explain : std::uint8_t { kNo, kYes };  // kYes needs a program compiled with traces

struct EngineOptions {
  Limits limits{};
  BuiltinErrors builtin_errors = BuiltinErrors::kUndefined;
  std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
  // Draws the seed of rand.* and uuid.* for one decision; empty: from the system.
  std::function<std::uint64_t()> seed{};
  // Memory for decisions that were made before, by the values that they depend on; 0: none is
  // remembered. Worth it for policies that match patterns or go through documents.
  std::size_t cache_bytes = 0;
  CacheUse cache_use = CacheUse::kWhenItPays;
};

// Of one call.
struct CallOptions {
  Explain explain = Explain::kNo;
  // decide: only rules of this package and those below it; empty: all.
  std::string package{};
  std::optional<std::int64_t> now_ns{};  // since the epoch; default: the clock
  std::optional<std::uint64_t> seed{};   // default: drawn
  std::string* printed = nullptr;        // where print() writes; null: nowhere
};

}  // namespace licet
