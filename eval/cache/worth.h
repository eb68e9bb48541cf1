// Whether a cache pays for the decisions that one thread makes.
//
// A look at the cache costs a few hundred nanoseconds, and a decision may cost less. So the cache
// is tried, not believed in: some decisions are timed; where they are dear enough, a stretch of
// decisions uses the cache while hits, misses and a few of the times are noted; if it did not pay,
// it sleeps for a while, twice as long after each failure. Sleeping costs one decrement a decision,
// and a trial is so short against the sleep before it that a cache which never pays costs less than
// 3 %.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace licet::cache {

// For one thread.
class Worth {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  enum class Phase : std::uint8_t {
    kSleep,  // no decision uses the cache
    kWatch,  // none does, but some are timed
    kUse,    // all do
  };

  // Before each decision: whether to use the cache.
  bool wants_cache() {
    if (left_ == 0) [[unlikely]]
      next_phase();
    --left_;
    return phase_ == Phase::kUse;
  }
  // Whether to time this decision, which costs two looks at a clock.
  bool wants_times() const { return phase_ != Phase::kSleep && left_ % kDecisionsPerSample == 0; }
  Phase phase() const { return phase_; }

  // What happened.
  void add_hit() { ++hits_; }
  void add_miss() { ++misses_; }
  void add_wasted_decision() { ++wasted_; }  // that had to be made again
  // Samples: of a decision without the cache, of finding an entry or none, and of keeping one.
  void add_decision_time(Nanoseconds time) { decision_.add(time); }
  void add_find_time(Nanoseconds time) { find_.add(time); }
  void add_insert_time(Nanoseconds time) { insert_.add(time); }

  // Decisions of each phase.
  static constexpr std::uint64_t kWatchLength = 256;
  static constexpr std::uint64_t kUseLength = 4096;
  static constexpr std::uint64_t kFirstSleep = std::uint64_t{1} << 17;
  static constexpr std::uint64_t kLongestSleep = std::uint64_t{1} << 24;
  // Cheaper decisions are never worth a trial.
  static constexpr Nanoseconds kCheap{500};

 private:
  static constexpr std::uint64_t kDecisionsPerSample = 16;

  // The median is not impressed by the one sample in which the thread had to wait.
  class Samples {
   public:
    void add(Nanoseconds time) { times_[count_++ % times_.size()] = time; }
    bool empty() const { return count_ == 0; }
    void clear() { count_ = 0; }
    Nanoseconds median() const;

   private:
    std::array<Nanoseconds, 15> times_{};
    std::size_t count_ = 0;
  };

  void next_phase();
  bool has_paid() const;
  void begin(Phase phase, std::uint64_t decisions);

  Phase phase_ = Phase::kWatch;
  std::uint64_t left_ = kWatchLength;
  std::uint64_t sleep_ = kFirstSleep;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
  std::uint64_t wasted_ = 0;
  Samples decision_;
  Samples find_;
  Samples insert_;
};

}  // namespace licet::cache
