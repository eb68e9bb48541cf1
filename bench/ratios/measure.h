// Contenders that do the same work, measured in turns: whatever the machine does meanwhile, it does
// to all of them, so that their ratios mean something where their times do not.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace licet::bench {

struct Contender {
  std::string name;
  // Decides the requests [begin, end); how many of them were permitted.
  std::function<std::size_t(std::size_t begin, std::size_t end)> decide;
};

// `decide_one(i)` decides request i: whether it is permitted.
template <class DecideOne>
Contender contender(std::string name, DecideOne decide_one) {
  return {.name = std::move(name),
          .decide = [decide_one = std::move(decide_one)](std::size_t begin, std::size_t end) {
            std::size_t permitted = 0;
            for (std::size_t i = begin; i < end; ++i) permitted += decide_one(i) ? 1 : 0;
            return permitted;
          }};
}

struct MeasureSettings {
  int rounds = 15;
  std::chrono::milliseconds slice{4};  // of each contender in each round
  // After so much time of one contender no more of its decisions are compared with what is wanted.
  std::chrono::seconds verification{20};
};

struct Measured {
  std::string name;
  std::vector<double> nanoseconds;  // CPU time of one decision, by round
  double allocations = 0;           // of one decision
  std::size_t verified = 0;         // decisions that were compared with what is wanted
};

double median(std::vector<double> values);
// Of the rounds' ratios: both sides of each were measured within milliseconds.
double median_ratio(const Measured& measured, const Measured& baseline);

// Goes through the requests for about as long as a slice, wherever it stopped the last time.
class Turn {
 public:
  // The contender must outlive it.
  Turn(const Contender& contender, std::size_t request_count)
      : contender_(&contender), request_count_(request_count) {}

  // CPU time of one decision.
  double nanoseconds_in(std::chrono::nanoseconds slice);

 private:
  void calibrate(std::chrono::nanoseconds slice);

  const Contender* contender_;
  std::size_t request_count_;
  std::size_t step_ = 0;  // decisions that take about a tenth of a slice; 0: not known yet
  std::size_t at_ = 0;
  volatile std::size_t permitted_ = 0;  // so that no decision can be left out
};

// How many decisions were compared within the limit. Ends the program if one is not as wanted.
std::size_t verify(const Contender& contender, const std::vector<bool>& wanted,
                   std::chrono::seconds limit);

// Ends the program if a decision is not as wanted.
std::vector<Measured> measure(const std::vector<Contender>& contenders,
                              const std::vector<bool>& wanted, const MeasureSettings& settings);

// CPU time of this thread.
std::chrono::nanoseconds cpu_time();
[[noreturn]] void give_up(const std::string& message);

}  // namespace licet::bench
