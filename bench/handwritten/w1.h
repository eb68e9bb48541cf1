// W1 by hand: may a user with these roles do this with this model? A hash table of grants.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/handwritten/facts.h"
#include "bench/handwritten/flat_table.h"

namespace licet::bench {

struct Grant {
  std::string role;
  std::string model;
  std::string action;
};

// Of the file w1_N.json.
std::vector<Grant> grants_from_value(const Value& workload);

// Probes with the text of the request.
class Grants {
 public:
  explicit Grants(std::vector<Grant> grants);
  bool permits(const Facts& facts) const;

 private:
  // The hash of model and action is taken once for all roles of a request.
  struct Cell {
    std::uint64_t hash = 0;
    const Grant* grant = nullptr;
  };
  static std::uint64_t hash_of_target(std::string_view model, std::string_view action);
  bool contains(std::uint64_t target, std::string_view role, std::string_view model,
                std::string_view action) const;

  std::vector<Grant> grants_;
  std::vector<Cell> cells_;
};

// Probes with numbers.
class InternedGrants {
 public:
  InternedGrants(const std::vector<Grant>& grants, Interner& interner);
  bool permits(const InternedFacts& facts) const;

 private:
  static std::uint64_t key(SymbolId role, SymbolId model, SymbolId action);
  bool contains(std::uint64_t wanted) const;

  std::vector<std::uint64_t> cells_;  // 0: empty
};

}  // namespace licet::bench
