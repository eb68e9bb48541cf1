#include "eval/json/scan.h"

#include <algorithm>
#include <span>

#include "eval/json_string.h"
#include "eval/number.h"
#include "eval/number_weight.h"

namespace licet::json {
namespace {

bool are_ascending(std::span<const Entry> entries) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (!(entries[i - 1].key < entries[i].key)) return false;
  }
  return true;
}

// More than this is given back: the text that needed it may have been the only one.
constexpr std::size_t kKeptParts = std::size_t{1} << 14;

template <class T>
void empty(std::vector<T>& parts) {
  parts.clear();
  if (parts.capacity() > kKeptParts) std::vector<T>().swap(parts);
}

}  // namespace

bool Scan::copy(std::string_view text, Arena& arena) {
  arena_ = &arena;
  return tokens_.copy(text);
}

TokenAt Scan::begin() {
  keys_.clear();
  depth_ = 0;
  weight_of_numbers_ = 0;
  open_.clear();
  empty(elements_);
  empty(entries_);
  return tokens_.find() ? tokens_.begin() : nullptr;
}

std::uint64_t Scan::most_weight() const {
  constexpr std::uint64_t kOfToken = 16;  // see Value::weight
  return kOfToken * (tokens_.count() + 1) + tokens_.size() + weight_of_numbers_;
}

bool Scan::unescape(std::string_view body, std::string_view& text) {
  if (body.find('\\') == std::string_view::npos) return true;
  unescaped_.clear();
  if (unescape_json(body, unescaped_)) return false;
  char* const kept = arena_->allocate_array<char>(unescaped_.size() + kKeyPadding);
  std::memcpy(kept, unescaped_.data(), unescaped_.size());
  text = {kept, unescaped_.size()};
  return true;
}

bool Scan::add_number(std::string_view text) {
  const auto weight = most_weight_of_number(text);
  weight_of_numbers_ += weight.value_or(0);
  return weight.has_value();
}

bool Scan::read_long_scalar(TokenAt at, Value& value) {
  if (is_space(tokens_.first_char(at))) return false;  // the end of the text
  const std::string_view token = tokens_.token(at);
  if (token == "true" || token == "false") {
    value = Value::boolean(token == "true");
    return true;
  }
  if (token == "null") {
    value = Value::null();
    return true;
  }
  if (!add_number(token)) return false;
  const auto number = number_from_text(token, *arena_);
  if (number) value = *number;
  return number.has_value();
}

bool Scan::skip_scalar(TokenAt at) {
  const char first = tokens_.first_char(at);
  if (first == '"') {
    std::string_view text;
    return read_text(at, text);
  }
  if (is_space(first)) return false;  // the end of the text
  const std::string_view token = tokens_.token(at);
  if (short_integer(token.data(), token.size())) return true;
  return token == "true" || token == "false" || token == "null" || add_number(token);
}

// Looks at the values that are walked over, and forgets them.
class Scan::Skipper {
 public:
  explicit Skipper(Scan& scan) : scan_(scan) {}
  bool take_scalar(TokenAt at) { return scan_.skip_scalar(at); }
  void take_key(const Key& key) { scan_.keys_.push(key); }
  bool close(const Open& open) {
    return !open.is_object || scan_.keys_.pop_distinct(open.first_key);
  }
  void put(const Open&) {}

 private:
  Scan& scan_;
};

// Makes a value of them.
class Scan::Maker {
 public:
  Maker(Scan& scan, Value& value) : scan_(scan), value_(value) {}

  bool take_scalar(TokenAt at) {
    if (scan_.tokens_.first_char(at) != '"') return scan_.read_scalar(at, value_);
    std::string_view text;
    if (!scan_.read_text(at, text)) return false;
    value_ = Value::string(text, *scan_.arena_);
    return true;
  }
  void take_key(const Key& key) {
    scan_.entries_.push_back({Value::string(key.text(), *scan_.arena_), Value()});
  }
  bool close(const Open& open) {
    if (open.is_object) return close_object(open.first_part);
    const std::span<const Value> elements = std::span(scan_.elements_).subspan(open.first_part);
    value_ = Value::array(elements, *scan_.arena_);
    scan_.elements_.resize(open.first_part);
    return true;
  }
  // Into the composite that is open around it.
  void put(const Open& open) {
    if (open.is_object) {
      scan_.entries_.back().value = value_;
    } else {
      scan_.elements_.push_back(value_);
    }
  }

 private:
  bool close_object(std::size_t first) {
    const std::span<Entry> entries = std::span(scan_.entries_).subspan(first);
    if (!are_ascending(entries)) {
      std::sort(entries.begin(), entries.end(),
                [](const Entry& a, const Entry& b) { return a.key < b.key; });
      if (!are_ascending(entries)) return false;  // a key comes twice
    }
    value_ = Value::sorted_object(entries, *scan_.arena_);
    scan_.entries_.resize(first);
    return true;
  }

  Scan& scan_;
  Value& value_;
};

// Opens composites until there is a value: a scalar or an empty composite.
template <class Taker>
TokenAt Scan::walk_down(TokenAt at, Taker& taker) {
  while (true) {
    const char first = tokens_.first_char(at);
    if (first != '{' && first != '[') return taker.take_scalar(at) ? at + 1 : nullptr;
    const bool is_object = first == '{';
    if (!enter()) return nullptr;
    open_.push_back({is_object, keys_.size(), is_object ? entries_.size() : elements_.size()});
    ++at;
    if (tokens_.first_char(at) == (is_object ? '}' : ']')) return close(taker) ? at + 1 : nullptr;
    if (is_object && !take_key(at, taker)) return nullptr;
  }
}

// Puts the value before `at` into the composite around it, and closes those that end here. The
// result is the next value inside, or what stands behind all that was opened from `base` on.
template <class Taker>
TokenAt Scan::walk_up(TokenAt at, std::size_t base, Taker& taker) {
  while (open_.size() > base) {
    const Open& open = open_.back();
    taker.put(open);
    const char next = tokens_.first_char(at++);
    if (next == ',') return !open.is_object || take_key(at, taker) ? at : nullptr;
    if (next != (open.is_object ? '}' : ']') || !close(taker)) return nullptr;
  }
  return at;
}

// Without recursion: nesting costs no stack.
template <class Taker>
TokenAt Scan::walk(TokenAt at, Taker taker) {
  const std::size_t base = open_.size();
  do {
    at = walk_down(at, taker);
    if (at != nullptr) at = walk_up(at, base, taker);
  } while (at != nullptr && open_.size() > base);
  return at;
}

template <class Taker>
bool Scan::take_key(TokenAt& at, Taker& taker) {
  Key key;
  if (!read_key(at, key)) return false;
  taker.take_key(key);
  at += 2;
  return true;
}

template <class Taker>
bool Scan::close(Taker& taker) {
  const bool is_right = taker.close(open_.back());
  open_.pop_back();
  leave();
  return is_right;
}

TokenAt Scan::skip_composite(TokenAt at) { return walk(at, Skipper(*this)); }

TokenAt Scan::make(TokenAt at, Value& value) { return walk(at, Maker(*this, value)); }

}  // namespace licet::json
