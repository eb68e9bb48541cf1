// What a serving process knows of a request when it has no policy engine: plain structs. Text is in
// place twice, as the caller got it and as small numbers that it looked up before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "eval/value.h"

namespace licet::bench {

// A few elements without a heap. What does not fit is not there: has_room() tells before.
template <class T>
class ShortList {
 public:
  static constexpr std::size_t kMaxSize = 8;

  bool has_room() const { return size_ < kMaxSize; }
  void push_back(T value) { items_[size_++] = value; }  // PRECONDITION: has_room()
  bool contains(T value) const {
    for (std::size_t i = 0; i < size_; ++i) {
      if (items_[i] == value) return true;
    }
    return false;
  }
  operator std::span<const T>() const { return {items_.data(), size_}; }  // NOLINT
  const T* begin() const { return items_.data(); }
  const T* end() const { return items_.data() + size_; }

 private:
  std::array<T, kMaxSize> items_{};
  std::size_t size_ = 0;
};

template <class Text, class Address>
struct FactsOf {
  Text action{};
  Text purpose{};
  Address ip{};
  std::int64_t hour = 0;
  std::int64_t rate_per_min = 0;
  Text department{};
  Text region{};
  std::int64_t clearance = 0;
  bool mfa = false;
  ShortList<Text> roles;
  Text model_id{};
  Text stage{};
  Text risk_tier{};
  Text owner_department{};
  Text dataset_region{};
  std::int64_t classification = 0;
  ShortList<Text> tags;
  ShortList<Text> purposes;
};

using Facts = FactsOf<std::string_view, std::string_view>;

// Text that policies know, by number. 0 is every text that none knows.
using SymbolId = std::uint32_t;
using InternedFacts = FactsOf<SymbolId, std::uint32_t>;

class Interner {
 public:
  SymbolId add(std::string_view text) {
    return ids_.try_emplace(std::string(text), static_cast<SymbolId>(ids_.size() + 1))
        .first->second;
  }
  SymbolId find(std::string_view text) const {
    const auto at = ids_.find(std::string(text));
    return at == ids_.end() ? 0 : at->second;
  }
  const std::unordered_map<std::string, SymbolId>& ids() const { return ids_; }

 private:
  std::unordered_map<std::string, SymbolId> ids_;
};

// Texts looked up in each decision. An address is read only where one is asked for.
using HashedFacts = FactsOf<SymbolId, std::string_view>;

// a.b.c.d; nothing for any other text.
inline std::optional<std::uint32_t> address_from_text(std::string_view text) {
  std::uint32_t address = 0;
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == text.size() || text[at++] != '.')) return std::nullopt;
    std::uint32_t value = 0;
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - begin < 3) {
      value = value * 10 + static_cast<std::uint32_t>(text[at++] - '0');
    }
    if (at == begin || value > 255 || (text[begin] == '0' && at - begin > 1)) return std::nullopt;
    address = address << 8 | value;
  }
  return at == text.size() ? std::optional(address) : std::nullopt;
}

struct Network {
  std::uint32_t address = 0;
  std::uint32_t mask = 0;

  bool contains(std::uint32_t other) const { return (other & mask) == address; }
};

constexpr Network network(std::uint32_t a, std::uint32_t b, std::uint32_t c, int bits) {
  const std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
  return {(a << 24 | b << 16 | c << 8) & mask, mask};
}

// The facts of a request; the views are into `request`, which must outlive them.
Facts facts_from_value(const Value& request);
InternedFacts interned(const Facts& facts, const Interner& interner);

}  // namespace licet::bench
