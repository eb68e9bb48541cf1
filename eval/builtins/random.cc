// rand.intn and uuid.*. Random values are a function of the decision's seed and the call's
// operands, so a decision with the same seed has the same ones.
#include <xxhash.h>

#include <array>
#include <optional>

#include "eval/builtins/families.h"
#include "eval/builtins/operands.h"

namespace licet::builtins {
namespace {

// Keeps numbers and identifiers of one seed apart.
constexpr std::uint64_t kNumberSalt = 0x6E756D6265720000;
constexpr std::uint64_t kUuidSalt = 0x7575696400000000;

Value rand_intn(Context& context, std::span<const Value> arguments) {
  const std::optional<std::int64_t> limit = integer_operand(context, arguments[1], 2);
  if (!limit) return Value::undefined();
  if (*limit == 0) return Value::integer(0);
  const std::uint64_t below =
      *limit < 0 ? 0 - static_cast<std::uint64_t>(*limit) : static_cast<std::uint64_t>(*limit);
  if (!charge_bytes(context, arguments[0].size())) return Value::undefined();
  const std::string key = std::string(arguments[0].as_string()) + "-" + std::to_string(below);
  const std::uint64_t random =
      XXH3_64bits_withSeed(key.data(), key.size(), context.seed() ^ kNumberSalt);
  return Value::integer(static_cast<std::int64_t>(random % below));
}

// --- uuid ---------------------------------------------------------------------------------------

using Bytes = std::array<std::uint8_t, 16>;

std::string hex_text(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

Value uuid_rfc4122(Context& context, std::span<const Value> arguments) {
  const std::string_view key = arguments[0].as_string();
  if (!charge_bytes(context, key.size())) return Value::undefined();
  const XXH128_hash_t random =
      XXH3_128bits_withSeed(key.data(), key.size(), context.seed() ^ kUuidSalt);
  Bytes bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(random.low64 >> 8 * i);
    bytes[i + 8] = static_cast<std::uint8_t>(random.high64 >> 8 * i);
  }
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);  // version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);  // variant of RFC 4122
  std::string text = hex_text(bytes);
  for (const std::size_t place : {20, 16, 12, 8}) text.insert(place, 1, '-');
  return context.string(text);
}

std::optional<std::uint8_t> hex_byte(std::string_view digits) {
  unsigned byte = 0;
  for (const char c : digits) {
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      byte = byte * 16 + static_cast<unsigned>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      byte = byte * 16 + static_cast<unsigned>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return static_cast<std::uint8_t>(byte);
}

bool is_urn_prefix(std::string_view text) {
  constexpr std::string_view kPrefix = "urn:uuid:";
  for (std::size_t i = 0; i < kPrefix.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != kPrefix[i]) return false;
  }
  return true;
}

// The usual form, the same after urn:uuid: or between two characters, or 32 digits.
std::optional<Bytes> uuid_from_text(std::string_view text) {
  if (text.size() == 45) {
    if (!is_urn_prefix(text)) return std::nullopt;
    text.remove_prefix(9);
  } else if (text.size() == 38) {
    text = text.substr(1, 36);
  }
  std::string digits(text);
  if (text.size() == 36) {
    for (const std::size_t place : {23, 18, 13, 8}) {
      if (digits[place] != '-') return std::nullopt;
      digits.erase(place, 1);
    }
  }
  if (digits.size() != 32) return std::nullopt;
  Bytes bytes{};
  for (std::size_t i = 0; i < 16; ++i) {
    const auto byte = hex_byte(std::string_view(digits).substr(2 * i, 2));
    if (!byte) return std::nullopt;
    bytes[i] = *byte;
  }
  return bytes;
}

std::string_view variant_of(const Bytes& bytes) {
  if ((bytes[8] & 0xC0) == 0x80) return "RFC4122";
  if ((bytes[8] & 0xE0) == 0xC0) return "Microsoft";
  if ((bytes[8] & 0xE0) == 0xE0) return "Future";
  return "Reserved";
}

std::uint64_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

// Nanoseconds since the epoch; the identifier counts 100 ns from 1582-10-15.
std::int64_t time_of(const Bytes& bytes) {
  constexpr std::uint64_t kEpoch = 122'192'928'000'000'000;
  const std::span<const std::uint8_t> all(bytes);
  const std::uint64_t ticks = big_endian(all.subspan(0, 4)) | big_endian(all.subspan(4, 2)) << 32 |
                              (big_endian(all.subspan(6, 2)) & 0xFFF) << 48;
  return static_cast<std::int64_t>((ticks - kEpoch) * 100);
}

std::string node_text(const Bytes& bytes) {
  std::string text = hex_text(std::span<const std::uint8_t>(bytes).subspan(10));
  for (const std::size_t place : {10, 8, 6, 4, 2}) text.insert(place, 1, '-');
  return text;
}

std::string domain_of(const Bytes& bytes) {
  constexpr std::string_view kDomains[] = {"Person", "Group", "Org"};
  if (bytes[9] < 3) return std::string(kDomains[bytes[9]]);
  return "Domain" + std::to_string(bytes[9]);
}

Value uuid_parse(Context& context, std::span<const Value> arguments) {
  const std::optional<Bytes> bytes = uuid_from_text(arguments[0].as_string());
  if (!bytes) return Value::undefined();
  const int version = (*bytes)[6] >> 4;
  ObjectBuilder object(context.arena);
  object.add("version", Value::integer(version));
  object.add("variant", context.string(variant_of(*bytes)));
  if (version == 1 || version == 2) {
    const std::uint8_t first = (*bytes)[10];
    const std::string_view scope = (first & 2) != 0 ? "local" : "global";
    const std::string_view cast = (first & 1) != 0 ? ":multicast" : ":unicast";
    const std::uint64_t sequence = big_endian(std::span(*bytes).subspan(8, 2)) & 0x3FFF;
    object.add("time", Value::integer(time_of(*bytes)));
    object.add("nodeid", context.string(node_text(*bytes)));
    object.add("macvariables", context.string(std::string(scope).append(cast)));
    object.add("clocksequence", Value::integer(static_cast<std::int64_t>(sequence)));
  }
  if (version == 2) {
    const std::uint64_t id = big_endian(std::span(*bytes).subspan(0, 4));
    object.add("id", Value::integer(static_cast<std::int64_t>(id)));
    object.add("domain", context.string(domain_of(*bytes)));
  }
  return object.object();
}

constexpr Row kRows[] = {
    {"rand.intn",
     "(string, number) => number",
     rand_intn,
     "A random integer from 0 up to but without the number; the same for the same operands within "
     "a decision.",
     {R"(rand.intn("coin", 1))", "0"},
     BuiltinTrait::kFixed},
    {"uuid.parse",
     "(string) => object[string: any]",
     uuid_parse,
     "The parts of a UUID; undefined if the text is none.",
     {R"(uuid.parse("b5f1b1de-5c3f-4a3e-8f9b-2f6d6e1a7c01"))",
      R"({"variant": "RFC4122", "version": 4})"}},
    {"uuid.rfc4122",
     "(string) => string",
     uuid_rfc4122,
     "A random UUID of version 4; the same for the same key within a decision.",
     {R"(uuid.rfc4122("run") == uuid.rfc4122("run"))", "true"},
     BuiltinTrait::kFixed},
};

}  // namespace

Family random_family() { return kRows; }

}  // namespace licet::builtins
