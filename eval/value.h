// Values of the language: 16 bytes each, immutable, totally ordered as in Rego.
//
// A Value is a handle; what it points to lives in an Arena (of a decision, a request or a
// program), and the handle is valid as long as that arena. Composite values carry their hash, so
// unequal ones are told apart at once; hashes are seeded per process and cover the whole value.
//
// Numbers are exact decimals: coefficient x 10^exponent. An integer of 64 bits, and every
// fraction that fits the same, sits in the handle; the rest in the arena. They are kept in one
// canonical form, so that equal numbers have equal bits.
#pragma once

#include <cstdint>
#include <cstring>
#include <exception>
#include <span>
#include <string_view>

#include "eval/arena.h"

namespace licet {

// In Rego's order of types. kUndefined is the absence of a value; no composite holds it.
enum class Kind : std::uint8_t {
  kUndefined,
  kNull,
  kBool,
  kNumber,
  kString,
  kArray,
  kObject,
  kSet,
};

std::string_view name_of(Kind kind);  // "null", "boolean", "number", ... as in type_name

struct StringData;
struct SequenceData;  // arrays and sets
struct ObjectData;
struct BigNumber;  // number.h
struct Entry;

class Value {
 public:
  constexpr Value() = default;
  static constexpr Value undefined() { return {}; }
  static constexpr Value null() { return Value(Kind::kNull, 0); }
  static constexpr Value boolean(bool value) { return Value(Kind::kBool, value ? 1 : 0); }
  static constexpr Value integer(std::int64_t value) { return Value(Kind::kNumber, value); }
  static Value string(std::string_view text, Arena& arena);
  // `elements` may be in any order; see also Builder in builder.h.
  static Value array(std::span<const Value> elements, Arena& arena);
  // Sorts a copy and drops repetitions.
  static Value set(std::span<const Value> elements, Arena& arena);
  // Sorts a copy by key. Of equal keys the last one wins.
  static Value object(std::span<const Entry> entries, Arena& arena);
  // PRECONDITION: `elements` are strictly ascending (sets) or `entries` ascend by key (objects).
  static Value sorted_set(std::span<const Value> elements, Arena& arena);
  static Value sorted_object(std::span<const Entry> entries, Arena& arena);

  Kind kind() const { return kind_; }
  bool is_undefined() const { return kind_ == Kind::kUndefined; }
  bool is_defined() const { return kind_ != Kind::kUndefined; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_bool() const { return kind_ == Kind::kBool; }
  bool is_number() const { return kind_ == Kind::kNumber; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_array() const { return kind_ == Kind::kArray; }
  bool is_set() const { return kind_ == Kind::kSet; }
  bool is_object() const { return kind_ == Kind::kObject; }
  bool is_composite() const { return kind_ >= Kind::kArray; }
  bool is_true() const { return kind_ == Kind::kBool && bits_ == 1; }
  bool is_false() const { return kind_ == Kind::kBool && bits_ == 0; }
  // A number without a fraction that fits 64 bits.
  bool is_int64() const { return kind_ == Kind::kNumber && exponent_ == 0 && !big_; }

  // Each accessor has the matching is_...() as its precondition.
  bool as_bool() const { return bits_ == 1; }
  std::int64_t as_int64() const { return bits_; }
  std::string_view as_string() const;
  const StringData* string_data() const;
  std::span<const Value> elements() const;  // of an array or a set, in order
  std::span<const Entry> entries() const;   // of an object, ascending by key
  // Elements of an array, set or object; bytes of a string.
  std::size_t size() const;

  // The value at `key`: array index, object key, set element (itself); undefined if there is none.
  Value get(const Value& key) const;
  Value get(std::string_view key) const;      // of an object; undefined for every other kind
  bool contains(const Value& element) const;  // membership by value, as `in`: arrays, sets, objects

  // Equal values have equal hashes.
  std::uint64_t hash() const;
  // Nested composites: 0 for scalars, 1 for [] and so on; at most kMaxDepth.
  std::uint32_t depth() const;
  // About the bytes that the value takes written out. Parts that it shares count each time, so
  // this bounds the time to compare, copy or print it: charge it before doing so.
  std::uint64_t weight() const;

  friend bool operator==(const Value& a, const Value& b) {
    if (a.head() != b.head()) return false;
    if (a.bits_ == b.bits_) return true;
    return a.points() && equal_data(a, b);
  }

  // Deeper values are not made: makers throw DepthExceeded.
  static constexpr std::uint32_t kMaxDepth = 512;
  // Heavier values are not made either: makers throw MemoryExceeded.
  static constexpr std::uint64_t kMaxWeight = std::uint64_t{4} << 30;

  // For number.cc only: the parts of a number.
  static constexpr Value small_decimal(std::int64_t coefficient, std::int16_t exponent) {
    Value v(Kind::kNumber, coefficient);
    v.exponent_ = exponent;
    return v;
  }
  static Value big_number(const BigNumber* big, std::uint64_t hash) {
    Value v = of(Kind::kNumber, big, hash);
    v.big_ = true;
    return v;
  }
  bool is_big() const { return big_; }
  std::int64_t coefficient() const { return bits_; }
  std::int16_t exponent() const { return exponent_; }
  const BigNumber* big() const { return pointer<BigNumber>(); }

 private:
  constexpr Value(Kind kind, std::int64_t bits) : kind_(kind), bits_(bits) {}
  template <class T>
  static Value of(Kind kind, const T* data, std::uint64_t hash) {
    Value v(kind, 0);
    v.tag_ = static_cast<std::uint32_t>(hash >> 32);
    std::memcpy(&v.bits_, &data, sizeof data);
    return v;
  }
  template <class T>
  const T* pointer() const {
    const T* data;
    std::memcpy(&data, &bits_, sizeof data);
    return data;
  }
  // Everything but the bits: of equal values it is equal.
  std::uint64_t head() const {
    std::uint64_t word;
    std::memcpy(&word, this, sizeof word);
    return word;
  }
  bool points() const { return kind_ >= Kind::kString || big_; }
  static std::uint64_t hash_of_scalar(const Value& value);
  // PRECONDITION: equal heads, both point.
  static bool equal_data(const Value& a, const Value& b);

  Kind kind_ = Kind::kUndefined;
  bool big_ = false;
  std::int16_t exponent_ = 0;
  std::uint32_t tag_ = 0;  // upper half of the hash if the value points, else 0
  std::int64_t bits_ = 0;
};
static_assert(sizeof(Value) == 16);

struct Entry {
  Value key;
  Value value;
};

class DepthExceeded : public std::exception {
 public:
  const char* what() const noexcept override { return "value nests too deep"; }
};

// Rego's total order: negative, zero or positive.
int compare(const Value& a, const Value& b);
inline bool operator<(const Value& a, const Value& b) { return compare(a, b) < 0; }

// A deep copy into another arena.
Value copy(const Value& value, Arena& arena);

}  // namespace licet

#include "eval/value_data.h"
