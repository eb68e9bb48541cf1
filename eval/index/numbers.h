// Numbers for the keys of all tables of a program: texts of requests are looked up once, and tables
// of several keys then compare numbers.
//
// Most keys are short texts. These lie in a table with their bytes in it, as two words, so that a
// lookup is one hash and mostly one line of the processor's cache; all others are found as usual.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

#include "eval/index/key_table.h"
#include "eval/index/text_hash.h"
#include "eval/symbol.h"
#include "eval/value.h"
#include "eval/value_text.h"

namespace licet::index {

// Once the tables are built, any thread may ask.
class Numbers {
 public:
  static constexpr std::uint32_t kNone = KeyTable::kNone;

  // From 0 on, in the order in which they came.
  std::uint32_t find_or_add(const Value& key);
  std::uint32_t find(const Value& key) const {
    return is_short(key) ? find_short(text_from(key.as_string())) : find_other(key);
  }
  std::uint32_t find(const Text& text) const {
    return text.size <= Text::kInline ? find_short(text) : find_other(text);
  }
  std::uint32_t find(std::string_view text) const { return find(text_from(text)); }
  // A symbol remembers what it is called here. Two programs in force at once would take turns in
  // that, which is slow but right.
  std::uint32_t find(const SymbolData& symbol) const {
    const std::uint64_t known = symbol.number.load(std::memory_order_relaxed);
    if (known >> 32 == tag_) [[likely]]
      return static_cast<std::uint32_t>(known);
    const std::uint32_t found = find(symbol.text);
    symbol.number.store(std::uint64_t{tag_} << 32 | found, std::memory_order_relaxed);
    return found;
  }
  const Value& key(std::uint32_t number) const { return keys_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(keys_.size()); }

 private:
  struct alignas(32) ShortKey {
    std::uint64_t words[2] = {0, 0};
    std::uint32_t size = 0;
    std::uint32_t number = 0;  // of the key + 1; 0: free
  };
  static bool is_short(const Value& key) { return key.is_string() && key.size() <= Text::kInline; }
  std::uint32_t find_short(const Text& text) const {
    if (short_keys_.empty()) return kNone;
    const std::size_t mask = short_keys_.size() - 1;
    for (std::size_t at = key_hash(text) & mask;; at = (at + 1) & mask) {
      const ShortKey& key = short_keys_[at];
      const bool is_it = ((key.words[0] ^ text.words[0]) | (key.words[1] ^ text.words[1]) |
                          (key.size ^ text.size)) == 0;
      const bool is_free = key.number == 0;
      // That the first place tells can be foreseen, what it tells cannot. (A free place looks like
      // the empty text, and its number is that of none.)
      static_assert(kNone == std::uint32_t{0} - 1);
      if (is_it | is_free) [[likely]]
        return is_it ? key.number - 1 : kNone;
    }
  }
  template <class Key>
  std::uint32_t find_other(const Key& key) const {
    const std::uint32_t found = others_.find(key);
    return found == KeyTable::kNone ? kNone : others_numbers_[found];
  }
  void put_short(const Text& text, std::uint32_t number);
  void grow_short();
  // Not 0, which a symbol begins with.
  static std::uint32_t next_tag();

  std::vector<Value> keys_;           // by number
  std::vector<ShortKey> short_keys_;  // a power of two of them, at most half in use
  std::size_t short_count_ = 0;
  KeyTable others_;
  std::vector<std::uint32_t> others_numbers_;  // by their number there
  std::uint32_t tag_ = next_tag();
};

}  // namespace licet::index
