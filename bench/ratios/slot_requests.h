// Requests for Licet made of facts, attribute by attribute: what a serving process does that knows
// its requests as structs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/handwritten/facts.h"
#include "eval/engine.h"
#include "eval/request.h"

namespace licet::bench {

// What the policies of a workload read.
enum class Attributes {
  kOfW1,  // roles, model and action
  kOfW2,  // all but the model
  kOfW3,  // all
};

// Facts whose texts were looked up in the engine before, but for the address: no caller knows those
// beforehand.
struct SymbolFacts {
  std::optional<Symbol> action, purpose, department, region, model_id, stage, risk_tier,
      owner_department, dataset_region;
  std::vector<Symbol> roles, tags, purposes;
  std::string_view ip;
  std::int64_t hour = 0, rate_per_min = 0, clearance = 0, classification = 0;
  bool mfa = false;
};

// Makes them; each text is looked up once.
class SymbolTable {
 public:
  explicit SymbolTable(const Engine& engine) : engine_(engine) {}
  SymbolFacts facts_of(const Facts& facts);

 private:
  const Symbol& symbol(std::string_view text);
  std::vector<Symbol> symbols(const ShortList<std::string_view>& texts);

  const Engine& engine_;
  std::unordered_map<std::string, Symbol> known_;
};

// Sets the slots of one request again and again. For one thread.
class SlotRequests {
 public:
  // Ends the program if the engine knows no such attribute.
  SlotRequests(const Engine& engine, Attributes attributes);
  Request& request_of(const Facts& facts);
  Request& request_of(const SymbolFacts& facts);

 private:
  template <class T>
  Slot<T> slot(const char* path) const;
  template <class AnyFacts>
  Request& set(const AnyFacts& facts);
  template <class AnyFacts>
  void set_rest(const AnyFacts& facts);

  using Text = std::string_view;
  using Integer = std::int64_t;
  const Engine& engine_;
  Attributes attributes_;
  Request request_;
  Slot<StringList> roles_;
  Slot<Text> model_id_, action_;
  Slot<Text> department_, region_, stage_, risk_tier_, owner_department_, dataset_region_, purpose_,
      ip_;
  Slot<StringList> tags_, purposes_;
  Slot<Integer> clearance_, classification_, hour_, rate_per_min_;
  Slot<bool> mfa_;
};

}  // namespace licet::bench
