// Numbers for constants, found by what a request has: its text as it came, or a value.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "eval/index/text_hash.h"
#include "eval/value.h"
#include "eval/value_text.h"

namespace licet::index {

// Once it is built, any thread may ask.
class KeyTable {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // The number of a key, from 0 on in the order in which they came.
  std::uint32_t find_or_add(const Value& key) {
    const std::uint32_t found = find(key);
    if (found != kNone) return found;
    keys_.push_back(key);
    if (keys_.size() * 2 > slots_.size()) {
      grow();
    } else {
      put(static_cast<std::uint32_t>(keys_.size() - 1));
    }
    return static_cast<std::uint32_t>(keys_.size() - 1);
  }
  // Wanted: Text or Value.
  template <class Wanted>
  std::uint32_t find(const Wanted& wanted) const {
    if (slots_.empty()) return kNone;
    const std::uint64_t hash = key_hash(wanted);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask; slots_[at].number != 0; at = (at + 1) & mask) {
      if (slots_[at].tag == tag_of(hash) && wanted == keys_[slots_[at].number - 1]) {
        return slots_[at].number - 1;
      }
    }
    return kNone;
  }
  const Value& key(std::uint32_t number) const { return keys_[number]; }
  std::size_t size() const { return keys_.size(); }

 private:
  struct Slot {
    std::uint32_t tag = 0;     // upper half of the hash
    std::uint32_t number = 0;  // of the key + 1; 0: free
  };
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  void put(std::uint32_t number) {
    const std::uint64_t hash = key_hash(keys_[number]);
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].number != 0) at = (at + 1) & mask;
    slots_[at] = {tag_of(hash), number + 1};
  }
  void grow() {
    slots_.assign(std::bit_ceil(keys_.size() * 4), {});
    for (std::uint32_t number = 0; number < keys_.size(); ++number) put(number);
  }

  std::vector<Slot> slots_;  // a power of two of them, at most half in use
  std::vector<Value> keys_;
};

}  // namespace licet::index
