#include "eval/program/values_image.h"

#include "eval/number.h"

namespace licet::program {
namespace {

enum class Tag : std::uint8_t {
  kNull,
  kFalse,
  kTrue,
  kInteger,
  kNumber,  // as text
  kString,
  kArray,
  kSet,
  kObject,
};

constexpr std::uint32_t kUndefined = UINT32_MAX;

}  // namespace

std::uint32_t ValueWriter::number_of(const Value& value) {
  if (value.is_undefined()) return kUndefined;
  const auto known = numbers_.find(value);
  if (known != numbers_.end()) return known->second;
  Writer entry;
  add(value, entry);  // its parts first
  table_.raw(entry.take());
  const auto number = static_cast<std::uint32_t>(numbers_.size());
  numbers_.emplace(value, number);
  return number;
}

void ValueWriter::add(const Value& value, Writer& out) {
  switch (value.kind()) {
    case Kind::kUndefined:
    case Kind::kNull:
      return out(Tag::kNull);
    case Kind::kBool:
      return out(value.as_bool() ? Tag::kTrue : Tag::kFalse);
    case Kind::kNumber:
      out(value.is_int64() ? Tag::kInteger : Tag::kNumber);
      if (value.is_int64()) return out(value.as_int64());
      return out.text_bytes(number_text(value));
    case Kind::kString:
      out(Tag::kString);
      return out.text_bytes(value.as_string());
    case Kind::kArray:
    case Kind::kSet:
      out(value.is_array() ? Tag::kArray : Tag::kSet);
      out(static_cast<std::uint32_t>(value.size()));
      for (const Value& element : value.elements()) out(number_of(element));
      return;
    case Kind::kObject:
      out(Tag::kObject);
      out(static_cast<std::uint32_t>(value.size()));
      for (const Entry& entry : value.entries()) {
        out(number_of(entry.key));
        out(number_of(entry.value));
      }
      return;
  }
}

void ValueWriter::write(Writer& out) {
  out(static_cast<std::uint32_t>(numbers_.size()));
  out.raw(table_.take());
}

ValueReader::ValueReader(Reader& in, Arena& arena) {
  const std::uint32_t count = in.count();
  values_.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) values_.push_back(read(in, arena));
}

Value ValueReader::value(std::uint32_t number) const {
  if (number == kUndefined) return Value::undefined();
  if (number >= values_.size()) throw Corrupt{"it names a value that is not there"};
  return values_[number];
}

std::vector<Value> ValueReader::read_parts(Reader& in, std::size_t parts_each) const {
  const std::uint32_t count = in.count();
  std::vector<Value> parts;
  parts.reserve(count * parts_each);
  for (std::size_t i = 0; i < count * parts_each; ++i) {
    std::uint32_t number = 0;
    in(number);
    if (number >= values_.size()) throw Corrupt{"a value contains a later one"};
    parts.push_back(values_[number]);
  }
  return parts;
}

Value ValueReader::read(Reader& in, Arena& arena) const {
  Tag tag{};
  in(tag);
  switch (tag) {
    case Tag::kNull:
      return Value::null();
    case Tag::kFalse:
    case Tag::kTrue:
      return Value::boolean(tag == Tag::kTrue);
    case Tag::kInteger: {
      std::int64_t integer = 0;
      in(integer);
      return Value::integer(integer);
    }
    case Tag::kNumber: {
      const auto number = number_from_text(in.text_bytes(), arena);
      if (!number) throw Corrupt{"a number is none"};
      return *number;
    }
    case Tag::kString:
      return Value::string(in.text_bytes(), arena);
    case Tag::kArray:
      return Value::array(read_parts(in, 1), arena);
    case Tag::kSet: {
      const std::vector<Value> elements = read_parts(in, 1);
      const Value set = Value::set(elements, arena);
      if (set.size() != elements.size()) throw Corrupt{"a set has an element twice"};
      return set;
    }
    case Tag::kObject: {
      const std::vector<Value> parts = read_parts(in, 2);
      std::vector<Entry> entries;
      for (std::size_t i = 0; i < parts.size(); i += 2) entries.push_back({parts[i], parts[i + 1]});
      const Value object = Value::object(entries, arena);
      if (object.size() != entries.size()) throw Corrupt{"an object has a key twice"};
      return object;
    }
  }
  throw Corrupt{"a value is of no kind"};
}

}  // namespace licet::program
