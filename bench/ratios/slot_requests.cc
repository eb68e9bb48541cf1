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

Request& SlotRequests::request_of(const Facts& facts) {
  request_.reset();
  request_.set(roles_, facts.roles).set(action_, facts.action);
  if (attributes_ != Attributes::kOfW2) request_.set(model_id_, facts.model_id);
  if (attributes_ != Attributes::kOfW1) set_rest(facts);
  return request_;
}

void SlotRequests::set_rest(const Facts& facts) {
  request_.set(department_, facts.department)
      .set(region_, facts.region)
      .set(clearance_, facts.clearance)
      .set(mfa_, facts.mfa)
      .set(stage_, facts.stage)
      .set(risk_tier_, facts.risk_tier)
      .set(owner_department_, facts.owner_department)
      .set(dataset_region_, facts.dataset_region)
      .set(classification_, facts.classification)
      .set(tags_, facts.tags)
      .set(purposes_, facts.purposes)
      .set(purpose_, facts.purpose)
      .set(ip_, facts.ip)
      .set(hour_, facts.hour)
      .set(rate_per_min_, facts.rate_per_min);
}

}  // namespace licet::bench
