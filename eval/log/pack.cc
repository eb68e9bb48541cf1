#include "eval/log/pack.h"

#include <algorithm>
#include <vector>

#include "eval/builder.h"
#include "eval/log_entry.h"
#include "eval/number.h"
#include "eval/value_json.h"

namespace licet::log {
namespace {

void put_part(std::string& out, Part part) { put(out, static_cast<std::uint8_t>(part)); }

struct Member {
  std::string_view key;
  const Value* value;
};

std::vector<Member> members_of(std::span<const Entry> entries, std::vector<std::string>& texts) {
  std::vector<Member> members;
  texts.reserve(entries.size());  // views of them stay good
  for (const Entry& entry : entries) {
    if (entry.key.is_string()) {
      members.push_back({entry.key.as_string(), &entry.value});
    } else {
      texts.push_back(json_from_value(entry.key));
      members.push_back({texts.back(), &entry.value});
    }
  }
  const auto by_key = [](const Member& a, const Member& b) {
    return is_less_as_utf16(a.key, b.key);
  };
  if (!std::is_sorted(members.begin(), members.end(), by_key)) {
    std::stable_sort(members.begin(), members.end(), by_key);
  }
  return members;
}

void pack_object(std::span<const Entry> entries, std::string& out) {
  std::vector<std::string> texts;
  const std::vector<Member> members = members_of(entries, texts);
  put(out, static_cast<std::uint32_t>(members.size()));
  for (const Member& member : members) {
    put_text(out, member.key);
    pack_value(*member.value, out);
  }
}

}  // namespace

bool is_less_as_utf16(std::string_view a, std::string_view b) {
  const auto [at, bt] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at == a.end() || bt == b.end()) return at == a.end() && bt != b.end();
  const auto left = static_cast<std::uint8_t>(*at);
  const auto right = static_cast<std::uint8_t>(*bt);
  // Surrogates, which spell what begins with F0 and above, come before U+E000, which begins with
  // EE.
  const auto rank = [](std::uint8_t byte) { return byte >= 0xF0 ? 0xED00 + byte : byte << 8; };
  return rank(left) < rank(right);
}

void pack_value(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::kUndefined:
    case Kind::kNull:
      return put_part(out, Part::kNull);
    case Kind::kBool:
      return put_part(out, value.as_bool() ? Part::kTrue : Part::kFalse);
    case Kind::kNumber:
      put_part(out, value.is_int64() ? Part::kInteger : Part::kNumber);
      if (value.is_int64()) return put(out, value.as_int64());
      return put_text(out, number_text(value));
    case Kind::kString:
      put_part(out, Part::kString);
      return put_text(out, value.as_string());
    case Kind::kArray:
    case Kind::kSet:
      put_part(out, Part::kArray);
      put(out, static_cast<std::uint32_t>(value.size()));
      for (const Value& element : value.elements()) pack_value(element, out);
      return;
    case Kind::kObject:
      put_part(out, Part::kObject);
      return pack_object(value.entries(), out);
  }
}

void Unpacker::skip_value() {
  const Part kind = part();
  if (kind == Part::kInteger) {
    take<std::int64_t>();
  } else if (kind == Part::kNumber || kind == Part::kString) {
    text();
  } else if (kind == Part::kArray || kind == Part::kObject) {
    for (auto count = take<std::uint32_t>(); count > 0; --count) {
      if (kind == Part::kObject) text();
      skip_value();
    }
  }
}

std::string_view Unpacker::value() {
  const std::string_view begin = bytes_;
  skip_value();
  return begin.substr(0, begin.size() - bytes_.size());
}

namespace {

Value take_value(Unpacker& parts, Arena& arena) {
  const Part kind = parts.part();
  if (kind == Part::kTrue || kind == Part::kFalse) return Value::boolean(kind == Part::kTrue);
  if (kind == Part::kInteger) return Value::integer(parts.take<std::int64_t>());
  if (kind == Part::kString) return Value::string(parts.text(), arena);
  if (kind == Part::kNumber) {
    return number_from_text(parts.text(), arena).value_or(Value::null());
  }
  if (kind == Part::kArray) {
    ArrayBuilder array(arena);
    for (auto count = parts.take<std::uint32_t>(); count > 0; --count) {
      array.add(take_value(parts, arena));
    }
    return array.array();
  }
  if (kind != Part::kObject) return Value::null();
  ObjectBuilder object(arena);
  for (auto count = parts.take<std::uint32_t>(); count > 0; --count) {
    const std::string_view key = parts.text();
    object.add(key, take_value(parts, arena));
  }
  return object.object();
}

}  // namespace

Value value_from_packed(std::string_view packed, Arena& arena) {
  Unpacker parts(packed);
  return take_value(parts, arena);
}

DecisionPacker::DecisionPacker(std::string& out) : out_(out) { out_.clear(); }

void DecisionPacker::head(const Head& head) {
  put(out_, head.now_ns);
  put(out_, head.seed.value_or(0));
  put(out_, static_cast<std::uint8_t>((head.is_cached ? 1 : 0) | (head.seed ? 2 : 0)));
  for (const std::string_view text :
       {head.id, head.effect, head.cause, head.package, head.error, head.trace_id, head.span_id}) {
    put_text(out_, text);
  }
}

void DecisionPacker::add_rule(std::string_view package, std::string_view name) {
  put_part(out_, Part::kRule);
  put_text(out_, package);
  put_text(out_, name);
}

void DecisionPacker::add_message(std::string_view text) {
  put_part(out_, Part::kMessage);
  put_text(out_, text);
}

void DecisionPacker::add_control(std::string_view text) {
  put_part(out_, Part::kControl);
  put_text(out_, text);
}

void DecisionPacker::add_warning(std::string_view text) {
  put_part(out_, Part::kWarning);
  put_text(out_, text);
}

void DecisionPacker::add_obligation(std::string_view key, std::string_view json_value) {
  put_part(out_, Part::kObligation);
  put_text(out_, key);
  put_text(out_, json_value);
}

void DecisionPacker::add_read(std::uint32_t path, const Value& value) {
  if (value.is_undefined()) return;
  put_part(out_, Part::kRead);
  put(out_, path);
  pack_value(value, out_);
}

}  // namespace licet::log
