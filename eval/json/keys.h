// The keys of the objects that are open while a text is read, to find one that comes twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace licet::json {

// A key as it stands in memory that can be read kPadding bytes past its end: its first 16 bytes are
// in words, zeros behind a shorter one. Most keys are told apart by them.
struct Key {
  const char* data = nullptr;
  std::size_t size = 0;
  std::uint64_t words[2] = {0, 0};

  std::string_view text() const { return {data, size}; }
  friend bool operator==(const Key& a, const Key& b) {
    return a.size == b.size && a.words[0] == b.words[0] && a.words[1] == b.words[1] &&
           (a.size <= sizeof words || std::memcmp(a.data, b.data, a.size) == 0);
  }
};

inline constexpr std::size_t kKeyPadding = 16;

// The first 16 bytes at `data`, without those from `size` on. No branches: lengths are not
// foreseeable. PRECONDITION: kKeyPadding bytes behind the end can be read.
inline void load_words(const char* data, std::size_t size, std::uint64_t (&words)[2]) {
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
  struct Masks {
    std::uint64_t low[17]{};
    std::uint64_t high[17]{};
  };
  static constexpr Masks kMasks = [] {
    Masks masks;
    for (unsigned bytes = 0; bytes <= 16; ++bytes) {
      const auto ones = [](unsigned n) { return n >= 8 ? ~0ULL : (1ULL << (8 * n)) - 1; };
      masks.low[bytes] = ones(bytes);
      masks.high[bytes] = bytes > 8 ? ones(bytes - 8) : 0;
    }
    return masks;
  }();
  const std::size_t known = size < 16 ? size : 16;
  std::memcpy(words, data, 16);
  words[0] &= kMasks.low[known];
  words[1] &= kMasks.high[known];
}

inline Key key_at(const char* data, std::size_t size) {
  Key key{.data = data, .size = size};
  load_words(data, size, key.words);
  return key;
}

// A stack: the keys of the innermost object are on top.
class KeyStack {
 public:
  std::size_t size() const { return keys_.size(); }
  void push(const Key& key) { keys_.push_back(key); }
  void clear();
  // Takes the keys from `first` on away; false if two of them are equal. Linear in their number.
  bool pop_distinct(std::size_t first) {
    const std::size_t count = keys_.size() - first;
    const bool are_distinct = count < 2 || are_distinct_from(first);
    keys_.resize(first);
    return are_distinct;
  }

 private:
  bool are_distinct_from(std::size_t first);
  bool are_distinct_hashed(std::size_t first);

  std::vector<Key> keys_;
  std::vector<std::uint32_t> table_;  // open addressing: index into keys_ + 1, 0 is empty
};

}  // namespace licet::json
