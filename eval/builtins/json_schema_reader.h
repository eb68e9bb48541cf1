// Schema documents -> Schema: the class that reads them. Keywords are in json_schema_keywords.cc,
// the rest in json_schema_read.cc.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/builtins/json_schema.h"

namespace licet::builtins::json_schema {

enum class Draft { k4, k6, k7, kAny };

// Reads one document. What is wrong with it first is told in the words of OPA.
class Reader {
 public:
  Reader(Context& context, const Value& root) : context_(context), root_(root) {}

  Result<Document, std::string> run() {
    if (!root_.is_bool() && !root_.is_object()) return error("schema is invalid");
    if (!choose_draft() || !index(root_, "", 0)) return error(std::move(error_));
    const Schema* schema = read(root_, "", 0);
    if (schema == nullptr) return error(std::move(error_));
    document_.root = schema;
    return std::move(document_);
  }

 private:
  static Failure<std::string> error(std::string text) { return {std::move(text)}; }
  bool fail(std::string text) {
    if (error_.empty()) error_ = std::move(text);
    return false;
  }
  bool wrong(std::string_view expected, std::string_view given) {
    return fail("Invalid type. Expected: " + std::string(expected) +
                ", given: " + std::string(given));
  }
  bool must_be(std::string_view key, std::string_view what) {
    return fail(std::string(key) + " must be " + std::string(what));
  }

  bool choose_draft();
  bool index(const Value& value, const std::string& base, int depth);
  const Schema* read(const Value& value, const std::string& base, int depth);
  bool read_object(const Value& object, const std::string& base, Schema& schema);
  bool read_reference(const Value& object, const std::string& base, Schema& schema);
  bool read_types(const Value& object, Schema& schema);
  bool read_properties(const Value& object, Schema& schema);
  bool read_dependencies(const Value& object, Schema& schema);
  bool read_items(const Value& object, Schema& schema);
  bool read_numbers(const Value& object, Schema& schema);
  bool read_bound(const Value& object, std::string_view key, Value& bound);
  bool read_exclusive(const Value& object, std::string_view key, std::string_view inclusive_key,
                      Value& inclusive, Value& exclusive);
  bool read_strings(const Value& object, Schema& schema);
  bool read_counts(const Value& object, std::string_view least, std::string_view most,
                   std::string_view problem, Limits& limits);
  bool read_count(const Value& object, std::string_view key, std::optional<std::int64_t>& count);
  bool read_required(const Value& object, Schema& schema);
  bool read_array_rules(const Value& object, Schema& schema);
  bool read_values(const Value& object, Schema& schema);
  bool read_combined(const Value& object, Schema& schema);
  bool read_all(const Value& object, std::string_view key, std::vector<const Schema*>& schemas);
  bool read_one(const Value& object, std::string_view key, const Schema*& schema);
  bool read_allowed(const Value& object, std::string_view key, Allowed& allowed);
  bool read_text(const Value& object, std::string_view key, std::optional<std::string_view>& text);
  bool compiles(std::string_view pattern);
  const Schema* child(const Value& value) { return read(value, base_, depth_ + 1); }

  Context& context_;
  const Value root_;
  Draft draft_ = Draft::kAny;
  Document document_;
  std::map<std::string, Value> by_id_;
  std::map<std::string, const Schema*> by_reference_;
  std::string error_;
  std::string base_;  // of the schema being read
  int depth_ = 0;
};

}  // namespace licet::builtins::json_schema
