// Attributes that lie in a struct of the caller's: which of its members belongs in which cell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "eval/slot_values.h"
#include "eval/symbol.h"
#include "eval/value.h"

namespace licet {

struct StructMember {
  enum class Kind : std::uint8_t {
    kText,     // std::string_view
    kTexts,    // std::span<const std::string_view>
    kSymbol,   // Symbol
    kSymbols,  // SymbolList
    kInteger,  // std::int64_t
    kBool,     // bool
  };
  CellIndex cell = 0;
  Kind kind = Kind::kText;
  std::uint32_t offset = 0;  // in bytes, from where the struct begins
};

// PRECONDITION: there is a T.
template <class T>
[[gnu::always_inline]] inline const T& member_at(const void* from, std::size_t offset) {
  return *reinterpret_cast<const T*>(static_cast<const std::byte*>(from) + offset);
}

// As if the request had been lent it alone.
inline void put_member(SlotValues::Cell& cell, const StructMember& member, const void* from) {
  switch (member.kind) {
    case StructMember::Kind::kText:
      return SlotValues::put_lent(cell, member_at<std::string_view>(from, member.offset));
    case StructMember::Kind::kTexts:
      return SlotValues::put_lent(
          cell, member_at<std::span<const std::string_view>>(from, member.offset));
    case StructMember::Kind::kSymbol:
      return SlotValues::put(cell, member_at<Symbol>(from, member.offset));
    case StructMember::Kind::kSymbols:
      return SlotValues::put_lent(cell, member_at<SymbolList>(from, member.offset));
    case StructMember::Kind::kInteger:
      return SlotValues::put(cell, Value::integer(member_at<std::int64_t>(from, member.offset)));
    case StructMember::Kind::kBool:
      return SlotValues::put(cell, Value::boolean(member_at<bool>(from, member.offset)));
  }
}

}  // namespace licet
