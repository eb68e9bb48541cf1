#include "eval/vm/decide.h"

#include <algorithm>

#include "eval/builder.h"

namespace licet::vm {
namespace {

bool is_below(std::string_view package, std::string_view prefix) {
  return prefix.empty() || (package.starts_with(prefix) &&
                            (package.size() == prefix.size() || package[prefix.size()] == '.'));
}

template <class T>
void add_distinct(std::vector<T>& values, const T& value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

class Decider {
 public:
  Decider(Run& run, const Selection& selection, Outcome& outcome)
      : run_(run),
        tables_(run.tables()),
        rules_(run.program().decision_rules),
        selection_(selection),
        all_take_part_(selection.package.empty() && selection.chosen == nullptr),
        outcome_(outcome),
        is_in_root_(run.is_in_root_environment()) {}

  void decide() {
    const std::size_t before = run_.candidate_count();
    const bool open = run_forbids() && outcome_.cause == Cause::kNoPermit;
    if (open && selection_.has_permits) run_permits();
    run_.drop_candidates(before);
  }

 private:
  static constexpr std::uint32_t kNoRule = UINT32_MAX;

  // All forbids count, so that a decision names everything that stands against it. False: a budget
  // ran out.
  bool run_forbids() {
    std::uint32_t settled = kNoRule;
    find_bodies(Verdict::kForbid);
    for (std::size_t at = begin_; at < end_; ++at) {
      const BodyUnit& unit = unit_at(at);
      if (unit.rule == settled || !takes_part(unit.rule)) continue;
      const Truth truth = truth_of(unit);
      if (truth == Truth::kFalse) [[likely]]
        continue;
      if (outcome_.error) return false;
      std::vector<std::uint32_t>& unknown = outcome_.unknown;
      const bool was_unknown = !unknown.empty() && unknown.back() == unit.rule;
      if (truth == Truth::kTrue) {
        settled = unit.rule;
        outcome_.rules.push_back(unit.rule);
        if (was_unknown) unknown.pop_back();
      } else if (!was_unknown) {
        unknown.push_back(unit.rule);
      }
    }
    if (!outcome_.rules.empty()) {
      outcome_.cause = Cause::kForbidden;
    } else if (!outcome_.unknown.empty()) {
      outcome_.cause = Cause::kIndeterminate;
      outcome_.rules.assign(outcome_.unknown.begin(), outcome_.unknown.end());
    }
    for (std::size_t i = 0; i < outcome_.rules.size(); ++i) {
      const std::uint32_t rule = outcome_.rules[i];
      const Truth truth = outcome_.cause == Cause::kForbidden ? Truth::kTrue : Truth::kUnknown;
      if (tables_.has_clauses(rule) && !collect_clauses(rule, truth) && outcome_.error)
        return false;
    }
    return true;
  }

  void run_permits() {
    std::uint32_t settled = kNoRule;
    find_bodies(Verdict::kPermit);
    for (std::size_t at = begin_; at < end_; ++at) {
      const BodyUnit& unit = unit_at(at);
      if (unit.rule == settled || !takes_part(unit.rule)) continue;
      const Truth truth = truth_of(unit);
      if (truth == Truth::kFalse) [[likely]]
        continue;
      if (outcome_.error) return;
      if (truth != Truth::kTrue) continue;
      settled = unit.rule;
      // A permit whose obligations cannot be told is none.
      const bool holds =
          !tables_.has_clauses(unit.rule) || collect_clauses(unit.rule, Truth::kTrue);
      if (outcome_.error) return;
      if (holds) outcome_.rules.push_back(unit.rule);
    }
    if (!outcome_.rules.empty()) outcome_.cause = Cause::kPermitted;
  }

  // The bodies of a verdict that may hold, in the order of their rules: what an index finds, or
  // all.
  void find_bodies(Verdict verdict) {
    const auto& index =
        verdict == Verdict::kForbid ? run_.program().forbid_index : run_.program().permit_index;
    units_ = verdict == Verdict::kForbid ? &tables_.forbids : &tables_.permits;
    indexed_ = index.has_value();
    begin_ = indexed_ ? run_.candidate_count() : 0;
    if (indexed_) run_.find_decision_bodies(*index);
    end_ = indexed_ ? run_.candidate_count() : units_->size();
  }
  const BodyUnit& unit_at(std::size_t at) const {
    return (*units_)[indexed_ ? run_.candidate(at) : at];
  }
  // Where the bodies of a rule begin among those found.
  std::size_t first_of(std::uint32_t rule) const {
    std::size_t low = begin_;
    for (std::size_t high = end_; low < high;) {
      const std::size_t middle = low + (high - low) / 2;
      if (unit_at(middle).rule < rule) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  bool takes_part(std::uint32_t rule) const {
    if (all_take_part_) [[likely]]
      return true;
    if (selection_.chosen != nullptr && (*selection_.chosen)[rule] != selection_.is_chosen) {
      return false;
    }
    return is_below(rules_[rule].package, selection_.package);
  }

  // Nothing else of the rule depends on a body in error: it is unknown, and `outcome_.error` if a
  // budget ran out.
  Truth truth_of(const BodyUnit& unit) {
    if (unit.light_begin != BodyUnit::kNotLight && is_in_root_) [[likely]] {
      const Truth truth = unit.guard_count > 0
                              ? run_.conjunction(unit.guards_begin(), unit.guard_count, error_)
                              : run_.light_truth(unit.light_begin, error_);
      if (error_) [[unlikely]]
        note_error();
      return truth;
    }
    const std::optional<Value> value = value_of(rules_[unit.rule].bodies[unit.body].holds);
    if (!value) return Truth::kUnknown;
    if (value->is_undefined()) return Truth::kFalse;
    return value->is_true() ? Truth::kTrue : Truth::kUnknown;
  }

  // Nothing on an error.
  std::optional<Value> value_of(DocumentIndex document) {
    Result<Value, EvalError> value = run_.document(document);
    if (value) return value.value();
    note(std::move(value).error());
    return std::nullopt;
  }

  void note_error() {
    note(*std::move(error_));
    error_.reset();
  }

  // An error is a warning, or ends the decision if a budget ran out.
  void note(EvalError error) {
    if (error.code != EvalErrorCode::kCancel) {
      run_.warn(std::move(error));
      return;
    }
    outcome_.clear();
    outcome_.cause = Cause::kError;
    outcome_.error = std::move(error);
  }

  // Adds what the bodies say that make a rule what it is: those that hold, or if none does, the
  // indeterminate ones. False: no body could say all it has to.
  bool collect_clauses(std::uint32_t rule, Truth truth) {
    bool collected = false;
    for (std::size_t at = first_of(rule); at < end_ && unit_at(at).rule == rule; ++at) {
      const std::uint32_t body = unit_at(at).body;
      const Truth of_body = truth_of(unit_at(at));
      if (outcome_.error) return false;
      if (of_body == truth && collect_clauses(rules_[rule].bodies[body])) collected = true;
      if (outcome_.error) return false;
    }
    return collected;
  }

  // False: a message, control or obligation is in error, and none is added.
  bool collect_clauses(const DecisionBody& body) {
    const std::optional<Value> messages = clause(body.messages);
    const std::optional<Value> controls = messages ? clause(body.controls) : std::nullopt;
    const std::optional<Value> obligations = controls ? clause(body.obligations) : std::nullopt;
    if (!obligations) return false;
    add_all(*messages, outcome_.messages);
    add_all(*controls, outcome_.controls);
    if (obligations->is_set()) {
      for (const Value& asked : obligations->elements()) add_obligations(asked);
    }
    return true;
  }

  std::optional<Value> clause(MaybeDocument document) {
    return document ? value_of(*document) : Value::undefined();
  }

  static void add_all(const Value& from, std::vector<Value>& to) {
    if (!from.is_set()) return;
    for (const Value& value : from.elements()) {
      // controls {"a", "b"} of several bodies is a set of sets.
      if (value.is_set()) {
        for (const Value& inner : value.elements()) add_distinct(to, inner);
      } else {
        add_distinct(to, value);
      }
    }
  }

  void add_obligations(const Value& asked) {
    if (!asked.is_object()) return;
    for (const Entry& entry : asked.entries()) {
      add_distinct(outcome_.obligations, {.key = entry.key, .value = entry.value});
    }
  }

  Run& run_;
  const Tables& tables_;
  const std::vector<DecisionRule>& rules_;
  const Selection& selection_;
  bool all_take_part_;
  Outcome& outcome_;
  bool is_in_root_;
  std::optional<EvalError> error_;  // of the light document that was asked last
  // The bodies of the verdict being looked at: candidates begin_ .. end_ of the run, or all units.
  const std::vector<BodyUnit>* units_ = nullptr;
  bool indexed_ = false;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

Value rule_value(const Program& program, const DecisionRule& rule, Arena& arena) {
  const SourcePlace place = place_of(program, rule);
  const std::uint32_t file = place.file;
  ObjectBuilder object(arena);
  object.add("package", Value::string(rule.package, arena));
  object.add("name", Value::string(rule.name, arena));
  object.add("file", Value::string(file < program.files.size() ? program.files[file] : "", arena));
  object.add("line", Value::integer(place.line));
  return object.object();
}

Value obligations_value(const Outcome& outcome, Arena& arena) {
  ObjectBuilder object(arena);
  for (std::size_t i = 0; i < outcome.obligations.size();) {
    const Value key = outcome.obligations[i].key;
    ArrayBuilder values(arena);
    for (; i < outcome.obligations.size() && outcome.obligations[i].key == key; ++i) {
      values.add(outcome.obligations[i].value);
    }
    object.add(key, values.array());
  }
  return object.object();
}

}  // namespace

void Outcome::clear() {
  cause = Cause::kNoPermit;
  rules.clear();
  unknown.clear();
  messages.clear();
  controls.clear();
  obligations.clear();
  error.reset();
}

void decide(Run& run, const Selection& selection, Outcome& outcome) {
  outcome.clear();
  Decider(run, selection, outcome).decide();
  // Rule order and file order never matter, so neither do the order of what they add.
  std::sort(outcome.messages.begin(), outcome.messages.end());
  std::sort(outcome.controls.begin(), outcome.controls.end());
  std::sort(outcome.obligations.begin(), outcome.obligations.end());
}

Value decision_value(const Program& program, const Outcome& outcome,
                     const std::vector<EvalError>& warnings, Arena& arena) {
  const bool permitted = outcome.cause == Cause::kPermitted;
  ArrayBuilder rules(arena);
  for (const std::uint32_t rule : outcome.rules) {
    rules.add(rule_value(program, program.decision_rules[rule], arena));
  }
  ArrayBuilder warning_texts(arena);
  for (const EvalError& warning : warnings) {
    warning_texts.add(Value::string(text_of(warning), arena));
  }
  ObjectBuilder object(arena);
  object.add("effect", Value::string(name_of(permitted ? Effect::kPermit : Effect::kDeny), arena));
  object.add("cause", Value::string(name_of(outcome.cause), arena));
  object.add("rules", rules.array());
  object.add("messages", Value::array(outcome.messages, arena));
  object.add("controls", Value::array(outcome.controls, arena));
  object.add("obligations", obligations_value(outcome, arena));
  object.add("revision", Value::string(program.revision, arena));
  object.add("warnings", warning_texts.array());
  return object.object();
}

}  // namespace licet::vm
