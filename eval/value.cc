#include "eval/value.h"

#include <algorithm>
#include <array>
#include <vector>

#include "eval/number.h"
#include "eval/value_data.h"
#include "eval/value_hash.h"

namespace licet {
namespace {

constexpr std::uint64_t kScalarWeight = 16;

const Value& key_of(const Value& element) { return element; }
const Value& key_of(const Entry& entry) { return entry.key; }

// What a composite knows of its parts together.
class Summary {
 public:
  explicit Summary(Kind kind) : hash_(kind) {}
  void add(const Value& part) {
    hash_.add(part.hash());
    weight_ += part.weight();
    depth_ = std::max(depth_, part.depth());
  }
  void add(const Entry& entry) {
    add(entry.key);
    add(entry.value);
  }
  void write_to(CompositeData& data, std::size_t size) {
    if (depth_ >= Value::kMaxDepth) throw DepthExceeded();
    if (weight_ > Value::kMaxWeight) throw MemoryExceeded();
    data.hash = hash_.finish();
    data.weight = weight_;
    data.size = static_cast<std::uint32_t>(size);
    data.depth = depth_ + 1;
  }

 private:
  CompositeHash hash_;
  std::uint64_t weight_ = kScalarWeight;
  std::uint32_t depth_ = 0;
};

template <class Part>
void fill_table(std::span<const Part> parts, std::uint32_t* table) {
  const std::size_t slots = table_slots(parts.size());
  std::fill_n(table, slots, 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::size_t slot = key_of(parts[i]).hash() & (slots - 1);
    while (table[slot] != 0) slot = (slot + 1) & (slots - 1);
    table[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

// The head, the parts and `slots` slots of a table, in one piece.
template <class Data, class Part>
Data* make_composite(Kind kind, std::span<const Part> parts, std::size_t slots, Arena& arena) {
  if (parts.size() >= UINT32_MAX) throw MemoryExceeded();
  Summary summary(kind);
  for (const Part& part : parts) summary.add(part);
  Data* const data =
      static_cast<Data*>(arena.allocate(sizeof(Data) + parts.size_bytes() + 4 * slots));
  summary.write_to(*data, parts.size());
  Part* const begin = reinterpret_cast<Part*>(data + 1);
  std::copy(parts.begin(), parts.end(), begin);
  if (slots > 0) fill_table(parts, reinterpret_cast<std::uint32_t*>(begin + parts.size()));
  return data;
}

// The part with that key in sorted parts with their table behind them; null if there is none.
template <class Part>
const Part* find_indexed(std::span<const Part> parts, const Value& key) {
  const auto* const table = reinterpret_cast<const std::uint32_t*>(parts.data() + parts.size());
  const std::size_t mask = table_slots(parts.size()) - 1;
  for (std::size_t slot = key.hash() & mask; table[slot] != 0; slot = (slot + 1) & mask) {
    const Part& part = parts[table[slot] - 1];
    if (key_of(part) == key) return &part;
  }
  return nullptr;
}

// Of a few, to ask each costs less than to search: most values differ in the part of the hash that
// they carry, while an order takes a look at their texts.
template <class Part>
const Part* find(std::span<const Part> parts, const Value& key) {
  if (parts.size() > kMaxUnindexed) return find_indexed(parts, key);
  for (const Part& part : parts) {
    if (key_of(part) == key) return &part;
  }
  return nullptr;
}

const Entry* find_text(std::span<const Entry> entries, std::string_view text) {
  const auto found = std::lower_bound(entries.begin(), entries.end(), text,
                                      [](const Entry& entry, std::string_view t) {
                                        if (!entry.key.is_string())
                                          return entry.key.kind() < Kind::kString;
                                        return entry.key.as_string() < t;
                                      });
  if (found == entries.end() || !found->key.is_string()) return nullptr;
  return found->key.as_string() == text ? &*found : nullptr;
}

const Entry* find_text_indexed(std::span<const Entry> entries, std::string_view text) {
  const auto* const table = reinterpret_cast<const std::uint32_t*>(entries.data() + entries.size());
  const std::size_t mask = table_slots(entries.size()) - 1;
  const std::uint64_t hash = hash_bytes(text);
  for (std::size_t slot = hash & mask; table[slot] != 0; slot = (slot + 1) & mask) {
    const Entry& entry = entries[table[slot] - 1];
    if (entry.key.is_string() && entry.key.as_string() == text) return &entry;
  }
  return nullptr;
}

template <class Part>
bool is_ascending(std::span<const Part> parts) {
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!(key_of(parts[i - 1]) < key_of(parts[i]))) return false;
  }
  return true;
}

}  // namespace

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kUndefined:
      return "undefined";
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "boolean";
    case Kind::kNumber:
      return "number";
    case Kind::kString:
      return "string";
    case Kind::kArray:
      return "array";
    case Kind::kObject:
      return "object";
    case Kind::kSet:
      return "set";
  }
  return "";
}

Value Value::string(std::string_view text, Arena& arena) {
  void* const memory = arena.allocate(sizeof(StringData) + text.size());
  StringData* const data = static_cast<StringData*>(memory);
  data->hash = hash_bytes(text);
  data->size = text.size();
  if (text.empty()) return of(Kind::kString, data, data->hash);
  char* const bytes = reinterpret_cast<char*>(data + 1);
  std::memset(bytes + (text.size() - 1) / 16 * 16, 0, 16);  // to the end of the piece
  std::memcpy(bytes, text.data(), text.size());
  return of(Kind::kString, data, data->hash);
}

Value Value::array(std::span<const Value> elements, Arena& arena) {
  const auto* const data = make_composite<SequenceData>(Kind::kArray, elements, 0, arena);
  return of(Kind::kArray, data, data->hash);
}

Value Value::sorted_set(std::span<const Value> elements, Arena& arena) {
  const std::size_t slots = table_slots(elements.size());
  const auto* const data = make_composite<SequenceData>(Kind::kSet, elements, slots, arena);
  return of(Kind::kSet, data, data->hash);
}

Value Value::sorted_object(std::span<const Entry> entries, Arena& arena) {
  const std::size_t slots = table_slots(entries.size());
  const auto* const data = make_composite<ObjectData>(Kind::kObject, entries, slots, arena);
  return of(Kind::kObject, data, data->hash);
}

namespace {

constexpr std::size_t kFew = 16;

// Elements to be put in order; a few of them take nothing from the heap.
template <class T>
class ScratchCopy {
 public:
  explicit ScratchCopy(std::span<const T> parts) : size_(parts.size()) {
    if (parts.size() <= kFew) {
      std::copy(parts.begin(), parts.end(), few_.begin());
    } else {
      many_.assign(parts.begin(), parts.end());
    }
  }
  std::span<T> parts() { return size_ <= kFew ? std::span<T>(few_).first(size_) : many_; }

 private:
  std::array<T, kFew> few_;
  std::vector<T> many_;
  std::size_t size_;
};

// Stable, so that of equal keys the last one can win.
void sort_by_key(std::span<Entry> entries) {
  const auto less = [](const Entry& a, const Entry& b) { return a.key < b.key; };
  if (entries.size() > kFew) return std::stable_sort(entries.begin(), entries.end(), less);
  for (auto it = entries.begin(); it != entries.end(); ++it) {
    std::rotate(std::upper_bound(entries.begin(), it, *it, less), it, it + 1);
  }
}

}  // namespace

Value Value::set(std::span<const Value> elements, Arena& arena) {
  if (is_ascending(elements)) return sorted_set(elements, arena);
  ScratchCopy<Value> copy(elements);
  const std::span<Value> sorted = copy.parts();
  std::sort(sorted.begin(), sorted.end());
  const auto end = std::unique(sorted.begin(), sorted.end());
  return sorted_set(std::span(sorted.begin(), end), arena);
}

Value Value::object(std::span<const Entry> entries, Arena& arena) {
  if (is_ascending(entries)) return sorted_object(entries, arena);
  ScratchCopy<Entry> copy(entries);
  const std::span<Entry> sorted = copy.parts();
  sort_by_key(sorted);
  std::size_t kept = 0;
  for (const Entry& entry : sorted) {
    if (kept > 0 && sorted[kept - 1].key == entry.key) --kept;
    sorted[kept++] = entry;
  }
  return sorted_object(sorted.first(kept), arena);
}

Value Value::get(const Value& key) const {
  switch (kind_) {
    case Kind::kArray: {
      const std::span<const Value> all = elements();
      if (!key.is_int64() || static_cast<std::uint64_t>(key.bits_) >= all.size()) return {};
      return all[static_cast<std::size_t>(key.bits_)];
    }
    case Kind::kObject: {
      const Entry* const entry = find(entries(), key);
      return entry == nullptr ? Value() : entry->value;
    }
    case Kind::kSet: {
      const Value* const element = find(elements(), key);
      return element == nullptr ? Value() : *element;
    }
    case Kind::kUndefined:
    case Kind::kNull:
    case Kind::kBool:
    case Kind::kNumber:
    case Kind::kString:
      return {};
  }
  return {};
}

Value Value::get(std::string_view key) const {
  if (!is_object()) return {};
  const std::span<const Entry> all = entries();
  const Entry* const entry =
      all.size() > kMaxUnindexed ? find_text_indexed(all, key) : find_text(all, key);
  return entry == nullptr ? Value() : entry->value;
}

bool Value::contains(const Value& element) const {
  if (is_set()) return find(elements(), element) != nullptr;
  if (is_array()) {
    const std::span<const Value> all = elements();
    return std::find(all.begin(), all.end(), element) != all.end();
  }
  if (!is_object()) return false;
  const std::span<const Entry> all = entries();
  return std::any_of(all.begin(), all.end(), [&](const Entry& e) { return e.value == element; });
}

std::uint64_t Value::hash_of_scalar(const Value& value) {
  return value.is_number() ? hash_number(value) : hash_constant(value.kind_, value.bits_);
}

std::uint32_t Value::depth() const { return is_composite() ? pointer<CompositeData>()->depth : 0; }

std::uint64_t Value::weight() const {
  if (is_composite()) return pointer<CompositeData>()->weight;
  if (is_string()) return kScalarWeight + pointer<StringData>()->size;
  // 1e9999 is written with all its zeros; a limb is about 20 digits.
  const auto zeros = [](std::int64_t exponent) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(exponent, 0));
  };
  if (!is_big()) return kScalarWeight + zeros(exponent_);
  const auto limbs = static_cast<std::uint64_t>(std::abs(big()->limb_count));
  return kScalarWeight + 20 * limbs + zeros(big()->exponent);
}

}  // namespace licet
