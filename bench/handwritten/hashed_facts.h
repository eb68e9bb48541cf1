// The third way to treat texts: each is looked up in a hash table when a decision begins, and then
// numbers are compared, as the code does that shares its names with tables.
#pragma once

#include <bit>
#include <cstring>
#include <vector>

#include "bench/handwritten/facts.h"
#include "bench/handwritten/flat_table.h"

namespace licet::bench {

// Numbers of names. Names of up to 16 bytes lie in the table itself, as two words that overlap.
class NameTable {
 public:
  // The views are into the interner, which must outlive this.
  explicit NameTable(const Interner& interner);

  // 0 if it is no name.
  SymbolId find(std::string_view text) const {
    if (text.size() > kShort) return find_long(text);
    const Words words = words_of(text);
    for (std::size_t at = slot_of(words, text.size());; at = (at + 1) & (cells_.size() - 1)) {
      const Cell& cell = cells_[at];
      if (cell.id == 0) return 0;
      if (cell.words == words && cell.size == text.size()) return cell.id;
    }
  }

 private:
  static constexpr std::size_t kShort = 16;
  struct Words {
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    friend bool operator==(const Words&, const Words&) = default;
  };
  struct Cell {
    Words words;
    std::uint32_t size = 0;
    SymbolId id = 0;  // 0: empty
  };
  template <class Word>
  static std::uint64_t load(const char* at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }
  static Words words_of(std::string_view text) {
    const char* const at = text.data();
    const std::size_t size = text.size();
    if (size >= 8) return {load<std::uint64_t>(at), load<std::uint64_t>(at + size - 8)};
    if (size >= 4) return {load<std::uint32_t>(at), load<std::uint32_t>(at + size - 4)};
    if (size >= 2) return {load<std::uint16_t>(at), load<std::uint16_t>(at + size - 2)};
    return {size == 0 ? 0 : load<std::uint8_t>(at), 0};
  }
  std::size_t slot_of(const Words& words, std::size_t size) const {
    const std::uint64_t bits = (words.first ^ std::rotl(words.last, 29) ^ size);
    return (bits * 0x9E3779B97F4A7C15ULL) >> shift_;
  }
  SymbolId find_long(std::string_view text) const {
    const SymbolId* const found = long_.find(text);
    return found == nullptr ? 0 : *found;
  }

  struct Hash {
    std::uint64_t operator()(std::string_view text) const { return hash_of(text); }
  };
  std::vector<Cell> cells_;  // a power of two of them, at most a quarter in use
  int shift_ = 0;
  FlatTable<std::string_view, SymbolId, Hash> long_;
};

class HashedNames {
 public:
  explicit HashedNames(const Interner& interner) : names_(interner) {}

  // What decisions of W2 look at; those of W3 look at the model, too.
  HashedFacts facts_of_w2(const Facts& facts) const;
  HashedFacts facts_of_w3(const Facts& facts) const;

 private:
  ShortList<SymbolId> numbers_of(const ShortList<std::string_view>& texts) const {
    ShortList<SymbolId> numbers;
    for (const std::string_view text : texts) numbers.push_back(names_.find(text));
    return numbers;
  }

  NameTable names_;
};

}  // namespace licet::bench
