// Requests for Licet made of facts, attribute by attribute: what a serving process does that knows
// its requests as structs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
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
  class Room {
   public:
    explicit Room(const Symbol& nothing)
        : items_{nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing} {}
    SymbolList list(std::size_t size) const { return {items_.data(), size}; }
    Symbol& operator[](std::size_t at) { return items_[at]; }

   private:
    std::array<Symbol, ShortList<int>::kMaxSize> items_;
  };

  explicit SymbolFacts(const Symbol& nothing);
  SymbolFacts(const SymbolFacts&) = delete;  // the lists are in itself
  SymbolFacts& operator=(const SymbolFacts&) = delete;

  Symbol action, purpose, ip, department, region, model_id, stage, risk_tier, owner_department,
      dataset_region;
  std::int64_t hour = 0, rate_per_min = 0, clearance = 0, classification = 0;
  bool mfa = false;
  SymbolList roles, tags, purposes;
  Room role_room, tag_room, purpose_room;
};

// The same with texts as they came.
struct TextFacts {
  using Room = std::array<std::string_view, ShortList<int>::kMaxSize>;

  explicit TextFacts(const Facts& facts);
  TextFacts(const TextFacts&) = delete;  // the lists are in itself
  TextFacts& operator=(const TextFacts&) = delete;

  Room role_room, tag_room, purpose_room;  // of the lists below
  std::string_view action, purpose, ip, department, region, model_id, stage, risk_tier,
      owner_department, dataset_region;
  std::int64_t hour, rate_per_min, clearance, classification;
  bool mfa;
  StringList roles, tags, purposes;
};

// Makes them; each text is looked up once.
class SymbolTable {
 public:
  explicit SymbolTable(const Engine& engine) : engine_(engine) {}
  void fill(SymbolFacts& made, const Facts& facts);

 private:
  const Symbol& symbol(std::string_view text);
  SymbolList symbols(const ShortList<std::string_view>& texts, SymbolFacts::Room& room);

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
  Request& request_of(const TextFacts& facts);

 private:
  using Text = std::string_view;
  using Integer = std::int64_t;
  using OfW1 = SlotGroup<StringList, Text, Text>;
  using OfW2 = SlotGroup<StringList, Text, Text, Text, Integer, bool, Text, Text, Text, Text,
                         Integer, StringList, StringList, Text, Text, Integer, Integer>;
  using OfW3 = SlotGroup<StringList, Text, Text, Text, Text, Integer, bool, Text, Text, Text, Text,
                         Integer, StringList, StringList, Text, Text, Integer, Integer>;

  Attributes attributes_;
  Request request_;
  OfW1 of_w1_;
  OfW2 of_w2_;
  OfW3 of_w3_;
  StructBinding<SymbolFacts> of_symbols_;
  StructBinding<TextFacts> of_texts_;
};

}  // namespace licet::bench
