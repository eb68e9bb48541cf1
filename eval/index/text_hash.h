// Hashes of the keys of tables that requests are looked up in.
//
// A Value carries its hash, but to make a Value of a request's text costs more than to look it up.
// So short strings are hashed by the words in which a Text holds them; all else by its own hash.
// Seeded, as all hashes of values are.
#pragma once

#include <cstdint>

#include "eval/symbol.h"
#include "eval/value.h"
#include "eval/value_text.h"

namespace licet::index {

namespace text_hash {

// Multiplies to 128 bits and folds them.
inline std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
  __extension__ typedef unsigned __int128 Wide;
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

struct Seeds {
  std::uint64_t first;
  std::uint64_t second;
};
extern const Seeds kSeeds;
std::uint64_t of_longer(const Text& text);

inline std::uint64_t of_words(std::uint64_t first, std::uint64_t second, std::uint64_t size) {
  return folded(first ^ kSeeds.first, second ^ kSeeds.second ^ size << 59);
}

}  // namespace text_hash

inline std::uint64_t key_hash(const Text& text) {
  if (text.size > Text::kInline) return text_hash::of_longer(text);
  return text_hash::of_words(text.words[0], text.words[1], text.size);
}

inline std::uint64_t key_hash(const SymbolData& symbol) { return key_hash(symbol.text); }

// Equal to that of the text, if it is a string.
inline std::uint64_t key_hash(const Value& value) {
  if (!value.is_string() || value.size() > Text::kInline) return value.hash();
  if (value.size() == 0) return text_hash::of_words(0, 0, 0);
  const char* const bytes = value.string_data()->bytes();  // padded with zeros
  return text_hash::of_words(text::load<std::uint64_t>(bytes), text::load<std::uint64_t>(bytes + 8),
                             value.size());
}

}  // namespace licet::index
