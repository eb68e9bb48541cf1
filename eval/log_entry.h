// What a log records of one decision, in the form in which the deciding thread hands it over:
// packed bytes. Packing copies what was decided and read, and does nothing else; hiding personal
// values, writing canonical JSON, hashing and encrypting come later (eval/log/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/value.h"

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
  std::vector<ReadPath> paths;  // any order; packed values name them by index
  // The attribute that says whose data an entry is about; of `paths`. None: nobody's.
  std::optional<std::uint32_t> subject;
};

// Packs one decision. The order of calls is the order of these functions; add_* may be repeated.
// The bytes are those of this process only: nobody stores them.
class DecisionPacker {
 public:
  struct Head {
    std::string_view id;
    std::int64_t now_ns = 0;              // since the epoch
    std::optional<std::uint64_t> seed{};  // none: the policies did not look at it
    std::string_view effect;
    std::string_view cause;
    std::string_view package;  // that the decision was restricted to; empty: none
    std::string_view error;
    std::string_view trace_id;
    std::string_view span_id;
    bool is_cached = false;
  };

  explicit DecisionPacker(std::string& out);  // clears it
  void head(const Head& head);
  void add_rule(std::string_view package, std::string_view name);
  void add_message(std::string_view text);
  void add_control(std::string_view text);
  void add_warning(std::string_view text);
  void add_obligation(std::string_view key, std::string_view json_value);
  void add_read(std::uint32_t path, const Value& value);  // undefined values are left out

 private:
  std::string& out_;
};

// A value without its arena, and back.
void pack_value(const Value& value, std::string& out);
Value value_from_packed(std::string_view packed, Arena& arena);

// RFC 8785, with one extension: a number that no binary64 holds exactly is {"$number": "digits"},
// and a key of the value that begins with `$` gets a second one.
void append_canonical_json(const Value& value, std::string& out);
std::string canonical_json(const Value& value);
// The inverse of the extension, for a value that was read from an entry.
Value value_from_canonical(const Value& value, Arena& arena);

}  // namespace licet::log
