#include "bench/handwritten/w3.h"

#include <cstdlib>
#include <map>
#include <utility>

namespace licet::bench {
namespace {

bool is_in(const Network& network, std::uint32_t ip) { return network.contains(ip); }
bool is_in(const Network& network, std::string_view ip) {
  const auto address = address_from_text(ip);
  return address && network.contains(*address);
}

// 172.16.0.0/12
Network network_from_text(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = address_from_text(text.substr(0, slash));
  const int bits = std::atoi(std::string(text.substr(slash + 1)).c_str());
  const std::uint32_t mask = network(0, 0, 0, bits).mask;
  return {address.value_or(0) & mask, mask};
}

}  // namespace

template <class Text, class Address>
bool ModelRules<Text, Address>::holds(const Rule& rule, const FactsOf<Text, Address>& f) const {
  const auto is_open = [&] { return f.hour >= rule.from_hour && f.hour < rule.to_hour; };
  switch (rule.kind) {
    case ModelRuleKind::kReadOwn:
      return f.action == names_.read && f.department == rule.text &&
             f.clearance >= f.classification;
    case ModelRuleKind::kReadOpen:
      return f.action == names_.read && f.classification <= rule.limit;
    case ModelRuleKind::kInferProduction:
      return f.action == names_.infer && f.stage == names_.production &&
             f.clearance >= rule.limit && is_open();
    case ModelRuleKind::kInferStaging:
      return f.action == names_.infer && f.stage == names_.staging && f.roles.contains(rule.text);
    case ModelRuleKind::kTrain:
      return f.action == names_.train && f.clearance >= f.classification &&
             f.roles.contains(rule.text) && f.purposes.contains(f.purpose);
    case ModelRuleKind::kDeploy:
      return f.action == names_.deploy && f.stage == names_.staging && f.mfa && is_open() &&
             (f.roles.contains(names_.ml_engineer) || f.roles.contains(names_.admin));
    case ModelRuleKind::kNoInternDeploys:
      return f.action == names_.deploy && f.roles.contains(names_.intern);
    case ModelRuleKind::kRegion:
      return f.dataset_region == rule.text && f.region != rule.text;
    case ModelRuleKind::kTagPurpose:
      return f.tags.contains(rule.text) && !f.purposes.contains(f.purpose);
    case ModelRuleKind::kRate:
      return f.rate_per_min > rule.limit;
    case ModelRuleKind::kNetwork:
      return !is_in(rule.network, f.ip);
  }
  return false;
}

template <class Text, class Address>
bool ModelRules<Text, Address>::permits(const FactsOf<Text, Address>& facts) const {
  const OfModel* const rules = by_model_.find(facts.model_id);
  if (rules == nullptr) return false;
  bool is_permitted = false;
  for (const Rule& rule : rules->permits) {
    if ((is_permitted = holds(rule, facts))) break;
  }
  if (!is_permitted) return false;
  for (const Rule& rule : rules->forbids) {
    if (holds(rule, facts)) return false;
  }
  return true;
}

template class ModelRules<std::string_view, std::string_view>;
template class ModelRules<SymbolId, std::uint32_t>;
template class ModelRules<SymbolId, std::string_view>;

class ModelRulesReader {
 public:
  // `name` makes a Text of a std::string_view.
  template <class Rules, class Name>
  static Rules read(const Value& workload, const Name& name) {
    using OfModel = typename Rules::OfModel;
    Rules rules;
    rules.names_ = {.read = name("read"),
                    .infer = name("infer"),
                    .train = name("train"),
                    .deploy = name("deploy"),
                    .production = name("production"),
                    .staging = name("staging"),
                    .ml_engineer = name("ml_engineer"),
                    .admin = name("admin"),
                    .intern = name("intern")};
    std::map<std::string_view, OfModel> by_model;
    for (const Value& rule : workload.get("rules").elements()) {
      OfModel& of_model = by_model[rule.get("model").as_string()];
      const bool is_permit = rule.get("effect").as_string() == "allow";
      (is_permit ? of_model.permits : of_model.forbids)
          .push_back(rule_from_value<typename Rules::Rule>(rule, name));
    }
    rules.by_model_ = decltype(rules.by_model_)(by_model.size());
    for (auto& [model, of_model] : by_model) {
      rules.by_model_.insert(name(model), std::move(of_model));
    }
    return rules;
  }

 private:
  template <class Rule, class Name>
  static Rule rule_from_value(const Value& value, const Name& name) {
    Rule rule;
    rule.kind = static_cast<ModelRuleKind>(value.get("kind").as_int64());
    const Value parameters = value.get("p");
    for (const Entry& entry : parameters.entries()) {
      const std::string_view key = entry.key.as_string();
      if (key == "n") rule.limit = entry.value.as_int64();
      if (key == "lo") rule.from_hour = entry.value.as_int64();
      if (key == "hi") rule.to_hour = entry.value.as_int64();
      if (key == "cidr") {
        rule.network = network_from_text(entry.value.as_string());
      } else if (entry.value.is_string()) {
        rule.text = name(entry.value.as_string());
      }
    }
    return rule;
  }
};

TextModelRules text_model_rules(const Value& workload) {
  return ModelRulesReader::read<TextModelRules>(workload,
                                                [](std::string_view text) { return text; });
}

namespace {

template <class Rules>
Rules model_rules(const Value& workload, Interner& interner) {
  // Names that requests compare with one another only.
  for (const char* const purpose : {"fraud_detection", "research", "marketing", "care", "billing",
                                    "audit", "eu", "us", "apac"}) {
    interner.add(purpose);
  }
  return ModelRulesReader::read<Rules>(workload,
                                       [&](std::string_view text) { return interner.add(text); });
}

}  // namespace

InternedModelRules interned_model_rules(const Value& workload, Interner& interner) {
  return model_rules<InternedModelRules>(workload, interner);
}

HashedModelRules hashed_model_rules(const Value& workload, Interner& interner) {
  return model_rules<HashedModelRules>(workload, interner);
}

}  // namespace licet::bench
