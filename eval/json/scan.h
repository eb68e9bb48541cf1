// Walks over the tokens of a JSON text and takes from it what is wanted: it skips values or makes
// them. Either way each token is looked at, so that what is accepted is strict JSON: the same texts
// as value_from_json accepts. Nothing here knows why a text is refused; value_from_json tells.
//
// A walk goes from token to token: functions take the token where a value starts and return the one
// behind it, or null if the text is refused.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/arena.h"
#include "eval/json/keys.h"
#include "eval/json/tokens.h"
#include "eval/value.h"

namespace licet::json {

// For one thread at a time. Keeps its memory from one text to the next.
class Scan {
 public:
  // Copies a text; false if it is refused. What is unescaped and made lives in `arena`. Texts and
  // keys that are read stay where they are until the next copy().
  bool copy(std::string_view text, Arena& arena);
  // The first token of the copy; null if it is refused.
  TokenAt begin();
  const Tokens& tokens() const { return tokens_; }

  // All below may throw MemoryExceeded and std::bad_alloc.
  TokenAt skip(TokenAt at) {
    const char first = tokens_.first_char(at);
    if (first == '{' || first == '[') return skip_composite(at);
    return skip_scalar(at) ? at + 1 : nullptr;
  }
  TokenAt make(TokenAt at, Value& value);

  // A single token: false if it is refused.
  bool read_text(TokenAt at, std::string_view& text);
  bool read_key(TokenAt at, Key& key);         // and the colon behind it
  bool read_scalar(TokenAt at, Value& value);  // number, true, false or null

  // An object or array begins or ends.
  bool enter() { return ++depth_ <= Value::kMaxDepth; }
  void leave() { --depth_; }
  KeyStack& keys() { return keys_; }

  // The most that the whole text as a value would weigh, after all of it was walked over.
  std::uint64_t most_weight() const;

 private:
  class Skipper;
  class Maker;
  struct Open {
    bool is_object = false;
    std::size_t first_key = 0;   // of its keys
    std::size_t first_part = 0;  // of its elements or entries
  };

  TokenAt skip_composite(TokenAt at);
  template <class Taker>
  TokenAt walk(TokenAt at, Taker taker);
  template <class Taker>
  TokenAt walk_down(TokenAt at, Taker& taker);
  template <class Taker>
  TokenAt walk_up(TokenAt at, std::size_t base, Taker& taker);
  template <class Taker>
  bool take_key(TokenAt& at, Taker& taker);  // and the colon: `at` is the value then
  template <class Taker>
  bool close(Taker& taker);

  bool is_string(TokenAt at, std::string_view& body) const;
  bool unescape(std::string_view body, std::string_view& text);
  bool read_long_scalar(TokenAt at, Value& value);
  bool skip_scalar(TokenAt at);
  bool add_number(std::string_view text);

  Tokens tokens_;
  Arena* arena_ = nullptr;
  KeyStack keys_;
  std::uint32_t depth_ = 0;
  std::uint64_t weight_of_numbers_ = 0;
  std::string unescaped_;
  std::vector<Open> open_;
  std::vector<Value> elements_;
  std::vector<Entry> entries_;
};

// An integer of up to eight digits, without a sign; nullopt for anything else. No branches on the
// digits. PRECONDITION: 8 bytes can be read.
inline std::optional<std::uint32_t> short_integer(const char* digits, std::size_t size) {
  constexpr std::uint64_t kZeros = 0x3030303030303030;
  if (size - 1 >= 8) return std::nullopt;
  std::uint64_t word;
  std::memcpy(&word, digits, sizeof word);
  const unsigned unused = 8 * static_cast<unsigned>(8 - size);
  // Zeros in front: '7' is the text 00000007.
  word = word << unused | (kZeros & ~(~0ULL << unused));
  const std::uint64_t value = word ^ kZeros;
  if (((value | (value + 0x0606060606060606)) & 0xF0F0F0F0F0F0F0F0) != 0) return std::nullopt;
  if (size > 1 && digits[0] == '0') return std::nullopt;
  // Pairs of digits, then of those, then of those.
  const std::uint64_t pairs = (value * 10 + (value >> 8)) & 0x00FF00FF00FF00FF;
  const std::uint64_t fours = (pairs * 100 + (pairs >> 16)) & 0x0000FFFF0000FFFF;
  return static_cast<std::uint32_t>((fours * 10000 + (fours >> 32)) & 0xFFFFFFFF);
}

inline bool Scan::is_string(TokenAt at, std::string_view& body) const {
  const char* const begin = tokens_.begin_of(at);
  const char* const end = tokens_.end_of(at);
  if (*begin != '"' || end - begin < 2 || end[-1] != '"') return false;
  body = {begin + 1, static_cast<std::size_t>(end - begin) - 2};
  return true;
}

inline bool Scan::read_text(TokenAt at, std::string_view& text) {
  if (!is_string(at, text)) return false;
  return !tokens_.has_backslash() || unescape(text, text);
}

inline bool Scan::read_key(TokenAt at, Key& key) {
  std::string_view text;
  if (!read_text(at, text) || tokens_.first_char(at + 1) != ':') return false;
  key = key_at(text.data(), text.size());
  return true;
}

inline bool Scan::read_scalar(TokenAt at, Value& value) {
  const char* begin = tokens_.begin_of(at);
  const char* const end = tokens_.end_of(at);
  const bool is_negative = *begin == '-';
  begin += is_negative ? 1 : 0;
  if (const auto integer = short_integer(begin, static_cast<std::size_t>(end - begin))) {
    value = Value::integer(is_negative ? -std::int64_t{*integer} : std::int64_t{*integer});
    return true;
  }
  return read_long_scalar(at, value);
}

}  // namespace licet::json
