// What a log records of one decision, in the form in which the deciding thread hands it over:
// packed bytes. Packing copies what was decided and read, and does nothing else; hiding personal
// values, writing canonical JSON, hashing and encrypting come later (eval/log/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/decision.h"
#include "eval/value.h"
#include "eval/value_text.h"

namespace licet::log {

// How a value may stand in an entry. Of two that apply to a value the later one holds.
enum class Mask : std::uint8_t {
  kNone,
  kToken,    // as a keyed token: equal values have equal tokens
  kEncrypt,  // encrypted under the key of the entry's data subject
  kRedact,   // not at all
};

// What holds for a value and for its parts.
struct MaskTree {
  Mask mask = Mask::kNone;
  std::map<std::string, MaskTree, std::less<>> fields;
  std::unique_ptr<MaskTree> elements;  // of arrays, and of fields that are not named

  bool hides_nothing() const { return mask == Mask::kNone && fields.empty() && !elements; }
};

struct ReadPath {
  std::string text;  // user.roles
  MaskTree mask;
};

// What the entries of one program have in common. Immutable once entries refer to it.
struct ReadPlan {
  std::string revision;
  std::vector<ReadPath> paths;     // any order; packed values name them by index
  std::vector<std::string> rules;  // package.name; packed decisions name them by index
  // The attribute that says whose data an entry is about; of `paths`. None: nobody's.
  std::optional<std::uint32_t> subject;
  // Call it when the rest is complete. Without it entries are made by the thread that decides.
  void settle();

  // Of settle().
  struct Key {
    std::string text;        // ,"user.id":
    std::uint32_t rank = 0;  // among the keys of an entry
    bool hides_nothing = true;
  };
  std::vector<Key> keys;                // by path
  std::vector<std::string> rule_texts;  // ,"package.name" by rule
  std::string revision_text;            // "revision":"..."
  bool is_encrypting = true;            // an entry can need the key of its subject
  // An entry has at most so many bytes, and for each one of its record so many more.
  std::size_t fixed_bytes = 0;
  std::size_t bytes_per_byte = 0;  // 0: nobody knows

  // Whether making an entry of a record of this size can fail only for want of memory.
  bool is_harmless(std::size_t record_bytes, std::size_t max_entry_bytes) const {
    return bytes_per_byte != 0 && !is_encrypting && fixed_bytes <= max_entry_bytes &&
           record_bytes <= (max_entry_bytes - fixed_bytes) / bytes_per_byte;
  }
};

// Bytes that grow at the end.
class RecordBuffer {
 public:
  std::string_view bytes() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }
  // Room for so many bytes more; advance() says how many of them were written.
  char* room(std::size_t count) {
    if (capacity_ - size_ < count) [[unlikely]]
      grow(count);
    return bytes_.get() + size_;
  }
  void advance(std::size_t count) { size_ += count; }
  void cut(std::size_t size) { size_ = size; }  // PRECONDITION: not more than there is
  RecordBuffer& append(const char* bytes, std::size_t count) {
    char* const to = room(count);
    if (count > 0) std::memcpy(to, bytes, count);
    advance(count);
    return *this;
  }
  RecordBuffer& append(std::string_view bytes) { return append(bytes.data(), bytes.size()); }
  RecordBuffer& operator+=(std::string_view bytes) { return append(bytes); }
  // The same without a call if there are at most 32: what lies behind them is copied along and
  // then written over. In the same page that cannot fault.
  RecordBuffer& append_short(std::string_view bytes) {
    constexpr std::size_t kMost = 32;
    constexpr std::uintptr_t kPage = 4096;
    if (bytes.empty()) return *this;
    char* const to = room(bytes.size() + kMost);
    const bool is_in_page =
        (reinterpret_cast<std::uintptr_t>(bytes.data()) & (kPage - 1)) <= kPage - kMost;
    if (text::kMayReadPast && bytes.size() <= kMost && is_in_page) [[likely]] {
      std::memcpy(to, text::without_bounds(bytes.data()), kMost);
    } else {
      std::memcpy(to, bytes.data(), bytes.size());
    }
    advance(bytes.size());
    return *this;
  }
  template <std::size_t kCount>
  RecordBuffer& append_literal(const char (&letters)[kCount]) {
    std::memcpy(room(kCount - 1), letters, kCount - 1);
    advance(kCount - 1);
    return *this;
  }
  RecordBuffer& operator+=(char letter) {
    *room(1) = letter;
    advance(1);
    return *this;
  }
  // What was written before, to be written over.
  char* at(std::size_t offset) { return bytes_.get() + offset; }
  // Keeps its room for the next bytes, if it is not more than this.
  void clear(std::size_t kept_bytes = std::size_t{1} << 16);

 private:
  void grow(std::size_t count);

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Packs one decision. The order of calls is the order of these functions; add_* may be repeated.
// The bytes are those of this process only: nobody stores them.
class DecisionPacker {
 public:
  struct Head {
    DecisionId id{};
    std::string_view id_text{};           // instead of `id`, if it is not empty
    std::int64_t now_ns = 0;              // since the epoch
    std::optional<std::uint64_t> seed{};  // none: the policies did not look at it
    Cause cause = Cause::kError;
    std::string_view package{};  // that the decision was restricted to; empty: none
    std::string_view error{};
    std::string_view trace_id{};
    std::string_view span_id{};
    bool is_cached = false;
  };

  explicit DecisionPacker(RecordBuffer& out) : out_(out) { out_.clear(); }
  void head(const Head& head);
  void add_rule(std::uint32_t rule);  // of the plan
  void add_message(std::string_view text);
  void add_control(std::string_view text);
  void add_warning(std::string_view text);
  void add_obligation(std::string_view key, std::string_view json_value);
  void add_read(std::uint32_t path, const Value& value);  // undefined values are left out
  void add_read(std::uint32_t path, const Text& text);
  void add_read(std::uint32_t path, std::span<const Text> texts);
  void add_read(std::uint32_t path, std::span<const Value> values);
  // A value as it stands in strict JSON; it is read by who makes the entry.
  void add_read_json(std::uint32_t path, std::string_view json);

 private:
  RecordBuffer& out_;
};

// A value without its arena, and back.
void pack_value(const Value& value, std::string& out);
void pack_value(const Value& value, RecordBuffer& out);
Value value_from_packed(std::string_view packed, Arena& arena);

// RFC 8785, with one extension: a number that no binary64 holds exactly is {"$number": "digits"},
// and a key of the value that begins with `$` gets a second one.
void append_canonical_json(const Value& value, std::string& out);
std::string canonical_json(const Value& value);
// The inverse of the extension, for a value that was read from an entry.
Value value_from_canonical(const Value& value, Arena& arena);

}  // namespace licet::log
