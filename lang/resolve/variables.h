// Sets of variables, and which variables stand in a piece of the core.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "lang/resolve/core.h"

namespace licet::lang::core {

class VariableSet {
 public:
  bool contains(VariableId id) const {
    const std::size_t word = id / 64;
    return word < words_.size() && ((words_[word] >> (id % 64)) & 1) != 0;
  }
  void insert(VariableId id) {
    if (id / 64 >= words_.size()) words_.resize(id / 64 + 1);
    words_[id / 64] |= std::uint64_t{1} << (id % 64);
  }
  void insert(const VariableSet& other) {
    if (words_.size() < other.words_.size()) words_.resize(other.words_.size());
    for (std::size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
  }
  bool contains_all(const VariableSet& other) const {
    for (std::size_t i = 0; i < other.words_.size(); ++i) {
      const std::uint64_t mine = i < words_.size() ? words_[i] : 0;
      if ((other.words_[i] & ~mine) != 0) return false;
    }
    return true;
  }
  bool intersects(const VariableSet& other) const {
    for (std::size_t i = 0; i < words_.size() && i < other.words_.size(); ++i) {
      if ((words_[i] & other.words_[i]) != 0) return true;
    }
    return false;
  }
  VariableSet without(const VariableSet& other) const {
    VariableSet result = *this;
    for (std::size_t i = 0; i < words_.size() && i < other.words_.size(); ++i) {
      result.words_[i] &= ~other.words_[i];
    }
    return result;
  }
  VariableSet common(const VariableSet& other) const {
    VariableSet result = *this;
    result.words_.resize(std::min(words_.size(), other.words_.size()));
    for (std::size_t i = 0; i < result.words_.size(); ++i) result.words_[i] &= other.words_[i];
    return result;
  }
  bool empty() const {
    for (const std::uint64_t word : words_) {
      if (word != 0) return false;
    }
    return true;
  }
  std::vector<VariableId> ids() const {
    std::vector<VariableId> result;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(word));
        result.push_back(static_cast<VariableId>(i * 64 + bit));
      }
    }
    return result;
  }

 private:
  std::vector<std::uint64_t> words_;
};

// kLevel: what stands in the body itself, and under a `not` that is no closure. kAll: also what
// stands in comprehensions, `every`, closures.
enum class Depth { kLevel, kAll };

void add_variables(const Term& term, Depth depth, VariableSet& set);
void add_variables(const Literal& literal, Depth depth, VariableSet& set);
void add_variables(const Body& body, Depth depth, VariableSet& set);
// Of the bodies inside of a literal: comprehensions, `every`, closures.
void add_inner_variables(const Literal& literal, VariableSet& set);
// Two keys of objects that are equal whatever the request is: one constant, or one variable.
bool same_key(const Term& a, const Term& b);

// Whether `set` has all variables of the term itself (Depth::kLevel).
bool has_variables_of(const VariableSet& set, const Term& term);

VariableSet variables_of(const Term& term, Depth depth);
VariableSet variables_of(const Literal& literal, Depth depth);
VariableSet variables_of(const Body& body, Depth depth);

}  // namespace licet::lang::core
