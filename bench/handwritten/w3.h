// W3 by hand: rules of eleven kinds, found by the model that they are about.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/handwritten/facts.h"
#include "bench/handwritten/flat_table.h"

namespace licet::bench {

enum class ModelRuleKind : std::uint8_t {
  kReadOwn,
  kReadOpen,
  kInferProduction,
  kInferStaging,
  kTrain,
  kDeploy,
  kNoInternDeploys,
  kRegion,
  kTagPurpose,
  kRate,
  kNetwork,
};

// `text`: department, role, region or tag.
template <class Text>
struct ModelRule {
  ModelRuleKind kind{};
  Text text{};
  std::int64_t limit = 0;
  std::int64_t from_hour = 0;
  std::int64_t to_hour = 0;
  Network network;
};

// The names that rules of all kinds share.
template <class Text>
struct ModelRuleNames {
  Text read, infer, train, deploy, production, staging, ml_engineer, admin, intern;
};

// Text: std::string_view or SymbolId.
template <class Text, class Address>
class ModelRules {
 public:
  using Rule = ModelRule<Text>;

  bool permits(const FactsOf<Text, Address>& facts) const;

 private:
  friend class ModelRulesReader;
  struct Hash {
    std::uint64_t operator()(std::string_view text) const { return hash_of(text); }
    std::uint64_t operator()(SymbolId id) const { return mixed(id); }
  };
  struct OfModel {
    std::vector<Rule> permits;
    std::vector<Rule> forbids;
  };
  bool holds(const Rule& rule, const FactsOf<Text, Address>& facts) const;

  ModelRuleNames<Text> names_{};
  FlatTable<Text, OfModel, Hash> by_model_{0};
};

using TextModelRules = ModelRules<std::string_view, std::string_view>;
using InternedModelRules = ModelRules<SymbolId, std::uint32_t>;
using HashedModelRules = ModelRules<SymbolId, std::string_view>;

// Of the file w3_N.json; the views are into `workload`.
TextModelRules text_model_rules(const Value& workload);
InternedModelRules interned_model_rules(const Value& workload, Interner& interner);
HashedModelRules hashed_model_rules(const Value& workload, Interner& interner);

}  // namespace licet::bench
