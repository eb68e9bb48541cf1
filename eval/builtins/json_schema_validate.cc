// Values against a Schema.
#include <algorithm>
#include <cstdio>
#include <map>

#include "eval/builtins/elements.h"
#include "eval/builtins/json_schema.h"
#include "eval/builtins/json_text.h"
#include "eval/builtins/regex_cache.h"
#include "eval/number.h"

namespace licet::builtins::json_schema {
namespace {

// Where in the value the validator is.
struct Place {
  std::string_view name;
  const Place* outer;
};

std::string text_of(const Place& place) {
  if (place.outer == nullptr) return "(Root)";
  if (place.outer->outer == nullptr) return std::string(place.name);
  return text_of(*place.outer) + "." + std::string(place.name);
}

// As Go prints a number of ten digits.
std::string short_number(const Value& number) {
  char text[40];
  std::snprintf(text, sizeof text, "%.10g", number_to_double(number));
  return text;
}

std::string_view type_name(const Value& value) {
  if (value.is_number()) return is_integer(value) ? "integer" : "number";
  return name_of(value.kind());
}

bool is_multiple(const Value& number, const Value& of) {
  mpq_t quotient;
  mpq_t divisor;
  mpq_inits(quotient, divisor, nullptr);
  const auto set = [](mpq_t to, const Value& value) {
    // number_text is an exact decimal: digits, a point, digits, or an exponent.
    std::string text = number_text(value);
    long exponent = 0;
    if (const std::size_t e = text.find_first_of("eE"); e != std::string::npos) {
      exponent = std::stol(text.substr(e + 1));
      text.resize(e);
    }
    if (const std::size_t point = text.find('.'); point != std::string::npos) {
      exponent -= static_cast<long>(text.size() - point - 1);
      text.erase(point, 1);
    }
    mpz_set_str(mpq_numref(to), text.c_str(), 10);
    mpz_ui_pow_ui(mpq_denref(to), 10, static_cast<unsigned long>(std::abs(exponent)));
    if (exponent > 0) {
      mpz_mul(mpq_numref(to), mpq_numref(to), mpq_denref(to));
      mpz_set_ui(mpq_denref(to), 1);
    }
    mpq_canonicalize(to);
  };
  set(quotient, number);
  set(divisor, of);
  mpq_div(quotient, quotient, divisor);
  const bool is_whole = mpz_cmp_ui(mpq_denref(quotient), 1) == 0;
  mpq_clears(quotient, divisor, nullptr);
  return is_whole;
}

// What was found, and how far a schema that does not fit came: of several the best is shown.
struct Findings {
  std::vector<Mistake> mistakes;
  int score = 0;

  bool good() const { return mistakes.empty(); }
  void add(Findings other) {
    std::move(other.mistakes.begin(), other.mistakes.end(), std::back_inserter(mistakes));
    score += other.score;
  }
};

// What applying one schema to one value takes: some hundreds of nanoseconds.
constexpr std::uint64_t kStepsOfSchema = 32;

class Validator {
 public:
  explicit Validator(Context& context) : context_(context) {}

  Findings run(const Schema& schema, const Value& value) {
    Findings findings;
    validate(schema, value, {"", nullptr}, findings);
    return findings;
  }

 private:
  bool stopped() const { return context_.failure != Context::Failure::kNone; }

  void validate(const Schema& schema, const Value& value, const Place& place, Findings& out);
  bool has_type(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void combined(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void any_of(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void one_of(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void all_of(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void dependencies(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void condition(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void common(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void array(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void items(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void unique(const Value& value, const Place& place, Findings& out);
  void contains(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void object(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void property(const Schema& schema, const Entry& entry, const Place& place, Findings& out);
  void properties(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void string(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void number(const Schema& schema, const Value& value, const Place& place, Findings& out);
  void counts(const Limits& limits, std::size_t count, std::string_view least_type,
              const std::string& least_text, std::string_view most_type,
              const std::string& most_text, std::string_view end, const Place& place,
              Findings& out);

  Findings inner(const Schema& schema, const Value& value, const Place& place) {
    Findings findings;
    validate(schema, value, place, findings);
    return findings;
  }
  void add(std::string_view type, std::string description, const Place& place, Findings& out) {
    Mistake mistake{type, text_of(place), std::move(description)};
    if (!context_.charge(kStepsOfSchema + (mistake.field.size() + mistake.description.size()) / 16))
      return;
    out.mistakes.push_back(std::move(mistake));
    out.score -= 2;
  }
  bool matches(std::string_view pattern, std::string_view text) {
    const RegexCache::Pattern compiled = context_.regexes.compile(pattern);
    if (!context_.charge(compiled.steps + 1 + text.size() / 8)) return false;
    return compiled.regex->ok() && compiled.regex->Match({text.data(), text.size()}, 0, text.size(),
                                                         RE2::UNANCHORED, nullptr, 0);
  }
  // JSON text as a message shows it.
  std::string shown(const Value& value) {
    return context_.charge(1 + value.weight() / 16) ? json_text(value).value_or("...") : "";
  }

  Context& context_;
  int depth_ = 0;
};

void Validator::validate(const Schema& schema, const Value& value, const Place& place,
                         Findings& out) {
  if (stopped() || !context_.charge(kStepsOfSchema)) return;
  if (depth_ >= kMaxNesting) {
    context_.fail_budget("the schema refers to itself too deep");
    return;
  }
  ++depth_;
  if (schema.always) {
    if (!*schema.always) add("false", "False always fails validation", place, out);
  } else if (schema.reference != nullptr) {
    validate(*schema.reference, value, place, out);
  } else {
    if (has_type(schema, value, place, out)) {
      combined(schema, value, place, out);
      if (value.is_array()) array(schema, value, place, out);
      if (value.is_object()) object(schema, value, place, out);
      if (value.is_number()) number(schema, value, place, out);
      common(schema, value, place, out);
      if (value.is_string()) string(schema, value, place, out);
      if (value.is_object()) properties(schema, value, place, out);
      ++out.score;
    }
  }
  --depth_;
}

bool Validator::has_type(const Schema& schema, const Value& value, const Place& place,
                         Findings& out) {
  const std::vector<std::string_view>& types = schema.types;
  const auto has = [&](std::string_view type) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  const std::string_view given = type_name(value);
  if (types.empty() || has(given) || (value.is_number() && has("number"))) return true;
  std::string expected;
  for (const std::string_view type : types)
    expected += (expected.empty() ? "" : ",") + std::string(type);
  if (types.size() > 1) expected = "[" + expected + "]";
  add("invalid_type", "Invalid type. Expected: " + expected + ", given: " + std::string(given),
      place, out);
  return false;
}

void Validator::combined(const Schema& schema, const Value& value, const Place& place,
                         Findings& out) {
  if (!schema.any_of.empty()) any_of(schema, value, place, out);
  if (!schema.one_of.empty()) one_of(schema, value, place, out);
  if (!schema.all_of.empty()) all_of(schema, value, place, out);
  if (schema.negated != nullptr && inner(*schema.negated, value, place).good()) {
    add("number_not", "Must not validate the schema (not)", place, out);
  }
  if (value.is_object()) dependencies(schema, value, place, out);
  if (schema.condition != nullptr) condition(schema, value, place, out);
  ++out.score;
}

void Validator::any_of(const Schema& schema, const Value& value, const Place& place,
                       Findings& out) {
  std::optional<Findings> best;
  for (const Schema* one : schema.any_of) {
    Findings found = inner(*one, value, place);
    if (found.good()) return;
    if (!best || found.score > best->score) best = std::move(found);
  }
  add("number_any_of", "Must validate at least one schema (anyOf)", place, out);
  if (best) out.add(std::move(*best));
}

void Validator::one_of(const Schema& schema, const Value& value, const Place& place,
                       Findings& out) {
  std::size_t good = 0;
  std::optional<Findings> best;
  for (const Schema* one : schema.one_of) {
    Findings found = inner(*one, value, place);
    if (found.good()) {
      ++good;
    } else if (good == 0 && (!best || found.score > best->score)) {
      best = std::move(found);
    }
  }
  if (good == 1) return;
  add("number_one_of", "Must validate one and only one schema (oneOf)", place, out);
  if (good == 0 && best) out.add(std::move(*best));
}

void Validator::all_of(const Schema& schema, const Value& value, const Place& place,
                       Findings& out) {
  bool good = true;
  for (const Schema* one : schema.all_of) {
    Findings found = inner(*one, value, place);
    good = good && found.good();
    out.add(std::move(found));
  }
  if (!good) add("number_all_of", "Must validate all the schemas (allOf)", place, out);
}

void Validator::dependencies(const Schema& schema, const Value& value, const Place& place,
                             Findings& out) {
  for (const auto& [key, dependency] : schema.dependencies) {
    if (value.get(key).is_undefined()) continue;
    if (dependency.schema != nullptr) validate(*dependency.schema, value, place, out);
    for (const std::string_view needed : dependency.keys) {
      if (value.get(needed).is_defined()) continue;
      add("missing_dependency", "Has a dependency on " + std::string(needed), place, out);
    }
  }
}

void Validator::condition(const Schema& schema, const Value& value, const Place& place,
                          Findings& out) {
  const bool holds = inner(*schema.condition, value, place).good();
  const Schema* next = holds ? schema.consequence : schema.alternative;
  if (next == nullptr) return;
  Findings found = inner(*next, value, place);
  if (found.good()) return;
  if (holds) {
    add("condition_then", "Must validate \"then\" as \"if\" was valid", place, out);
  } else {
    add("condition_else", "Must validate \"else\" as \"if\" was not valid", place, out);
  }
  out.add(std::move(found));
}

void Validator::common(const Schema& schema, const Value& value, const Place& place,
                       Findings& out) {
  if (schema.constant.is_defined() && !(schema.constant == value)) {
    add("const", text_of(place) + " does not match: " + shown(schema.constant), place, out);
  }
  if (schema.enumeration) {
    const std::vector<Value>& all = *schema.enumeration;
    if (std::find(all.begin(), all.end(), value) == all.end()) {
      std::string allowed;
      for (const Value& one : all) allowed += (allowed.empty() ? "" : ", ") + shown(one);
      add("enum", text_of(place) + " must be one of the following: " + allowed, place, out);
    }
  }
  if (!schema.format.empty() && value.is_string() &&
      !has_format(context_, value.as_string(), schema.format)) {
    add("format", "Does not match format '" + std::string(schema.format) + "'", place, out);
  }
  ++out.score;
}

void Validator::counts(const Limits& limits, std::size_t count, std::string_view least_type,
                       const std::string& least_text, std::string_view most_type,
                       const std::string& most_text, std::string_view end, const Place& place,
                       Findings& out) {
  const auto size = static_cast<std::int64_t>(count);
  if (limits.least && size < *limits.least) {
    add(least_type, least_text + std::to_string(*limits.least) + std::string(end), place, out);
  }
  if (limits.most && size > *limits.most) {
    add(most_type, most_text + std::to_string(*limits.most) + std::string(end), place, out);
  }
}

void Validator::items(const Schema& schema, const Value& value, const Place& place, Findings& out) {
  const auto elements = value.elements();
  for (std::size_t i = 0; i < elements.size() && !stopped(); ++i) {
    const Schema* one = nullptr;
    if (schema.one_for_all_items) {
      one = schema.items[0];
    } else if (i < schema.items.size()) {
      one = schema.items[i];
    } else if (!schema.items.empty()) {
      one = schema.additional_items.schema;
    }
    if (one == nullptr) break;
    const std::string name = std::to_string(i);
    out.add(inner(*one, elements[i], {name, &place}));
  }
  const bool has_more =
      !schema.one_for_all_items && !schema.items.empty() && schema.items.size() < elements.size();
  if (has_more && !schema.additional_items.allowed) {
    add("array_no_additional_items", "No additional items allowed on array", place, out);
  }
}

void Validator::array(const Schema& schema, const Value& value, const Place& place, Findings& out) {
  items(schema, value, place, out);
  counts(schema.item_count, value.size(), "array_min_items", "Array must have at least ",
         "array_max_items", "Array must have at most ", " items", place, out);
  if (schema.unique_items) unique(value, place, out);
  if (schema.contains != nullptr) contains(schema, value, place, out);
  ++out.score;
}

void Validator::unique(const Value& value, const Place& place, Findings& out) {
  if (!context_.charge(1 + value.weight() / 8)) return;
  std::map<Value, std::size_t> seen;
  std::size_t j = 0;
  for (const Value& element : value.elements()) {
    const auto [found, is_new] = seen.emplace(element, j);
    if (!is_new) {
      add("unique",
          "array items[" + std::to_string(found->second) + "," + std::to_string(j) +
              "] must be unique",
          place, out);
      found->second = j;
    }
    ++j;
  }
}

void Validator::contains(const Schema& schema, const Value& value, const Place& place,
                         Findings& out) {
  std::optional<Findings> best;
  std::size_t i = 0;
  for (const Value& element : value.elements()) {
    const std::string name = std::to_string(i++);
    Findings found = inner(*schema.contains, element, {name, &place});
    if (found.good()) return;
    if (!best || found.score > best->score) best = std::move(found);
  }
  add("contains", "At least one of the items must match", place, out);
  if (best) out.add(std::move(*best));
}

void Validator::property(const Schema& schema, const Entry& entry, const Place& place,
                         Findings& out) {
  const std::string_view name = entry.key.as_string();
  const auto known = std::lower_bound(
      schema.properties.begin(), schema.properties.end(), name,
      [](const auto& property, std::string_view key) { return property.first < key; });
  bool described = known != schema.properties.end() && known->first == name;
  bool matched = false;
  for (const auto& [pattern, one] : schema.pattern_properties) {
    if (!matches(pattern, name)) continue;
    matched = true;
    out.add(inner(*one, entry.value, {name, &place}));
  }
  if (matched) ++out.score;
  if (described || matched) return;
  if (schema.additional_properties.schema != nullptr) {
    out.add(inner(*schema.additional_properties.schema, entry.value, {name, &place}));
  } else if (!schema.additional_properties.allowed) {
    add("additional_property_not_allowed",
        "Additional property " + std::string(name) + " is not allowed", place, out);
  }
}

void Validator::object(const Schema& schema, const Value& value, const Place& place,
                       Findings& out) {
  counts(schema.property_count, value.size(), "array_min_properties", "Must have at least ",
         "array_max_properties", "Must have at most ", " properties", place, out);
  for (const std::string_view name : schema.required) {
    if (value.get(name).is_defined()) {
      ++out.score;
    } else {
      add("required", std::string(name) + " is required", place, out);
    }
  }
  for (const Entry& entry : value.entries()) {
    if (stopped()) return;
    property(schema, entry, place, out);
  }
  for (const Entry& entry : value.entries()) {
    if (schema.property_names == nullptr) break;
    Findings found = inner(*schema.property_names, entry.key, place);
    if (found.good()) continue;
    add("invalid_property_name",
        "Property name of \"" + std::string(entry.key.as_string()) + "\" does not match", place,
        out);
    out.add(std::move(found));
  }
  ++out.score;
}

void Validator::properties(const Schema& schema, const Value& value, const Place& place,
                           Findings& out) {
  for (const auto& [name, one] : schema.properties) {
    const Value below = value.get(name);
    if (below.is_defined()) validate(*one, below, {name, &place}, out);
  }
}

void Validator::string(const Schema& schema, const Value& value, const Place& place,
                       Findings& out) {
  const std::string_view text = value.as_string();
  if (schema.length.least || schema.length.most) {
    if (!context_.charge(1 + text.size() / 16)) return;
    counts(schema.length, code_point_count(text), "string_gte",
           "String length must be greater than or equal to ", "string_lte",
           "String length must be less than or equal to ", "", place, out);
  }
  if (schema.pattern && !matches(*schema.pattern, text) && !stopped()) {
    add("pattern", "Does not match pattern '" + std::string(*schema.pattern) + "'", place, out);
  }
  ++out.score;
}

void Validator::number(const Schema& schema, const Value& value, const Place& place,
                       Findings& out) {
  if (!context_.charge(1 + value.weight() / 8)) return;
  if (schema.multiple_of.is_defined() && !is_multiple(value, schema.multiple_of)) {
    add("multiple_of", "Must be a multiple of " + short_number(schema.multiple_of), place, out);
  }
  if (schema.maximum.is_defined() && compare(value, schema.maximum) > 0) {
    add("number_lte", "Must be less than or equal to " + short_number(schema.maximum), place, out);
  }
  if (schema.exclusive_maximum.is_defined() && compare(value, schema.exclusive_maximum) >= 0) {
    add("number_lt", "Must be less than " + short_number(schema.exclusive_maximum), place, out);
  }
  if (schema.minimum.is_defined() && compare(value, schema.minimum) < 0) {
    add("number_gte", "Must be greater than or equal to " + short_number(schema.minimum), place,
        out);
  }
  if (schema.exclusive_minimum.is_defined() && compare(value, schema.exclusive_minimum) <= 0) {
    add("number_gt", "Must be greater than " + short_number(schema.exclusive_minimum), place, out);
  }
  ++out.score;
}

}  // namespace

std::vector<Mistake> mistakes_in(Context& context, const Document& document, const Value& value) {
  return Validator(context).run(*document.root, value).mistakes;
}

}  // namespace licet::builtins::json_schema
