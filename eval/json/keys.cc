#include "eval/json/keys.h"

#include <bit>

#include "eval/value_hash.h"

namespace licet::json {
namespace {

// Up to here comparing all pairs takes less than hashing.
constexpr std::size_t kMaxPairwise = 12;
// More is given back: the text that needed it may have been the only one.
constexpr std::size_t kMaxKept = std::size_t{1} << 15;

}  // namespace

void KeyStack::clear() {
  keys_.clear();
  if (keys_.capacity() > kMaxKept) std::vector<Key>().swap(keys_);
  if (table_.capacity() > kMaxKept) std::vector<std::uint32_t>().swap(table_);
}

bool KeyStack::are_distinct_from(std::size_t first) {
  if (keys_.size() - first > kMaxPairwise) return are_distinct_hashed(first);
  for (std::size_t i = first + 1; i < keys_.size(); ++i) {
    for (std::size_t j = first; j < i; ++j) {
      if (keys_[i] == keys_[j]) return false;
    }
  }
  return true;
}

// The hash is seeded and covers the whole key: nobody can choose keys that collide.
bool KeyStack::are_distinct_hashed(std::size_t first) {
  const std::size_t slots = std::bit_ceil(2 * (keys_.size() - first));
  table_.assign(slots, 0);
  bool are_distinct = true;
  for (std::size_t i = first; i < keys_.size() && are_distinct; ++i) {
    std::size_t slot = hash_bytes(keys_[i].text()) & (slots - 1);
    while (table_[slot] != 0 && are_distinct) {
      are_distinct = keys_[table_[slot] - 1] != keys_[i];
      slot = (slot + 1) & (slots - 1);
    }
    table_[slot] = static_cast<std::uint32_t>(i + 1);
  }
  return are_distinct;
}

}  // namespace licet::json
