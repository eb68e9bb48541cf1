#include "bench/ratios/measure.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "bench/ratios/allocations.h"

namespace licet::bench {

std::chrono::nanoseconds cpu_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void give_up(const std::string& message) {
  std::fprintf(stderr, "error: %s\n", message.c_str());
  std::exit(1);
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double median_ratio(const Measured& measured, const Measured& baseline) {
  std::vector<double> ratios;
  const std::size_t rounds = std::min(measured.nanoseconds.size(), baseline.nanoseconds.size());
  for (std::size_t i = 0; i < rounds; ++i) {
    ratios.push_back(measured.nanoseconds[i] / baseline.nanoseconds[i]);
  }
  return median(std::move(ratios));
}

void Turn::calibrate(std::chrono::nanoseconds slice) {
  for (step_ = 1; step_ < request_count_; step_ *= 2) {
    const auto begin = cpu_time();
    contender_->decide(0, step_);
    if (cpu_time() - begin > slice / 10) break;
  }
  step_ = std::min(step_, request_count_);
}

double Turn::nanoseconds_in(std::chrono::nanoseconds slice) {
  if (step_ == 0) calibrate(slice);
  const auto begin = cpu_time();
  std::size_t decided = 0;
  std::chrono::nanoseconds taken{};
  while (taken < slice) {
    const std::size_t end = std::min(at_ + step_, request_count_);
    permitted_ = permitted_ + contender_->decide(at_, end);
    decided += end - at_;
    at_ = end == request_count_ ? 0 : end;
    taken = cpu_time() - begin;
  }
  return static_cast<double>(taken.count()) / static_cast<double>(decided);
}

std::size_t verify(const Contender& contender, const std::vector<bool>& wanted,
                   std::chrono::seconds limit) {
  const auto begin = cpu_time();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if ((contender.decide(i, i + 1) == 1) != wanted[i]) {
      give_up(contender.name + ", request " + std::to_string(i + 1) + ": expected " +
              (wanted[i] ? "permit" : "deny") + ", got the opposite");
    }
    if (cpu_time() - begin > limit) return i + 1;
  }
  return wanted.size();
}

namespace {

double allocations_of(const Contender& contender, std::size_t count) {
  const std::size_t before = allocation_count();
  contender.decide(0, count);
  return static_cast<double>(allocation_count() - before) / static_cast<double>(count);
}

}  // namespace

std::vector<Measured> measure(const std::vector<Contender>& contenders,
                              const std::vector<bool>& wanted, const MeasureSettings& settings) {
  std::vector<Measured> all;
  std::vector<Turn> turns;
  for (const Contender& contender : contenders) {
    Measured& measured = all.emplace_back();
    measured.name = contender.name;
    measured.verified = verify(contender, wanted, settings.verification);
    measured.allocations = allocations_of(contender, measured.verified);
    turns.emplace_back(contender, wanted.size());
  }
  for (int round = 0; round < settings.rounds; ++round) {
    for (std::size_t i = 0; i < turns.size(); ++i) {
      all[i].nanoseconds.push_back(turns[i].nanoseconds_in(settings.slice));
    }
  }
  return all;
}

}  // namespace licet::bench
