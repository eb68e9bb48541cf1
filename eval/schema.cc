#include "eval/schema.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "eval/number.h"
#include "eval/path_text.h"
#include "eval/schema_parts.h"
#include "eval/value_json.h"

namespace licet {
namespace {

constexpr std::size_t kLongestText = 120;
// Deeper types are cut short in texts, and deeper values than any that can be made do not fit.
constexpr int kMaxTextDepth = 4;
constexpr int kMaxTypeDepth = 1024;

bool is_ip(std::string_view text) {
  std::array<unsigned char, 16> bytes;
  const std::string copy(text);
  return copy.find('\0') == std::string::npos &&
         (inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1 ||
          inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1);
}

bool is_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || !is_ip(text.substr(0, slash))) return false;
  const std::string_view length = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  const unsigned most = text.substr(0, slash).find(':') == std::string_view::npos ? 32 : 128;
  return error == std::errc() && end == length.data() + length.size() && bits <= most;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

class TypeWriter {
 public:
  explicit TypeWriter(const Schema& schema) : schema_(schema) {}

  std::string text(TypeIndex type) {
    write(type, 0);
    if (text_.size() > kLongestText) text_ = text_.substr(0, cut()) + "…";
    return std::move(text_);
  }

 private:
  // Not inside of a code point.
  std::size_t cut() const {
    std::size_t at = kLongestText;
    while (at > 0 && (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80U) --at;
    return at;
  }

  void write(TypeIndex index, int depth) {
    if (depth > kMaxTextDepth || text_.size() > kLongestText) {
      text_ += "…";
      return;
    }
    const Type& type = schema_.types[index];
    switch (type.kind) {
      case TypeKind::kLiteral:
        append_json(type.literal, text_);
        return;
      case TypeKind::kUnion:
        write_list(type.members, " | ", depth);
        return;
      case TypeKind::kList:
        write_around("list[", type.members.front(), depth);
        return;
      case TypeKind::kMap:
        write_around("map[", type.members.front(), depth);
        return;
      case TypeKind::kRecord:
        write_record(type, depth);
        return;
      default:
        text_ += simple_name(type.kind);
    }
  }

  static std::string_view simple_name(TypeKind kind) {
    static constexpr std::string_view kNames[] = {"any",    "null", "bool", "int",  "number",
                                                  "string", "ip",   "cidr", "uuid", "time"};
    return kNames[static_cast<std::size_t>(kind)];
  }

  void write_list(const std::vector<TypeIndex>& members, std::string_view between, int depth) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) text_ += between;
      write(members[i], depth + 1);
    }
  }

  void write_around(std::string_view open, TypeIndex inner, int depth) {
    text_ += open;
    write(inner, depth + 1);
    text_ += ']';
  }

  void write_record(const Type& type, int depth) {
    text_ += '{';
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      if (i > 0) text_ += ", ";
      text_ += type.fields[i].name + (type.fields[i].optional ? "?: " : ": ");
      write(type.fields[i].type, depth + 1);
    }
    text_ += '}';
  }

  const Schema& schema_;
  std::string text_;
};

// Whether the values of an attribute may stand in a message.
enum class Show { kValue, kKindOnly };

std::string found_text(const Value& value, Show show) {
  std::string text(name_of(value.kind()));
  if (show == Show::kKindOnly || value.is_composite() || value.is_null()) return text;
  const std::string json = json_from_value(value);
  return json.size() <= kLongestText ? text + " " + json : text;
}

class Checker {
 public:
  explicit Checker(const Schema& schema) : schema_(schema) {}

  std::optional<SchemaError> check(TypeIndex index, const Value& value, const std::string& path,
                                   Show show, int depth = 0) {
    const Type& type = schema_.types[index];
    if (depth > kMaxTypeDepth || ++comparisons_ > kMaxSchemaComparisons)
      return misfit(index, value, path, show);
    switch (type.kind) {
      case TypeKind::kUnion:
        if (fits_one(type, value, depth)) return std::nullopt;
        return misfit(index, value, path, show);
      case TypeKind::kList:
        if (!value.is_array()) return misfit(index, value, path, show);
        return check_list(type, value, path, show, depth);
      case TypeKind::kMap:
        if (!value.is_object()) return misfit(index, value, path, show);
        return check_map(type, value, path, show, depth);
      case TypeKind::kRecord:
        if (!value.is_object()) return misfit(index, value, path, show);
        return check_record(type, value, path, show, depth);
      default:
        return fits(type, value) ? std::nullopt : misfit(index, value, path, show);
    }
  }

  // Without a word about why not. Counts on from `comparisons`.
  bool fits(TypeIndex type, const Value& value, int depth, std::uint64_t& comparisons) {
    comparisons_ = comparisons;
    ++in_unions_;
    const bool fits = !check(type, value, {}, Show::kKindOnly, depth);
    --in_unions_;
    comparisons = comparisons_;
    return fits;
  }

  SchemaError missing(TypeIndex type, std::string path) const {
    return {std::move(path), type_text(schema_, type), "missing"};
  }

 private:
  bool fits_one(const Type& type, const Value& value, int depth) {
    ++in_unions_;
    const bool fits = std::any_of(type.members.begin(), type.members.end(), [&](TypeIndex member) {
      return !check(member, value, {}, Show::kKindOnly, depth + 1);
    });
    --in_unions_;
    return fits;
  }

  std::optional<SchemaError> misfit(TypeIndex type, const Value& value, const std::string& path,
                                    Show show) const {
    if (in_unions_ > 0) return SchemaError{};  // nobody reads why one of many does not fit
    return SchemaError{path, type_text(schema_, type), found_text(value, show)};
  }

  static bool fits(const Type& type, const Value& value) {
    switch (type.kind) {
      case TypeKind::kAny:
        return true;
      case TypeKind::kNull:
        return value.is_null();
      case TypeKind::kBool:
        return value.is_bool();
      case TypeKind::kInt:
        return value.is_number() && is_integer(value);
      case TypeKind::kNumber:
        return value.is_number();
      case TypeKind::kString:
        return value.is_string();
      case TypeKind::kIp:
        return value.is_string() && is_ip(value.as_string());
      case TypeKind::kCidr:
        return value.is_string() && is_cidr(value.as_string());
      case TypeKind::kUuid:
        return value.is_string() && is_uuid(value.as_string());
      case TypeKind::kTime:
        return value.is_int64();
      case TypeKind::kLiteral:
        return value == type.literal;
      default:
        return false;
    }
  }

  std::optional<SchemaError> check_list(const Type& type, const Value& value,
                                        const std::string& path, Show show, int depth) {
    const auto elements = value.elements();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      auto error = check(type.members.front(), elements[i], {}, show, depth + 1);
      // The path is only written when there is something wrong with it.
      if (error) return located(std::move(*error), path + "[" + std::to_string(i) + "]");
    }
    return std::nullopt;
  }

  std::optional<SchemaError> check_map(const Type& type, const Value& value,
                                       const std::string& path, Show show, int depth) {
    for (const Entry& entry : value.entries()) {
      if (!entry.key.is_string()) {
        return SchemaError{path, "string keys", found_text(entry.key, show)};
      }
      auto error = check(type.members.front(), entry.value, {}, show, depth + 1);
      if (error) return located(std::move(*error), below(path, entry.key.as_string()));
    }
    return std::nullopt;
  }

  std::optional<SchemaError> check_record(const Type& type, const Value& value,
                                          const std::string& path, Show show, int depth) {
    std::size_t known = 0;
    for (const FieldType& field : type.fields) {
      const Value inner = value.get(field.name);
      if (inner.is_undefined()) {
        if (field.optional) continue;
        return in_unions_ > 0 ? SchemaError{} : missing(field.type, below(path, field.name));
      }
      ++known;
      const Show show_inner = field.redact || field.token ? Show::kKindOnly : show;
      auto error = check(field.type, inner, {}, show_inner, depth + 1);
      if (error) return located(std::move(*error), below(path, field.name));
    }
    return known == value.size() ? std::nullopt : unknown_field(type, value, path);
  }

  static std::optional<SchemaError> unknown_field(const Type& type, const Value& value,
                                                  const std::string& path) {
    std::vector<std::string_view> names;
    for (const FieldType& field : type.fields) names.push_back(field.name);
    for (const Entry& entry : value.entries()) {
      const std::string key(entry.key.is_string() ? entry.key.as_string() : std::string_view());
      if (entry.key.is_string() && std::find(names.begin(), names.end(), key) != names.end()) {
        continue;
      }
      const std::string_view meant = suggestion(key, names);
      std::string expected = "no attribute of this name";
      if (!meant.empty()) expected += " (did you mean `" + std::string(meant) + "`?)";
      return SchemaError{below(path, key), expected, std::string(name_of(entry.value.kind()))};
    }
    return std::nullopt;
  }

  static std::string below(std::string path, std::string_view key) {
    append_key(path, key);
    return path;
  }

  static SchemaError located(SchemaError error, std::string at) {
    if (!error.path.empty() && error.path.front() != '[') at += '.';
    error.path = at + error.path;
    return error;
  }

  const Schema& schema_;
  std::uint64_t comparisons_ = 0;
  int in_unions_ = 0;
};

}  // namespace

std::optional<SchemaError> check_value(const Schema& schema, TypeIndex type, const Value& value,
                                       const std::string& path) {
  return Checker(schema).check(type, value, path, Show::kValue);
}

bool fits_value(const Schema& schema, TypeIndex type, const Value& value, std::uint32_t depth,
                std::uint64_t& comparisons) {
  return Checker(schema).fits(type, value, static_cast<int>(depth), comparisons);
}

std::optional<SchemaError> check_request(const Schema& schema, const Value& request) {
  Checker checker(schema);
  for (const RootType& root : schema.roots) {
    const Value value = request.get(root.name);
    if (value.is_defined()) {
      if (auto error = checker.check(root.type, value, root.name, Show::kValue)) return error;
      continue;
    }
    const std::vector<FieldType>& fields = schema.types[root.type].fields;
    const bool needed = std::any_of(fields.begin(), fields.end(),
                                    [](const FieldType& field) { return !field.optional; });
    if (needed) return checker.missing(root.type, root.name);
  }
  return std::nullopt;
}

std::string type_text(const Schema& schema, TypeIndex type) {
  return TypeWriter(schema).text(type);
}

}  // namespace licet
