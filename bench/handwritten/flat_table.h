// A hash table with open addressing and linear probing: what a careful engineer uses for a table
// that is built once and read for ever.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace licet::bench {

// The finisher of MurmurHash3.
inline std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ bits >> 33) * 0xFF51AFD7ED558CCDULL;
  bits = (bits ^ bits >> 33) * 0xC4CEB9FE1A85EC53ULL;
  return bits ^ bits >> 33;
}

// Eight bytes at a time. Good enough for names; not made against an enemy who chooses them.
inline std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = text.size() * 0x9E3779B97F4A7C15ULL;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    hash = (std::rotl(hash, 23) ^ word) * 0x9FB21C651E98DF25ULL;
  }
  std::uint64_t word = 0;
  if (left > 0) std::memcpy(&word, at, left);
  hash = (std::rotl(hash, 23) ^ word) * 0x9FB21C651E98DF25ULL;
  return hash ^ hash >> 32;
}

// Hash: a function from Key to std::uint64_t.
template <class Key, class T, class Hash>
class FlatTable {
 public:
  explicit FlatTable(std::size_t count) : cells_(std::bit_ceil(count * 2 + 2)) {}

  void insert(const Key& key, T value) {
    std::size_t at = Hash()(key) & (cells_.size() - 1);
    while (cells_[at] && !(cells_[at]->first == key)) at = (at + 1) & (cells_.size() - 1);
    cells_[at].emplace(key, std::move(value));
  }
  const T* find(const Key& key) const {
    std::size_t at = Hash()(key) & (cells_.size() - 1);
    for (; cells_[at]; at = (at + 1) & (cells_.size() - 1)) {
      if (cells_[at]->first == key) return &cells_[at]->second;
    }
    return nullptr;
  }

 private:
  std::vector<std::optional<std::pair<Key, T>>> cells_;  // INVARIANT: at most half of them are full
};

}  // namespace licet::bench
