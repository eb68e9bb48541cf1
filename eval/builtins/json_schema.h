// JSON Schema as OPA's json.match_schema and json.verify_schema take it: drafts 4, 6 and 7, and
// without `$schema` all of them at once; the answers have the words of OPA's validator.
//
// Written here and not taken from a library: the libraries at hand round numbers to doubles, match
// patterns by backtracking, recurse without a limit, and say other words than OPA.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/builtins/builtin.h"
#include "eval/result.h"

namespace licet::builtins::json_schema {

struct Schema;

// A keyword that takes true, false or a schema; `schema` is null for the first two.
struct Allowed {
  bool allowed = true;
  const Schema* schema = nullptr;
};

struct Dependency {
  std::vector<std::string_view> keys;
  const Schema* schema = nullptr;  // instead of keys
};

struct Limits {  // counts; absent: no limit
  std::optional<std::int64_t> least;
  std::optional<std::int64_t> most;
};

// One schema, ready to validate. Texts and values are those of the schema document.
struct Schema {
  std::optional<bool> always;         // the schemas `true` and `false`
  const Schema* reference = nullptr;  // $ref: all else is ignored
  std::vector<std::string_view> types;

  std::vector<std::pair<std::string_view, const Schema*>> properties;  // ascending
  std::vector<std::pair<std::string_view, const Schema*>> pattern_properties;
  Allowed additional_properties;
  const Schema* property_names = nullptr;
  std::vector<std::pair<std::string_view, Dependency>> dependencies;
  std::vector<std::string_view> required;
  Limits property_count;

  std::vector<const Schema*> items;
  bool one_for_all_items = false;
  Allowed additional_items;
  const Schema* contains = nullptr;
  Limits item_count;
  bool unique_items = false;

  // Undefined if absent.
  Value multiple_of;
  Value minimum;
  Value exclusive_minimum;
  Value maximum;
  Value exclusive_maximum;

  Limits length;
  std::optional<std::string_view> pattern;
  std::string_view format;

  Value constant;
  std::optional<std::vector<Value>> enumeration;

  std::vector<const Schema*> any_of;
  std::vector<const Schema*> one_of;
  std::vector<const Schema*> all_of;
  const Schema* negated = nullptr;
  const Schema* condition = nullptr;
  const Schema* consequence = nullptr;
  const Schema* alternative = nullptr;
};

// All schemas of one document; stable in memory.
struct Document {
  std::deque<Schema> schemas;
  const Schema* root = nullptr;
};

// Reads a schema; an error says what is wrong with it. Work is charged: ask context.failure first.
Result<Document, std::string> document_from(Context& context, const Value& schema);

struct Mistake {
  std::string_view type;  // invalid_type
  std::string field;      // user.roles.0, or (Root)
  std::string description;
};

// What in `value` does not fit. Work is charged: ask context.failure first.
std::vector<Mistake> mistakes_in(Context& context, const Document& document, const Value& value);

// Whether text has a format such as `date-time`; true for formats that are not known.
bool has_format(Context& context, std::string_view text, std::string_view format);

// Schemas and documents that nest deeper than this are not looked at.
inline constexpr int kMaxNesting = 400;

}  // namespace licet::builtins::json_schema
