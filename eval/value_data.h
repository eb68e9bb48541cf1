// What composite values and strings point to, and the accessors that look there. Included by
// value.h; of no use alone.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "eval/value.h"

namespace licet {

// The bytes follow, then zeros up to a multiple of 16 of the whole (value_text.h relies on that).
struct StringData {
  std::uint64_t hash;
  std::size_t size;

  const char* bytes() const { return reinterpret_cast<const char*>(this + 1); }
};

// Head of every composite. Elements or entries follow; then, in sets and objects of more than
// kMaxUnindexed, the table that finds them: open addressing, element index + 1, 0 is empty.
struct CompositeData {
  std::uint64_t hash;
  std::uint64_t weight;
  std::uint32_t size;
  std::uint32_t depth;
};

struct SequenceData : CompositeData {
  const Value* elements() const { return reinterpret_cast<const Value*>(this + 1); }
};

struct ObjectData : CompositeData {
  const Entry* entries() const { return reinterpret_cast<const Entry*>(this + 1); }
};

// Up to here binary search costs no more cache misses than a table.
inline constexpr std::size_t kMaxUnindexed = 16;

// Slots of the table of `size` elements: a power of two, at most half full.
constexpr std::size_t table_slots(std::size_t size) {
  return size <= kMaxUnindexed ? 0 : std::bit_ceil(2 * size);
}

inline const StringData* Value::string_data() const { return pointer<StringData>(); }

inline std::string_view Value::as_string() const {
  const StringData* const data = pointer<StringData>();
  return {data->bytes(), data->size};
}

inline std::span<const Value> Value::elements() const {
  const SequenceData* const data = pointer<SequenceData>();
  return {data->elements(), data->size};
}

inline std::span<const Entry> Value::entries() const {
  const ObjectData* const data = pointer<ObjectData>();
  return {data->entries(), data->size};
}

inline std::size_t Value::size() const {
  return is_string() ? pointer<StringData>()->size : pointer<CompositeData>()->size;
}

inline std::uint64_t Value::hash() const {
  if (kind_ == Kind::kString) return pointer<StringData>()->hash;
  if (is_composite()) return pointer<CompositeData>()->hash;
  return hash_of_scalar(*this);
}

}  // namespace licet
