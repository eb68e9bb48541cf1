#include "eval/engine/remembering.h"

#include <algorithm>
#include <utility>

#include "eval/cache/request_key.h"

namespace licet {
namespace {

using cache::DecisionCache;
using cache::Entry;
using cache::Worth;

int strength(Cause cause) {
  switch (cause) {
    case Cause::kForbidden:
      return 3;
    case Cause::kIndeterminate:
      return 2;
    case Cause::kPermitted:
      return 1;
    case Cause::kNoPermit:
    case Cause::kInvalidRequest:
    case Cause::kError:
      break;
  }
  return 0;
}

template <class T>
void join_sorted(std::vector<T>& values, const std::vector<T>& others) {
  values.insert(values.end(), others.begin(), others.end());
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

void join(vm::Outcome& outcome, vm::Outcome& other) {
  if (strength(other.cause) > strength(outcome.cause)) return std::swap(outcome, other);
  if (other.cause != outcome.cause) return;
  join_sorted(outcome.rules, other.rules);
  join_sorted(outcome.messages, other.messages);
  join_sorted(outcome.controls, other.controls);
  join_sorted(outcome.obligations, other.obligations);
}

std::vector<Value> copied(const std::vector<Value>& values, Arena& arena) {
  std::vector<Value> copies;
  copies.reserve(values.size());
  for (const Value& value : values) copies.push_back(copy(value, arena));
  return copies;
}

std::shared_ptr<const Entry> entry_of(const vm::Outcome& outcome, const std::string& key,
                                      const std::vector<Value>& large, std::uint64_t steps) {
  auto entry = std::make_shared<Entry>();
  entry->key = key;
  entry->large = copied(large, entry->arena);
  entry->cause = outcome.cause;
  entry->steps = steps;
  entry->rules = outcome.rules;
  entry->messages = copied(outcome.messages, entry->arena);
  entry->controls = copied(outcome.controls, entry->arena);
  entry->obligations.reserve(outcome.obligations.size());
  for (const AskedObligation& asked : outcome.obligations) {
    entry->obligations.push_back(
        {.key = copy(asked.key, entry->arena), .value = copy(asked.value, entry->arena)});
  }
  return entry;
}

// The values are the entry's own.
void fill_outcome(const Entry& entry, vm::Outcome& outcome) {
  outcome.clear();
  outcome.cause = entry.cause;
  outcome.rules.assign(entry.rules.begin(), entry.rules.end());
  outcome.messages.assign(entry.messages.begin(), entry.messages.end());
  outcome.controls.assign(entry.controls.begin(), entry.controls.end());
  outcome.obligations.assign(entry.obligations.begin(), entry.obligations.end());
}

class Remembering {
 public:
  Remembering(Evaluation& evaluation, SlotValues& slots, const CallOptions& options)
      : evaluation_(evaluation),
        memory_(*evaluation.state->memory),
        slots_(slots),
        options_(options),
        outcome_(evaluation.outcome) {}

  bool decide() {
    is_adaptive_ = evaluation_.engine.options.cache_use == CacheUse::kWhenItPays;
    const bool wants_cache = !is_adaptive_ || evaluation_.worth.wants_cache();
    is_timed_ = is_adaptive_ && evaluation_.worth.wants_times();
    if (!wants_cache || !can_look() || !make_key()) return bypass();
    const auto begin = time();
    DecisionCache::Lookup found = memory_.cache.find(evaluation_.key);
    const bool is_another = found.entry && found.entry->large != evaluation_.large;
    if (is_another) return bypass();  // of the same hash
    if (is_timed_) evaluation_.worth.add_find_time(time() - begin + key_time_);
    switch (found.found) {
      case DecisionCache::Found::kHit:
        evaluation_.counters->add_hit();
        evaluation_.worth.add_hit();
        return use(std::move(found.entry));
      case DecisionCache::Found::kMiss:
        evaluation_.counters->add_miss();
        evaluation_.worth.add_miss();
        find_out(found.hash);
        return false;
      case DecisionCache::Found::kBusy:
        break;
    }
    return bypass();
  }

 private:
  std::chrono::steady_clock::time_point time() const {
    return is_timed_ ? evaluation_.engine.options.clock->steady()
                     : std::chrono::steady_clock::time_point();
  }

  // An explanation and what print() writes come of evaluating only.
  bool can_look() const {
    return memory_.stability.stable_count > 0 && options_.explain == Explain::kNo &&
           options_.printed == nullptr;
  }

  bool make_key() {
    const auto begin = time();
    std::string& key = evaluation_.key;
    key.assign(options_.package);
    key += '\0';  // no name of a package has one
    evaluation_.large.clear();
    const bool fits = cache::append_key(slots_, memory_.stability.slots,
                                        DecisionCache::kMaxKeyBytes, key, evaluation_.large);
    key_time_ = time() - begin;
    return fits;
  }

  bool all_are_stable() const {
    return memory_.stability.stable_count == memory_.stability.is_stable.size();
  }
  vm::Selection stable_rules() const {
    return {.package = options_.package, .chosen = &memory_.stability.is_stable};
  }
  // A permit cannot help where a stable forbid stands against it.
  vm::Selection other_rules() const {
    vm::Selection selection = stable_rules();
    selection.is_chosen = false;
    selection.has_permits = strength(outcome_.cause) <= strength(Cause::kPermitted);
    return selection;
  }

  bool bypass() {
    evaluation_.counters->add_bypass();
    const auto begin = time();
    decide_in_one_go();
    if (is_timed_) evaluation_.worth.add_decision_time(time() - begin);
    return false;
  }

  void decide_in_one_go() { vm::decide(evaluation_.run, {.package = options_.package}, outcome_); }
  void decide_again() {
    evaluation_.worth.add_wasted_decision();
    evaluation_.begin(slots_, options_);
    decide_in_one_go();
  }

  bool use(std::shared_ptr<const Entry> entry) {
    fill_outcome(*entry, outcome_);
    // The outcome's values are the entry's: it must not be evicted before they are looked at.
    evaluation_.used = std::move(entry);
    if (all_are_stable()) return true;
    if (evaluation_.run.spend(evaluation_.used->steps) && run_other_rules()) return true;
    decide_again();
    return false;
  }

  void find_out(std::uint64_t hash) {
    const auto begin = time();
    vm::decide(evaluation_.run, stable_rules(), outcome_);
    const auto decided = time();
    if (is_timed_) evaluation_.worth.add_decision_time(decided - begin);
    if (!is_clean()) {
      if (!all_are_stable()) decide_again();
      return;
    }
    const std::size_t evicted = memory_.cache.insert(
        hash, entry_of(outcome_, evaluation_.key, evaluation_.large, evaluation_.run.steps_used()));
    if (is_timed_) evaluation_.worth.add_insert_time(time() - decided);
    evaluation_.counters->add_evictions(evicted);
    if (!all_are_stable() && !run_other_rules()) decide_again();
  }

  // False: a budget ran out.
  bool run_other_rules() {
    vm::decide(evaluation_.run, other_rules(), evaluation_.rest);
    if (evaluation_.rest.error) return false;
    join(outcome_, evaluation_.rest);
    return true;
  }

  // Whether it is a function of the key: neither an error nor a reading has come in.
  bool is_clean() const {
    const vm::Run& run = evaluation_.run;
    return !outcome_.error && run.warnings().empty() && run.error_count() == 0 &&
           run.now_ns() == options_.now_ns && run.seed() == options_.seed;
  }

  Evaluation& evaluation_;
  DecisionMemory& memory_;
  SlotValues& slots_;
  const CallOptions& options_;
  vm::Outcome& outcome_;
  bool is_adaptive_ = false;
  bool is_timed_ = false;
  std::chrono::nanoseconds key_time_{0};
};

}  // namespace

bool decide_remembering(Evaluation& evaluation, SlotValues& slots, const CallOptions& options) {
  return Remembering(evaluation, slots, options).decide();
}

}  // namespace licet
