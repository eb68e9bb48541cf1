#include "bench/handwritten/json_facts.h"

namespace licet::bench {
namespace {

using simdjson::ondemand::array;
using simdjson::ondemand::object;

ShortList<std::string_view> texts(array list) {
  ShortList<std::string_view> out;
  for (auto element : list) {
    const std::string_view text = element.get_string();
    if (out.has_room()) out.push_back(text);
  }
  return out;
}

}  // namespace

// Fields are asked for in the order in which clients write them, which is what simdjson is fastest
// at; another order is right as well.
Facts JsonFacts::read_grant(simdjson::padded_string_view json) {
  auto document = parser_.iterate(json);
  Facts facts;
  object whole = document.get_object();
  facts.roles = texts(whole["user"]["roles"].get_array());
  facts.model_id = whole["model"]["id"].get_string();
  facts.action = whole["request"]["action"].get_string();
  return facts;
}

Facts JsonFacts::read_all(simdjson::padded_string_view json) {
  auto document = parser_.iterate(json);
  Facts facts;
  object whole = document.get_object();
  object user = whole["user"].get_object();
  facts.department = user["department"].get_string();
  facts.clearance = user["clearance"].get_int64();
  facts.roles = texts(user["roles"].get_array());
  facts.region = user["region"].get_string();
  facts.mfa = user["mfa"].get_bool();
  object model = whole["model"].get_object();
  facts.model_id = model["id"].get_string();
  facts.stage = model["stage"].get_string();
  facts.risk_tier = model["risk_tier"].get_string();
  facts.owner_department = model["owner_department"].get_string();
  object dataset = whole["dataset"].get_object();
  facts.classification = dataset["classification"].get_int64();
  facts.tags = texts(dataset["tags"].get_array());
  facts.purposes = texts(dataset["purpose"].get_array());
  facts.dataset_region = dataset["region"].get_string();
  object request = whole["request"].get_object();
  facts.action = request["action"].get_string();
  facts.ip = request["ip"].get_string();
  facts.hour = request["hour"].get_int64();
  facts.rate_per_min = request["rate_per_min"].get_int64();
  facts.purpose = request["purpose"].get_string();
  return facts;
}

}  // namespace licet::bench
