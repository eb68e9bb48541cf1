#include "eval/log/pack.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "eval/builder.h"
#include "eval/log_entry.h"
#include "eval/number.h"
#include "eval/value_json.h"

namespace licet::log {
namespace {

template <class Out>
void put_part(Out& out, Part part) {
  put(out, static_cast<std::uint8_t>(part));
}

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

template <class Out>
void pack(const Value& value, Out& out);

template <class Out>
void pack_object(std::span<const Entry> entries, Out& out) {
  std::vector<std::string> texts;
  const std::vector<Member> members = members_of(entries, texts);
  put(out, static_cast<std::uint32_t>(members.size()));
  for (const Member& member : members) {
    put_text(out, member.key);
    pack(*member.value, out);
  }
}

template <class Out>
void pack(const Value& value, Out& out) {
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
    case Kind::kString: {
      const std::string_view text = value.as_string();
      if (text.size() > UINT8_MAX) {
        put_part(out, Part::kString);
        return put_text(out, text);
      }
      put_part(out, Part::kShortString);
      put(out, static_cast<std::uint8_t>(text.size()));
      out += text;
      return;
    }
    case Kind::kArray:
    case Kind::kSet:
      put_part(out, Part::kArray);
      put(out, static_cast<std::uint32_t>(value.size()));
      for (const Value& element : value.elements()) pack(element, out);
      return;
    case Kind::kObject:
      put_part(out, Part::kObject);
      return pack_object(value.entries(), out);
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

void pack_value(const Value& value, std::string& out) { pack(value, out); }
void pack_value(const Value& value, RecordBuffer& out) { pack(value, out); }

void Unpacker::skip_value() {
  const Part kind = part();
  if (kind == Part::kInteger) {
    integer();
  } else if (kind == Part::kNumber || kind == Part::kString) {
    text();
  } else if (kind == Part::kArray || kind == Part::kObject) {
    for (auto left = count(); left > 0; --left) {
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
  if (kind == Part::kInteger) return Value::integer(parts.integer());
  if (kind == Part::kString) return Value::string(parts.text(), arena);
  if (kind == Part::kNumber) {
    return number_from_text(parts.text(), arena).value_or(Value::null());
  }
  if (kind == Part::kArray) {
    ArrayBuilder array(arena);
    for (auto count = parts.count(); count > 0; --count) {
      array.add(take_value(parts, arena));
    }
    return array.array();
  }
  if (kind != Part::kObject) return Value::null();
  ObjectBuilder object(arena);
  for (auto count = parts.count(); count > 0; --count) {
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

void RecordBuffer::clear(std::size_t kept_bytes) {
  size_ = 0;
  if (capacity_ <= kept_bytes) return;
  bytes_.reset();
  capacity_ = 0;
}

void RecordBuffer::grow(std::size_t count) {
  const std::size_t capacity = std::max({2 * capacity_, size_ + count, std::size_t{1024}});
  std::unique_ptr<char[]> bytes(new char[capacity]);
  if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
}

void DecisionPacker::head(const Head& head) {
  const bool has_texts = !head.package.empty() || !head.error.empty() || !head.trace_id.empty() ||
                         !head.span_id.empty();
  put(out_, head.now_ns);
  put(out_, head.seed.value_or(0));
  put(out_, static_cast<std::uint8_t>(
                (head.is_cached ? kIsCached : 0) | (head.seed ? kHasSeed : 0) |
                (head.id_text.empty() ? 0 : kHasIdText) | (has_texts ? kHasTexts : 0)));
  put(out_, static_cast<std::uint8_t>(head.cause));
  if (head.id_text.empty()) {
    put(out_, head.id);
  } else {
    put_text(out_, head.id_text);
  }
  if (!has_texts) return;
  for (const std::string_view text : {head.package, head.error, head.trace_id, head.span_id}) {
    put_text(out_, text);
  }
}

void DecisionPacker::add_rule(std::uint32_t rule) {
  put_part(out_, Part::kRule);
  put(out_, rule);
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

namespace {

// Writes one read into room that is made before: its head, then its value, whose size is noted at
// the end.
class ReadPen {
 public:
  // `most`: bytes of the value.
  ReadPen(RecordBuffer& out, std::uint32_t path, std::size_t most)
      : out_(out),
        begin_(out.room(kFarHeadBytes + most)),
        at_(begin_),
        is_far_(path > UINT16_MAX || most > UINT16_MAX) {
    if (is_far_) {
      part(Part::kFarRead).number(path).number(std::uint32_t{0});
    } else {
      part(Part::kRead).number(static_cast<std::uint16_t>(path)).number(std::uint16_t{0});
    }
    value_ = at_;
  }

  template <class T>
  ReadPen& number(T value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
    return *this;
  }
  ReadPen& part(Part part) { return number(static_cast<std::uint8_t>(part)); }
  ReadPen& list(std::size_t count) {
    if (count <= UINT8_MAX) {
      return part(Part::kShortArray).number(static_cast<std::uint8_t>(count));
    }
    return part(Part::kArray).number(static_cast<std::uint32_t>(count));
  }
  // Short texts are copied with the zeros behind them, which the next part covers.
  ReadPen& string(const Text& text) {
    if (text.size <= UINT8_MAX) {
      part(Part::kShortString).number(static_cast<std::uint8_t>(text.size));
    } else {
      part(Part::kString).number(static_cast<std::uint32_t>(text.size));
    }
    if (text.size <= Text::kInline) {
      std::memcpy(at_, text.words, Text::kInline);
    } else {
      std::memcpy(at_, text.longer, text.size);
    }
    at_ += text.size;
    return *this;
  }
  void finish() {
    const auto size = static_cast<std::size_t>(at_ - value_);
    if (is_far_) {
      const auto number = static_cast<std::uint32_t>(size);
      std::memcpy(value_ - sizeof number, &number, sizeof number);
    } else {
      const auto number = static_cast<std::uint16_t>(size);
      std::memcpy(value_ - sizeof number, &number, sizeof number);
    }
    out_.advance(static_cast<std::size_t>(at_ - begin_));
  }

 private:
  static constexpr std::size_t kFarHeadBytes = 1 + 4 + 4;

  RecordBuffer& out_;
  char* const begin_;
  char* at_;
  char* value_ = nullptr;
  bool is_far_;
};

std::size_t room_of(const Text& text) {
  return 1 + 4 + std::max<std::size_t>(text.size, Text::kInline);
}

// A value whose size shows only when it is packed.
template <class PackValue>
void add_far_read(RecordBuffer& out, std::uint32_t path, PackValue pack_value) {
  put_part(out, Part::kFarRead);
  put(out, path);
  put(out, std::uint32_t{0});
  const std::size_t begin = out.size();
  pack_value();
  const auto size = static_cast<std::uint32_t>(out.size() - begin);
  std::memcpy(out.at(begin - sizeof size), &size, sizeof size);
}

}  // namespace

void DecisionPacker::add_read(std::uint32_t path, const Value& value) {
  if (value.is_undefined()) return;
  if (value.is_int64()) {
    ReadPen pen(out_, path, 1 + 8);
    const std::int64_t number = value.as_int64();
    if (number >= 0 && number <= UINT8_MAX) {
      pen.part(Part::kSmallInteger).number(static_cast<std::uint8_t>(number));
    } else {
      pen.part(Part::kInteger).number(number);
    }
    return pen.finish();
  }
  if (value.is_bool()) {
    ReadPen pen(out_, path, 1);
    pen.part(value.as_bool() ? Part::kTrue : Part::kFalse);
    return pen.finish();
  }
  add_far_read(out_, path, [&] { pack(value, out_); });
}

void DecisionPacker::add_read(std::uint32_t path, const Text& text) {
  ReadPen pen(out_, path, room_of(text));
  pen.string(text);
  pen.finish();
}

void DecisionPacker::add_read(std::uint32_t path, std::span<const Text> texts) {
  std::size_t room = 1 + 4;
  for (const Text& text : texts) room += room_of(text);
  ReadPen pen(out_, path, room);
  pen.list(texts.size());
  for (const Text& text : texts) pen.string(text);
  pen.finish();
}

void DecisionPacker::add_read(std::uint32_t path, std::span<const Value> values) {
  add_far_read(out_, path, [&] {
    put_part(out_, Part::kArray);
    put(out_, static_cast<std::uint32_t>(values.size()));
    for (const Value& value : values) pack(value, out_);
  });
}

void DecisionPacker::add_read_json(std::uint32_t path, std::string_view json) {
  put_part(out_, Part::kReadJson);
  put(out_, path);
  put_text(out_, json);
}

}  // namespace licet::log
