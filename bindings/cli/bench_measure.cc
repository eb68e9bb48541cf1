#include "bindings/cli/bench_measure.h"

#include <algorithm>
#include <ctime>
#include <memory>

#include "eval/index_report.h"
#include "eval/value_json.h"

namespace licet::cli {
namespace {

using Clock = std::chrono::steady_clock;

double nanoseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
}

// CPU time of this thread: what else the machine does does not count.
double cpu_nanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

// The least that two looks at the clock are apart.
double clock_overhead() {
  double least = 1e9;
  for (int i = 0; i < 1000; ++i) {
    const auto begin = Clock::now();
    least = std::min(least, nanoseconds_since(begin));
  }
  return least;
}

// A request taken apart into what its layout can be told attribute by attribute.
class ReadyRequest {
 public:
  ReadyRequest(std::string_view json, const RequestLayout& layout, Arena& arena) : json_(json) {
    const auto document = value_from_json(json, arena);
    if (!document) return;
    document_ = document.value();
    can_be_set_ = !layout.always_needs_document();
    for (AttributeIndex i = 0; i < layout.attributes().size(); ++i) {
      const Attribute& attribute = layout.attributes()[i];
      const Value value = value_at(attribute.path);
      if (value.is_undefined()) continue;
      if (attribute.needs_document || !attribute.cell) can_be_set_ = false;
      values_.emplace_back(i, value);
    }
  }

  void fill(Request& request) const {
    // What is no JSON is refused anew each time.
    if (document_.is_undefined()) {
      request.parse(json_);
      return;
    }
    request.reset();
    if (!can_be_set_) {
      request.set_document(document_);
      return;
    }
    for (const auto& [attribute, value] : values_) request.set(attribute, value);
  }
  void avoid_attributes() { can_be_set_ = false; }

 private:
  Value value_at(const std::vector<std::string>& path) const {
    Value value = document_;
    for (const std::string& name : path) value = value.get(name);
    return value;
  }

  std::string_view json_;
  Value document_;
  bool can_be_set_ = false;
  std::vector<std::pair<AttributeIndex, Value>> values_;
};

class Measuring {
 public:
  Measuring(std::shared_ptr<const Program> program, const EngineOptions& engine_options,
            const std::vector<std::string>& requests, const MeasureOptions& options)
      : program_(std::move(program)),
        engine_options_(engine_options),
        requests_(requests),
        options_(options),
        engine_(program_, engine_options),
        request_(engine_) {
    call_.package = options.package;
    ready_.reserve(requests.size());
    for (const std::string& json : requests_) {
      ready_.emplace_back(json, request_.layout(), arena_);
    }
  }

  Measurement measurement() {
    Measurement result;
    result.request_count = requests_.size();
    look_at_decisions(result);
    result.clock_ns = clock_ns_ = clock_overhead();
    result.ready = times([this](std::size_t i) { ready_[i].fill(request_); });
    result.json = times([this](std::size_t i) { request_.parse(requests_[i]); });
    if (requests_.size() >= kFewestInOrder) result.cache_in_order = cache_in_order();
    result.cache_again = cache_again();
    look_at_indexes(result);
    return result;
  }

 private:
  // Also finds out which requests come to the same when they are set attribute by attribute.
  void look_at_decisions(Measurement& result) {
    double steps = 0;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      request_.parse(requests_[i]);
      const Decision decision = engine_.decide(request_, call_);
      ++result.causes[std::string(name_of(decision.cause()))];
      steps += static_cast<double>(decision.steps());
      result.max_steps = std::max(result.max_steps, decision.steps());
      ready_[i].fill(request_);
      const Decision ready = engine_.decide(request_, call_);
      if (ready.cause() != decision.cause()) ready_[i].avoid_attributes();
    }
    result.mean_steps = steps / static_cast<double>(requests_.size());
  }

  // A report takes as long as putting the program in force, so there are a few only.
  void look_at_indexes(Measurement& result) const {
    constexpr std::size_t kMostRequests = 32;
    const double limit = cpu_nanoseconds() + static_cast<double>(options_.time.count()) * 1e6;
    while (result.index_requests < std::min(kMostRequests, requests_.size())) {
      Arena arena;
      const auto input = value_from_json(requests_[result.index_requests++], arena);
      if (input) add_indexes(report_indexes(*program_, input.value()), result.indexes);
      if (cpu_nanoseconds() > limit) break;
    }
    for (IndexUse& use : result.indexes) use.tried /= static_cast<double>(result.index_requests);
  }

  static void add_indexes(const IndexReport& report, std::vector<IndexUse>& uses) {
    for (const ReportedBodyIndex& index : report.bodies) {
      if (!index.looked_up) continue;
      auto use = std::find_if(uses.begin(), uses.end(),
                              [&](const IndexUse& known) { return known.name == index.name; });
      if (use == uses.end()) {
        use = uses.insert(use, {.name = index.name, .bodies = index.body_count, .tried = 0});
      }
      std::size_t tried = index.rest.size();
      for (const ReportedGroup& group : index.groups) tried += group.found.size();
      use->tried += static_cast<double>(tried);
    }
  }

  template <class Fill>
  Times times(Fill fill) {
    const auto decide = [&](std::size_t i) {
      fill(i);
      return static_cast<bool>(engine_.decide(request_, call_));
    };
    Times result;
    std::size_t i = 0;
    const auto next = [&] {
      const std::size_t at = i;
      i = i + 1 == requests_.size() ? 0 : i + 1;
      return at;
    };
    const double half = static_cast<double>(options_.time.count()) * 1e6 / 2;
    const std::uint64_t allocated = count_allocations ? count_allocations() : 0;
    std::uint64_t count = 0;
    const double cpu_begin = cpu_nanoseconds();
    double taken = 0;
    // A few at a time, so that the clock does not count; all of them at least once.
    for (std::size_t step = 1; taken < half || count < requests_.size(); count += step) {
      for (std::size_t k = 0; k < step; ++k) decide(next());
      const double before = taken;
      taken = cpu_nanoseconds() - cpu_begin;
      if (taken - before < half / 100) step = std::min<std::size_t>(step * 2, 1024);
    }
    result.decisions_per_second = static_cast<double>(count) / taken * 1e9;
    if (count_allocations) {
      result.allocations =
          static_cast<double>(count_allocations() - allocated) / static_cast<double>(count);
    }
    samples_.clear();
    const auto begin = Clock::now();
    while (samples_.size() < kMaxSamples &&
           (nanoseconds_since(begin) < half || samples_.size() < requests_.size())) {
      const std::size_t at = next();
      const auto one = Clock::now();
      decide(at);
      samples_.push_back(std::max(0.0, nanoseconds_since(one) - clock_ns_));
    }
    fill_percentiles(result);
    return result;
  }

  void fill_percentiles(Times& result) {
    std::sort(samples_.begin(), samples_.end());
    const auto at = [this](double part) {
      const auto index = static_cast<std::size_t>(part * static_cast<double>(samples_.size()));
      return samples_[std::min(index, samples_.size() - 1)];
    };
    result.p50 = at(0.5);
    result.p90 = at(0.9);
    result.p99 = at(0.99);
    result.p999 = at(0.999);
    result.max = samples_.back();
  }

  EngineOptions caching() const {
    EngineOptions options = engine_options_;
    options.cache_bytes = options_.cache_bytes;
    options.cache_use = CacheUse::kAlways;
    return options;
  }

  // One pass with a new engine, then one without a cache, and so on.
  CacheGain cache_in_order() {
    CacheGain gain;
    const double limit = static_cast<double>(options_.time.count()) * 1e6 / 2;
    int passes = 0;
    double with = 0;
    double without = 0;
    for (; with + without < limit || passes == 0; ++passes) {
      const Engine engine(program_, caching());
      Request request(engine);
      engine.decide(request, call_);  // makes the room that all decisions use
      const CacheStatistics before = engine.cache_statistics();
      with += pass(engine, request);
      without += pass(engine_, request_);
      gain.statistics = difference(engine.cache_statistics(), before);
    }
    settle(gain, with, without, passes);
    return gain;
  }

  // The same with one engine that has decided all of them before.
  CacheGain cache_again() {
    CacheGain gain;
    const double limit = static_cast<double>(options_.time.count()) * 1e6 / 2;
    // So many passes at a time that a look at the clock does not count.
    const int passes_each = static_cast<int>(1 + 4096 / requests_.size());
    const Engine engine(program_, caching());
    Request request(engine);
    pass(engine, request);
    int passes = 0;
    double with = 0;
    double without = 0;
    for (; with + without < limit || passes == 0; passes += passes_each) {
      const CacheStatistics before = engine.cache_statistics();
      with += pass(engine, request, passes_each);
      gain.statistics = difference(engine.cache_statistics(), before, passes_each);
      without += pass(engine_, request_, passes_each);
    }
    settle(gain, with, without, passes);
    return gain;
  }

  // Of one pass, where `after` is several later.
  static CacheStatistics difference(CacheStatistics after, const CacheStatistics& before,
                                    int passes = 1) {
    const auto count = static_cast<std::uint64_t>(passes);
    after.hits = (after.hits - before.hits) / count;
    after.misses = (after.misses - before.misses) / count;
    after.bypasses = (after.bypasses - before.bypasses) / count;
    after.evictions = (after.evictions - before.evictions) / count;
    return after;
  }

  void settle(CacheGain& gain, double with, double without, int passes) const {
    const auto count = static_cast<double>(requests_.size());
    gain.with_ns = with / (count * passes);
    gain.without_ns = without / (count * passes);
    gain.hit_rate = static_cast<double>(gain.statistics.hits) / count;
  }

  double pass(const Engine& engine, Request& request, int times = 1) const {
    const double begin = cpu_nanoseconds();
    for (int i = 0; i < times; ++i) {
      for (const ReadyRequest& ready : ready_) {
        ready.fill(request);
        engine.decide(request, call_);
      }
    }
    return cpu_nanoseconds() - begin;
  }

  static constexpr std::size_t kMaxSamples = 2'000'000;

  std::shared_ptr<const Program> program_;
  const EngineOptions& engine_options_;
  const std::vector<std::string>& requests_;
  const MeasureOptions& options_;
  Engine engine_;
  Request request_;
  CallOptions call_;
  Arena arena_;
  std::vector<ReadyRequest> ready_;
  std::vector<double> samples_;
  double clock_ns_ = 0;
};

}  // namespace

Measurement measure_decisions(const std::shared_ptr<const Program>& program,
                              const EngineOptions& engine_options,
                              const std::vector<std::string>& requests,
                              const MeasureOptions& options) {
  return Measuring(program, engine_options, requests, options).measurement();
}

}  // namespace licet::cli
