// Requests for Licet made of facts, attribute by attribute: what a serving process does that knows
// its requests as structs.
#pragma once

#include <array>
#include <cstdint>
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

// Facts whose texts were looked up in the engine before, in place as those of the code by hand are.
struct SymbolFacts {
  // As ShortList; what is not there is `nothing`.
  class List {
   public:
    explicit List(const Symbol& nothing)
        : items_{nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing} {}
    void push_back(const Symbol& symbol) { items_[size_++] = symbol; }
    operator SymbolList() const { return {items_.data(), size_}; }  // NOLINT

   private:
    std::array<Symbol, ShortList<int>::kMaxSize> items_;
    std::size_t size_ = 0;
  };

  Symbol action, purpose, ip, department, region, model_id, stage, risk_tier, owner_department,
      dataset_region;
  List roles, tags, purposes;
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
  SymbolFacts::List symbols(const ShortList<std::string_view>& texts);

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
  using Text = std::string_view;
  using Integer = std::int64_t;
  using OfW1 = SlotGroup<StringList, Text, Text>;
  using OfW2 = SlotGroup<StringList, Text, Text, Text, Integer, bool, Text, Text, Text, Text,
                         Integer, StringList, StringList, Text, Text, Integer, Integer>;
  using OfW3 = SlotGroup<StringList, Text, Text, Text, Text, Integer, bool, Text, Text, Text, Text,
                         Integer, StringList, StringList, Text, Text, Integer, Integer>;

  template <class AnyFacts>
  Request& lend(const AnyFacts& facts);

  Attributes attributes_;
  Request request_;
  OfW1 of_w1_;
  OfW2 of_w2_;
  OfW3 of_w3_;
};

}  // namespace licet::bench
