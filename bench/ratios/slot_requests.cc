#include "bench/ratios/slot_requests.h"

#include <algorithm>

#include "bench/ratios/measure.h"

namespace licet::bench {

namespace {

template <class... T>
SlotGroup<T...> group(Result<SlotGroup<T...>, AttributeError> found) {
  if (!found) give_up(found.error().message);
  return std::move(found).value();
}

template <class S>
StructBinding<S> binding_of(const Engine& engine, Attributes attributes) {
  const auto bound = [&](const auto&... more) {
    auto binding =
        engine.bind(Member{"user.roles", &S::roles}, Member{"request.action", &S::action}, more...);
    if (!binding) give_up(binding.error().message);
    return std::move(binding).value();
  };
  const auto of_w2 = [&](const auto&... more) {
    return bound(Member{"user.department", &S::department}, Member{"user.region", &S::region},
                 Member{"user.clearance", &S::clearance}, Member{"user.mfa", &S::mfa},
                 Member{"model.stage", &S::stage}, Member{"model.risk_tier", &S::risk_tier},
                 Member{"model.owner_department", &S::owner_department},
                 Member{"dataset.region", &S::dataset_region},
                 Member{"dataset.classification", &S::classification},
                 Member{"dataset.tags", &S::tags}, Member{"dataset.purpose", &S::purposes},
                 Member{"request.purpose", &S::purpose}, Member{"request.ip", &S::ip},
                 Member{"request.hour", &S::hour}, Member{"request.rate_per_min", &S::rate_per_min},
                 more...);
  };
  const Member model{"model.id", &S::model_id};
  switch (attributes) {
    case Attributes::kOfW1:
      return bound(model);
    case Attributes::kOfW2:
      return of_w2();
    case Attributes::kOfW3:
      break;
  }
  return of_w2(model);
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
               "request.rate_per_min"}))),
      of_symbols_(binding_of<SymbolFacts>(engine, attributes)),
      of_texts_(binding_of<TextFacts>(engine, attributes)) {}

namespace {

StringList copied(const ShortList<std::string_view>& texts, TextFacts::Room& room) {
  return {room.begin(), std::copy(texts.begin(), texts.end(), room.begin())};
}

}  // namespace

TextFacts::TextFacts(const Facts& facts)
    : action(facts.action),
      purpose(facts.purpose),
      ip(facts.ip),
      department(facts.department),
      region(facts.region),
      model_id(facts.model_id),
      stage(facts.stage),
      risk_tier(facts.risk_tier),
      owner_department(facts.owner_department),
      dataset_region(facts.dataset_region),
      hour(facts.hour),
      rate_per_min(facts.rate_per_min),
      clearance(facts.clearance),
      classification(facts.classification),
      mfa(facts.mfa),
      roles(copied(facts.roles, role_room)),
      tags(copied(facts.tags, tag_room)),
      purposes(copied(facts.purposes, purpose_room)) {}

SymbolFacts::SymbolFacts(const Symbol& nothing)
    : action(nothing),
      purpose(nothing),
      ip(nothing),
      department(nothing),
      region(nothing),
      model_id(nothing),
      stage(nothing),
      risk_tier(nothing),
      owner_department(nothing),
      dataset_region(nothing),
      role_room(nothing),
      tag_room(nothing),
      purpose_room(nothing) {}

const Symbol& SymbolTable::symbol(std::string_view text) {
  const auto known = known_.find(std::string(text));
  if (known != known_.end()) return known->second;
  return known_.emplace(std::string(text), engine_.symbol(text)).first->second;
}

SymbolList SymbolTable::symbols(const ShortList<std::string_view>& texts, SymbolFacts::Room& room) {
  std::size_t size = 0;
  for (const std::string_view text : texts) room[size++] = symbol(text);
  return room.list(size);
}

void SymbolTable::fill(SymbolFacts& made, const Facts& facts) {
  made.action = symbol(facts.action);
  made.purpose = symbol(facts.purpose);
  made.ip = symbol(facts.ip);
  made.department = symbol(facts.department);
  made.region = symbol(facts.region);
  made.model_id = symbol(facts.model_id);
  made.stage = symbol(facts.stage);
  made.risk_tier = symbol(facts.risk_tier);
  made.owner_department = symbol(facts.owner_department);
  made.dataset_region = symbol(facts.dataset_region);
  made.hour = facts.hour;
  made.rate_per_min = facts.rate_per_min;
  made.clearance = facts.clearance;
  made.classification = facts.classification;
  made.mfa = facts.mfa;
  made.roles = symbols(facts.roles, made.role_room);
  made.tags = symbols(facts.tags, made.tag_room);
  made.purposes = symbols(facts.purposes, made.purpose_room);
}

Request& SlotRequests::request_of(const Facts& facts) {
  request_.reset();
  switch (attributes_) {
    case Attributes::kOfW1:
      return request_.lend(of_w1_, StringList(facts.roles), facts.model_id, facts.action);
    case Attributes::kOfW2:
      return request_.lend(of_w2_, StringList(facts.roles), facts.action, facts.department,
                           facts.region, facts.clearance, facts.mfa, facts.stage, facts.risk_tier,
                           facts.owner_department, facts.dataset_region, facts.classification,
                           StringList(facts.tags), StringList(facts.purposes), facts.purpose,
                           facts.ip, facts.hour, facts.rate_per_min);
    case Attributes::kOfW3:
      return request_.lend(of_w3_, StringList(facts.roles), facts.action, facts.model_id,
                           facts.department, facts.region, facts.clearance, facts.mfa, facts.stage,
                           facts.risk_tier, facts.owner_department, facts.dataset_region,
                           facts.classification, StringList(facts.tags), StringList(facts.purposes),
                           facts.purpose, facts.ip, facts.hour, facts.rate_per_min);
  }
  return request_;
}

Request& SlotRequests::request_of(const SymbolFacts& facts) {
  return request_.reset().lend(of_symbols_, facts);
}

Request& SlotRequests::request_of(const TextFacts& facts) {
  return request_.reset().lend(of_texts_, facts);
}

}  // namespace licet::bench
