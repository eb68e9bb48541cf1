// Cells of Arrow arrays as values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/python/src/arrow_abi.h"
#include "eval/value.h"

namespace licet::python {

// A column of one chunk: a field of it, a field of a struct in it, or, of dotted names, columns
// that stand for the members of an object. Reading is thread-safe.
//
// A cell that is null is missing: tables have no other way to say so. An element of a list that is
// null is null.
class Column {
 public:
  // The columns of a chunk. Throws UnknownType. `schema` and `chunk` outlive them.
  static std::unique_ptr<Column> of_chunk(const ArrowSchema& schema, const ArrowArray& chunk);

  struct UnknownType {
    std::string column;
    std::string format;
  };

  // By the names of its fields, dotted ones taken apart; null if there is none.
  const Column* member(std::string_view name) const;
  // Undefined if the cell is missing.
  Value value(std::int64_t row, Arena& arena) const;

  // What all cells of the column are that are not missing, if that can be had without a Value.
  enum class Simple { kNo, kBool, kInteger, kText, kEntry, kTexts };
  Simple simple() const { return simple_; }
  bool is_missing(std::int64_t row) const { return may_be_missing_ && is_missing_after_all(row); }
  // PRECONDITION: simple() says that it is one, and the cell is not missing.
  bool boolean(std::int64_t row) const { return bit_at(1, position(row)); }
  std::int64_t integer(std::int64_t row) const { return integer_at(position(row)); }
  std::string_view text(std::int64_t row) const { return text_view_at(position(row)); }
  // The index of an entry of the dictionary, all of which are texts; may be too large.
  std::uint64_t entry(std::int64_t row) const {
    return static_cast<std::uint64_t>(integer_at(position(row)));
  }
  // False: an element is null.
  bool texts(std::int64_t row, std::vector<std::string_view>& texts) const;
  const std::vector<Value>& entries() const { return entries_; }

  bool has_array() const { return array_ != nullptr; }
  const std::vector<std::pair<std::string, std::unique_ptr<Column>>>& members() const {
    return members_;
  }
  // Entries of dictionaries are made once and live as long as the column.
  void make_dictionaries();

 private:
  enum class Kind {
    kNull,
    kBool,
    kInt8,
    kUint8,
    kInt16,
    kUint16,
    kInt32,
    kUint32,
    kInt64,
    kUint64,
    kFloat32,
    kFloat64,
    kText,
    kLargeText,
    kTextView,
    kTime,
    kTime32,
    kDecimal,
    kList,
    kLargeList,
    kFixedList,
    kStruct,
  };

  void set(const ArrowSchema& schema, const ArrowArray& array, const Column* parent,
           const std::string& name);
  void set_kind(std::string_view format, const std::string& name);
  void add_fields(const ArrowSchema& schema, const ArrowArray& array);
  Column& member_at(const std::string& dotted);
  // Offsets of a struct hold for its fields too.
  std::int64_t position(std::int64_t row) const { return offset_ + row; }
  Simple find_simple() const;
  bool is_missing_after_all(std::int64_t row) const;
  bool bit_at(int buffer, std::int64_t position) const {
    const auto* const bits = static_cast<const std::uint8_t*>(array_->buffers[buffer]);
    return ((bits[position / 8] >> (position % 8)) & 1) != 0;
  }
  std::int64_t integer_at(std::int64_t position) const;
  std::string_view text_view_at(std::int64_t position) const;
  std::string_view text_of_view(std::int64_t position) const;
  std::pair<std::int64_t, std::int64_t> list_range_at(std::int64_t position) const;
  Value value_at(std::int64_t position, Arena& arena) const;
  Value list_at(std::int64_t position, Arena& arena) const;
  Value members_at(std::int64_t row, Arena& arena) const;
  Value text_at(std::int64_t position, Arena& arena) const;
  Value decimal_at(std::int64_t position, Arena& arena) const;
  template <class T>
  T at(std::int64_t position) const {
    return static_cast<const T*>(data_)[position];
  }

  Kind kind_ = Kind::kStruct;
  const ArrowArray* array_ = nullptr;  // null: only members, of dotted names
  const void* data_ = nullptr;         // of the array: its values, or where they begin
  const char* bytes_ = nullptr;        // of texts
  const Column* parent_ = nullptr;     // a struct that can be missing
  std::int64_t offset_ = 0;            // of the array and of all parents
  bool may_be_missing_ = true;
  Simple simple_ = Simple::kNo;
  std::int64_t scale_ = 1;  // nanoseconds of a time's unit; of decimals, digits
  std::int64_t list_size_ = 0;
  std::vector<std::pair<std::string, std::unique_ptr<Column>>> members_;
  std::unique_ptr<Column> elements_;  // of a list
  std::unique_ptr<Column> dictionary_;
  std::vector<Value> entries_;  // of the dictionary
  std::unique_ptr<Arena> entry_arena_;
};

// Here and not in the source: they run for every cell.

inline std::int64_t Column::integer_at(std::int64_t position) const {
  switch (kind_) {
    case Kind::kInt8:
      return at<std::int8_t>(position);
    case Kind::kUint8:
      return at<std::uint8_t>(position);
    case Kind::kInt16:
      return at<std::int16_t>(position);
    case Kind::kUint16:
      return at<std::uint16_t>(position);
    case Kind::kInt32:
    case Kind::kTime32:
      return at<std::int32_t>(position);
    case Kind::kUint32:
      return at<std::uint32_t>(position);
    default:
      return at<std::int64_t>(position);
  }
}

inline std::string_view Column::text_view_at(std::int64_t position) const {
  if (kind_ == Kind::kText) {
    const auto begin = at<std::int32_t>(position);
    return {bytes_ + begin, static_cast<std::size_t>(at<std::int32_t>(position + 1) - begin)};
  }
  if (kind_ == Kind::kLargeText) {
    const auto begin = at<std::int64_t>(position);
    return {bytes_ + begin, static_cast<std::size_t>(at<std::int64_t>(position + 1) - begin)};
  }
  return text_of_view(position);
}

// Of the elements.
inline std::pair<std::int64_t, std::int64_t> Column::list_range_at(std::int64_t position) const {
  switch (kind_) {
    case Kind::kList:
      return {at<std::int32_t>(position), at<std::int32_t>(position + 1)};
    case Kind::kLargeList:
      return {at<std::int64_t>(position), at<std::int64_t>(position + 1)};
    default:
      return {position * list_size_, (position + 1) * list_size_};
  }
}

}  // namespace licet::python
