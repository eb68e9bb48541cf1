// The reader's quick way: along the frame of an earlier request.
#include <algorithm>

#include "eval/json/scalars.h"
#include "eval/number.h"
#include "eval/request/json_reader.h"

namespace licet {
namespace {

// Clients that send something else each time learn a frame once in so many requests.
constexpr std::uint32_t kMostMisses = 1024;

// true, false, null or a number.
bool read_word(std::string_view word, Arena& arena, Value& value) {
  if (word == "true" || word == "false") {
    value = Value::boolean(word == "true");
    return true;
  }
  if (word == "null") {
    value = Value::null();
    return true;
  }
  const auto number = number_from_text(word, arena);
  if (number) value = *number;
  return number.has_value();
}

}  // namespace

bool JsonReader::read_frames() {
  if (plan_of_frames_ != plan_->id()) {
    for (Frame& frame : frames_) frame.clear();
    plan_of_frames_ = plan_->id();
    matches_ = misses_ = 0;
    wanted_misses_ = 1;
  }
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    const std::size_t at = (last_match_ + i) % frames_.size();
    if (frames_[at].is_empty()) continue;
    if (read_frame(frames_[at])) {
      last_match_ = at;
      ++matches_;
      return true;
    }
    slots_->clear();
  }
  return false;
}

// From a text that was accepted although it matched no frame.
void JsonReader::learn_frame() {
  if (++misses_ < wanted_misses_ || scan_.tokens().size() > Frame::kMaxTextBytes) return;
  wanted_misses_ = matches_ > misses_ ? 1 : std::min(2 * wanted_misses_, kMostMisses);
  matches_ = misses_ = 0;
  frames_[next_learned_].learn(scan_, *plan_);
  last_match_ = next_learned_;
  next_learned_ = (next_learned_ + 1) % frames_.size();
}

bool JsonReader::read_frame(const Frame& frame) {
  const char* at = scan_.tokens().bytes();
  const char* const end = at + scan_.tokens().size();
  comparisons_ = 0;
  for (const Frame::Step& step : frame.steps()) {
    if (!frame.is_at(step, at, end)) return false;
    at = read_at(step, at + step.size);
    if (at == nullptr) return false;
  }
  return frame.is_at(frame.last(), at, end) && at + frame.last().size == end &&
         comparisons_ + scan_.tokens().size() <= kMaxSchemaComparisons;
}

// Reads the value at `at`; the result is behind it, or null if it is not so simple. What is behind
// it must be a step's bytes, so a value does not have to see its end.
const char* JsonReader::read_at(const Frame::Step& step, const char* at) {
  if (*at == '"') {
    std::string_view text;
    at = read_text_at(at, text);
    return at == nullptr || step.node == nullptr || put_text(*step.node, text) ? at : nullptr;
  }
  if (*at == '[') return step.may_be_texts ? read_texts_at(step.node, at + 1) : nullptr;
  Value value;
  at = read_scalar_at(at, value);
  return at == nullptr || step.node == nullptr || put(*step.node, value) ? at : nullptr;
}

const char* JsonReader::read_text_at(const char* at, std::string_view& text) const {
  const json::Tokens& tokens = scan_.tokens();
  const char* const end = json::end_of_plain_string(at + 1, tokens.bytes() + tokens.size());
  if (end == nullptr) return nullptr;
  text = {at + 1, static_cast<std::size_t>(end - at) - 1};
  return end + 1;
}

// `at` is behind the bracket.
const char* JsonReader::read_texts_at(const ReadPlan::Node* node, const char* at) {
  texts_.clear();
  while (json::is_space(*at)) ++at;
  char next = *at == ']' ? ']' : ',';
  if (next == ']') ++at;
  while (next == ',') {
    std::string_view text;
    while (json::is_space(*at)) ++at;
    if (*at != '"') return nullptr;
    at = read_text_at(at, text);
    if (at == nullptr || !add_text(node, text)) return nullptr;
    while (json::is_space(*at)) ++at;
    next = *at++;
  }
  if (next != ']') return nullptr;
  if (node != nullptr) put_texts(*node);
  return at;
}

const char* JsonReader::read_scalar_at(const char* at, Value& value) {
  const char* const digits = at + (*at == '-' ? 1 : 0);
  const std::size_t count = json::count_digits(digits);
  const char next = digits[count];
  const bool may_go_on = count == 8 || next == '.' || next == 'e' || next == 'E';
  if (const auto integer = json::short_integer(digits, count); integer && !may_go_on) {
    value = Value::integer(digits != at ? -std::int64_t{*integer} : std::int64_t{*integer});
    return digits + count;
  }
  const char* end = at;
  const char* const end_of_text = scan_.tokens().bytes() + scan_.tokens().size();
  while (end < end_of_text && *end != ',' && *end != ']' && *end != '}' && !json::is_space(*end)) {
    ++end;
  }
  return read_word({at, static_cast<std::size_t>(end - at)}, *arena_, value) ? end : nullptr;
}

}  // namespace licet
