#include "eval/request/json_reader.h"

#include <algorithm>
#include <new>

namespace licet {
namespace {

Text text_of(const json::Key& key) {
  Text text;
  std::memcpy(text.words, key.words, sizeof text.words);
  text.longer = key.data;
  text.size = key.size;
  return text;
}

Value at_path(Value value, std::span<const Value> path) {
  for (const Value& element : path) {
    if (value.is_undefined()) break;
    value = value.get(element);
  }
  return value;
}

// What value_from_json would take at most: a composite of one part is the worst that a few bytes
// can ask for, and blocks of an arena may be half empty.
constexpr std::size_t most_memory(std::size_t tokens, std::size_t bytes) {
  constexpr std::size_t kOfToken = 64;
  constexpr std::size_t kLastBlock = std::size_t{2} << 20;
  return kLastBlock + 2 * (kOfToken * tokens + 2 * bytes);
}

constexpr std::size_t kMemoryOfFrames = most_memory(Frame::kMaxTextBytes, Frame::kMaxTextBytes);

}  // namespace

bool JsonReader::read(std::string_view text, const ReadPlan& plan, std::size_t memory_bytes,
                      Arena& arena, SlotValues& slots) {
  plan_ = &plan;
  arena_ = &arena;
  slots_ = &slots;
  try {
    if (!scan_.copy(text, arena)) return false;
    const bool may_be_framed =
        text.size() <= Frame::kMaxTextBytes && memory_bytes >= kMemoryOfFrames;
    was_framed_ = may_be_framed && read_frames();
    return was_framed_ || read_tokens(memory_bytes);
  } catch (const MemoryExceeded&) {
    return false;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

bool JsonReader::read_tokens(std::size_t memory_bytes) {
  comparisons_ = 0;
  At at = scan_.begin();
  if (at == nullptr || !is_within_limits(memory_bytes)) return false;
  at = read_value(plan_->root(), at);
  const bool is_right = at != nullptr && scan_.tokens().is_end(at) &&
                        scan_.most_weight() <= Value::kMaxWeight &&
                        comparisons_ + scan_.tokens().count() <= kMaxSchemaComparisons;
  if (is_right) learn_frame();
  return is_right;
}

bool JsonReader::is_within_limits(std::size_t memory_bytes) const {
  const json::Tokens& tokens = scan_.tokens();
  return most_memory(tokens.count(), tokens.size()) <= memory_bytes;
}

JsonReader::At JsonReader::read_value(const ReadPlan::Node& node, At at) {
  const char first = scan_.tokens().first_char(at);
  if (node.is_inner) {
    if (first == '{') return read_object(node, at + 1);
    return node.is_record || node.required != 0 ? nullptr : scan_.skip(at);
  }
  if (first == '[') return read_texts(node, at);
  if (first == '{') return read_whole(node, at);
  if (first == '"') {
    std::string_view text;
    return scan_.read_text(at, text) && put_text(node, text) ? at + 1 : nullptr;
  }
  Value value;
  return scan_.read_scalar(at, value) && put(node, value) ? at + 1 : nullptr;
}

// `at` is behind the brace.
JsonReader::At JsonReader::read_object(const ReadPlan::Node& node, At at) {
  const std::size_t first_key = scan_.keys().size();
  std::uint64_t seen = 0;
  if (!scan_.enter()) return nullptr;
  if (scan_.tokens().first_char(at) == '}') {
    ++at;
  } else {
    char next = ',';
    while (next == ',') {
      at = read_member(node, at, seen);
      if (at == nullptr) return nullptr;
      next = scan_.tokens().first_char(at++);
    }
    if (next != '}' || !scan_.keys().pop_distinct(first_key)) return nullptr;
  }
  scan_.leave();
  return (node.required & ~seen) == 0 ? at : nullptr;
}

JsonReader::At JsonReader::read_member(const ReadPlan::Node& node, At at, std::uint64_t& seen) {
  json::Key key;
  if (!scan_.read_key(at, key)) return nullptr;
  at += 2;
  const std::uint32_t child = plan_->find(node, key);
  if (child == ReadPlan::kNone) {
    if (node.is_record) return nullptr;
    scan_.keys().push(key);
    return scan_.skip(at);
  }
  if (node.child_count > ReadPlan::kMaxBits) {
    scan_.keys().push(key);
  } else {
    const std::uint64_t bit = std::uint64_t{1} << child;
    if ((seen & bit) != 0) return nullptr;
    seen |= bit;
  }
  return read_value(plan_->child(node, child), at);
}

// An array: of texts only, as most are, or of anything.
JsonReader::At JsonReader::read_texts(const ReadPlan::Node& node, At at) {
  const At begin = at;
  if (!ReadPlan::takes_texts(node)) return read_whole(node, begin);
  texts_.clear();
  char next = scan_.tokens().first_char(at + 1) == ']' ? ']' : ',';
  at += next == ']' ? 2 : 1;
  while (next == ',') {
    std::string_view text;
    if (scan_.tokens().first_char(at) != '"') return read_whole(node, begin);
    if (!scan_.read_text(at, text) || !add_text(&node, text)) return nullptr;
    next = scan_.tokens().first_char(at + 1);
    at += 2;
  }
  if (next != ']' || !scan_.enter()) return nullptr;
  scan_.leave();
  put_texts(node);
  return at;
}

JsonReader::At JsonReader::read_whole(const ReadPlan::Node& node, At at) {
  Value value;
  at = scan_.make(at, value);
  return at != nullptr && put(node, value) ? at : nullptr;
}

bool JsonReader::put_text(const ReadPlan::Node& node, std::string_view text) {
  if (node.part_count > 0 || node.fits == ReadPlan::Fits::kType ||
      node.fits == ReadPlan::Fits::kRequest) {
    return put(node, Value::string(text, *arena_));
  }
  const json::Key words = json::key_at(text.data(), text.size());
  if (node.fits == ReadPlan::Fits::kLiterals) {
    comparisons_ += node.literal_count;
    if (!plan_->is_literal(node, words)) return false;
  } else if (node.fits != ReadPlan::Fits::kAll && node.fits != ReadPlan::Fits::kString) {
    return false;
  }
  if (node.slot != ReadPlan::kNone) slots_->set(node.slot, text_of(words));
  return true;
}

bool JsonReader::add_text(const ReadPlan::Node* node, std::string_view text) {
  if (node == nullptr) return true;
  const json::Key words = json::key_at(text.data(), text.size());
  if (node->fits == ReadPlan::Fits::kLiteralList) {
    comparisons_ += node->literal_count;
    if (!plan_->is_literal(*node, words)) return false;
  }
  texts_.push_back(text_of(words));
  return true;
}

void JsonReader::put_texts(const ReadPlan::Node& node) {
  if (node.slot == ReadPlan::kNone) return;
  Text* const kept = arena_->allocate_array<Text>(texts_.size());
  std::copy(texts_.begin(), texts_.end(), kept);
  slots_->set(node.slot, std::span<const Text>(kept, texts_.size()));
}

bool JsonReader::put(const ReadPlan::Node& node, const Value& value) {
  if (node.fits == ReadPlan::Fits::kType) {
    if (!fits_value(plan_->schema(), node.type, value, node.depth, comparisons_)) return false;
  } else if (node.fits == ReadPlan::Fits::kRequest) {
    if (check_request(plan_->schema(), value)) return false;
  } else if (node.fits != ReadPlan::Fits::kAll) {
    return false;
  }
  if (node.slot != ReadPlan::kNone) slots_->set(node.slot, value);
  for (const ReadPlan::Part& part : plan_->parts(node)) {
    const Value inner = at_path(value, part.path);
    if (inner.is_defined()) slots_->set(part.slot, inner);
  }
  return true;
}

}  // namespace licet
