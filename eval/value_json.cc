// Value -> JSON and Rego text. Reading is in value_json_read.cc.
#include "eval/value_json.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "eval/number.h"
#include "eval/quote.h"
#include "eval/utf8.h"

namespace licet {
namespace {

// A key as JSON wants it: text.
std::string key_text(const Value& key) {
  return key.is_string() ? std::string(key.as_string()) : json_from_value(key);
}

struct Member {
  std::string key;
  const Value* value = nullptr;
};

// Members in the order of their texts; of equal texts (1 and "1") the last wins.
std::vector<Member> members_by_text(std::span<const Entry> entries) {
  std::vector<Member> members;
  members.reserve(entries.size());
  for (const Entry& entry : entries) members.push_back({key_text(entry.key), &entry.value});
  const auto by_key = [](const Member& a, const Member& b) { return a.key < b.key; };
  std::stable_sort(members.begin(), members.end(), by_key);
  std::size_t kept = 0;
  for (Member& member : members) {
    if (kept > 0 && members[kept - 1].key == member.key) --kept;
    if (&members[kept] != &member) members[kept] = std::move(member);
    ++kept;
  }
  members.resize(kept);
  return members;
}

class JsonWriter {
 public:
  JsonWriter(JsonStyle style, std::string& out) : style_(style), out_(out) {}

  void write(const Value& value) {
    switch (value.kind()) {
      case Kind::kUndefined:
      case Kind::kNull:
        out_ += "null";
        return;
      case Kind::kBool:
        out_ += value.as_bool() ? "true" : "false";
        return;
      case Kind::kNumber:
        out_ += number_text(value);
        return;
      case Kind::kString:
        append_json_string(value.as_string(), out_);
        return;
      case Kind::kArray:
      case Kind::kSet:
        return write_elements(value.elements());
      case Kind::kObject:
        return write_object(value.entries());
    }
  }

 private:
  void write_elements(std::span<const Value> elements) {
    open('[');
    for (const Value& element : elements) {
      begin_item();
      write(element);
    }
    close(']', elements.empty());
  }

  void write_object(std::span<const Entry> entries) {
    open('{');
    // Strings come after the other scalars, so one look at each end tells.
    const bool only_strings =
        entries.empty() || (entries.front().key.is_string() && entries.back().key.is_string());
    if (only_strings) {
      for (const Entry& entry : entries) write_member(entry.key.as_string(), entry.value);
    } else {
      for (const Member& member : members_by_text(entries)) {
        write_member(member.key, *member.value);
      }
    }
    close('}', entries.empty());
  }

  void write_member(std::string_view key, const Value& value) {
    begin_item();
    append_json_string(key, out_);
    out_ += style_ == JsonStyle::kPretty ? ": " : ":";
    write(value);
  }

  void open(char bracket) {
    out_ += bracket;
    ++depth_;
    is_first_ = true;
  }

  void begin_item() {
    if (!is_first_) out_ += ',';
    is_first_ = false;
    break_line();
  }

  void close(char bracket, bool is_empty) {
    --depth_;
    if (!is_empty) break_line();
    out_ += bracket;
    is_first_ = false;
  }

  void break_line() {
    if (style_ == JsonStyle::kCompact) return;
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  JsonStyle style_;
  std::string& out_;
  std::size_t depth_ = 0;
  bool is_first_ = true;
};

void append_rego(const Value& value, std::string& out);

void append_rego_list(std::span<const Value> elements, std::string& out) {
  for (const Value& element : elements) {
    if (&element != &elements.front()) out += ", ";
    append_rego(element, out);
  }
}

void append_rego_object(std::span<const Entry> entries, std::string& out) {
  out += '{';
  for (const Entry& entry : entries) {
    if (&entry != &entries.front()) out += ", ";
    append_rego(entry.key, out);
    out += ": ";
    append_rego(entry.value, out);
  }
  out += '}';
}

void append_rego_set(std::span<const Value> elements, std::string& out) {
  if (elements.empty()) {
    out += "set()";
    return;
  }
  out += '{';
  append_rego_list(elements, out);
  out += '}';
}

void append_rego(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::kUndefined:
      out += "undefined";
      return;
    case Kind::kNull:
      out += "null";
      return;
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case Kind::kNumber:
      out += number_text(value);
      return;
    case Kind::kString:
      return append_quoted(value.as_string(), QuoteStyle::kUnicode, out);
    case Kind::kArray:
      out += '[';
      append_rego_list(value.elements(), out);
      out += ']';
      return;
    case Kind::kSet:
      return append_rego_set(value.elements(), out);
    case Kind::kObject:
      return append_rego_object(value.entries(), out);
  }
}

}  // namespace

namespace {

void append_valid_json_string(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        if (static_cast<unsigned char>(c) >= ' ') {
          out += c;
        } else {
          out += "\\u00";
          out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
          out += "0123456789abcdef"[c & 0xF];
        }
    }
  }
}

}  // namespace

// Strings can hold any bytes (base64.decode makes them), JSON only UTF-8: every other byte is
// U+FFFD, as in OPA.
void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  const bool is_ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  while (!is_ascii) {
    const std::size_t valid = first_invalid_utf8(text);
    append_valid_json_string(text.substr(0, valid), out);
    if (valid == text.size()) break;
    out += "\\ufffd";
    text.remove_prefix(valid + 1);
  }
  if (is_ascii) append_valid_json_string(text, out);
  out += '"';
}

void append_json(const Value& value, std::string& out) {
  JsonWriter(JsonStyle::kCompact, out).write(value);
}

std::string json_from_value(const Value& value, JsonStyle style) {
  std::string out;
  JsonWriter(style, out).write(value);
  return out;
}

std::string rego_text(const Value& value) {
  std::string out;
  append_rego(value, out);
  return out;
}

}  // namespace licet
