// Iterators over what an index finds. Their two registers: where they began and their next position
// in `candidates_`, in the halves of one integer; their end.
#include <algorithm>

#include "eval/vm/run.h"

namespace licet::vm {

void Run::begin_candidates(Value* iterator, std::size_t begin, std::size_t room) {
  if (candidates_.capacity() != room) {
    charge_heap((candidates_.capacity() - room) * sizeof(std::uint32_t));
  }
  if (candidates_.size() > INT32_MAX) throw MemoryExceeded();
  iterator[0] = Value::integer(static_cast<std::int64_t>(begin << 32 | begin));
  iterator[1] = Value::integer(static_cast<std::int64_t>(candidates_.size()));
}

// A tampered program may have put anything into the registers.
bool Run::next_candidate(Value* iterator, std::uint32_t& candidate) {
  if (!iterator[0].is_int64() || !iterator[1].is_int64()) return false;
  const auto state = static_cast<std::uint64_t>(iterator[0].as_int64());
  const auto end = static_cast<std::uint64_t>(iterator[1].as_int64());
  const std::uint64_t at = state & UINT32_MAX;
  if (at >= end || at >= candidates_.size()) {
    // Inner iterators end before outer ones, so what is last can be given back.
    const std::uint64_t begin = state >> 32;
    const bool is_last = at == end && end == candidates_.size() && begin <= end;
    if (is_last && begin >= frames_.back().candidates) candidates_.resize(begin);
    return false;
  }
  iterator[0] = Value::integer(static_cast<std::int64_t>(state + 1));
  candidate = candidates_[at];
  return true;
}

bool Run::find_bodies(Value* iterator, BodyIndexNumber number) {
  const std::size_t begin = candidates_.size();
  const std::size_t room = candidates_.capacity();
  const Value* const registers = registers_of(frames_.back());
  const auto read = [&](const IndexKey& key) {
    return key.source == IndexKey::Source::kSlot ? input_slot(key.number) : registers[key.number];
  };
  charge(indexes().rules(number).find(read, candidates_));
  begin_candidates(iterator, begin, room);
  return candidates_.size() != begin;
}

void Run::find_decision_bodies(BodyIndexNumber number) {
  const auto read = [this](const IndexKey& key) { return input_slot(key.number); };
  const std::uint64_t lookups = indexes().rules(number).find(read, candidates_);
  // A decision that is out of steps ends at its next instruction.
  context_.steps_left -= std::min(lookups, context_.steps_left);
}

const Instruction* Run::next_body(Value* iterator, const Instruction& i) {
  const std::vector<std::uint32_t>& targets = program_->body_indexes[i.extra].targets;
  std::uint32_t body = 0;
  const bool found = next_candidate(iterator, body) && body < targets.size();
  return program_->code.data() + (found ? targets[body] : i.target);
}

// Where `with` has changed data, the iterator goes over the collection itself: it and the next
// position are in the registers.
bool Run::find_elements(Value* iterator, std::span<const Value> probes, DataIndexNumber number) {
  const index::ElementIndex& elements = indexes().elements(number);
  if (environments_[environment_].targets != nullptr || !elements.is_usable()) {
    iterator[0] = loaded_data(elements.path());
    iterator[1] = Value::integer(0);
    return iterator[0].is_composite();
  }
  const std::size_t begin = candidates_.size();
  const std::size_t room = candidates_.capacity();
  charge(elements.find(probes, candidates_));
  begin_candidates(iterator, begin, room);
  return candidates_.size() != begin;
}

bool Run::next_element(Value* iterator, Value& key, Value& value, DataIndexNumber number) {
  if (iterator[0].is_composite()) return next(iterator, key, value);
  const Value& collection = indexes().elements(number).collection();
  std::uint32_t position = 0;
  if (!next_candidate(iterator, position) || !collection.is_composite() ||
      position >= collection.size()) {
    return false;
  }
  if (collection.is_object()) {
    key = collection.entries()[position].key;
    value = collection.entries()[position].value;
    return true;
  }
  value = collection.elements()[position];
  key = collection.is_array() ? Value::integer(position) : value;
  return true;
}

// The iterator's registers are the next rule and the first one.
bool Run::next_rule(Value* iterator, Value& name) {
  const std::vector<DecisionRule>& rules = program_->decision_rules;
  if (!iterator[0].is_int64() || !iterator[1].is_int64()) return false;
  const auto at = static_cast<std::uint64_t>(iterator[0].as_int64());
  const auto first = static_cast<std::uint64_t>(iterator[1].as_int64());
  if (at >= rules.size() || first >= rules.size()) return false;
  const DecisionRule& rule = rules[at];
  if (rule.verdict != rules[first].verdict || rule.package != rules[first].package) return false;
  iterator[0] = Value::integer(static_cast<std::int64_t>(at + 1));
  name = Value::string(rule.name, arena_);
  return true;
}

}  // namespace licet::vm
