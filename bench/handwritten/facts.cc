#include "bench/handwritten/facts.h"

namespace licet::bench {
namespace {

std::string_view text_at(const Value& root, std::string_view name) {
  const Value value = root.get(name);
  return value.is_string() ? value.as_string() : std::string_view();
}

std::int64_t integer_at(const Value& root, std::string_view name) {
  const Value value = root.get(name);
  return value.is_int64() ? value.as_int64() : 0;
}

ShortList<std::string_view> texts_at(const Value& root, std::string_view name) {
  ShortList<std::string_view> texts;
  const Value value = root.get(name);
  if (!value.is_array()) return texts;
  for (const Value& element : value.elements()) {
    if (element.is_string() && texts.has_room()) texts.push_back(element.as_string());
  }
  return texts;
}

ShortList<SymbolId> interned(const ShortList<std::string_view>& texts, const Interner& interner) {
  ShortList<SymbolId> ids;
  for (const std::string_view text : texts) ids.push_back(interner.find(text));
  return ids;
}

}  // namespace

Facts facts_from_value(const Value& whole) {
  const Value user = whole.get("user");
  const Value model = whole.get("model");
  const Value dataset = whole.get("dataset");
  const Value request = whole.get("request");
  return {.action = text_at(request, "action"),
          .purpose = text_at(request, "purpose"),
          .ip = text_at(request, "ip"),
          .hour = integer_at(request, "hour"),
          .rate_per_min = integer_at(request, "rate_per_min"),
          .department = text_at(user, "department"),
          .region = text_at(user, "region"),
          .clearance = integer_at(user, "clearance"),
          .mfa = user.get("mfa").is_true(),
          .roles = texts_at(user, "roles"),
          .model_id = text_at(model, "id"),
          .stage = text_at(model, "stage"),
          .risk_tier = text_at(model, "risk_tier"),
          .owner_department = text_at(model, "owner_department"),
          .dataset_region = text_at(dataset, "region"),
          .classification = integer_at(dataset, "classification"),
          .tags = texts_at(dataset, "tags"),
          .purposes = texts_at(dataset, "purpose")};
}

InternedFacts interned(const Facts& facts, const Interner& interner) {
  return {.action = interner.find(facts.action),
          .purpose = interner.find(facts.purpose),
          .ip = address_from_text(facts.ip).value_or(0),
          .hour = facts.hour,
          .rate_per_min = facts.rate_per_min,
          .department = interner.find(facts.department),
          .region = interner.find(facts.region),
          .clearance = facts.clearance,
          .mfa = facts.mfa,
          .roles = interned(facts.roles, interner),
          .model_id = interner.find(facts.model_id),
          .stage = interner.find(facts.stage),
          .risk_tier = interner.find(facts.risk_tier),
          .owner_department = interner.find(facts.owner_department),
          .dataset_region = interner.find(facts.dataset_region),
          .classification = facts.classification,
          .tags = interned(facts.tags, interner),
          .purposes = interned(facts.purposes, interner)};
}

}  // namespace licet::bench
