#include "bench/ratios/slot_requests.h"

#include "bench/ratios/measure.h"

namespace licet::bench {

namespace {

template <class... T>
SlotGroup<T...> group(Result<SlotGroup<T...>, AttributeError> found) {
  if (!found) give_up(found.error().message);
  return std::move(found).value();
}

}  // namespace

SlotRequests::SlotRequests(const Engine& engine, Attributes attributes)
    : attributes_(attributes),
      request_(engine),
      of_w1_(group(
          engine.slots<StringList, Text, Text>({"user.roles", "model.id", "request.action"}))),
      of_w2_(group(engine.slots<StringList, Text, Text, Text, Integer, bool, Text, Text, Text, Text,
                                Integer, StringList, StringList, Text, Text, Integer, Integer>(
          {"user.roles", "request.action", "user.department", "user.region", "user.clearance",
           "user.mfa", "model.stage", "model.risk_tier", "model.owner_department", "dataset.region",
           "dataset.classification", "dataset.tags", "dataset.purpose", "request.purpose",
           "request.ip", "request.hour", "request.rate_per_min"}))),
      of_w3_(
          group(engine.slots<StringList, Text, Text, Text, Text, Integer, bool, Text, Text, Text,
                             Text, Integer, StringList, StringList, Text, Text, Integer, Integer>(
              {"user.roles", "request.action", "model.id", "user.department", "user.region",
               "user.clearance", "user.mfa", "model.stage", "model.risk_tier",
               "model.owner_department", "dataset.region", "dataset.classification", "dataset.tags",
               "dataset.purpose", "request.purpose", "request.ip", "request.hour",
               "request.rate_per_min"}))) {}

const Symbol& SymbolTable::symbol(std::string_view text) {
  const auto known = known_.find(std::string(text));
  if (known != known_.end()) return known->second;
  return known_.emplace(std::string(text), engine_.symbol(text)).first->second;
}

SymbolFacts::List SymbolTable::symbols(const ShortList<std::string_view>& texts) {
  SymbolFacts::List symbols(symbol(""));
  for (const std::string_view text : texts) symbols.push_back(symbol(text));
  return symbols;
}

SymbolFacts SymbolTable::facts_of(const Facts& facts) {
  return {.action = symbol(facts.action),
          .purpose = symbol(facts.purpose),
          .ip = symbol(facts.ip),
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
          .hour = facts.hour,
          .rate_per_min = facts.rate_per_min,
          .clearance = facts.clearance,
          .classification = facts.classification,
          .mfa = facts.mfa};
}

namespace {

const std::string_view& settable(const std::string_view& text) { return text; }
const Symbol& settable(const Symbol& symbol) { return symbol; }
StringList settable(const ShortList<std::string_view>& texts) { return texts; }
SymbolList settable(const SymbolFacts::List& symbols) { return symbols; }

}  // namespace

Request& SlotRequests::request_of(const Facts& facts) { return lend(facts); }
Request& SlotRequests::request_of(const SymbolFacts& facts) { return lend(facts); }

template <class AnyFacts>
Request& SlotRequests::lend(const AnyFacts& facts) {
  request_.reset();
  switch (attributes_) {
    case Attributes::kOfW1:
      return request_.lend(of_w1_, settable(facts.roles), settable(facts.model_id),
                           settable(facts.action));
    case Attributes::kOfW2:
      return request_.lend(of_w2_, settable(facts.roles), settable(facts.action),
                           settable(facts.department), settable(facts.region), facts.clearance,
                           facts.mfa, settable(facts.stage), settable(facts.risk_tier),
                           settable(facts.owner_department), settable(facts.dataset_region),
                           facts.classification, settable(facts.tags), settable(facts.purposes),
                           settable(facts.purpose), settable(facts.ip), facts.hour,
                           facts.rate_per_min);
    case Attributes::kOfW3:
      return request_.lend(
          of_w3_, settable(facts.roles), settable(facts.action), settable(facts.model_id),
          settable(facts.department), settable(facts.region), facts.clearance, facts.mfa,
          settable(facts.stage), settable(facts.risk_tier), settable(facts.owner_department),
          settable(facts.dataset_region), facts.classification, settable(facts.tags),
          settable(facts.purposes), settable(facts.purpose), settable(facts.ip), facts.hour,
          facts.rate_per_min);
  }
  return request_;
}

}  // namespace licet::bench
