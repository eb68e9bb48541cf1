// What single instructions do, beside the loop.
#include <memory>
#include <span>

#include "eval/vm/decide.h"
#include "eval/vm/run.h"

namespace licet::vm {

Value Run::input_slot(SlotIndex slot) {
  const Environment& environment = environments_[environment_];
  if (environment.has_input) return walk(environment.input, program_->slots[slot].elements);
  return slots_->value(slot);
}

namespace {

bool is_prefix(const std::vector<Value>& prefix, const std::vector<Value>& of) {
  return prefix.size() <= of.size() && std::equal(prefix.begin(), prefix.end(), of.begin());
}

}  // namespace

bool Run::load_overlay(Value& target, PathIndex path) const {
  const Environment& environment = environments_[environment_];
  const std::vector<Value>& elements = program_->paths[path].elements;
  for (const auto* at = environment.targets; at != nullptr; at = at->previous) {
    if (!is_prefix(program_->paths[at->path].elements, elements)) continue;
    target = walk(environment.overlay, elements);
    return true;
  }
  target = Value::undefined();
  return false;
}

void Run::apply_overlay(Value& value, PathIndex path) {
  const Value& overlay = environments_[environment_].overlay;
  if (overlay.is_undefined()) return;
  value = merge_charged(walk(overlay, program_->paths[path].elements), value);
}

Value Run::loaded_data(PathIndex path) {
  if (environments_[environment_].targets == nullptr) return tables_->loaded[path];
  Value value;
  if (load_overlay(value, path)) return value;
  value = tables_->loaded[path];
  apply_overlay(value, path);
  return value;
}

Value Run::merge_charged(const Value& over, const Value& under) {
  if (over.is_object() && under.is_object()) charge(over.size() + under.size());
  return merge(over, under, arena_);
}

void Run::set_errors(const Value& mark, std::uint16_t more) {
  if (!mark.is_int64()) end(EvalErrorCode::kInternal, "there is no such mark");
  error_count_ = static_cast<std::uint64_t>(mark.as_int64()) + more;
}

bool Run::known(const Value& mark, PresenceIndex presence) {
  if (!mark.is_int64() || static_cast<std::uint64_t>(mark.as_int64()) != error_count_) return false;
  const bool is_changed = environments_[environment_].has_input;
  for (const SlotIndex slot : program_->presence_sets[presence].slots) {
    if (is_changed ? input_slot(slot).is_undefined() : !slots_->has(slot)) return false;
  }
  return true;
}

bool Run::is_in(const Value& element, const Value& collection) {
  if (!collection.is_composite()) return false;
  if (!collection.is_set()) charge(collection.size() / kElementsPerStep);
  return collection.contains(element);
}

bool Run::next(Value* iterator, Value& key, Value& value) {
  const Value collection = iterator[0];
  if (!collection.is_composite() || !iterator[1].is_int64()) return false;
  const std::int64_t position = iterator[1].as_int64();
  if (position < 0 || static_cast<std::size_t>(position) >= collection.size()) return false;
  iterator[1] = Value::integer(position + 1);
  const auto at = static_cast<std::size_t>(position);
  if (collection.is_object()) {
    key = collection.entries()[at].key;
    value = collection.entries()[at].value;
    return true;
  }
  const Value element = collection.elements()[at];
  key = collection.is_array() ? Value::integer(position) : element;
  value = element;
  return true;
}

void Run::assign(Value& target, const Value& value) {
  if (target.is_undefined()) {
    target = value;
    return;
  }
  if (target == value) return;
  const Subject subject = frames_.back().subject;
  switch (subject.kind) {
    case Subject::Kind::kDocument:
      end(EvalErrorCode::kConflict,
          "rule " + document_name(*program_, subject.index) + " produced conflicting values");
    case Subject::Kind::kFunction:
      end(EvalErrorCode::kConflict, "function " + program_->functions[subject.index].name +
                                        " produced conflicting values for the same inputs");
    case Subject::Kind::kQuery:
      end(EvalErrorCode::kConflict, "the query produced conflicting values");
  }
}

Value Run::make_object(std::span<const Value> pairs) {
  charge(pairs.size());
  const std::size_t count = pairs.size() / 2;
  Entry* const entries = arena_.allocate_array<Entry>(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::construct_at(entries + i, Entry{pairs[2 * i], pairs[2 * i + 1]});
  }
  return Value::object(std::span(entries, count), arena_);
}

void Run::trace(const Instruction& i, const Value* r) {
  if (!traces_.is_on()) return;
  const std::span registers(r, program_->blocks[frames_.back().block].registers);
  switch (i.opcode) {
    case Opcode::kTraceBegin:
      traces_.begin(i.extra);
      break;
    case Opcode::kTraceHold:
      traces_.hold(i.extra, registers);
      break;
    case Opcode::kTraceFail:
      traces_.fail(i.extra, registers);
      break;
    default:
      traces_.unknown(i.extra, registers);
      break;
  }
}

void Run::decision_document(std::uint16_t target, const Value& package) {
  Outcome outcome;
  decide(*this, {.package = package.is_string() ? package.as_string() : ""}, outcome);
  if (outcome.cause == Cause::kError) end(EvalErrorCode::kCancel, outcome.error->message);
  registers_of(frames_.back())[target] = decision_value(*program_, outcome, warnings_, arena_);
}

void Run::add_row(std::span<const Value> row) {
  charge_heap(sizeof(rows_[0]) + row.size_bytes());
  rows_.emplace_back(row.begin(), row.end());
}

}  // namespace licet::vm
