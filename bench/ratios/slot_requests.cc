#include "bench/ratios/slot_requests.h"

#include "bench/ratios/measure.h"

namespace licet::bench {

template <class T>
Slot<T> SlotRequests::slot(const char* path) const {
  auto found = engine_.slot<T>(path);
  if (!found) give_up(found.error().message);
  return std::move(found).value();
}

SlotRequests::SlotRequests(const Engine& engine, Attributes attributes)
    : engine_(engine),
      attributes_(attributes),
      request_(engine),
      roles_(slot<StringList>("user.roles")),
      model_id_(slot<Text>("model.id")),
      action_(slot<Text>("request.action")),
      department_(slot<Text>("user.department")),
      region_(slot<Text>("user.region")),
      stage_(slot<Text>("model.stage")),
      risk_tier_(slot<Text>("model.risk_tier")),
      owner_department_(slot<Text>("model.owner_department")),
      dataset_region_(slot<Text>("dataset.region")),
      purpose_(slot<Text>("request.purpose")),
      ip_(slot<Text>("request.ip")),
      tags_(slot<StringList>("dataset.tags")),
      purposes_(slot<StringList>("dataset.purpose")),
      clearance_(slot<Integer>("user.clearance")),
      classification_(slot<Integer>("dataset.classification")),
      hour_(slot<Integer>("request.hour")),
      rate_per_min_(slot<Integer>("request.rate_per_min")),
      mfa_(slot<bool>("user.mfa")) {}

const Symbol& SymbolTable::symbol(std::string_view text) {
  const auto known = known_.find(std::string(text));
  if (known != known_.end()) return known->second;
  return known_.emplace(std::string(text), engine_.symbol(text)).first->second;
}

std::vector<Symbol> SymbolTable::symbols(const ShortList<std::string_view>& texts) {
  std::vector<Symbol> symbols;
  for (const std::string_view text : texts) symbols.push_back(symbol(text));
  return symbols;
}

SymbolFacts SymbolTable::facts_of(const Facts& facts) {
  return {.action = symbol(facts.action),
          .purpose = symbol(facts.purpose),
          .department = symbol(facts.department),
          .region = symbol(facts.region),
          .model_id = symbol(facts.model_id),
          .stage = symbol(facts.stage),
          .risk_tier = symbol(facts.risk_tier),
          .owner_department = symbol(facts.owner_department),
          .dataset_region = symbol(facts.dataset_region),
          .roles = symbols(facts.roles),
          .tags = symbols(facts.tags),
          .purposes = symbols(facts.purposes),
          .ip = facts.ip,
          .hour = facts.hour,
          .rate_per_min = facts.rate_per_min,
          .clearance = facts.clearance,
          .classification = facts.classification,
          .mfa = facts.mfa};
}

namespace {

std::string_view settable(std::string_view text) { return text; }
const Symbol& settable(const std::optional<Symbol>& symbol) { return *symbol; }
StringList settable(const ShortList<std::string_view>& texts) { return texts; }
SymbolList settable(const std::vector<Symbol>& symbols) { return symbols; }

}  // namespace

Request& SlotRequests::request_of(const Facts& facts) { return set(facts); }
Request& SlotRequests::request_of(const SymbolFacts& facts) { return set(facts); }

template <class AnyFacts>
Request& SlotRequests::set(const AnyFacts& facts) {
  request_.reset();
  request_.set(roles_, settable(facts.roles)).set(action_, settable(facts.action));
  if (attributes_ != Attributes::kOfW2) request_.set(model_id_, settable(facts.model_id));
  if (attributes_ != Attributes::kOfW1) set_rest(facts);
  return request_;
}

template <class AnyFacts>
void SlotRequests::set_rest(const AnyFacts& facts) {
  request_.set(department_, settable(facts.department))
      .set(region_, settable(facts.region))
      .set(clearance_, facts.clearance)
      .set(mfa_, facts.mfa)
      .set(stage_, settable(facts.stage))
      .set(risk_tier_, settable(facts.risk_tier))
      .set(owner_department_, settable(facts.owner_department))
      .set(dataset_region_, settable(facts.dataset_region))
      .set(classification_, facts.classification)
      .set(tags_, settable(facts.tags))
      .set(purposes_, settable(facts.purposes))
      .set(purpose_, settable(facts.purpose))
      .set(ip_, facts.ip)
      .set(hour_, facts.hour)
      .set(rate_per_min_, facts.rate_per_min);
}

}  // namespace licet::bench
